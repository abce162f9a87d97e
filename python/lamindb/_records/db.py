"""Instances other than the current one."""

from .._process import session as _session
from .._process.catalog import CORE, describe_table, module_classes, qualified_name
from .._process.classes import class_of
from .view import view_of


class DB:
    """The registries of another instance, for queries: `ln.DB("owner/name").Artifact.filter()`.

    Args:
        instance (str): `"owner/name"`.

    Raises:
        InstanceNotFoundError: no instance with this name is known here.

    Example:

        >>> ln.DB(ln.setup.settings.instance.slug).ULabel.filter().count()
        1
    """

    def __init__(self, instance):
        self._slug = instance
        _session.of_instance(instance)

    def _modules(self):
        return (_session.of_instance(self._slug) or _session.current()).modules()

    def __getattr__(self, name):
        if name in self._modules():
            return _Module(self._slug, name)
        if name not in module_classes("lamindb"):
            raise AttributeError(f"no registry is called {name!r}")
        return class_of(name).connect(self._slug)

    def __dir__(self):
        return [*super().__dir__(), *CORE, *(name for name in self._modules() if name != "lamindb")]

    def view(self, *, limit=7, modules=None, registries=None, df=None):
        """Prints the newest rows of its registries.

        Arguments as in :meth:`lamindb.view`.

        Example::

            ln.DB("lab/cells").view(limit=3)
        """
        view_of(self._slug, limit, modules, registries, df)

    def __repr__(self):
        return f"DB({self._slug!r})"


class _Module:
    """The registries of one module."""

    def __init__(self, slug, module):
        self._slug, self._module = slug, module

    def __getattr__(self, name):
        return class_of(qualified_name(self._module, name)).connect(self._slug)

    def __dir__(self):
        names = module_classes(self._module)
        return [*super().__dir__(), *(name for name in names if "link" not in self._table(name)["traits"])]

    def _table(self, name):
        return describe_table(qualified_name(self._module, name))
