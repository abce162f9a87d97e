"""What a registry can do besides storing rows; each trait is a class that registry classes inherit."""

from .. import _core
from .._process import session as _session
from .._process.classes import class_of
from .._process.logger import show
from .._queries.conditions import field_name
from .._queries.queryset import QuerySet
from .._surface.lazy import later
from ..errors import FieldValidationError, InvalidArgument, UnmetCondition
from .can_curate import CanCurate
from .record import PLACES, id_of, placed

refuse_unknown = later("lamindb._records.given", "refuse_unknown")

SQLRecordList = later("lamindb._records.saving", "SQLRecordList")


class IsVersioned:
    """Rows that are versions of each other: one uid stem, and four more characters per version.

    Example:

        >>> artifact.versions.count()
        1
    """

    @property
    def stem_uid(self):
        """The uid without the four characters of the version (str)."""
        return self.uid[:-4]

    @property
    def version(self):
        """The version tag, otherwise the last four characters of the uid (str)."""
        return self.version_tag or (self.uid[-4:] if self.uid else None)

    @version.setter
    def version(self, value):
        self.version_tag = value

    @property
    def versions(self):
        """All versions except those in the trash, newest first (a query set)."""
        return QuerySet(type(self), _core.versions(self).seen(), _core.session_of(self)).order_by("-uid")


    def _follows(self, revised):
        """Notes the record it is a version of, which is told when it is no longer the latest."""
        if revised is not None:
            self.__dict__["_revised"] = revised


class BaseBlock(IsVersioned):
    """Rows that are pages of text about a record.

    Args:
        *args: none are taken.
        **kwargs: `content` (str), `kind` ("readme" or "comment"), the record that it is about, `version_tag`, `revises`.

    Example:

        >>> issubclass(ln.models.ArtifactBlock, ln.models.BaseBlock)
        True
    """

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
            refuse_unknown(unknown, shown)
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
    """Rows that record who created them in which run.

    Example:

        >>> artifact.created_by.handle == ln.setup.settings.user.handle
        True
    """


class TracksUpdates:
    """Rows that record when they changed.

    Example:

        >>> label.updated_at >= label.created_at
        True
    """


class HasType:
    """Rows that can have a type from their own registry.

    Example:

        >>> sample.type.name
        'Samples'
    """

    def query_types(self):
        """The types above, nearest first (a list of records).

        Example:

            >>> sample.query_types()[0].name
            'Samples'
        """
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
        """Settings of this record: `sheet.settings.single_space`."""
        return SQLRecordSettings(self)


class SQLRecordSettings:
    """Settings of one record: `sheet.settings.single_space`.

    Args:
        sqlrecord (SQLRecord): the record.

    Example:

        >>> sample.type.settings.single_space
        False
    """

    def __init__(self, sqlrecord):
        self._of = sqlrecord

    @property
    def single_space(self):
        """The space for rows of a type: True for the space of the type, another space (Space), or False for any. Assigning it takes
        effect when the type is saved; rows that exist stay where they are.
        """
        if not self._of.is_type:
            raise InvalidArgument(f"single_space is a setting of types, but {_core.named(self._of)} is none")
        said = _core.single_space(self._of)
        return class_of("Space").get(uid=said) if isinstance(said, str) else said

    @single_space.setter
    def single_space(self, value):
        if not isinstance(value, (bool, class_of("Space"))):
            raise UnmetCondition(f"single_space must be a bool or a Space, not {value!r}")
        if not isinstance(value, bool) and not _core.saved(value):
            raise UnmetCondition(f"Space passed to single_space must be saved: {_core.named(value)}")
        _core.set_single_space(self._of, value)


class HasEmoji:
    """Rows that may have an emoji.

    Example:

        >>> label.emoji is None
        True
    """

    @property
    def emoji(self):
        """The emoji (str); None without one. Assigning one stores it with the next save."""
        return _core.emoji(self) or None

    @emoji.setter
    def emoji(self, sign):
        if sign is not None and not isinstance(sign, str):
            raise ValueError(f"emoji must be a str or None, not {sign!r}")
        _core.set_emoji(self, sign or "")


class HasParents:
    """Rows in a hierarchy: `parents` and `children` are the next ones, the queries go all the way.

    Example:

        >>> bt.CellType.get(name="T cell").parents.to_list("name")
        ['lymphocyte']
    """

    def query_parents(self):
        """Everything above, at any distance (a query set).

        Example:

            >>> bt.CellType.get(name="T cell").query_parents().to_list("name")
            ['lymphocyte']
        """
        return _hierarchy(self, False)

    def query_children(self):
        """Everything below, at any distance (a query set).

        Example:

            >>> sorted(bt.CellType.get(name="lymphocyte").query_children().to_list("name"))
            ['B cell', 'T cell']
        """
        return _hierarchy(self, True)

    def view_parents(self, field=None, with_children=False, distance=5):
        """Shows the records above it: as a tree, in a notebook as a drawing.

        Args:
            field (str | FieldAttr, optional): what each is shown by, such as `bt.CellType.ontology_id`; None for its name.
            with_children (bool): also those below it.
            distance (int): at most so many levels.

        Raises:
            FieldError: the registry has no such field.

        Example::

            bt.CellType.get(name="T cell").view_parents(bt.CellType.ontology_id)
        """
        self._view(field, True, with_children, distance)

    def view_children(self, field=None, distance=5):
        """Shows the records below it: as a tree, in a notebook as a drawing.

        Arguments and errors as in :meth:`HasParents.view_parents`.

        Example::

            bt.CellType.get(name="lymphocyte").view_children()
        """
        self._view(field, False, True, distance)

    def _view(self, field, parents, children, distance):
        name = field_name(field) or ""

        def drawn(form):
            if form == "html":
                return _core.row_graph(self, distance if parents else 0, distance if children else 0, name)["svg"]
            return _core.describe_hierarchy(self, form, name, parents, children, distance)

        show(drawn, False)


def _hierarchy(record, below):
    ids = [row.id for row in _core.hierarchy(record, below)]
    session, registry = _core.session_of(record), type(record).__registry__
    return QuerySet(type(record), _core.Query(registry).where(None, {"id__in": ids}), session)


class HasSynonyms:
    """Rows that have synonyms, one text separated by `|`.

    Example:

        >>> bt.CellType.get(name="T cell").synonyms
        'T lymphocyte|T-cell'
    """

    def add_synonym(self, synonym, force=False, save=None):
        """Adds one or several synonyms.

        Args:
            synonym (str | list[str]): the synonyms.
            force (bool): add one that another row of the registry has.
            save (bool, optional): False leaves the record unsaved; otherwise it is saved if it was.

        Raises:
            ValidationError: another row has this synonym or this name.

        Example:

            >>> cell = bt.CellType.get(name="B cell")
            >>> cell.add_synonym("B lymphocyte")
            >>> cell.synonyms
            'B lymphocyte'
        """
        if synonyms := _not_empty(synonym):
            _core.synonyms(self, synonyms, True, force, save is not False)

    def remove_synonym(self, synonym):
        """Removes one or several synonyms; the record is saved.

        Args:
            synonym (str | list[str]): the synonyms.

        Example:

            >>> cell = bt.CellType.get(name="B cell")
            >>> cell.remove_synonym("B lymphocyte")
        """
        if synonyms := _not_empty(synonym):
            _core.synonyms(self, synonyms, False, False, True)


def _not_empty(synonym):
    """One or several synonyms as a list, without empty ones, which change nothing."""
    return [one for one in ([synonym] if isinstance(synonym, str) else synonym) if one]


class HasAbbr:
    """Rows that have an abbreviation.

    Example:

        >>> bt.CellType.get(name="T cell").abbr is None
        True
    """

    def set_abbr(self, value):
        """Sets the abbreviation, which also becomes a synonym; a saved record is saved.

        Args:
            value (str): the abbreviation.

        Raises:
            InvalidArgument: it is not a text.

        Example:

            >>> lymphocyte = bt.CellType.get(name="lymphocyte")
            >>> lymphocyte.set_abbr("LY")
            >>> lymphocyte.abbr
            'LY'
        """
        if not isinstance(value, str) or not value:
            raise InvalidArgument(f"an abbreviation is a text, not {value!r}")
        _core.set_abbreviation(self, value)


class IsLink:
    """Rows that link two rows of other registries.

    Example:

        >>> issubclass(ln.models.ArtifactULabel, ln.models.IsLink)
        True
    """


class ValidateFields:
    """Rows whose values are checked when they are saved.

    Example:

        >>> issubclass(ln.Project, ln.models.ValidateFields)
        True
    """


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
