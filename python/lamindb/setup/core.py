"""Settings objects of `ln.setup`."""

from lamindb._setup import InstanceSettings, SetupSettings, StorageSettings, UserSettings

__all__ = ["InstanceSettings", "SetupSettings", "StorageSettings", "UserSettings"]


def __getattr__(name):
    if name in ("hashing", "upath"):
        from importlib import import_module

        return import_module(f"lamindb_setup.core.{name}")
    from lamindb._missing import module_attribute

    return module_attribute(__name__, name)
