"""All registry classes of pertdb and their bases."""

_BASES = ("BioRecord",)


def __getattr__(name):
    from lamindb._registry import class_of, module_classes

    if name in _BASES:
        from lamindb import _bio

        value = getattr(_bio, name)
    elif name in module_classes("pertdb"):
        value = class_of(f"pertdb.{name}")
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
