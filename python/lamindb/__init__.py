"""LaminDB, native: a registry and lakehouse for biological data.

Everything is looked up on first use, so that importing the package costs little more than starting Python.
"""

from . import _distribution, _core, _session  # noqa: I001, F401

__version__ = "2.12.0"  # the LaminDB whose interface this is; the package's own is `_core.__version__`

__all__ = [
    "track", "finish", "step", "flow", "Artifact", "Storage", "Transform", "Run", "Feature", "ULabel", "Schema",
    "Record", "User", "Collection", "Project", "Space", "Branch", "Reference", "connect", "view", "save", "UPath",
    "settings", "context", "DB", "curators", "integrations", "examples", "errors", "setup", "base", "core", "models",
]  # fmt: skip

_REGISTRIES = frozenset((
    "Artifact", "Branch", "Collection", "Feature", "Project", "Record", "Reference", "Run", "Schema", "Space",
    "Storage", "Transform", "ULabel", "User",
))  # fmt: skip
_WHERE = {
    "Q": "._queryset", "settings": "._settings", "save": "._save", "view": "._view", "connect": "._setup",
    "track": "._context", "finish": "._context", "context": "._context", "flow": "._context", "step": "._context",
    "tracked": "._context", "UNSET": ".base.types", "Unset": ".base.types", "UPath": "._paths", "DB": "._db",
}  # fmt: skip
_MODULES = frozenset(("base", "core", "curators", "errors", "examples", "integrations", "models", "setup"))


def __getattr__(name):
    if name in _REGISTRIES:
        from ._registry import class_of

        value = class_of(name)
    elif name in _WHERE:
        from importlib import import_module

        value = getattr(import_module(_WHERE[name], __name__), name)
    elif name in _MODULES:
        from importlib import import_module

        return import_module(f"{__name__}.{name}")
    else:
        from ._missing import module_attribute

        return module_attribute(__name__, name)
    globals()[name] = value
    return value


def __dir__():
    return sorted({*globals(), *_REGISTRIES, *_WHERE, *_MODULES})


_session.connect_on_import()
