"""Errors about instances."""

from lamindb.errors import (
    CannotSwitchDefaultInstance,
    CurrentInstanceNotConfigured,
    InstanceLockedException,
    InstanceNotCreated,
    InstanceNotFoundError,
    ModuleWasntConfigured,
    NoReadAccess,
    NoWriteAccess,
    SettingsEnvFileOutdated,
    StorageAlreadyManaged,
    StorageNotEmpty,
)

__all__ = [
    "CannotSwitchDefaultInstance", "CurrentInstanceNotConfigured", "InstanceLockedException", "InstanceNotCreated",
    "InstanceNotFoundError", "ModuleWasntConfigured", "NoReadAccess", "NoWriteAccess", "SettingsEnvFileOutdated",
    "StorageAlreadyManaged", "StorageNotEmpty",
]  # fmt: skip


def __getattr__(name):
    from lamindb._missing import module_attribute

    return module_attribute(__name__, name)
