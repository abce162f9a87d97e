"""The fields of a registry declared in Python, with LaminDB's names and defaults.

A field says what a column holds; its class becomes part of a module (see `lamindb.setup.migrate`). The core decides how
tables are built: a field only translates its keywords into the core's terms.
"""

import json

from .models import CASCADE, PROTECT, Now, models
from .uids import base62_4, base62_8, base62_12, base62_16, base62_20, base62_24

__all__ = [
    "AutoField", "BigAutoField", "Field", "ManyToManyField",
    "BigIntegerField", "BinaryField", "BooleanField", "CharField", "DateField", "DateTimeField", "DecimalField", "DurationField",
    "EmailField", "FloatField", "ForeignKey", "GenericIPAddressField", "IntegerField", "JSONField", "OneToOneField",
    "PositiveIntegerField", "PositiveSmallIntegerField", "SlugField", "SmallIntegerField", "TextField", "TimeField", "URLField",
    "UUIDField", "models",
]  # fmt: skip

_RANDOM = {base62_4: 4, base62_8: 8, base62_12: 12, base62_16: 16, base62_20: 20, base62_24: 24}
# Options for forms and admin pages, which do not exist here.
_WITHOUT_EFFECT = ("blank", "verbose_name", "error_messages", "serialize", "auto_created")


class Field:
    """One field, named after the attribute it is assigned to.

    Args:
        null (bool): whether it may be empty.
        default (object): a constant, `dict`, `list`, or a function of `lamindb.base.uids`.
        unique (bool): whether no two rows have the same value.
        db_index (bool): whether there is an index.
        db_column (str, optional): the name of the column.
        db_default (object): a default that the database fills in; `models.functions.Now()` for the time.
        choices (list, optional): the values allowed.
        editable (bool): accepted for code of Django.
        primary_key (bool): it is the id, which every registry has.
        help_text (str): what it is; otherwise the docstring below it.
        was (str | tuple[str]): its former names, so that a migration renames it.
        **others: options for forms, such as `blank`, have no effect; any other raises TypeError.

    Example:

        >>> ln.base.fields.IntegerField(null=True).declared("n_wells")["kind"]
        'integer'
    """

    kind = "text"
    size = 0
    least = None  # the smallest value allowed

    def __init__(self, *, null=False, default=None, unique=False, db_index=False, db_column=None, db_default=None, choices=None,
                 editable=True, primary_key=False, help_text="", was=(), **others):  # fmt: skip
        self.primary_key = primary_key
        self.said = {"kind": self.kind, "size": self.size, "optional": null, "unique": unique, "index": db_index, "hidden": False}
        if db_column:
            self.said["column"] = db_column
        if help_text:
            self.said["doc"] = help_text
        if was:
            self.said["was"] = [was] if isinstance(was, str) else list(was)
        if choices:
            self.said["options"] = [choice if isinstance(choice, str) else choice[0] for choice in choices]
        self._take_default(default, db_default, editable)
        self._refuse(name for name in others if name not in _WITHOUT_EFFECT)

    def _refuse(self, names):
        unknown = sorted(names)
        if unknown:
            raise TypeError(f"{type(self).__name__} does not know {', '.join(unknown)}")

    def _take_default(self, default, db_default, editable):
        if isinstance(db_default, Now):
            self.said.update(fill="now", in_database=True)
        elif db_default is not None:
            self.said.update(fill="constant", initial=json.dumps(db_default), in_database=True)
        elif default in _RANDOM:
            self.said.update(fill="random_uid", uid_size=_RANDOM[default])
        elif default in (dict, list):
            self.said.update(fill="constant", initial=json.dumps(default()))
        elif callable(default):
            raise TypeError(f"{default!r} cannot be a default: a value, dict, list or a function of lamindb.base.uids can")
        elif default is not None:
            self.said.update(fill="constant", initial=json.dumps(default))

    def declared(self, name):
        """The field in the core's form (dict).

        Args:
            name (str): the name of the attribute.

        Example:

            >>> ln.base.fields.TextField().declared("notes")["doc"]
            'Notes.'
        """
        doc = name.strip("_").replace("_", " ").capitalize() + "."
        return {"name": name, "doc": doc, **{key: value for key, value in self.said.items() if value not in (False, 0, "")}}


class CharField(Field):
    """Text of limited length.

    Other arguments as in :meth:`Field`.

    Args:
        max_length (int): characters.
        **kwargs: of :meth:`Field`.

    Example:

        >>> field = ln.base.fields.CharField(max_length=20)
    """

    def __init__(self, max_length=255, **kwargs):
        self.size = max_length
        super().__init__(**kwargs)


class TextField(Field):
    """Text of any length.

    Arguments as in :meth:`Field`.

    Example:

        >>> field = ln.base.fields.TextField(null=True)
    """


class SlugField(CharField):
    """A short identifier, indexed.

    Args:
        max_length (int): characters.
        **kwargs: of :meth:`Field`.

    Example:

        >>> field = ln.base.fields.SlugField()
    """

    def __init__(self, max_length=50, **kwargs):
        super().__init__(max_length, **{"db_index": True, **kwargs})


class URLField(CharField):
    """A URL.

    Args:
        max_length (int): characters.
        **kwargs: of :meth:`Field`.

    Example:

        >>> field = ln.base.fields.URLField(null=True)
    """

    def __init__(self, max_length=200, **kwargs):
        super().__init__(max_length, **kwargs)


class EmailField(CharField):
    """An email address.

    Args:
        max_length (int): characters.
        **kwargs: of :meth:`Field`.

    Example:

        >>> field = ln.base.fields.EmailField(null=True)
    """

    def __init__(self, max_length=254, **kwargs):
        super().__init__(max_length, **kwargs)


class UUIDField(CharField):
    """A UUID, as text of 36 characters.

    Args:
        **kwargs: of :meth:`Field`.

    Example:

        >>> field = ln.base.fields.UUIDField()
    """

    def __init__(self, **kwargs):
        super().__init__(36, **kwargs)


class GenericIPAddressField(CharField):
    """An IP address, as text.

    Args:
        **kwargs: of :meth:`Field`.

    Example:

        >>> field = ln.base.fields.GenericIPAddressField()
    """

    def __init__(self, **kwargs):
        super().__init__(39, **kwargs)


class IntegerField(Field):
    """A whole number of 32 bits.

    Arguments as in :meth:`Field`.

    Example:

        >>> field = ln.base.fields.IntegerField(default=0)
    """

    kind = "integer"


class SmallIntegerField(IntegerField):
    """A whole number of 16 bits.

    Arguments as in :meth:`Field`.

    Example:

        >>> field = ln.base.fields.SmallIntegerField()
    """

    size = 16


class BigIntegerField(IntegerField):
    """A whole number of 64 bits.

    Arguments as in :meth:`Field`.

    Example:

        >>> field = ln.base.fields.BigIntegerField()
    """

    size = 64


class PositiveIntegerField(IntegerField):
    """A whole number from 0 on, of 32 bits.

    Arguments as in :meth:`Field`.

    Example:

        >>> field = ln.base.fields.PositiveIntegerField()
    """

    least = 0


class PositiveSmallIntegerField(SmallIntegerField):
    """A whole number from 0 on, of 16 bits.

    Arguments as in :meth:`Field`.

    Example:

        >>> field = ln.base.fields.PositiveSmallIntegerField()
    """

    least = 0


class FloatField(Field):
    """A real number of 64 bits.

    Arguments as in :meth:`Field`.

    Example:

        >>> field = ln.base.fields.FloatField(null=True)
    """

    kind = "real"


class BooleanField(Field):
    """True or false.

    Arguments as in :meth:`Field`.

    Example:

        >>> field = ln.base.fields.BooleanField(default=False)
    """

    kind = "boolean"


class DateField(Field):
    """A day.

    Arguments as in :meth:`Field`.

    Example:

        >>> field = ln.base.fields.DateField(null=True)
    """

    kind = "date"


class DateTimeField(Field):
    """A point in time, in UTC.

    Args:
        auto_now_add (bool): the time at which the row is created.
        auto_now (bool): refused: inherit TracksUpdates instead.
        **kwargs: of :meth:`Field`.

    Example:

        >>> field = ln.base.fields.DateTimeField(auto_now_add=True)
    """

    kind = "time"

    def __init__(self, *, auto_now_add=False, auto_now=False, **kwargs):
        if auto_now:
            raise TypeError("auto_now: inherit TracksUpdates, which has `updated_at`")
        super().__init__(**({"db_default": Now(), **kwargs} if auto_now_add else kwargs))


class DurationField(Field):
    """A span of time.

    Arguments as in :meth:`Field`.

    Example:

        >>> field = ln.base.fields.DurationField(null=True)
    """

    kind = "duration"


class JSONField(Field):
    """A JSON document.

    Arguments as in :meth:`Field`.

    Example:

        >>> field = ln.base.fields.JSONField(default=dict)
    """

    kind = "json"


class ForeignKey(Field):
    """A reference to one row of a registry.

    Args:
        to (Registry | str): a class, its name, or "self".
        on_delete (PROTECT | CASCADE): whether the other row cannot be deleted, or takes this one along.
        related_name (str, optional): what leads back from the other row; "+" for nothing.
        related_query_name (str, optional): accepted for code of Django.
        **kwargs: of :meth:`Field`.

    Example:

        >>> field = ln.base.fields.ForeignKey("lamindb.Artifact", null=True)
    """

    kind = "ref"
    default_inverse = "{}_set"

    def __init__(self, to, on_delete=PROTECT, *, related_name=None, related_query_name=None, **kwargs):
        if on_delete not in (PROTECT, CASCADE):
            raise TypeError(f"on_delete is PROTECT or CASCADE, not {on_delete!r}")
        self.to, self.related_name = to, related_name
        super().__init__(**kwargs)
        if on_delete is CASCADE:
            self.said["on_delete"] = "cascade"


class OneToOneField(ForeignKey):
    """A reference that is unique to each row.

    Args:
        to (Registry | str): a class, its name, or "self".
        on_delete (PROTECT | CASCADE): as in :meth:`ForeignKey`.
        **kwargs: of :meth:`ForeignKey`.

    Example:

        >>> field = ln.base.fields.OneToOneField("lamindb.Artifact")
    """

    default_inverse = "{}"

    def __init__(self, to, on_delete=PROTECT, **kwargs):
        super().__init__(to, on_delete, unique=True, **kwargs)


class ManyToManyField(Field):
    """A link to many rows of a registry.

    Args:
        to (Registry | str): a class, its name, or "self".
        through (Registry | str, optional): the registry of the pairs.
        through_fields (tuple[str], optional): the fields of the pairs: this row, the other row.
        related_name (str, optional): what leads back from the other rows.
        related_query_name (str, optional): accepted for code of Django.
        symmetrical (bool): refused: a link has a direction.
        **kwargs: of :meth:`Field`.

    Example:

        >>> field = ln.base.fields.ManyToManyField("lamindb.ULabel", related_name="plates")
    """

    kind = "link"
    default_inverse = "{}_set"

    def __init__(self, to, *, through=None, through_fields=None, related_name=None, related_query_name=None, symmetrical=False,
                 **kwargs):  # fmt: skip
        if symmetrical:
            raise TypeError("symmetrical: a link has a direction; give it a related_name")
        self.to, self.related_name, self.through = to, related_name, through
        super().__init__(**kwargs)
        if through_fields:
            self.said["pair"] = list(through_fields)


class AutoField(IntegerField):
    """The primary key, which every registry has.

    Arguments as in :meth:`Field`.

    Example:

        >>> field = ln.base.fields.AutoField(primary_key=True)
    """


class BigAutoField(BigIntegerField):
    """The primary key, in 64 bits.

    Arguments as in :meth:`Field`.

    Example:

        >>> field = ln.base.fields.BigAutoField(primary_key=True)
    """


class _NotKept(Field):
    def __init__(self, *args, **kwargs):
        raise NotImplementedError(f"{type(self).__name__} has no kind of column in lamindb-native: {self.instead}")


class DecimalField(_NotKept):
    """Not available: raises NotImplementedError; use FloatField, or CharField for digits that must be exact.

    Args:
        *args: as in Django.
        **kwargs: as in Django.
    """

    instead = "use FloatField, or CharField for digits that must be exact"


class BinaryField(_NotKept):
    """Not available: raises NotImplementedError; save bytes as an Artifact and refer to it.

    Args:
        *args: as in Django.
        **kwargs: as in Django.
    """

    instead = "save bytes as an Artifact and refer to it"


class TimeField(_NotKept):
    """Not available: raises NotImplementedError; use DateTimeField or DurationField.

    Args:
        *args: as in Django.
        **kwargs: as in Django.
    """

    instead = "use DateTimeField or DurationField"


models.offer(globals())
