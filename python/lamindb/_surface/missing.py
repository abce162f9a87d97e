"""Names that LaminDB has but this package does not have yet.

Every public name exists. One that is not implemented raises `NotImplementedError` when it is called or, if it is a
value, when it is read; none fails silently. The names are data: `names.txt`, read when a name is first missing.
"""

from .former import attribute, of_class, table

_NAMES = {}  # "module" or "class" -> owner -> {name: kind}


class Missing:
    """Stands for a function or class that is not implemented: calling it or reading an attribute raises."""

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

    def __instancecheck__(self, instance):
        return False  # nothing is an instance of a missing class

    def __subclasscheck__(self, cls):
        return False

    def __repr__(self):
        return f"<not implemented: {self.__qualname__}>"


def known_names(table):
    """{module: {name: kind}}, or {class: {name: kind}}, from `names.txt`."""
    if not _NAMES:
        tables = {"module": {}, "class": {}}
        with open(__file__.rpartition("missing.py")[0] + "names.txt", encoding="utf-8") as lines:
            for line in lines:
                if not line.startswith("#"):
                    of, owner, kind, *names = line.split()
                    tables[of].setdefault(owner, {}).update(dict.fromkeys(names, kind))
        _NAMES.update(tables)
    return _NAMES[table]


def module_attribute(module, name):
    """For a module's `__getattr__`: a stand-in for a known name, AttributeError for any other."""
    if not name.startswith("__"):
        kind = known_names("module").get(module, {}).get(name)
        if kind == "module":
            from importlib import import_module

            try:
                return import_module(f"{module}.{name}")
            except ModuleNotFoundError as error:
                if error.name != f"{module}.{name}":
                    raise
        if kind is not None or name in table("module").get(module, {}):
            return Missing(f"{module}.{name}")
    raise AttributeError(f"module {module!r} has no attribute {name!r}")


def class_attribute(cls, name):
    """For the metaclass: a stand-in for a known method, NotImplementedError for a known property, AttributeError for any other."""
    if not name.startswith("__"):
        for base in cls.__mro__:
            kind = known_names("class").get(base.__name__, {}).get(name)
            if kind == "property":
                raise NotImplementedError(f"{cls.__name__}.{name} is not implemented in lamindb-native yet")
            if kind is not None:
                return Missing(f"{cls.__name__}.{name}")
        if name in of_class(cls):
            return Missing(f"{cls.__name__}.{name}")
    raise AttributeError(f"{cls.__name__} has no attribute {name!r}")


def instance_attribute(owner, name):
    """`__getattr__` of a class: the same for its instances; private names are never stand-ins."""
    if name.startswith("_"):
        raise AttributeError(f"{type(owner).__name__!r} object has no attribute {name!r}")
    renamed, found = attribute(owner, name)
    if renamed:
        return found
    try:
        return class_attribute(type(owner), name)
    except AttributeError:
        raise AttributeError(f"{type(owner).__name__!r} object has no attribute {name!r}") from None
