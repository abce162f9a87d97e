"""What paths that users get can do besides universal_pathlib's methods, under LaminDB's names."""

import os
import shutil
from collections import Counter

from .. import _core
from .logger import logger

_BRANCH, _LAST = ("├── ", "│   "), ("└── ", "    ")


def view_tree(path, *, level=2, only_dirs=False, n_max_files_per_dir_and_type=100, n_max_files=1000, include_paths=None,
              skip_suffixes=None):  # fmt: skip
    """Prints the files and folders below a path as a tree.

    Args:
        level (int): how many levels are shown; -1 for all.
        only_dirs (bool): leave out files.
        n_max_files_per_dir_and_type (int): more files of one suffix in a folder are left out.
        n_max_files (int): more files are counted, but not shown.
        include_paths (Iterable[UPath], optional): show only these, and the folders that lead to them.
        skip_suffixes (Iterable[str], optional): do not look into folders with these suffixes.

    Example::

        ln.UPath("plates").view_tree()
    """
    wanted = None if include_paths is None else {p for one in include_paths for p in (one, *one.parents)}
    found = {"files": 0, "folders": 0}
    lines = []

    def add(folder, prefix, levels):
        if levels == 0 or folder.name.endswith(tuple(skip_suffixes or ())):
            return
        inside = sorted(child for child in folder.iterdir() if wanted is None or child in wanted)
        of_suffix = Counter()
        shown = [child for child in inside if child.is_dir() or not only_dirs]
        for child in shown:
            tee, rail = _LAST if child is shown[-1] else _BRANCH
            if child.is_dir():
                found["folders"] += 1
                lines.append(f"{prefix}{tee}{child.name}/")
                add(child, prefix + rail, levels - 1)
                continue
            suffix = _core.suffix_of(child.name)
            of_suffix[suffix] += 1
            found["files"] += 1
            if of_suffix[suffix] <= n_max_files_per_dir_and_type and found["files"] <= n_max_files:
                lines.append(f"{prefix}{tee}{child.name}")

    add(path, "", level)
    hidden = found["files"] - sum(not line.endswith("/") for line in lines)
    more = [] if only_dirs or hidden == 0 else [f"... and {hidden} more files"]
    print("\n".join([f"{found['folders']} sub-folders, {found['files']} files", path.name or str(path), *lines, *more]))


def upload_from(path, local_path, create_folder=None, print_progress=False, **kwargs):
    """Copies a local file or folder here.

    Args:
        local_path (str | PathLike): the file or folder.
        create_folder (bool, optional): put a folder into this one under its own name (the default), or only its content.
        print_progress (bool): say when it is done.
        **kwargs: of the remote file system; a local one takes none.

    Returns:
        UPath: where it is.

    Raises:
        ValueError: a file is not put into a folder of its name.

    Example::

        ln.UPath("backup").upload_from("plates")
    """
    local = os.fspath(local_path)
    is_folder = os.path.isdir(local)
    if create_folder and not is_folder:
        raise ValueError(f"create_folder is for folders, and '{local}' is none: leave it out")
    target = path / os.path.basename(local) if is_folder and create_folder is not False else path
    _copy(local, target, True, print_progress, kwargs)
    return target


def download_to(path, local_path, print_progress=False, **kwargs):
    """Copies the file or folder to a local path.

    Args:
        local_path (str | PathLike): where to.
        print_progress (bool): say when it is done.
        **kwargs: of the remote file system; a local one takes none.

    Example::

        artifact.path.download_to("cells.parquet")
    """
    _copy(os.fspath(local_path), path, False, print_progress, kwargs)


def synchronize_to(path, destination, error_no_origin=True, print_progress=False, just_check=False, **kwargs):
    """Brings a local file or folder up to date with this one: fetches what is new or has changed, removes what is gone.

    Args:
        destination (str | PathLike): the local file or folder.
        error_no_origin (bool): raise an error if there is nothing here; otherwise False is returned.
        print_progress (bool): say when it is done.
        just_check (bool): change nothing.
        **kwargs: of the remote file system.

    Returns:
        bool: whether anything had to be done.

    Raises:
        FileNotFoundError: there is nothing to synchronize with.

    Example::

        ln.UPath("s3://lab/plates").synchronize_to("plates")
    """
    destination = os.path.abspath(os.fspath(destination))
    if not path.exists():
        if os.path.exists(destination) or not error_no_origin:
            logger.warning(f"there is nothing at {path} any more")
            return False
        raise FileNotFoundError(f"there is nothing at '{path}' to synchronize with")
    is_folder = path.is_dir()
    files = {p.relative_to(path).as_posix() if is_folder else "": p for p in (path.rglob("*") if is_folder else [path])}
    wanted = {name: file for name, file in files.items() if not file.is_dir()}
    changed = {name: file for name, file in wanted.items() if _differs(file, os.path.join(destination, name) if name else destination)}
    gone = [name for name in _files_below(destination) if name not in wanted] if is_folder else []
    if just_check or not (changed or gone):
        return bool(changed or gone)
    for name, file in changed.items():
        local = os.path.join(destination, name) if name else destination
        os.makedirs(os.path.dirname(local), exist_ok=True)
        _copy(local, file, False, print_progress, dict(kwargs))
        when = _modified_seconds(file)
        if when is not None:
            os.utime(local, (when, when))
    for name in gone:
        os.unlink(os.path.join(destination, name))
    return True


def cache(path, cache_key=None, **kwargs):
    """A local copy of what is here, brought up to date; what is local is returned as it is.

    Args:
        cache_key (str, optional): its path below the cache; otherwise as in the bucket.
        **kwargs: of `synchronize_to`.

    Returns:
        UPath: the local path.

    Example::

        ln.UPath("s3://lab/plates/a.csv").cache()
    """
    if _is_local(path):
        return path
    from upath import UPath

    local = UPath(_core.cache_folder()) / (cache_key or path.path.lstrip("/"))
    path.synchronize_to(local, **kwargs)
    return local


def modified(path):
    """When it was changed last, in local time (datetime)."""
    from datetime import datetime

    when = _modified_seconds(path)
    return None if when is None else datetime.fromtimestamp(when)


def _is_local(path):
    return getattr(path, "protocol", "") in ("", "file", "local")


def _modified_seconds(path):
    """Seconds since 1970; None where the server does not tell."""
    if _is_local(path):
        return os.stat(str(path)).st_mtime
    info = path.fs.info(path.path)
    for name in ("LastModified", "mtime", "last_modified", "updated"):
        if hasattr(info.get(name), "timestamp"):
            return int(info[name].timestamp())
    return None


def _differs(remote, local):
    if not os.path.isfile(local):
        return True
    when = _modified_seconds(remote)
    return remote.stat().st_size != os.path.getsize(local) or (when is not None and when > os.path.getmtime(local))


def _files_below(folder):
    return [os.path.relpath(os.path.join(at, name), folder).replace(os.sep, "/") for at, _, names in os.walk(folder) for name in names]


def to_url(path):
    """The URL at which others read the file: of an object in S3 that of its bucket, of a local file that of the file (str).

    Example:

        >>> artifact.path.to_url().startswith("file:///")
        True
    """
    if getattr(path, "protocol", "") == "s3":
        return f"https://{path.drive}.s3.amazonaws.com/{'/'.join(path.parts[1:])}"
    return path.absolute().as_uri()


def _copy(local, path, upload, print_progress, options):
    remote = getattr(path, "protocol", "") not in ("", "file", "local")
    source, target = (local, str(path)) if upload else (str(path), local)
    if remote:
        options.setdefault("recursive", os.path.isdir(local) if upload else path.is_dir())
        (path.fs.put if upload else path.fs.get)(*((local, path.path) if upload else (path.path, local)), **options)
    elif options:
        raise TypeError(f"a local path takes no {', '.join(map(repr, options))}")
    else:
        os.makedirs(os.path.dirname(os.path.abspath(target)), exist_ok=True)
        if os.path.isdir(source):
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.copyfile(source, target)
    if print_progress:
        logger.important(f"copied {source} to {target}")


def add_to(cls):
    """Gives the methods to a class of paths that lacks them, and to its siblings for local paths, which share its bases."""
    package = cls.__module__.partition(".")[0]
    for owner in cls.__mro__:
        if owner.__module__.partition(".")[0] == package:
            for method in (view_tree, upload_from, download_to, synchronize_to, cache, to_url):
                if method.__name__ not in vars(owner):
                    setattr(owner, method.__name__, method)
            if "modified" not in vars(owner):
                owner.modified = property(modified)
    return cls
