"""`python -m lamin_cli` is `lamin`: runs the native program that belongs to this package."""

import os
import shutil
import sys
from pathlib import Path


def program():
    """The path of `lamin`: beside this Python, beside the libraries of a build, or on the PATH."""
    packages = Path(__file__).resolve().parents[1]
    places = (Path(sys.executable).parent, Path(sys.prefix) / "bin", (packages / "lamindb" / "lib").resolve().parent / "bin")
    for folder in places:
        if os.access(folder / "lamin", os.X_OK) and not (folder / "lamin").is_dir():
            return str(folder / "lamin")
    found = shutil.which("lamin")
    if found is None:
        raise SystemExit("lamin is not installed here: install lamindb-native into this environment")
    return found


def main():
    """Becomes `lamin` with the same arguments."""
    path = program()
    os.execv(path, ["lamin", *sys.argv[1:]])


if __name__ == "__main__":
    main()
