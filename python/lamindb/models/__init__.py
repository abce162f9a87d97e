"""All registry classes and their bases; each is created on first use."""

from lamindb._process.catalog import Registries
from lamindb._process.classes import class_of
from lamindb._surface.lazy import load, public
from lamindb._surface.missing import Missing
from lamindb._surface.places import enter

_WHERE = {
    "BaseSQLRecord": "lamindb._records.record", "SQLRecord": "lamindb._records.record", "Registry": "lamindb._records.registry",
    "CanCurate": "lamindb._records.can_curate", "InspectResult": "lamindb._queries.validation",
    **dict.fromkeys(("HasType", "HasEmoji", "HasParents", "HasSynonyms", "HasAbbr", "IsVersioned", "IsLink", "TracksRun",
                     "TracksUpdates", "ValidateFields", "SQLRecordSettings", "BaseBlock"), "lamindb._records.traits"),
    **dict.fromkeys(("QuerySet", "BasicQuerySet", "ArtifactQuerySet", "QueryManager"), "lamindb._queries.queryset"),
    **dict.fromkeys(("ArtifactSet", "RecordSet"), "lamindb._queries.sets"),
    "SQLRecordList": "lamindb._records.saving", "save": "lamindb._records.saving", "Q": "lamindb._queries.conditions",
    "RelatedManager": "lamindb._records.relations", "DB": "lamindb._records.db", "FeatureManager": "lamindb._datasets.features",
    "LabelManager": "lamindb._datasets.labels", "SchemaOptionals": "lamindb.models.schema",
    "FormatConstraints": "lamindb.models.schema", "LazyArtifact": "lamindb.models.lazy_artifact",
}  # fmt: skip
# The registries with their own behaviour; all others are derived from the catalog.
_WRITTEN = {
    "Artifact": "artifact", "Collection": "collection", "Transform": "transform", "Run": "run", "Feature": "feature",
    "Schema": "schema", "ULabel": "ulabel", "Record": "record", "JsonValue": "jsonvalue", "Project": "project", "Reference": "project",
    "Storage": "storage", "User": "sqlrecord", "Space": "sqlrecord", "Branch": "sqlrecord",
}  # fmt: skip
_BLOCKS = ("BaseBlock", "Block", *(f"{of}Block" for of in ("Artifact", "Branch", "Collection", "Feature", "Project", "Record", "Run", "Schema",
                                                           "Space", "Transform", "ULabel")))  # fmt: skip
_PLACES = enter(__name__, {name: ("lamindb.models", names) for name, names in {
    "query_set": "BasicQuerySet QuerySet SQLRecordList", "query_manager": "QueryManager RelatedManager", "save": "save",
    "can_curate": "CanCurate HasAbbr HasSynonyms InspectResult", "has_parents": "HasParents", "db": "DB",
    "artifact_set": "ArtifactSet", "record_set": "RecordSet", "block": " ".join(_BLOCKS), "_feature_manager": "FeatureManager",
    "_is_versioned": "IsVersioned", "_label_manager": "LabelManager",
}.items()})  # fmt: skip
__all__ = list(_WHERE) + list(_WRITTEN)


def make_class(qualified):
    """Makes the class of a table; after this, `class_of` returns it."""
    if qualified in _WRITTEN:
        load(f"lamindb.models.{_WRITTEN[qualified]}")
    else:
        load("lamindb.models._from_catalog").make_class(qualified)


__getattr__, __dir__ = public(__name__, _WHERE, {*_WRITTEN.values(), *_PLACES}, find=Registries("lamindb"))
_attribute = __getattr__


class OfModule(Registries):
    """For `models` of another module: its registries and, as in LaminDB, the names of this module."""

    def __call__(self, name):
        cls = super().__call__(name)
        if cls is None:
            try:
                found = _attribute(name)
            except AttributeError:
                return None
            cls = None if isinstance(found, Missing) else found
        return cls
