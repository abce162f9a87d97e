"""Errors about instances."""

from lamindb._surface.lazy import public
from lamindb.errors import (
    ApiKeyError,
    ApiKeyExpired,
    ApiKeyNotFound,
    CannotSwitchDefaultInstance,
    ConnectWithinDevDirError,
    CurrentInstanceNotConfigured,
    DefaultMessageException,
    InstanceLockedException,
    InstanceNotCreated,
    InstanceNotFoundError,
    ModuleWasntConfigured,
    NoAccessTokenError,
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

__getattr__, __dir__ = public(__name__)
