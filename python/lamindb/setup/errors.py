"""Errors about instances."""

from lamindb.errors import (
    ApiKeyError,
    ApiKeyExpired,
    ApiKeyNotFound,
    ConnectWithinDevDirError,
    DefaultMessageException,
    NoAccessTokenError,
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
    "ApiKeyError", "ApiKeyExpired", "ApiKeyNotFound", "ConnectWithinDevDirError", "DefaultMessageException", "NoAccessTokenError",
    "CannotSwitchDefaultInstance", "CurrentInstanceNotConfigured", "InstanceLockedException", "InstanceNotCreated",
    "InstanceNotFoundError", "ModuleWasntConfigured", "NoReadAccess", "NoWriteAccess", "SettingsEnvFileOutdated",
    "StorageAlreadyManaged", "StorageNotEmpty",
]  # fmt: skip


def __getattr__(name):
    from lamindb._missing import module_attribute

    return module_attribute(__name__, name)
