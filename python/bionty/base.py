"""Public ontologies without a database: not implemented yet."""


def __getattr__(name):
    from lamindb._missing import module_attribute

    return module_attribute(__name__, name)
