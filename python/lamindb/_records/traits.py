"""What a registry can do besides storing rows; each trait is a class that registry classes inherit."""

from .. import _core
from .._process import session as _session
from .._process.classes import class_of
from .._queries.conditions import field_name
from .._queries.queryset import QuerySet, RankedQuerySet
from .._surface.lazy import later
from .._surface.missing import Missing
from ..errors import FieldValidationError, InvalidArgument
from .can_curate import CanCurate
from .record import PLACES, id_of, placed

SQLRecordList = later("lamindb._records.saving", "SQLRecordList")


class IsVersioned:
    """Rows that are versions of each other under one uid stem."""

    @property
    def stem_uid(self):
        return self.uid[:-4]

    @property
    def version(self):
        """The version tag, otherwise the last four characters of the uid."""
        return self.version_tag or (self.uid[-4:] if self.uid else None)

    @version.setter
    def version(self, value):
        self.version_tag = value

    @property
    def versions(self):
        """All versions except those in the trash, newest first."""
        return QuerySet(type(self), _core.versions(self).seen(), _core.session_of(self)).order_by("-uid")


    def _follows(self, revised):
        """Notes the record it is a version of, which is told when it is no longer the latest."""
        if revised is not None:
            self.__dict__["_revised"] = revised


class BaseBlock(IsVersioned):
    """Rows that are pages of text about a record."""

    def __init__(self, *args, **kwargs):
        cls = type(self)
        if args:
            raise ValueError(f"Please only use keyword arguments to construct a {cls.__name__}")
        host = cls.__name__.removesuffix("Block").lower()  # the field that refers to the record; a page has none
        own = (host, "line_number") if host else ("key", "anchor")
        known = {*own, *PLACES, "content", "kind", "version", "version_tag", "revises", "uid", "created_on", "created_on_id"}
        unknown = {name: value for name, value in kwargs.items() if name not in known or (name not in _OF_ANY and name not in cls._names)}
        if unknown:
            shown = sorted(name for name in known if name in _OF_ANY or name in cls._names)
            raise FieldValidationError(f"Only {', '.join(shown)} can be passed, you passed: {unknown}")
        if kwargs.get("kind") is None:
            raise FieldValidationError(f"kind is required for {cls.__name__}: 'readme'{' or ' + repr('comment') if host else ''}")
        self._prepare(host, {name: value for name, value in kwargs.items() if value is not None})

    def _prepare(self, host, given):
        cls = type(self)
        revises = given.pop("revises", None)
        if revises is not None and not isinstance(revises, cls):
            raise TypeError(f"`revises` has to be of type `{cls.__name__}`")
        options = {name: given.pop(name) for name in ("content", "kind", "key", "uid") if name in given}
        options["version_tag"] = version_of(given)
        if revises is not None:
            options["revises"] = revises.uid
        if host:
            options["host"] = id_of(given.pop(host, None), class_of(host_registry(cls)).__registry__)
        if "anchor" in given:
            options["anchor"] = id_of(given.pop("anchor"), "Block")
        if host != "branch":
            options.update(placed(given))
        _core.make_block(self, _session.current(), cls.__registry__, options)
        self._follows(revises)
        for name, value in given.items():
            setattr(self, name, value)


_OF_ANY = ("version", "revises")


def host_registry(cls):
    """The registry of the records that texts of this class are about."""
    return cls.__registry__.removesuffix("Block")


def version_of(given):
    """Takes the version, under either name, out of keywords."""
    version = given.pop("version", None)
    tag = given.pop("version_tag", None)
    version = tag if version is None else version
    if version is not None and not isinstance(version, str):
        raise ValueError("`version` parameter must be `None` or `str`, e.g., '0.1', '1', '2', etc.")
    return version


class TracksRun:
    """Rows that record who created them in which run."""


class TracksUpdates:
    """Rows that record when they changed."""


class HasType:
    """Rows that can have a type from their own registry."""

    def query_types(self):
        """The types above, nearest first."""
        types = SQLRecordList()
        record = self.type
        while record is not None and record not in types:
            types.append(record)
            record = record.type
        return types

    def _query_members(self, depth=None):
        """The rows of this type, at any depth."""
        return type(self).filter(id__in=_core.members_of_type(self, -1 if depth is None else depth))

    @property
    def settings(self):
        """Settings of this record."""
        return SQLRecordSettings(self)


class SQLRecordSettings:
    """Settings of one record: `sheet.settings.single_space`."""

    def __init__(self, sqlrecord):
        self._of = sqlrecord

    @property
    def single_space(self):
        """The space for rows of a type: True for the space of the type, another space, or False for any."""
        if not self._of.is_type:
            raise InvalidArgument(f"single_space is a setting of types, but {self._of!r} is none")
        said = _core.single_space(self._of)
        return class_of("Space").get(uid=said) if isinstance(said, str) else said

    @single_space.setter
    def single_space(self, value):
        Missing("settings.single_space = ...")()


class HasEmoji:
    """Rows that may have an emoji."""

    @property
    def emoji(self):
        """The emoji; None without one."""
        return _core.emoji(self) or None

    @emoji.setter
    def emoji(self, sign):
        if sign is not None and not isinstance(sign, str):
            raise ValueError(f"emoji is {sign!r} but has to be a text or None")
        _core.set_emoji(self, sign or "")


class HasParents:
    """Rows in a hierarchy."""

    def query_parents(self):
        """Everything above."""
        return _hierarchy(self, False)

    def query_children(self):
        """Everything below."""
        return _hierarchy(self, True)


    def view_parents(self, field=None, with_children=False, distance=5):
        """Prints the records above it, up to `distance` levels; `with_children` also those below.

        `field` says what each is shown by: `cell_type.view_parents(bt.CellType.ontology_id)`.
        """
        print(_core.print_hierarchy(self, field_name(field) or "", True, with_children, distance))

    def view_children(self, field=None, distance=5):
        """The same with the records below it."""
        print(_core.print_hierarchy(self, field_name(field) or "", False, True, distance))


def _hierarchy(record, below):
    rows = _core.hierarchy(record, below)
    return RankedQuerySet(type(record), rows, _core.session_of(record))


class HasSynonyms:
    """Rows that have synonyms."""

    def add_synonym(self, synonym, force=False, save=None):
        """Adds one or several synonyms; saved at once if the record is, unless `save=False`."""
        _core.synonyms(self, synonym, True, force, save is not False)

    def remove_synonym(self, synonym):
        _core.synonyms(self, synonym, False, False, True)


class HasAbbr:
    """Rows that have an abbreviation."""

    def set_abbr(self, value):
        """Sets the abbreviation, which also becomes a synonym."""
        if not isinstance(value, str) or not value:
            raise InvalidArgument(f"an abbreviation is a text, not {value!r}")
        _core.set_abbreviation(self, value)


class IsLink:
    """Rows that link other rows."""


class ValidateFields:
    """Rows whose fields are checked when they are set."""


_BY_TRAIT = {
    "versioned": [IsVersioned],
    "typed": [HasType, HasEmoji],
    "hierarchical": [HasParents],
    "curatable": [CanCurate],
    "synonyms": [HasSynonyms],
    "abbreviated": [HasAbbr],
    "link": [IsLink],
}
_BY_COLUMNS = [({"created_by", "run"}, TracksRun), ({"updated_at"}, TracksUpdates), ({"content", "kind"}, BaseBlock)]


def of_trait(traits):
    return [base for trait in traits for base in _BY_TRAIT.get(trait, ())]


def of_columns(columns):
    return [base for needed, base in _BY_COLUMNS if needed <= columns]
