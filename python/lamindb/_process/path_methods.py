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


def upload_from(path, local_path, create_folder=False, print_progress=False, **kwargs):
    """Copies a local file or folder here.

    Args:
        local_path (str | PathLike): the file or folder.
        create_folder (bool): put it into the folder that the path is, under its own name.
        print_progress (bool): say when it is done.
        **kwargs: of the remote file system; a local one takes none.

    Returns:
        UPath: where it is.

    Example::

        ln.UPath("backup").upload_from("reads.txt", create_folder=True)
    """
    target = path / os.path.basename(os.fspath(local_path)) if create_folder else path
    _copy(os.fspath(local_path), target, True, print_progress, kwargs)
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


def _copy(local, path, upload, print_progress, options):
    remote = getattr(path, "protocol", "") not in ("", "file", "local")
    source, target = (local, str(path)) if upload else (str(path), local)
    if remote:
        options.setdefault("recursive", os.path.isdir(local))
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
            for method in (view_tree, upload_from, download_to):
                if method.__name__ not in vars(owner):
                    setattr(owner, method.__name__, method)
    return cls
