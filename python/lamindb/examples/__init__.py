"""lamindb.examples: names of LaminDB's interface; what is not implemented yet says so when it is used."""


def __getattr__(name):
    from lamindb._missing import module_attribute

    return module_attribute(__name__, name)
