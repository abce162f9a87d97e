"""Whole databases to files and back: not implemented yet."""


def __getattr__(name):
    from lamindb._missing import module_attribute

    return module_attribute(__name__, name)
