"""Names that LaminDB has and this package does not have yet.

Every public name exists. One that is not implemented raises `NotImplementedError` when it is called or, where it is
a value, when it is read; none is silent. The names are data: `_surface.py`, derived from LaminDB's public interface.
"""


class Missing:
    """Stands for a function or class that is not implemented: calling it or reading an attribute says so."""

    def __init__(self, name):
        self.__name__ = name.rpartition(".")[2]
        self.__qualname__ = name
        self.__doc__ = f"{name} is not implemented yet."

    def _refuse(self):
        raise NotImplementedError(f"{self.__qualname__} is not implemented in lamindb-native yet")

    def __call__(self, *args, **kwargs):
        self._refuse()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        self._refuse()

    def __repr__(self):
        return f"<not implemented: {self.__qualname__}>"


def module_attribute(module, name):
    """For a module's `__getattr__`: a stand-in for a known name, AttributeError for any other."""
    if not name.startswith("__"):
        from ._surface import MODULES

        kind = MODULES.get(module, {}).get(name)
        if kind == "module":
            from importlib import import_module

            try:
                return import_module(f"{module}.{name}")
            except ModuleNotFoundError as error:
                if error.name != f"{module}.{name}":
                    raise
        if kind is not None:
            return Missing(f"{module}.{name}")
    raise AttributeError(f"module {module!r} has no attribute {name!r}")


def class_attribute(cls, name):
    """For the metaclass and for instances: the same for methods and properties of classes."""
    if not name.startswith("__"):
        from ._surface import CLASSES

        for base in cls.__mro__:
            kind = CLASSES.get(base.__name__, {}).get(name)
            if kind == "property":
                raise NotImplementedError(f"{cls.__name__}.{name} is not implemented in lamindb-native yet")
            if kind is not None:
                return Missing(f"{cls.__name__}.{name}")
    return None
