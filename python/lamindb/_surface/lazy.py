"""Nothing is imported before it is used: public modules list where their names are, and large parts load later.

Lazy names are declared at the top of the file that uses them, so the import check sees them like any other import.
"""

import sys

from .former import of_module
from .missing import module_attribute


def load(module):
    """The module of this name. (importlib does the same, but takes longer to import.)"""
    __import__(module)
    return sys.modules[module]


class Later:
    """A function or class whose module is imported when it is called for the first time."""

    __slots__ = ("_module", "_name")

    def __init__(self, module, name):
        self._module, self._name = module, name

    def __call__(self, *args, **kwargs):
        return getattr(load(self._module), self._name)(*args, **kwargs)


def later(module, *names):
    """One stand-in per name: `lookup = later("lamindb._queries.lookup", "lookup")`."""
    made = [Later(module, name) for name in names]
    return made[0] if len(made) == 1 else made


def public(module, where=None, modules=(), find=None):
    """The `__getattr__` and `__dir__` of a public module.

    `where`: {name: the module that has it}. `modules`: its submodules. `find`: a function from a name to its object;
    None if it does not know the name. Any other name is one of 2024, one of LaminDB's that is not implemented yet, or an
    AttributeError.
    """
    where = where or {}
    names = {*where, *modules}

    def __getattr__(name):
        if name in where:
            value = getattr(load(where[name]), name)
        elif name in modules:
            return load(f"{module}.{name}")
        else:
            value = None if find is None or name.startswith("__") else find(name)
            if value is None:
                former, value = of_module(module, name)  # not kept, so that each use of it gives the warning
                return value if former else module_attribute(module, name)
        setattr(sys.modules[module], name, value)
        return value

    def __dir__():
        held = vars(sys.modules[module])
        told = held.get("__all__")  # if set, the module's other imports are private
        shown = held if told is None else [name for name in held if name in told or name.startswith("_")]
        return sorted({*shown, *names, *getattr(find, "names", tuple)()})

    return __getattr__, __dir__
