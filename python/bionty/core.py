"""What bionty's registries are built on."""


def __getattr__(name):
    if name == "BioRecord":
        from lamindb._bio import BioRecord

        return BioRecord
    if name == "Settings":
        from bionty._settings import Settings

        return Settings
    from lamindb._missing import module_attribute

    return module_attribute(__name__, name)
