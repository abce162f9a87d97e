"""Types in signatures of `ln.setup`."""


def __getattr__(name):
    from lamindb._missing import module_attribute

    return module_attribute(__name__, name)
