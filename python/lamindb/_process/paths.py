"""Paths as returned to users: universal_pathlib's if installed, otherwise pathlib's. Both are imported when first used."""


import os

from .. import _core
from .._surface.lazy import later

add_methods = later("lamindb._process.path_methods", "add_to")


def open_text(path, errors=None):
    """Opens a text file named by the user: a FIFO or device is refused, not waited for."""

    def opener(name, flags):
        from stat import S_ISREG

        descriptor = os.open(name, flags | os.O_NONBLOCK)
        if S_ISREG(os.fstat(descriptor).st_mode):
            return descriptor
        os.close(descriptor)
        raise OSError(f"'{name}' is not a file")

    return open(path, encoding="utf-8", errors=errors, opener=opener)


def path_class():
    try:
        from upath import UPath
    except ImportError:
        from pathlib import Path

        return Path
    _accept_endpoints()
    return add_methods(UPath)


def _accept_endpoints():
    """After this, a UPath takes the endpoint of a storage from its root, "s3://bucket/folder?endpoint_url=https://..."."""
    from upath.implementations.cloud import S3Path
    from upath.registry import get_upath_class, register_implementation

    if get_upath_class("s3") is not S3Path:
        return

    class S3QueryPath(S3Path):
        """A place in an S3 bucket; the query of its address says how to reach the server."""

        @classmethod
        def _transform_init_args(cls, args, protocol, storage_options):
            args, protocol, storage_options = super()._transform_init_args(args, protocol, storage_options)
            place, _, query = str(args[0]).partition("?")
            name, _, value = query.partition("=")
            if name != "endpoint_url":
                return args, protocol, storage_options
            if storage_options.setdefault(name, value) != value:
                raise ValueError(f"'{args[0]}' and {name}='{storage_options[name]}' are two endpoints: pass one of them")
            return (place, *args[1:]), protocol, storage_options

    register_implementation("s3", S3QueryPath, clobber=True)


def upath(path):
    """A path as returned to users."""
    cls, text = path_class(), os.fspath(path) if isinstance(path, os.PathLike) else str(path)
    if "://" not in text:
        return cls(path)
    if cls.__module__.startswith("pathlib"):
        raise ImportError(f"'{text}' is not on this machine: install universal_pathlib to get its path")
    options = {}
    if text.startswith("s3://") and _core.s3_is_anonymous():
        options["anon"] = True
    return cls(path, **options)


def as_place(data):
    """The text of a UPath that is not on this machine, with what it takes to reach the server; anything else as it is."""
    if isinstance(data, (str, os.PathLike)) or not hasattr(data, "storage_options") or not hasattr(data, "protocol"):
        return data
    options, text = data.storage_options, str(data)
    endpoint = options.get("endpoint_url") or (options.get("client_kwargs") or {}).get("endpoint_url")
    if data.protocol == "s3" and endpoint and "?" not in text:
        return f"{text}?endpoint_url={endpoint}"
    if options.get("host") and text.startswith(f"{data.protocol}:///"):  # "sftp:///a": the host is among the options
        port = f":{options['port']}" if options.get("port") else ""
        return f"{data.protocol}://{options['host']}{port}{data.path}"
    return text


def __getattr__(name):
    if name == "UPath":
        return path_class()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
