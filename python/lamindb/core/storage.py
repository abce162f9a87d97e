"""lamindb.core.storage: names of LaminDB's interface; what is not implemented yet says so when it is used."""


def infer_suffix(path):
    """The suffix by which LaminDB tells files apart."""
    import os

    from lamindb import _core

    return _core.suffix_of(os.fspath(path))


def __getattr__(name):
    if name == "UPath":
        from lamindb._paths import UPath

        return UPath
    from lamindb._missing import module_attribute

    return module_attribute(__name__, name)
