"""Paths of the cloud: not implemented yet, but for the class itself."""


def __getattr__(name):
    if name == "UPath":
        from lamindb._paths import UPath

        return UPath
    from lamindb._missing import module_attribute

    return module_attribute(__name__, name)
