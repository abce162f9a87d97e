"""Modules and tables in the catalog of the connected instance, or of the package."""

from .. import _core
from . import session as _session
from .classes import class_of

CORE = (
    "Artifact", "Branch", "Collection", "Feature", "Project", "Record", "Reference", "Run", "Schema", "Space",
    "Storage", "Transform", "ULabel", "User",
)  # fmt: skip
"""The registries of the core that users meet by name; others hold what belongs to these."""


def describe_table(qualified):
    """A table of the catalog, as a dict."""
    table = _core.describe_table(_session.current_or_bare(), qualified) or _core.describe_table(_session.bare(), qualified)
    if table is None:
        raise AttributeError(f"no registry is called {qualified!r}")
    return table


def module_classes(module):
    """Names of the registries of a module."""
    return _core.tables_of(_session.current_or_bare(), module)


def qualified_name(module, name):
    """The name of a registry among those of all modules."""
    return name if module == "lamindb" else f"{module}.{name}"


class Registries:
    """For `public(find=...)`: the registry classes of a module, all or those named."""

    def __init__(self, module, names=None):
        self._module = module
        self._names = None if names is None else frozenset(names)

    def names(self):
        return module_classes(self._module) if self._names is None else self._names

    def __call__(self, name):
        return class_of(qualified_name(self._module, name)) if name in self.names() else None
