"""All registry classes of bionty and their bases."""

_BASES = ("BioRecord", "HasSource", "HasOntologyId")


def __getattr__(name):
    from lamindb._registry import class_of, module_classes

    if name in _BASES:
        from lamindb import _bio

        value = getattr(_bio, name)
    elif name in module_classes("bionty"):
        value = class_of(f"bionty.{name}")
    else:
        from lamindb._missing import Missing, module_attribute
        from lamindb.models import __getattr__ as of_core

        try:
            value = of_core(name)
        except AttributeError:
            value = None
        if value is None or isinstance(value, Missing):
            return module_attribute(__name__, name)
    globals()[name] = value
    return value
