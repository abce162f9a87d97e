"""Schemas: what a valid dataset consists of."""

from lamindb import _core
from lamindb._process import session as _session
from lamindb._process.classes import class_of
from lamindb._process.logger import logger
from lamindb._queries.queryset import RowSet
from lamindb._records.can_curate import CanCurate
from lamindb._records.record import PLACES, Both, SQLRecord, check_type, placed
from lamindb._records.registry import Registry
from lamindb._records.traits import HasEmoji, HasType, TracksRun, TracksUpdates
from lamindb._surface import former
from lamindb.errors import InvalidArgument, ValidationError
from lamindb.models.schema_parts import FormatConstraints, SchemaOptionals, features_of
from lamindb._surface.lazy import later

refuse_unknown = later("lamindb._records.given", "refuse_unknown")

_INIT = (
    "features", "slots", "name", "description", "itype", "type", "is_type", "index", "flexible", "otype", "suffix",
    "dtype", "minimal_set", "maximal_set", "ordered_set", "coerce", "n_members", "lookup", "branch", "space",
)  # fmt: skip


def _itype_text(itype):
    if isinstance(itype, class_of("Feature")):  # features of a type
        if not _core.saved(itype):
            raise InvalidArgument(f"Please save the feature type {itype.name!r} before using it as itype.")
        return f"{itype.__registry__}[{itype.uid}]"
    if isinstance(itype, Registry):
        return itype.__registry__
    if isinstance(itype, _core.FieldAttr):
        return f"{itype.model.__registry__}.{itype.name}"
    return itype


class Schema(SQLRecord, HasType, HasEmoji, CanCurate, TracksRun, TracksUpdates, registry="Schema"):
    """What a valid dataset consists of: a set of features, or of such sets by slot.

    Args:
        features (list[Feature], optional): saved features, or `feature.with_config(optional=True)`.
        slots (dict[str, Schema], optional): a schema per slot: `{"obs": ..., "var.T": ...}`, with `otype`.
        itype (Registry | field | str, optional): what names the members: `bt.Gene.ensembl_gene_id`.
        index (Feature, optional): the feature that names the rows.
        dtype (str | type, optional): of all members.
        suffix (str, optional): of the files, such as ".h5ad".
        lookup (bool): True. False, which makes a second schema with the same requirements, is refused.

    Raises:
        InvalidArgument: nothing says what is valid, or a member is not saved.

    Example:

        >>> schema = ln.Schema([ln.Feature.get(name="n_genes")], name="counted cells").save()
        >>> schema.members.one().name
        'n_genes'
    """

    _init_names = _INIT
    _curatable = False

    def __init__(self, *args, **kwargs):
        if len(args) > 1:
            raise ValueError("Only one non-keyword arg allowed: features")
        if args:
            kwargs = {"features": args[0], **kwargs}
        if isinstance(kwargs.get("features"), class_of("Feature")):
            raise ValueError("Please pass a ListLike of features, not a single feature")
        unknown = {k: v for k, v in kwargs.items() if k not in _INIT and k not in PLACES}
        refuse_unknown(unknown, _INIT)
        check_type(Schema, kwargs.get("type"))
        if kwargs.pop("lookup", True) is False:
            raise InvalidArgument("lookup=False would make a second schema with the same requirements: leave it out")
        session = _session.current()
        if kwargs.get("is_type"):
            _core.begin(self, session, "Schema")
            for name in ("name", "description", "type", *PLACES):
                if kwargs.get(name) is not None:
                    setattr(self, name, kwargs[name])
            self.is_type = True
            return
        self._prepare(session, kwargs)

    def _prepare(self, session, given):
        options = {name: given[name] for name in ("name", "description", "otype", "suffix", "flexible", "minimal_set",
                   "maximal_set", "ordered_set", "coerce", "n_members") if given.get(name) is not None}  # fmt: skip
        if given.get("itype") is not None:
            options["itype"] = _itype_text(given["itype"])
        if given.get("dtype") is not None:
            options["dtype"] = given["dtype"] if isinstance(given["dtype"], str) else given["dtype"].__name__
        members, optional = _members(given.get("features"))
        index = given.get("index")
        if index is not None:
            _check_saved([index])
            options["index"] = index
        slots = given.get("slots")
        if slots:
            _check_saved(slots.values())
            options["slots"] = self.__dict__["_given_slots"] = dict(slots)
        if (
            not members
            and not slots
            and index is None
            and not any(given.get(name) is not None for name in ("itype", "flexible", "dtype", "n_members", "is_type"))
        ):
            raise InvalidArgument("Please pass features or slots or itype or set is_type=True")
        if not all(_core.saved(member) for member in members):
            raise ValueError("Can only create schema from validated features")
        options["members"] = self.__dict__["_given"] = members
        options["optional_members"] = optional
        if isinstance(given.get("type"), SQLRecord):
            options["type"] = given["type"].id
        draft = _core.prepare_schema(self, session, options)
        if draft.existing:
            logger.important(f"returning schema with same {'name' if draft.remade else 'hash'}: {_core.named(self)}")
        if isinstance(given.get("type"), SQLRecord):
            self.type = given["type"]
        for name, number in placed(dict(given)).items():
            if number is not None:
                setattr(self, f"{name}_id", number)
        if draft.remade or not draft.existing:
            self.__dict__["_draft"] = draft

    def save(self, *args, index_name_conflict=None, print_hash_mutation_warning=True, **kwargs):
        """Saves it; for a saved schema, the hash is updated from its current requirements.

        Args:
            *args: accepted for code of Django.
            index_name_conflict ("keep_name" | "keep_feature", optional): if the index changes and rows of a sheet have other
                names than their values of the new one, what to keep.
            print_hash_mutation_warning (bool): say that the hash changed.
            **kwargs: accepted for code of Django.

        Returns:
            Schema: the schema itself.

        Example:

            >>> _ = ln.Schema([ln.Feature.get(name="n_genes")], name="counted cells").save()
        """
        draft = self.__dict__.get("_draft")
        if draft is None and not _core.saved(self):
            return super().save(*args, **kwargs)
        if kwargs.get("update_fields") is not None:
            raise InvalidArgument("a schema is saved as a whole, since its hash depends on its fields: leave out update_fields")
        _core.save_schema(self, draft, index_name_conflict or "", print_hash_mutation_warning)
        self.__dict__.pop("_draft", None)
        return self

    def _after_save(self):
        self.__dict__.pop("_draft", None)

    def _repr_html_(self):
        return _core.describe(self, "html")

    def _describe(self, return_str=False, include=None, n_max_features=None):
        """What the schema asks for, as a tree: its features or terms, slot by slot.

        Arguments and errors as in :meth:`BaseSQLRecord.describe`.

        Raises:
            ValueError: the schema is not saved.

        Example:

            >>> schema = ln.Schema([ln.Feature.get(name="n_genes")], name="counted cells").save()
            >>> "n_genes" in schema.describe(return_str=True)
            True
        """
        if not _core.saved(self):
            raise ValueError("Schema must be saved before describing")
        return super()._describe(return_str, include, n_max_features)

    describe = Both(Registry.describe, _describe)

    @property
    def members(self):
        """Features or terms, in order (a query set)."""
        rows = _core.schema_members(self) if _core.saved(self) else self.__dict__.get("_given", [])
        if rows:
            return RowSet(type(rows[0]), rows, _core.session_of(self))
        return RowSet(class_of("Feature"), [], _core.session_of(self))

    @property
    def slots(self):
        """{slot: schema} of a composite (dict)."""
        return _core.schema_slots(self) if _core.saved(self) else dict(self.__dict__.get("_given_slots", {}))

    @property
    def formats(self):
        """Storage conventions, such as `schema.formats.zarr = {"zarr_format": 3}`, a FormatConstraints."""
        return FormatConstraints(self)

    @property
    def optionals(self):
        """The members that may be missing, a SchemaOptionals."""
        return SchemaOptionals(self)

    def add(self, features, optional=True):
        """Adds one or several features to a saved schema, as ones that a dataset may lack.

        Args:
            features (Feature | list[Feature]): saved features.
            optional (bool): True; others would make datasets and records invalid.

        Raises:
            NotImplementedError: optional=False.

        Example::

            schema.add(ln.Feature.get(name="percent_mito"))
        """
        _core.add_members(self, features_of(features), optional)

    def remove(self, features):
        """Removes one or several features from a saved schema.

        Args:
            features (Feature | list[Feature]): members.

        Example::

            schema.remove(ln.Feature.get(name="percent_mito"))
        """
        _core.remove_members(self, features_of(features))

    def add_optional_features(self, features):
        """Adds features to a saved schema; today's name is :meth:`Schema.add`.

        Args:
            features (list[Feature]): saved features.

        Example::

            schema.add(ln.Feature.get(name="percent_mito"))
        """
        former.say("Use add instead of add_optional_features, add_optional_features will be removed in the future.")
        self.add(features)

    def remove_optional_features(self, features):
        """Removes features from a saved schema; today's name is :meth:`Schema.remove`.

        Args:
            features (list[Feature]): members.

        Example::

            schema.remove(ln.Feature.get(name="percent_mito"))
        """
        former.say("Use remove instead of remove_optional_features, remove_optional_features will be removed in the future.")
        self.remove(features)

    @property
    def index(self):
        """The feature that names the rows; to change it in a saved schema, assign another, or None, and save."""
        _, uid = _core.schema_roles(self)
        return None if uid is None else class_of("Feature").get(uid=uid)

    @index.setter
    def index(self, feature):
        if not _core.saved(self):
            raise InvalidArgument("the schema is not saved: pass the index to Schema(...)")
        optional, _ = _core.schema_roles(self)
        _core.set_schema_roles(self, optional, None if feature is None else feature.uid)

    @property
    def dtype(self):
        """The dtype of all members (str); None if they have several."""
        return self._dtype_str

    def query_schemas(self, depth=None):
        """Schemas of this type (a query set).

        Args:
            depth (int, optional): how many levels of types below; None for all.

        Example:

            >>> ln.Schema(name="Assays", is_type=True).save().query_schemas().count()
            0
        """
        return self._query_members(depth)

    @classmethod
    def from_values(cls, values, field=None, dtype=None, name=None, mute=False, organism=None, source=None,
                    raise_validation_error=True):  # fmt: skip
        """The set of registered terms that the values name; not saved yet.

        Args:
            values (Iterable[str]): the values.
            field (field, optional): such as `bt.Gene.symbol`; otherwise names of features.
            dtype (str, optional): of all members.
            name (str, optional): of the schema.
            mute (bool): print nothing.
            organism (str | Organism, optional): of genes and proteins.
            source (Source, optional): of the terms.
            raise_validation_error (bool): False leaves unknown values out, and returns None if none is known.

        Raises:
            ValidationError: values are not registered.

        Example:

            >>> ln.Schema.from_values(["n_genes"], mute=True).n_members
            1
        """
        registry, field = _registry_of(field)
        values = list(values)
        if not values:
            raise ValueError("Provide a list of at least one value")
        valid = registry.validate(values, field=field, mute=mute, organism=organism, source=source)
        known = [value for value, ok in zip(values, valid) if ok]
        if len(known) < len(values):
            unknown = [value for value, ok in zip(values, valid) if not ok]
            if raise_validation_error:
                raise ValidationError(
                    f"These values could not be validated: {unknown}\n"
                    f"If there are no typos, add them to their registry: {registry.__name__}"
                )
            if not known:
                return None
        records = registry.from_values(known, field=field, organism=organism, source=source, mute=True)
        return cls(features=list(records), dtype=dtype, name=name)

    @classmethod
    def from_dataframe(cls, df, field=None, name=None, mute=False, organism=None, source=None):
        """The set of columns that are registered, not saved yet; None if there are none.

        Args:
            df (pandas.DataFrame): the dataset.
            field (field, optional): what the columns name, such as `bt.Gene.symbol`; otherwise features.
            name (str, optional): of the schema.
            mute (bool): print nothing.
            organism (str | Organism, optional): of genes and proteins.
            source (Source, optional): of the terms.

        Raises:
            ValueError: columns that are no features have several dtypes.

        Example:

            >>> ln.Schema.from_dataframe(df, mute=True).n_members
            2
        """
        registry, field = _registry_of(field)
        columns = [str(column) for column in df.columns]
        valid = registry.validate(columns, field=field, mute=mute, organism=organism, source=source)
        known = [column for column, ok in zip(columns, valid) if ok]
        if not known:
            if not mute:
                logger.warning("no validated features, skip creating schema")
            return None
        if registry is class_of("Feature"):
            return cls(features=list(_nearest_to_root(known)), name=name, otype="DataFrame")
        dtypes = set(df.loc[:, list(valid)].dtypes)
        if len(dtypes) > 1:
            raise ValueError(f"data types are heterogeneous: {dtypes}")
        records = registry.from_values(known, field=field, organism=organism, source=source, mute=True)
        return cls(features=list(records), name=name, dtype=_core.dtype_called(str(dtypes.pop())))


def _registry_of(field):
    """The registry and the name of a field that values are of; without one, the names of features."""
    if field is None:
        return class_of("Feature"), "name"
    if not isinstance(field, _core.FieldAttr):
        raise TypeError(f"Argument `field` must be a SQLRecord field, e.g., `Feature.name`, not {field!r}")
    return field.model, field.name


def _nearest_to_root(names):
    """The features with these names; of several with one name, the one that has no type, or else the first."""
    found = {}
    for feature in class_of("Feature").filter(name__in=names, is_type=False).order_by("id"):
        if feature.name not in found or (found[feature.name].type_id is not None and feature.type_id is None):
            found[feature.name] = feature
    return [found[name] for name in names]


def _members(features):
    """(members, uids of the optional ones) from the passed features."""
    members, optional = [], []
    for item in features or ():
        if isinstance(item, tuple):
            feature, config = item
            members.append(feature)
            if config.get("optional"):
                optional.append(feature.uid)
        else:
            members.append(item)
    return members, optional


def _check_saved(records):
    for record in records:
        if not _core.saved(record):
            raise InvalidArgument(f"{_core.named(record)} is not saved: save it before you make a schema of it")
