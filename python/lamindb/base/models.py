"""What registries declared in Python need of `django.db.models`: `from lamindb.base.fields import models`."""


class _OnDelete:
    def __init__(self, name):
        self._name = name

    def __repr__(self):
        return self._name


CASCADE = _OnDelete("CASCADE")  # the row is deleted with the row it refers to
PROTECT = _OnDelete("PROTECT")  # the row it refers to cannot be deleted


class Now:
    """`db_default=models.functions.Now()`: the database's clock.

    Example:

        >>> field = ln.base.fields.DateTimeField(db_default=ln.base.fields.models.functions.Now())
    """


class UniqueConstraint:
    """Fields that are unique together.

    Args:
        fields (list[str]): their names.
        name (str): of the rule in the database.

    Example:

        >>> ln.base.models.UniqueConstraint(fields=["plate", "well"]).declared
        {'unique': ['plate', 'well']}
    """

    def __init__(self, *, fields, name=""):
        self.declared = {"unique": list(fields), **({"name": name} if name else {})}


class Index:
    """Fields that are indexed together.

    Args:
        fields (list[str]): their names.
        name (str): of the index in the database.

    Example:

        >>> ln.base.models.Index(fields=["plate"], name="by_plate").declared
        {'index': ['plate'], 'name': 'by_plate'}
    """

    def __init__(self, *, fields, name):
        self.declared = {"index": list(fields), "name": name}


class CheckConstraint:
    """A condition that each row satisfies.

    Args:
        condition (str): SQL over the columns of the registry.
        name (str): of the rule in the database.

    Raises:
        TypeError: the condition is not a text.

    Example:

        >>> ln.base.models.CheckConstraint(condition='"n" > 0', name="some").declared["name"]
        'some'
    """

    def __init__(self, *, condition, name):
        if not isinstance(condition, str):
            raise TypeError("condition is SQL over the columns of the registry, as text")
        self.declared = {"check": condition, "name": name}


class Models:
    """A stand-in for the module `django.db.models`: `from lamindb.base.fields import models`.

    Example:

        >>> field = ln.base.fields.models.CharField(max_length=20)
    """

    CASCADE, PROTECT = CASCADE, PROTECT
    UniqueConstraint, Index, CheckConstraint = UniqueConstraint, Index, CheckConstraint

    class functions:
        Now = Now

    def offer(self, names):
        """Takes over the fields of a namespace.

        Args:
            names (dict): {name: class}.

        Example::

            models.offer(globals())
        """
        for name, value in names.items():
            if name.endswith(("Field", "ForeignKey")) and isinstance(value, type):
                setattr(self, name, value)


models = Models()
