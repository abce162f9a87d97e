"""Other instances beside the current one."""

from . import _core, _session
from ._queryset import QuerySet

_open = {}


def session_of(slug):
    """The open session of another instance; kept for the life of the process."""
    if slug is None or slug == "default":
        return None
    current = _session.current_or_bare()
    if current.is_open and slug in (current.settings["slug"], current.settings["name"]):
        return None
    if slug not in _open:
        _open[slug] = _core.connect(_session.class_of, slug)
    return _open[slug]


def queryset_of(cls, slug):
    return QuerySet(cls, _core.Query(cls.__registry__), session_of(slug))


class DB:
    """The registries of another instance, to be queried: `ln.DB("owner/name").Artifact.filter()`."""

    def __init__(self, instance):
        self._slug = instance
        session_of(instance)

    def __getattr__(self, name):
        from ._registry import class_of, module_classes

        if name in ("bionty", "pertdb"):
            return _Module(self._slug, name)
        if name not in module_classes("lamindb"):
            raise AttributeError(f"no registry is called {name!r}")
        return queryset_of(class_of(name), self._slug)

    def __repr__(self):
        return f"DB({self._slug!r})"


class _Module:
    def __init__(self, slug, module):
        self._slug, self._module = slug, module

    def __getattr__(self, name):
        from ._registry import class_of

        return queryset_of(class_of(f"{self._module}.{name}"), self._slug)
