"""Settings, context and storage behind the package."""

_WHERE = {"Settings": "_settings", "Context": "_context", "InspectResult": "_can_curate", "logger": "_logger"}


def __getattr__(name):
    from importlib import import_module

    if name in _WHERE:
        return getattr(import_module(f"lamindb.{_WHERE[name]}"), name)
    if name == "exceptions":
        return import_module("lamindb.errors")
    if name in ("types",):
        return import_module("lamindb.base.types")
    from lamindb._missing import module_attribute

    return module_attribute(__name__, name)
