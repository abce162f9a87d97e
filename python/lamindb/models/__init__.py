"""All registry classes and their bases; each is made when it is first named."""

_WHERE = {
    "BaseSQLRecord": "_record", "SQLRecord": "_record", "Registry": "_registry", "CanCurate": "_can_curate",
    "InspectResult": "_can_curate", "HasType": "_traits", "HasEmoji": "_traits", "HasParents": "_traits",
    "HasSynonyms": "_traits", "HasAbbr": "_traits", "IsVersioned": "_traits", "IsLink": "_traits",
    "TracksRun": "_traits", "TracksUpdates": "_traits", "ValidateFields": "_traits", "QuerySet": "_queryset",
    "BasicQuerySet": "_queryset", "ArtifactQuerySet": "_queryset", "SQLRecordList": "_queryset", "Q": "_queryset",
    "RelatedManager": "_relations", "DB": "_db", "FeatureManager": "_features", "LabelManager": "_labels",
    "save": "_save", "SchemaOptionals": "models.schema", "FeatureValue": None,
}  # fmt: skip
_MODULES = ("artifact", "collection", "transform", "run", "feature", "schema", "ulabel", "record", "project", "storage", "sqlrecord")


def __getattr__(name):
    from importlib import import_module

    if name == "FeatureValue":  # former name
        from lamindb._registry import class_of

        value = class_of("JsonValue")
    elif name in _WHERE:
        value = getattr(import_module(f"lamindb.{_WHERE[name]}"), name)
    elif name in _MODULES:
        return import_module(f"lamindb.models.{name}")
    else:
        from lamindb._missing import module_attribute
        from lamindb._registry import class_of, module_classes

        if name not in module_classes("lamindb"):
            return module_attribute(__name__, name)
        value = class_of(name)
    globals()[name] = value
    return value


def __dir__():
    from lamindb._registry import module_classes

    return sorted({*_WHERE, *module_classes("lamindb")})
