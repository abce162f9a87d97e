"""Other instances beside the current one."""

from .._process import session as _session
from .._process.catalog import module_classes, qualified_name
from .._process.classes import class_of


class DB:
    """The registries of another instance, to be queried: `ln.DB("owner/name").Artifact.filter()`."""

    def __init__(self, instance):
        self._slug = instance
        _session.of_instance(instance)

    def __getattr__(self, name):
        session = _session.of_instance(self._slug) or _session.current()
        if name in session.modules():
            return _Module(self._slug, name)
        if name not in module_classes("lamindb"):
            raise AttributeError(f"no registry is called {name!r}")
        return class_of(name).connect(self._slug)

    def __repr__(self):
        return f"DB({self._slug!r})"


class _Module:
    def __init__(self, slug, module):
        self._slug, self._module = slug, module

    def __getattr__(self, name):
        return class_of(qualified_name(self._module, name)).connect(self._slug)
