"""What a registry can do besides storing rows; each trait is a class that registry classes inherit."""

from .. import _core
from .._process.classes import class_of
from .._queries.queryset import QuerySet, RankedQuerySet
from .._surface.lazy import later
from .._surface.missing import Missing
from ..errors import InvalidArgument
from .can_curate import CanCurate

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


class BaseBlock(IsVersioned):
    """Rows that are pages of text about a record."""


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
