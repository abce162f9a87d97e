"""Settings: what is assigned to a name that is none is an error, not lost."""

from .. import _core
from .former import Former, of_class
from .missing import instance_attribute


class Strict:
    """Attributes are those of the class; former names set what they are called today."""

    __getattr__ = instance_attribute

    def __setattr__(self, name, value):
        cls = type(self)
        if name.startswith("_") or hasattr(cls, name):
            object.__setattr__(self, name, value)
        elif of_class(cls).get(name):
            Former(name, of_class(cls)[name]).__set__(self, value)
        else:
            near = " or ".join(_core.nearest(name, [known for known in dir(cls) if not known.startswith("_")]))
            raise AttributeError(f"{cls.__name__} has no attribute {name!r}" + (f": did you mean {near}?" if near else ""))
