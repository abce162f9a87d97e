"""Schemas: what a valid dataset consists of."""

from lamindb import _core
from lamindb._process import session as _session
from lamindb._process.classes import class_of
from lamindb._process.logger import logger
from lamindb._queries.queryset import RowSet
from lamindb._records.can_curate import CanCurate
from lamindb._records.record import PLACES, SQLRecord, check_type, placed
from lamindb._records.registry import Registry
from lamindb._records.traits import HasEmoji, HasType, TracksRun, TracksUpdates
from lamindb._surface.missing import instance_attribute
from lamindb.errors import FieldValidationError, InvalidArgument, ValidationError

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
    """A set of features, or of such sets by slot."""

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
        if unknown:
            raise FieldValidationError(f"Only {', '.join(_INIT)} can be passed, you passed: {unknown}")
        check_type(Schema, kwargs.get("type"))
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
            if given.get("otype") is None:
                raise InvalidArgument("Please pass otype when passing slots, such as otype='AnnData'")
            _check_saved(slots.values())
            options["slots"] = slots
        if (
            not members
            and not slots
            and index is None
            and not any(given.get(name) is not None for name in ("itype", "flexible", "dtype", "n_members", "is_type"))
        ):
            raise InvalidArgument("Please pass features or slots or itype or set is_type=True")
        if not all(_core.saved(member) for member in members):
            raise ValueError("Can only create schema from validated features")
        options["members"] = members
        options["optional_members"] = optional
        if isinstance(given.get("type"), SQLRecord):
            options["type"] = given["type"].id
        draft = _core.prepare_schema(self, session, options)
        if draft.existing:
            logger.important(f"returning schema with same {'name' if draft.remade else 'hash'}: {self!r}")
        if isinstance(given.get("type"), SQLRecord):
            self.type = given["type"]
        for name, number in placed(dict(given)).items():
            if number is not None:
                setattr(self, f"{name}_id", number)
        if draft.remade or not draft.existing:
            self.__dict__["_draft"] = draft

    def save(self, *args, index_name_conflict=None, print_hash_mutation_warning=True, **kwargs):
        """Saves it; for a saved schema, the hash is updated from its current requirements.

        If its index changes, rows of sheets are named by their values of the new one; `index_name_conflict` says what
        to keep if they have other names: "keep_name" or "keep_feature".
        """
        draft = self.__dict__.get("_draft")
        if draft is None and not _core.saved(self):
            return super().save(*args, **kwargs)
        _core.save_schema(self, draft, index_name_conflict or "", print_hash_mutation_warning)
        self.__dict__.pop("_draft", None)
        return self

    def _after_save(self):
        self.__dict__.pop("_draft", None)

    @property
    def members(self):
        """Features or terms, in order."""
        rows = _core.schema_members(self)
        if rows:
            return RowSet(type(rows[0]), rows, _core.session_of(self))
        return RowSet(class_of("Feature"), [], _core.session_of(self))

    @property
    def slots(self):
        """{slot: schema} of a composite."""
        return _core.schema_slots(self)

    @property
    def optionals(self):
        """The members that may be missing."""
        return SchemaOptionals(self)

    def add(self, features, optional=True):
        """Adds one or several features to a saved schema."""
        _core.add_members(self, _features(features), optional)

    def remove(self, features):
        """Removes one or several features from a saved schema."""
        _core.remove_members(self, _features(features))

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
        return self._dtype_str

    def query_schemas(self, depth=None):
        """Schemas of this type, at any depth."""
        return self._query_members(depth)

    @classmethod
    def from_values(cls, values, field=None, dtype=None, name=None, mute=False, organism=None, source=None,
                    raise_validation_error=True):  # fmt: skip
        """The set of registered terms named by the values."""
        registry = class_of("Feature") if field is None else field.model
        name_field = registry._name_field if field is None else field.name
        valid = registry.validate(values, field=name_field, mute=mute, organism=organism, source=source)
        if raise_validation_error and not valid.all():
            unknown = [v for v, ok in zip(values, valid) if not ok]
            raise ValidationError(f"These values could not be validated: {unknown}")
        known = [v for v, ok in zip(values, valid) if ok]
        if not known:
            if not raise_validation_error:
                return None
            raise ValidationError("none of the values is registered")
        records = registry.from_values(known, field=name_field, organism=organism, mute=True)
        return cls(features=list(records), dtype=dtype, name=name)

    @classmethod
    def from_dataframe(cls, df, field=None, name=None, mute=False, organism=None, source=None):
        """The set of columns that are registered features; None if there are none."""
        feature = class_of("Feature")
        columns = [str(c) for c in df.columns]
        known = [c for c, ok in zip(columns, feature.validate(columns, mute=mute)) if ok]
        return cls(features=list(feature.filter(name__in=known)), name=name) if known else None


class SchemaOptionals:
    """Members of a schema that may be missing."""

    def __init__(self, schema):
        self._schema = schema

    def get_uids(self):
        """Their uids."""
        return _core.schema_roles(self._schema)[0]

    def get(self):
        """The features."""
        return class_of("Feature").objects.filter(uid__in=self.get_uids())

    def set(self, features):
        """Makes exactly these optional, once the schema is saved."""
        self._set([feature.uid for feature in _features(features)])

    def add(self, features):
        """Makes these optional too, once the schema is saved. Without `minimal_set` all are."""
        _core.make_optional(self._schema, _features(features))

    def remove(self, features):
        """Makes these required, once the schema is saved."""
        uids = {feature.uid for feature in _features(features)}
        self._set([uid for uid in self.get_uids() if uid not in uids])

    def _set(self, uids):
        _, index = _core.schema_roles(self._schema)
        _core.set_schema_roles(self._schema, uids, index)

    __getattr__ = instance_attribute


def _features(given):
    """One or several features as a list."""
    features = list(given) if isinstance(given, (list, tuple)) or hasattr(given, "model") else [given]
    if not all(isinstance(feature, class_of("Feature")) for feature in features):
        raise TypeError("features must be a Feature or a list of Features")
    return features


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
            raise InvalidArgument(f"{record!r} is not saved: save it before you make a schema of it")
