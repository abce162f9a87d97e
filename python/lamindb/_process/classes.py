"""The classes of tables, by qualified name. Every look-up goes through here; `lamindb/__init__.py` sets the function that makes them."""

made = {}  # qualified name -> class
_maker = None


def made_by(maker):
    """Sets `maker(qualified)`, which makes the class of a table and enters it in `made`."""
    global _maker
    _maker = maker


def class_of(qualified):
    """The class of a table, made on first use. The core also calls it, when it makes a row."""
    cls = made.get(qualified)
    if cls is None:
        _maker(qualified)
        cls = made[qualified]
    return cls
