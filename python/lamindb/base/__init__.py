"""Types, uids and helpers."""


def __getattr__(name):
    if name in ("types", "uids", "fields", "dtypes"):
        from importlib import import_module

        return import_module(f"{__name__}.{name}")
    from lamindb._missing import module_attribute

    return module_attribute(__name__, name)
