"""LaminDB modules that are not files here: their names are elsewhere, or not implemented yet."""

import sys

from .lazy import load, public
from .missing import Missing


def enter(package, places):
    """Creates modules of a package, so that `import` finds them; returns the names of those directly below it.

    `places`: {module below the package: (the module that has its names, None if not implemented; its names, "*" for
    all)}.
    """
    for name, (home, names) in places.items():
        _make(f"{package}.{name}", home, names)
    return tuple(name for name in places if "." not in name)


def _make(name, home, names):
    module = type(sys)(name, f"{name}: names of LaminDB's interface" + (f", which live in {home}." if home else "."))
    module.__spec__ = type(__spec__)(name, None)
    module.__getattr__, module.__dir__ = public(name, find=_Shown(name, home, names))
    sys.modules.setdefault(name, module)


class _Shown:
    """For `public(find=...)`: names of another module."""

    def __init__(self, module, home, names):
        self._module, self._home = module, home
        self._names = None if names == "*" else names.split()

    def names(self):
        return dir(load(self._home)) if self._names is None else self._names

    def __call__(self, name):
        if self._names is not None and name not in self._names:
            return None
        return Missing(f"{self._module}.{name}") if self._home is None else getattr(load(self._home), name)
