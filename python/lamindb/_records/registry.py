"""Registries as classes: the metaclass, with class-level queries and the fields from the table."""

from types import FunctionType

from .. import _core
from .._process import session as _session
from .._process.catalog import describe_table
from .._process.classes import class_of, made
from .._queries.conditions import narrowed, says_which
from .._queries.queryset import AllRows, QuerySet
from .._surface import former
from .._surface.lazy import later
from .._surface.missing import class_attribute
from ..errors import MultipleObjectsReturned, ObjectDoesNotExist

declare, enter = later("lamindb._records.declared", "declare", "enter")
describe_class, Meta = later("lamindb._records.describe", "describe_class", "Meta")
lookup = later("lamindb._queries.lookup", "lookup")
class_doc, signature = later("lamindb._records.help", "class_doc", "signature")
RelatedManager = later("lamindb._records.relations", "RelatedManager")

VALUE, REFERENCE_ID, REFERENCE = range(3)  # what a FieldAttr returns


class ClassDoc:
    """The `__doc__` of a registry class: its text, with the fields of the catalog, put together when somebody asks."""

    __slots__ = ("prose",)

    def __init__(self, prose):
        self.prose = prose

    def __get__(self, record, owner=None):
        return class_doc(owner if record is None else type(record), self.prose)


class ClassSignature:
    """The `__signature__` of a registry class: what its constructor takes."""

    def __get__(self, record, owner=None):
        cls = owner if record is None else type(record)
        if cls.__registry__ is None:
            raise AttributeError(f"{cls.__name__} is not a registry: its constructor has the signature")
        return signature(cls)


class RelatedAttr:
    """`label.parents`: a manager; `ULabel.parents`: the relation, usable in look-ups."""

    __slots__ = ("name", "shape", "to", "through", "model", "far", "near", "plain")

    def __init__(self, model, relation):
        self.model = model
        self.name, self.shape, self.to, through, self.near, self.far, self.plain = relation
        self.through = through

    @property
    def field(self):
        return self

    @property
    def related_model(self):
        return class_of(self.to)

    def __get__(self, record, owner=None):
        if record is None:
            return RelationOfClass(self)
        return RelatedManager(record, self)

    def __set__(self, record, value):
        raise TypeError(f"use record.{self.name}.set(...) to change what a {type(record).__name__} is related to")


class RelationOfClass:
    """A relation accessed on its class: `CellType.parents.through` is the registry of its pairs."""

    def __init__(self, attr):
        self.field = attr
        self.name = attr.name
        self.model = attr.model

    @property
    def through(self):
        if self.field.through is None:
            raise AttributeError(f"{self!r} has no pairs: its rows point back")
        return class_of(self.field.through)

    def __repr__(self):
        return f"FieldAttr({self.model.__name__}.{self.name})"


class Registry(type):
    """The metaclass of registry classes: what can be asked of a class without having a record.

    `ln.Artifact`, `ln.ULabel`, `bt.CellType` and the classes of plug-ins are its instances, so its methods are theirs.

    Args:
        name (str): of the class.
        bases (tuple): what it inherits from.
        namespace (dict): its body: fields of a plug-in's registry are among them.
        registry (str, optional): the registry of the catalog that it stands for; otherwise the body declares a new one.
        abstract (bool): it is a base of registries and has no table.

    Example:

        >>> isinstance(ln.ULabel, ln.models.Registry)
        True
    """

    def __new__(meta, name, bases, namespace, *, registry=None, abstract=False):
        extends = any(isinstance(base, Registry) and base.__registry__ is not None for base in bases)
        said = None if registry is not None or abstract or extends else declare(name, bases, namespace)
        cls = super().__new__(meta, name, bases, namespace)
        if abstract:
            cls.__registry__ = None
        elif registry is not None:
            _install(cls, registry if isinstance(registry, dict) else describe_table(registry))
        elif said is not None:
            cls._module = said[0]
            cls.__registry__ = None if said[1].get("mixin") else f"{cls._module}.{name}"
            for declared, table in enter(*said, cls):
                _session.forget_class(table["qualified"])
                _install(declared, table)
        return cls

    def __init__(cls, name, bases, namespace, **kwargs):
        super().__init__(name, bases, namespace)

    # -- asking ------------------------------------------------------------------------------------------------------

    def filter(cls, *queries, **expressions):
        """Rows for which all conditions hold; by default those on the current branch and main.

        Args:
            *queries (Q): conditions as objects, to combine with `&`, `|` and `~`, and comparisons of features.
            **expressions: `field=value`, `field__lookup=value` or a path across relations, `cell_types__name="T cell"`.
                Look-ups: exact, iexact, contains, icontains, startswith, endswith, in, gt, gte, lt, lte, range, isnull, regex.

        Returns:
            QuerySet: the rows, read when they are needed.

        Raises:
            FieldError: a name is neither a field nor a feature; it lists the nearest.

        Example:

            >>> ln.Artifact.filter(key__startswith="blood/", size__gt=100).count()
            1
        """
        query = narrowed(cls, _core.Query(cls.__registry__).on_any_branch(), queries, expressions)
        return QuerySet(cls, query if not cls._has_branch or says_which(queries, expressions) else query.seen())

    def get(cls, idlike=None, *queries, **expressions):
        """Exactly one row: by id, by uid or a prefix of it, by Q objects or by keywords.

        Args:
            idlike (int | str | Q, optional): the id, the uid or its first characters, or a condition; of an artifact also its
                address, `lamin://owner/instance/artifact/key/blood/pbmc.h5ad`, where a file in a folder stands for the folder.
            *queries (Q): further conditions.
            **expressions: as in :meth:`filter`.

        Raises:
            DoesNotExist: no row is meant.
            MultipleObjectsReturned: several rows are meant.

        Example:

            >>> ln.ULabel.get(name="pilot").name
            'pilot'
        """
        if expressions or not isinstance(idlike, (int, str)):
            return QuerySet(cls, _core.Query(cls.__registry__).on_any_branch()).get(idlike, *queries, **expressions)
        session = _session._current or _session.current()
        try:
            record = _core.find(session, cls.__registry__, idlike)
        except MultipleObjectsReturned as error:
            raise cls.MultipleObjectsReturned(str(error)) from None
        if record is None:
            if cls.__registry__ == "Artifact" and isinstance(idlike, str) and idlike.startswith("lamin://"):
                return _at_uri(cls, session, idlike)
            what = "id" if isinstance(idlike, int) else "uid"
            hint = "" if what == "id" else f" Did you forget a keyword as in {cls.__name__}.get({cls._name_field}={idlike!r})?"
            raise cls.DoesNotExist(f"No record found with {what} {idlike!r}.{hint}")
        return record

    def to_dataframe(cls, *, include=None, features=None, limit=20, order_by="-id"):
        """The newest rows as a pandas DataFrame, indexed by id.

        Args:
            include (str | list[str], optional): further columns: fields, or paths such as `"created_by__handle"`.
            features (bool | str | list[str], optional): names of features whose values become columns; True for all that are set.
            limit (int | None): the most rows; None for all.
            order_by (str | None): a field, `-` before it for descending.

        Example:

            >>> ln.ULabel.to_dataframe(limit=5).loc[:, "name"].to_list()
            ['pilot']
        """
        return cls.filter().to_dataframe(include=include, features=features, limit=limit, order_by=order_by)

    df = former.Former("df", "to_dataframe")

    def search(cls, string, *, field=None, limit=20, case_sensitive=False, fuzzy=False):
        """Rows whose texts contain the string, best first.

        Args:
            string (str): what to look for; a search for the empty text returns everything.
            field (str | list[str], optional): look in these fields only; otherwise in every text field.
            limit (int | None): the most rows.
            case_sensitive (bool): tell upper and lower case apart.
            fuzzy (bool): also find texts with a wrong letter, or two in ten.

        Returns:
            QuerySet: the rows, in the order of their rank.

        Example:

            >>> bt.CellType.search("lymphocyte").first().name
            'lymphocyte'
        """
        return cls.filter().search(string, field=field, limit=limit, case_sensitive=case_sensitive, fuzzy=fuzzy)

    def lookup(cls, field=None, return_field=None, keep="first"):
        """An object with one attribute per row, for auto-completion.

        Args:
            field (str, optional): the field whose values become attributes; otherwise the name of the registry.
            return_field (str, optional): return this field of the row rather than the row.
            keep ("first" | "last" | False): which of several rows with one name; False for all of them.

        Example:

            >>> bt.CellType.lookup().t_cell.name
            'T cell'
        """
        return lookup(cls.filter(), field, return_field, keep)

    def connect(cls, instance, _instance_info=None):
        """Rows of another instance.

        Args:
            instance (str | None): `"owner/name"`; None for the current one.
            _instance_info (dict, optional): what a hub says of the instance: not needed.

        Raises:
            InstanceNotFoundError: no instance with this name is known here.

        Example::

            ln.Artifact.connect("lab/cells").filter(suffix=".h5ad")
        """
        return QuerySet(cls, _core.Query(cls.__registry__), _session.of_instance(instance))

    using = former.Former("using", "connect")

    def describe(cls, return_str=False):
        """The fields of the registry and its relations, as text.

        Args:
            return_str (bool): return the text rather than print it.

        Example:

            >>> ln.ULabel.describe(return_str=True).splitlines()[0]
            'ULabel'
        """
        return describe_class(cls, return_str)

    @property
    def objects(cls):
        """All rows as a query set: on every branch and in the trash."""
        return AllRows(cls, _core.Query(cls.__registry__).on_any_branch())

    @property
    def DoesNotExist(cls):
        """The error that `get` and `one` of this class raise when there is no such row."""
        return _own_error(cls, "DoesNotExist", ObjectDoesNotExist)

    @property
    def MultipleObjectsReturned(cls):
        """The error that `get` and `one` of this class raise when several rows are meant."""
        return _own_error(cls, "MultipleObjectsReturned", MultipleObjectsReturned)

    @property
    def _meta(cls):
        return Meta(cls)

    @property
    def _description(cls):
        return describe_table(cls.__registry__)

    def _take_new_fields(cls):
        """After connecting another instance: adds the fields and relations of its modules."""
        _install(cls, cls._description)

    __getattr__ = class_attribute

    def __dir__(cls):
        asked = {name for name in vars(Registry) if not name.startswith("_")}
        return former.shown(cls, {*(name for name in super().__dir__() if not _of_records(cls, name)), *asked})

    def __repr__(cls):
        return f"<class '{cls.__module__}.{cls.__qualname__}'>"


def _of_records(cls, name):
    """Whether it is a method that only records have."""
    held = next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), None)
    return not name.startswith("__") and isinstance(held, FunctionType)


def _at_uri(cls, session, uri):
    try:
        return _core.artifact_at_uri(session, uri)
    except MultipleObjectsReturned as error:
        raise cls.MultipleObjectsReturned(str(error)) from None
    except ObjectDoesNotExist as error:
        raise cls.DoesNotExist(str(error)) from None


def _own_error(cls, name, base):
    """`ULabel.DoesNotExist`: created on first use."""
    if cls.__registry__ is None:
        return base
    held = cls.__dict__.get("_" + name)
    if held is None:
        namespace = {"__module__": cls.__module__, "__qualname__": f"{cls.__qualname__}.{name}"}
        held = type(name, (base,), namespace)
        type.__setattr__(cls, "_" + name, held)
    return held


def _install(cls, table):
    """Gives a class the fields and relations of its table."""
    set_attribute = type.__setattr__
    own = cls.__dict__
    names = {"pk"}
    for column in table["columns"]:
        name, attname = column["name"], column["column"]
        names.add(name)
        names.add(attname)
        if column["kind"] == "ref":
            if attname not in own:
                set_attribute(cls, attname, _core.FieldAttr(attname, REFERENCE_ID, cls))
            if name not in own:
                set_attribute(cls, name, _core.FieldAttr(name, REFERENCE, cls))
        elif name not in own:
            set_attribute(cls, name, _core.FieldAttr(name, VALUE, cls))
    for relation in table["relations"]:
        if relation[1] == "to_one" or not relation[0]:
            continue
        names.add(relation[0])
        if relation[0] not in own:
            set_attribute(cls, relation[0], RelatedAttr(cls, relation))
    cls._to_many = frozenset(relation[0] for relation in table["relations"] if relation[1] != "to_one" and relation[0])
    for name, alias in former.attributes(cls, table["qualified"], names).items():
        if not any(name in base.__dict__ for base in cls.__mro__):
            set_attribute(cls, name, alias)
    if not isinstance(own["__doc__"], ClassDoc):
        set_attribute(cls, "__doc__", ClassDoc(own["__doc__"]))
    cls.__registry__ = table["qualified"]
    cls._names = names
    cls._traits = frozenset(table["traits"])
    cls._module = table["module"]
    cls._name_field = table["name_field"] or ("uid" if table["uid_size"] else "id")
    if "_curatable" not in own:
        cls._curatable = "curatable" in cls._traits
    cls._references = frozenset(c["name"] for c in table["columns"] if c["kind"] == "ref")
    cls._has_branch = "branched" in cls._traits
    if cls._init_names is None:
        parents = ["parents"] if "hierarchical" in cls._traits else []
        cls._shown_names = [c["name"] for c in table["columns"] if c["keyword"]] + parents
    if "_required" not in own:
        cls._required = tuple(c["name"] for c in table["columns"] if c["required"])
    made[table["qualified"]] = cls
