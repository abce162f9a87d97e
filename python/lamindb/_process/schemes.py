"""Places of schemes that are not built in ("hf://", "sftp://", "ftp://", "github://", ...), read through fsspec."""

import os
from _thread import RLock
from functools import wraps

# What fsspec imports for a scheme, by the name under which it is installed.
_PACKAGES = {"hf": "huggingface_hub", "sftp": "paramiko", "ssh": "paramiko", "github": "requests", "smb": "smbprotocol", "webdav": "webdav4",
             "dropbox": "dropboxdrivefs", "gdrive": "gdrivefs", "box": "boxfs", "oci": "ocifs", "oss": "ossfs", "lakefs": "lakefs-spec",
             "wandb": "wandbfs", "git": "pygit2", "hdfs": "pyarrow", "dvc": "dvc", "osf": "osf-fsspec"}  # fmt: skip
_HASH_SIZE = 22  # characters of artifact.hash


def one_at_a_time(method):
    """Most file systems have one connection, which serves one thread; those that are asynchronous inside have many."""

    @wraps(method)
    def call(self, *args):
        if self._files.async_impl:
            return method(self, *args)
        with self._lock:
            return method(self, *args)

    return call


class Place:
    """What lies at "scheme://place"; keys are below it."""

    def __init__(self, scheme, place, files):
        self._scheme, self._address, self._files = scheme, f"{scheme}://{place}", files
        self._lock = RLock()
        self._base = self._path("").rstrip("/")

    def _path(self, key):
        return self._files._strip_protocol(f"{self._address}/{key}" if key else self._address)

    def _info(self, key):
        self._files.invalidate_cache()
        try:
            return self._files.info(self._path(key), **({"expand_info": True} if self._scheme == "hf" else {}))
        except FileNotFoundError:
            return None

    def _file(self, key, info):
        hash, kind = "", ""
        if self._scheme == "hf" and info.get("blob_id"):
            hash, kind = _as_hash(info["blob_id"]), "sha1"
        stamp = [info.get(name) for name in ("blob_id", "sha", "ETag", "mtime", "modify", "modified", "created")]
        size = int(info.get("size") or 0)
        return key, size, "-".join([str(size), *(str(one) for one in stamp if one is not None)]), hash, kind

    @one_at_a_time
    def stat(self, key):
        info = self._info(key)
        return self._file(key, info) if info is not None and info["type"] == "file" else None

    @one_at_a_time
    def is_folder(self, key):
        info = self._info(key)
        return info is not None and info["type"] == "directory"

    @one_at_a_time
    def list(self, folder):
        self._files.invalidate_cache()
        found = self._files.find(self._path(folder), detail=True)
        return [self._file(path[len(self._base):].lstrip("/"), info) for path, info in found.items() if info["type"] == "file"]

    @one_at_a_time
    def read(self, key, offset, size):
        return bytes(self._files.cat_file(self._path(key), start=offset, end=offset + size))


def _as_hash(hexadecimal):
    from base64 import urlsafe_b64encode

    return urlsafe_b64encode(bytes.fromhex(hexadecimal)).decode().rstrip("=")[:_HASH_SIZE]


def knows(scheme):
    """Whether fsspec is installed and has heard of the scheme."""
    try:
        from fsspec import available_protocols
    except ImportError:
        return False
    return scheme in available_protocols()


def open_place(scheme, place):
    """The place. Raises ImportError, naming the package that is missing."""
    import fsspec

    _check_offline(scheme, place)
    try:
        files, _ = fsspec.url_to_fs(f"{scheme}://{place}")
    except ImportError as error:
        package = _PACKAGES.get(scheme)
        raise ImportError(f"'{scheme}://' needs a package that is not installed: {f'pip install {package}' if package else error}") from error
    return Place(scheme, place, files)


def _check_offline(scheme, place):
    host = place.rsplit("@", 1)[-1].rsplit(":", 1)[0]
    if os.environ.get("LAMIN_OFFLINE") and host not in ("localhost", "127.0.0.1", "[::1]"):
        raise ConnectionError(f"'{scheme}://{place}' cannot be reached: LAMIN_OFFLINE is set")
