"""A row of a registry: creating, saving, deleting, showing it."""

from .. import _core
from .._core import Record as CoreRecord
from .._process import session as _session
from .._process.classes import class_of
from .._process.logger import logger, show
from .._process.settings import settings
from .._surface.former import renamed, shown
from .._surface.lazy import later
from .._surface.missing import instance_attribute
from ..base.types import UNSET
from ..errors import FieldValidationError, InvalidArgument, ModuleWasntConfigured, UnmetCondition, ValidationError
from .registry import ClassSignature, Registry, RelatedAttr

Meta = later("lamindb._records.describe", "Meta")
refuse_incomplete = later("lamindb._records.declared", "refuse_incomplete")

_GATHERED = frozenset(("_pending", "_features", "_draft", "_curator", "_revised"))  # stored next to the row and saved with it in one transaction
_SAVE_OPTIONS = {"transfer": ("sqlrecord", "annotations"), "depth": (0,), "using": ("default",)}  # what each may be, None besides
_tipped = set()  # registries that have already hinted that a type can be passed


def _check_save_arguments(args, kwargs):
    if args:
        raise TypeError("save() takes keywords only")
    for name, value in kwargs.items():
        if name in ("force_insert", "force_update"):
            raise NotImplementedError(f"save({name}=...) of Django is not implemented in lamindb-native yet")
        if name not in _SAVE_OPTIONS:
            near = " or ".join(_core.nearest(name, list(_SAVE_OPTIONS)))
            raise TypeError(f"save() has no keyword {name!r}" + (f": did you mean {near}?" if near else ""))
        if value is not None and value not in _SAVE_OPTIONS[name]:
            raise NotImplementedError(f"save({name}={value!r}) is not implemented in lamindb-native yet")


_OF_PROJECTS = frozenset(("Artifact", "Transform", "Run", "ULabel", "Feature", "Schema", "Collection", "Reference"))


def _label(record, project):
    """What a tracked run makes belongs to the run's project; what is kept about the run itself does not."""
    if record.__registry__ in _OF_PROJECTS and getattr(record, "kind", None) != "__lamindb_run__":
        record.projects.add(project)


class Both:
    """A method of both the class and its instances: `ULabel.describe()` and `label.describe()`."""

    def __init__(self, of_class, of_record):
        self.of_class = of_class
        self.of_record = of_record
        self.__doc__ = of_record.__doc__

    def __get__(self, record, owner=None):
        return self.of_class.__get__(owner) if record is None else self.of_record.__get__(record)


class State:
    """Django's `_state` of a record."""

    __slots__ = ("adding", "db")

    def __init__(self, adding, db):
        self.adding = adding
        self.db = db


class BaseSQLRecord(CoreRecord, metaclass=Registry, abstract=True):
    """The base of all registries: a row, or one that is not saved yet.

    Args:
        *args: some registries take one value without a keyword, such as `Artifact(path)`.
        **kwargs: values of fields.

    Raises:
        FieldValidationError: a keyword is not a field, or a required one is missing; it names the nearest.
        ModuleWasntConfigured: the connected instance does not have this registry.

    Example:

        >>> isinstance(label, ln.models.BaseSQLRecord)
        True
    """

    __signature__ = ClassSignature()
    _init_names = None  # names that the constructor takes; None: every field
    _curatable = False
    _aliases = {}

    def __init__(self, *args, **kwargs):
        cls = type(self)
        session = _session._current or _session.current()
        if not _core.has_table(session, cls.__registry__):
            refuse_incomplete(cls)
            raise ModuleWasntConfigured(
                f"the connected instance has no registry {cls.__registry__}: install its module with "
                f"ln.setup.migrate.deploy({cls._module!r}), or make an instance with ln.setup.init(modules={cls._module!r})"
            )
        _core.begin(self, session, cls.__registry__)
        if args:
            name = "name" if "name" in cls._names else cls._name_field
            hint = f"Use keyword arguments instead of positional arguments, e.g.: {cls.__name__}({name}='...')"
            raise FieldValidationError(self._positional_message or hint)
        self._construct(session, kwargs)

    _positional_message = None  # what to say about positional arguments

    def _construct(self, session, kwargs):
        cls = type(self)
        kwargs = renamed(cls, kwargs, cls._names if cls._init_names is None else cls._init_names)
        search_names = kwargs.pop("_search_names", settings.creation.search_names)
        self._check_names(kwargs)
        missing = [name for name in cls._required if kwargs.get(name) is None and kwargs.get(name + "_id") is None]
        if missing:
            raise FieldValidationError(f"{missing} are required.")
        if not cls._curatable:
            return self._assign(kwargs)
        if "typed" in cls._traits and "type" not in kwargs and cls.__registry__ not in _tipped:
            _tipped.add(cls.__registry__)
            logger.warning(f"tip: pass `type` to map {cls.__name__.lower()} into a type hierarchy")
        given = {name: value for name, value in kwargs.items() if value is not UNSET and (value is not None or name == "type")}
        left = _core.construct(self, session, given, "uid" not in kwargs and search_names)
        self._assign(kwargs if left is None else {name: kwargs[name] for name in left})

    def _check_names(self, kwargs):
        """Refuses keywords that are not fields."""
        cls = type(self)
        known = cls._init_names
        if known is None:
            unknown = [name for name in kwargs if name not in cls._names]
            known = cls._shown_names
        else:
            unknown = [name for name in kwargs if name not in known and name not in _ALWAYS]
        if unknown:
            near = {name: _core.nearest(name, list(known)) for name in unknown}
            got = ", ".join(f"{name} (did you mean {' or '.join(like)}?)" if like else name for name, like in near.items())
            if _session.has_another_version(cls._module):
                got += f"; the database has another version of {cls._module} than is declared here: ln.setup.migrate.plan() shows it"
            raise FieldValidationError(f"Only {', '.join(known)} are valid keyword arguments; got {got}")
        for name in ("branch", "space"):
            if kwargs.get(name) is not None and kwargs.get(name + "_id") is not None:
                raise ValueError(f"Do not pass both {name.capitalize()} and its id at the same time.")

    def _assign(self, kwargs):
        for name, value in kwargs.items():
            if value is None or value is UNSET:
                continue
            if isinstance(value, (list, tuple, set)) and name in self._names and _is_relation(type(self), name):
                self.__dict__.setdefault("_pending", {})[name] = list(value)
            else:
                setattr(self, name, value)

    # -- writing -----------------------------------------------------------------------------------------------------

    def save(self, *args, **kwargs):
        """Writes the record and its links in one transaction; durable on return. A row that is already known is found again.

        Of a row that was read, only the fields that were set since are written; what others changed meanwhile is taken over.

        Args:
            *args: none: options have keywords.
            **kwargs: Django's `update_fields`, names of the only fields to write; `transfer` and `depth`, of records of another
                instance, which cannot be saved here yet; Django's `using`, `force_insert` and `force_update` are refused.

        Returns:
            SQLRecord: the record itself.

        Raises:
            NotImplementedError: the record is of another instance, or an option is not implemented.
            ValidationError: a value or a link does not fit.
            NoWriteAccess: the database may only be read.

        Example:

            >>> ln.ULabel(name="pilot").save() == label
            True
        """
        _session.check_here(self)
        only = kwargs.pop("update_fields", None)
        _check_save_arguments(args, kwargs)
        if only is not None:
            _core.save_fields(self, [only] if isinstance(only, str) else list(only))
            return self
        if _GATHERED.isdisjoint(self.__dict__):
            _core.save(self)
        else:
            self._before_save()
            _core.save_together(_core.session_of(self), [self], False)
            self._after_save()
        if _session.project() is not None:
            _label(self, _session.project())
        return self

    def _before_save(self):
        """Checks before the record is saved together with others."""

    def _after_save(self):
        """Remaining work after the record was saved together with others."""
        revised = self.__dict__.pop("_revised", None)
        if revised is not None:
            stored = _core.find(_core.session_of(self), self.__registry__, revised.id)
            revised.is_latest = stored is not None and stored.is_latest

    def delete(self, permanent=None):
        """Moves the record to the trash, or deletes it.

        Args:
            permanent (bool, optional): True deletes the row for good; None moves it to the trash, and deletes it if it is
                there or the registry has no trash.

        Returns:
            tuple[int, dict] | None: how many rows were deleted, in all and by registry; None if it went to the trash.

        Raises:
            ProtectedError: other rows refer to it.

        Example:

            >>> short_lived = ln.ULabel(name="short-lived").save()
            >>> short_lived.delete(permanent=True)
            (1, {'lamindb.ULabel': 1})
        """
        return _core.remove(self, permanent, None)

    def refresh_from_db(self, using=None, fields=None, **kwargs):
        """Reads the row again; unsaved changes are dropped.

        Args:
            using (str, optional): accepted for code of Django.
            fields (list[str], optional): accepted for code of Django.
            **kwargs: accepted for code of Django.

        Raises:
            DoesNotExist: the row was deleted.

        Example:

            >>> label.refresh_from_db()
        """
        fresh = _core.find(_core.session_of(self), self.__registry__, self.id)
        if fresh is None:
            raise type(self).DoesNotExist(f"{_core.named(self)} is not in the database any more")
        _core.copy_values(fresh, self)

    refresh = refresh_from_db

    # -- showing -----------------------------------------------------------------------------------------------------

    def __repr__(self, include_foreign_keys=True, exclude_field_names=None):
        return _core.text(self)

    def _describe(self, return_str=False, include=None, n_max_features=None):
        """What is known about the record, as a tree: fields, features, labels, what made it. In a notebook it is shown as HTML.

        Args:
            return_str (bool): return the text rather than show it.
            include (str | list[str], optional): "comments": also what people said about it; "hidden": also the features that a schema
                hides.
            n_max_features (int, optional): show at most so many features per slot of a dataset.

        Raises:
            ValueError: `include` is something else, or `n_max_features` no positive number.

        Example:

            >>> artifact.describe(return_str=True).splitlines()[0].partition(" (")[0]
            'Artifact: blood/cells.parquet'
        """
        if n_max_features is not None and (not isinstance(n_max_features, int) or n_max_features < 1):
            raise ValueError(f"n_max_features is {n_max_features!r} but has to be at least 1")
        asked = [include] if isinstance(include, str) else list(include or ())
        unknown = [name for name in asked if name not in ("comments", "hidden")]
        if unknown:
            raise ValueError(f"include is {unknown[0]!r} but has to be 'comments' or 'hidden'")
        return show(lambda form: _core.describe(self, form, "comments" in asked, "hidden" in asked, n_max_features), return_str)

    describe = Both(Registry.describe, _describe)

    def _repr_html_(self):
        return _core.record_html(self)

    def __dir__(self):
        return shown(type(self), super().__dir__())

    def __eq__(self, other):
        if not isinstance(other, CoreRecord):
            return NotImplemented
        return _core.same_row(self, other)

    def __hash__(self):
        if not _core.saved(self):
            raise TypeError("a record that is not saved is unhashable")
        return hash((self.__registry__, _core.id_of(self)))

    def __reduce__(self):
        return _rebuild, (self.__registry__, _core.values(self))

    __getattr__ = instance_attribute

    @property
    def pk(self):
        """The id (int); Django's name."""
        return self.id

    @property
    def _state(self):
        return State(not _core.saved(self), "default")

    @property
    def _meta(self):
        return Meta(type(self))


_ALWAYS = frozenset(("uid", "branch", "branch_id", "space", "space_id", "created_by", "run", "type_id", "_aux", "is_locked"))


def _is_relation(cls, name):
    for base in cls.__mro__:
        if name in base.__dict__:
            return isinstance(base.__dict__[name], RelatedAttr)
    return False


def _rebuild(registry, values):
    """Unpickles a record into the current instance."""
    cls = class_of(registry)
    record = cls.__new__(cls)
    _core.begin(record, _session.current_or_bare(), registry)
    _core.set_values(record, values)
    return record


class HasNotes:
    """Rows that people write readmes about."""

    @property
    def notes(self):
        """The latest readme block of the record (str); None without one."""
        block = _core.readme(self)
        return None if block is None else block.content


class SQLRecord(BaseSQLRecord, HasNotes, abstract=True):
    """The base of registries whose rows are on branches and can be moved to the trash.

    Arguments and errors as in :meth:`BaseSQLRecord`.

    Args:
        *args: some registries take one value without a keyword.
        **kwargs: values of fields.

    Example:

        >>> isinstance(label, ln.models.SQLRecord)
        True
    """

    def restore(self):
        """Brings the record back from the trash.

        Example:

            >>> kept = ln.ULabel(name="kept after all").save()
            >>> kept.delete()
            >>> kept.restore()
            >>> _ = kept.delete(permanent=True)
        """
        _core.restore(self)


def check_type(cls, given):
    """A type must be a record of the same registry."""
    if given is None or given is UNSET:
        return
    if not isinstance(given, cls):
        raise ValidationError(f"type must be a {cls.__name__}, not a {type(given).__name__}")


def placed(given):
    """Takes the branch and space, as records or ids, out of keywords, for options of the core."""
    ids = {}
    for name in ("branch", "space"):
        record, number = given.pop(name, None), given.pop(f"{name}_id", None)
        if record is not None and number is not None:
            raise ValueError(f"Do not pass both {name.capitalize()} and its id at the same time.")
        ids[name] = number if record is None else id_of(record, name.capitalize())
    return ids


PLACES = ("branch", "branch_id", "space", "space_id")  # the keywords that it takes


def id_of(given, registry):
    """The id of a saved record of this registry, for an option of the core; an id is passed through."""
    if given is None or isinstance(given, int):
        return given
    if getattr(type(given), "__registry__", None) != registry:
        raise UnmetCondition(f"expected a {registry}, got a {type(given).__name__}: {_core.named(given)}")
    if not _core.saved(given):
        raise InvalidArgument(f"{_core.named(given)} is not saved: save it first")
    return given.id
