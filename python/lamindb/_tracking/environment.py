"""What is installed where the code runs: a lock file, or the packages with their versions."""

import os
import sys


def environment():
    """(name, text): of pixi and uv the lock file, of conda its packages, otherwise what `pip freeze` would say.

    Example::

        environment()
    """
    for find in (_pixi, _uv):
        lock = find()
        if lock is not None:
            with open(lock, encoding="utf-8", errors="replace") as file:
                return os.path.basename(lock), file.read()
    conda = _conda()
    return conda if conda is not None else ("requirements.txt", _header() + packages())


def _header():
    """A comment, so that the text stays one that pip installs."""
    return f"# Python {sys.version.split()[0]} on {sys.platform}\n"


def packages():
    """Like `pip freeze`: "name==version", one line per distribution that Python would import."""
    # The folders are read here because importing importlib.metadata costs more than everything else in `track`.
    found = {}
    for folder in sys.path:
        try:
            entries = os.listdir(folder or ".")
        except OSError:
            continue
        for entry in entries:
            if entry.endswith((".dist-info", ".egg-info")):
                name, version = _name_and_version(os.path.join(folder or ".", entry))
                if name and version:
                    found.setdefault(name.lower().replace("_", "-"), f"{name}=={version}")
    return "".join(found[name] + "\n" for name in sorted(found))


def _name_and_version(folder):
    """Name and version from a distribution's metadata; (None, None) if there are none."""
    name = version = None
    path = folder if os.path.isfile(folder) else os.path.join(folder, "METADATA")
    if not os.path.exists(path):
        path = os.path.join(folder, "PKG-INFO")
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith("Name:"):
                    name = line[5:].strip()
                elif line.startswith("Version:"):
                    version = line[8:].strip()
                if (name and version) or not line.strip():
                    break
    except OSError:
        pass
    return name, version


def _above(folder):
    while True:
        yield folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent


def _filled(path):
    return path if os.path.isfile(path) and os.path.getsize(path) > 0 else None


def _pixi():
    """The lock of the project whose environment runs: <project>/.pixi/envs/<name>, or the one that the working folder is in."""
    before, mark, after = os.path.realpath(sys.prefix).partition(f"{os.sep}.pixi{os.sep}envs{os.sep}")
    if mark and after:
        return _filled(os.path.join(before, "pixi.lock"))
    project = next((folder for folder in _above(os.getcwd()) if os.path.exists(os.path.join(folder, "pixi.toml"))), None)
    return None if project is None else _filled(os.path.join(project, "pixi.lock"))


def _uv():
    """The lock of the project whose environment uv has made, or that `uv run` runs in."""
    if "UV" not in os.environ and not _made_by_uv():
        return None
    folders = [os.path.dirname(sys.prefix)] if os.path.basename(sys.prefix) == ".venv" else []
    folders += [os.path.dirname(os.path.dirname(os.path.dirname(p))) for p in (sys.executable, os.environ.get("UV")) if p]
    folders += _above(os.getcwd())
    return next((lock for folder in folders if (lock := _filled(os.path.join(folder, "uv.lock")))), None)


def _made_by_uv():
    try:
        with open(os.path.join(sys.prefix, "pyvenv.cfg"), encoding="utf-8", errors="replace") as file:
            return any(line.partition("=")[0].strip() == "uv" for line in file)
    except OSError:
        return False


def _conda():
    """As `conda env export` would say it: conda's packages by the files in which it notes them, pip's below."""
    folder = os.path.join(sys.prefix, "conda-meta")
    if not os.path.isdir(folder):
        return None
    built = sorted(name[:-5].rsplit("-", 2) for name in os.listdir(folder) if name.endswith(".json") and name.count("-") >= 2)
    theirs = {name.lower().replace("_", "-") for name, _, _ in built}
    pip = [line for line in packages().splitlines() if line.partition("==")[0].lower().replace("_", "-") not in theirs]
    lines = [f"name: {os.path.basename(sys.prefix)}", "dependencies:", *(f"  - {'='.join(parts)}" for parts in built)]
    if pip:
        lines += ["  - pip:", *(f"      - {line}" for line in pip)]
    return "environment.yml", "\n".join(lines) + "\n"
