"""Errors, under the names that LaminDB's users know.

The core reports each failure with a code; one table maps a code to a class in this module. Every class is a
`LaminError` and also the builtin exception that a Python user would catch.
"""


class LaminError(Exception):
    """Any failure that this package reports; `code` is the core's name for its kind."""

    code = "internal"


class InvalidArgument(LaminError, ValueError):
    """A value that is wrong whatever the instance holds."""

    code = "invalid_argument"


def _again(args, attributes):
    error = WrongValue(*args)
    vars(error).update(attributes)
    return error


class WrongValue(InvalidArgument):
    """An InvalidArgument that prints as what LaminDB raises for a wrong value of an argument: a ValueError."""

    def __reduce__(self):  # pickle would look for the class by the name that is printed
        return _again, (self.args, vars(self))


WrongValue.__module__, WrongValue.__qualname__ = "builtins", "ValueError"  # what a traceback shows


class UnmetCondition(InvalidArgument, AssertionError):
    """A value that does not meet a condition on what it is passed to."""


class NotAnIdentifier(UnmetCondition):
    """A value that is neither an id nor a uid, where one row is expected."""


class ValidationError(LaminError, ValueError):
    """A value that is not registered, or that breaks a schema."""

    code = "validation"


class WrongType(ValidationError, InvalidArgument, TypeError):
    """A value of another type than a feature takes, which prints as what LaminDB raises for it: a TypeError."""

    code = "invalid_argument"

    def __reduce__(self):
        return _typed_again, (self.args, vars(self))


def _typed_again(args, attributes):
    error = WrongType(*args)
    vars(error).update(attributes)
    return error


WrongType.__module__, WrongType.__qualname__ = "builtins", "TypeError"


class FieldValidationError(ValidationError, AttributeError):
    """A constructor or query names a field that the registry does not have, or lacks one that it needs."""

    code = "unknown_field"


class FieldError(FieldValidationError, InvalidArgument):
    """A query names a field that the registry does not have."""


def _unknown_again(args, attributes):
    error = UnknownName(*args)
    vars(error).update(attributes)
    return error


class UnknownName(FieldError):
    """A FieldError that prints as what LaminDB raises for a name that is neither a field nor a feature: an InvalidArgument."""

    def __reduce__(self):
        return _unknown_again, (self.args, vars(self))


UnknownName.__qualname__ = "InvalidArgument"


class ObjectDoesNotExist(LaminError, LookupError):
    """No row matches."""

    code = "not_found"


class FileDoesNotExist(ObjectDoesNotExist, FileNotFoundError):
    """A file or folder is missing."""


class MultipleObjectsReturned(LaminError, LookupError):
    """Exactly one row was expected, several were found."""

    code = "multiple_found"


DoesNotExist = ObjectDoesNotExist
MultipleResultsFound = MultipleObjectsReturned


class IntegrityError(LaminError, RuntimeError):
    """It already exists, or another writer was first."""

    code = "conflict"


class FileExists(IntegrityError, FileExistsError):
    """Something is already at the place that an artifact would move to."""


class ProtectedError(IntegrityError):
    """Other rows still refer to the row."""

    code = "protected_row"


class NoWriteAccess(LaminError, PermissionError):
    """The storage, file or database denies access."""

    code = "no_access"


class NoReadAccess(NoWriteAccess):
    """The storage, file or database may not be read."""


class StorageNotManaged(NoWriteAccess, ValueError):
    """A storage is managed by another instance, and can only be read here."""


class CurrentInstanceNotConfigured(LaminError, RuntimeError):
    """No instance is connected."""

    code = "not_configured"


class ModuleWasntConfigured(CurrentInstanceNotConfigured):
    """The connected instance was created without this module."""


class Unavailable(LaminError, ConnectionError):
    """A server, network or disk does not respond, or the disk is full."""

    code = "unavailable"


class CorruptData(LaminError, ValueError):
    """Bytes are not what their name or digest says."""

    code = "corrupt"


class Unsupported(LaminError, NotImplementedError):
    """A format or feature that is not implemented here."""

    code = "unsupported"


class Interrupted(LaminError, InterruptedError):
    """The caller cancelled."""

    code = "interrupted"


class InternalError(LaminError, RuntimeError):
    """A bug in this package."""


class TrackNotCalled(LaminError, RuntimeError):
    """`ln.finish()` without `ln.track()`."""


class NotebookNotSaved(LaminError, RuntimeError):
    """The notebook has changes that were not saved."""


class UnknownStorageLocation(LaminError, ValueError):
    """A path is not in any storage of the instance."""


class NoStorageLocationForSpace(LaminError, LookupError):
    """A space has no storage."""


class InconsistentKey(LaminError, ValueError):
    """A key does not agree with a path."""


class MissingContextUID(LaminError, RuntimeError):
    """A script is tracked without the uid that it needs."""


class UpdateContext(LaminError, RuntimeError):
    """The source of a tracked script changed under a fixed uid."""


class BlobHashNotFound(LaminError, LookupError):
    """A file is not in any commit of the git repository."""


class FileNotInDevDir(LaminError, ValueError):
    """A file is outside the development folder."""


class BranchAlreadyExists(IntegrityError, ValueError):
    """A branch with that name exists."""


class InstanceNotFoundError(ObjectDoesNotExist):
    """No instance with that name is known."""


class InstanceNotCreated(LaminError, RuntimeError):
    """An instance could not be created."""


class InstanceLockedException(LaminError, RuntimeError):
    """Somebody else is writing to the instance."""


class StorageAlreadyManaged(IntegrityError):
    """A storage belongs to another instance."""


class StorageNotEmpty(IntegrityError):
    """A storage still holds artifacts."""


class CannotSwitchDefaultInstance(LaminError, RuntimeError):
    """Another instance cannot be connected while a run is tracked."""


class SettingsEnvFileOutdated(LaminError, ValueError):
    """A settings file cannot be read."""


class DefaultMessageException(LaminError):
    """An error with a default message."""


class ApiKeyError(NoWriteAccess):
    """An API key is refused; there is no hub here that would accept one."""


class ApiKeyNotFound(ApiKeyError):
    """There is no such API key."""


class ApiKeyExpired(ApiKeyError):
    """An API key is too old."""


class NoAccessTokenError(NoWriteAccess):
    """Nobody is logged in."""


class ConnectWithinDevDirError(LaminError, RuntimeError):
    """A folder is bound to another instance."""


class OrganismNotSet(ValidationError):
    """A registry needs an organism: pass one or set `bt.settings.organism`."""


_BY_CODE = {
    "invalid_argument": WrongValue,
    "unknown_field": FieldError,
    "validation": ValidationError,
    "not_found": ObjectDoesNotExist,
    "multiple_found": MultipleObjectsReturned,
    "conflict": IntegrityError,
    "protected_row": ProtectedError,
    "no_access": NoWriteAccess,
    "not_configured": CurrentInstanceNotConfigured,
    "unavailable": Unavailable,
    "corrupt": CorruptData,
    "unsupported": Unsupported,
    "interrupted": Interrupted,
    "internal": InternalError,
}


def of_code(code, name=""):
    """The class of a kind of failure.

    Args:
        code (str): the core's name of it, such as "not_found".
        name (str): of a narrower class, where there is one.

    Example:

        >>> ln.errors.of_code("not_found").__name__
        'ObjectDoesNotExist'
    """
    return globals()[name] if name else _BY_CODE.get(code, InternalError)
