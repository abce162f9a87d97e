"""The classes of tables, by qualified name. Everybody asks here; who makes them is said by `lamindb/__init__.py`."""

made = {}  # qualified name -> class
_maker = None


def made_by(maker):
    """`maker(qualified)` makes the class of a table and enters it in `made`."""
    global _maker
    _maker = maker


def class_of(qualified):
    """The class of a table, made now if nobody asked for it before. The core calls it too, when it makes a row."""
    cls = made.get(qualified)
    if cls is None:
        _maker(qualified)
        cls = made[qualified]
    return cls
