"""Former names from LaminDB 0.70 to 0.72 (2024), so that code that uses them keeps running.

The names are data: `former.txt`. A former name is tried last: a field, a relation, a feature or a keyword of the same name
takes precedence. Each use gives one DeprecationWarning, at the line of the caller, with what it is called today.
"""

import sys
import warnings

_TABLES = {}  # "module", "class", "keyword" or "dtype" -> owner -> {former: today, None if there is nothing like it}
_NOT_CALLERS = ("lamindb", "bionty", "pertdb", "lamindb_setup", "lnschema_core", "lnschema_bionty", "wetlab", "importlib")


def table(kind):
    """{owner: {former name: today's}} from `former.txt`, read when a name is first missing."""
    if not _TABLES:
        tables = {"module": {}, "class": {}, "keyword": {}, "dtype": {}}
        with open(__file__.rpartition("former.py")[0] + "former.txt", encoding="utf-8") as lines:
            for line in lines:
                if not line.startswith("#"):
                    of, owner, *names = line.split()
                    pairs = (name.partition("=") for name in names)
                    tables[of].setdefault(owner, {}).update((name, None if today == "-" else today) for name, _, today in pairs)
        _TABLES.update(tables)
    return _TABLES[kind]


def warn(former, today):
    """The warning that a name is called another one today."""
    say(f"{former} is called {today} today")


def say(text):
    """A DeprecationWarning, at the line of the first caller that is not in these packages."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] in _NOT_CALLERS:
        frame = frame.f_back
    named = frame.f_globals
    warnings.warn_explicit(text, DeprecationWarning, frame.f_code.co_filename, frame.f_lineno,
                           named.get("__name__", "__main__"), named.setdefault("__warningregistry__", {}))  # fmt: skip


def of_class(cls, registry=None):
    """{former name: today's} of a class with its bases; `registry`: its qualified name, if it has no such yet."""
    names = {}
    for base in reversed(cls.__mro__):
        qualified = registry if base is cls and registry else getattr(base, "__registry__", None)
        names.update(table("class").get(base.__name__ if qualified is None else qualified, {}))
    return names


def _at(found, path):
    """The object that a path of attributes leads to; None if it breaks off."""
    for name in path.split("."):
        found = None if found is None else getattr(found, name)
    return found


class Former:
    """An attribute under its former name, for a class and its instances."""

    def __init__(self, name, today):
        self.name, self.today = name, today

    def __get__(self, record, owner=None):
        warn(self.name, self.today)
        return _at(owner if record is None else record, self.today)

    def __set__(self, record, value):
        warn(self.name, self.today)
        path, _, name = self.today.rpartition(".")
        setattr(_at(record, path) if path else record, name, value)


def shown(cls, names):
    """For `__dir__`: names of a class or of its instances, without the former ones."""
    return sorted({name for name in names if not any(isinstance(vars(base).get(name), Former) for base in cls.__mro__)})


def attributes(cls, registry, names):
    """{former name: descriptor} of a registry, except for names that it uses itself."""
    return {name: Former(name, today) for name, today in of_class(cls, registry).items() if today and name not in names}


def attribute(owner, name):
    """Whether an attribute has another name today, and what it is then."""
    today = of_class(type(owner)).get(name)
    return (False, None) if today is None else (True, Former(name, today).__get__(owner))


def of_module(module, name):
    """Whether a name of a module is another one today, and what it is then."""
    today = None if name.startswith("__") else table("module").get(module, {}).get(name)
    if today is None:
        return False, None
    told, _, place = today.partition("@")
    warn(f"{module}.{name}", told)
    where, _, last = (place or told).rpartition(".")
    __import__(where)
    return True, getattr(sys.modules[where], last)


def module(name, today):
    """`__getattr__` and `__dir__` of a module that stands for another one under its former name."""
    warn(name, today)
    __import__(today)
    found = sys.modules[today]

    def __getattr__(attribute):
        former, value = of_module(name, attribute)
        return value if former else getattr(found, attribute)

    return __getattr__, lambda: dir(found)


def keyword(cls, name):
    """The current name of a keyword in a query; None if it was never renamed."""
    today = of_class(cls).get(name)
    if today is not None:
        warn(name, today)
    return today


def renamed(cls, given, taken):
    """Constructor keywords under their current names; `taken` are names that it accepts itself."""
    unknown = [name for name in given if name not in taken]
    if unknown:
        former = of_class(cls)
        for name in unknown:
            today = former.get(name)
            if today is not None:
                _rename(given, name, today)
    return given


def _rename(given, name, today):
    warn(name, today)
    if name == "name" and given.get(today) is not None:  # along with a key, the name is a description
        today = "description"
    value = given.pop(name)
    if given.get(today) is None:
        given[today] = value


def keywords(function):
    """Lets a function be called by its former keywords too; any other unknown one is an error that names the nearest."""
    code = function.__code__
    known = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]

    def by_either(*args, **kwargs):
        for name in [name for name in kwargs if name not in known]:
            _translate(function, known, kwargs, name)
        return function(*args, **kwargs)

    for name in ("__module__", "__name__", "__qualname__", "__doc__"):
        setattr(by_either, name, getattr(function, name))
    by_either.__wrapped__ = function
    return by_either


def _translate(function, known, given, name):
    today = table("keyword").get(function.__name__, {}).get(name)
    if today is None:
        if not function.__code__.co_flags & 8:  # it takes no others
            from .. import _core

            near = " or ".join(_core.nearest(name, list(known)))
            raise TypeError(f"{function.__name__}() has no keyword {name!r}" + (f": did you mean {near}?" if near else ""))
        return
    if today.startswith("->"):
        warn(f"{name}=", today[2:])
        if given.pop(name):
            raise TypeError(f"{function.__name__}({name}=True) is {today[2:]} today: call that")
    elif today in given:
        raise TypeError(f"{function.__name__}() got both {today!r} and its former name {name!r}")
    else:
        warn(f"{name}=", f"{today}=")
        given[today] = given.pop(name)


def dtype(name):
    """The current name of a dtype."""
    today = table("dtype")["Feature"].get(name)
    if today is None:
        return name
    warn(f"dtype {name!r}", repr(today))
    return today
