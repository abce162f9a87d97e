"""`pip install .` from a clone into a fresh environment installs the packages and a native lamin that find each other.

With the Python that runs the tests, and with LAMIN_TEST_LONG with each that this version supports and the machine has; a
warning names those that it lacks.
"""
import os
import re
import shutil
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools"))

import laws  # noqa: E402
from dev import wheel  # noqa: E402


def run(*command, cwd, **env):
    done = subprocess.run([str(word) for word in command], cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, timeout=1500)
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-5000:]}"
    return done.stdout


SUPPORTED = ("3.11", "3.12", "3.13")


def interpreter(version):
    """A Python of this version: on the path, of pyenv or of uv; None if the machine has none."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    places = [shutil.which(f"python{version}"), *sorted(pyenv.glob(f"{version}.*/bin/python"))]
    if shutil.which("uv"):
        found = subprocess.run(["uv", "python", "find", "--offline", version], capture_output=True, text=True)
        places.append(found.stdout.strip() if found.returncode == 0 else None)
    for place in filter(None, places):
        shown = subprocess.run([place, "-c", "import sys; print(*sys.version_info[:2], sep='.')"], capture_output=True, text=True)
        if shown.stdout.strip() == version:
            return str(place)
    return None


def interpreters():
    if "LAMIN_TEST_LONG" not in os.environ:
        return {"{}.{}".format(*sys.version_info): sys.executable}
    found = {version: interpreter(version) for version in SUPPORTED}
    lacking = [version for version, python in found.items() if python is None]
    if lacking:
        warnings.warn(f"not built with Python {', '.join(lacking)}: this machine has none; `pyenv install VERSION` makes one", stacklevel=2)
    return {version: python for version, python in found.items() if python is not None}


PYTHONS = interpreters()


@pytest.fixture(scope="module", params=PYTHONS.values(), ids=PYTHONS.keys())
def installed(request, tmp_path_factory, root):
    """An environment with only our package, built from a clone that includes uncommitted changes."""
    place = tmp_path_factory.mktemp("install")
    clone = place / "clone"
    for file in laws.listed(root):
        copy = clone / file.relative_to(root)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    run(request.param, "-m", "venv", place / "venv", cwd=place)
    python = place / "venv" / "bin" / "python"
    # The compiler cache is the checkout's, keyed relative to the clone, so that only changes are compiled.
    cache = {**wheel.launcher(), "CCACHE_BASEDIR": str(clone)}
    run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", ".", cwd=clone, **cache)
    return python


@pytest.mark.usefixtures("home")
def test_lamin_is_native_and_on_the_path(installed, tmp_path):
    lamin = installed.parent / "lamin"
    assert lamin.read_bytes()[:4] == b"\x7fELF"
    run(lamin, "init", "--storage", "st", "--modules", "bionty", cwd=tmp_path)
    (tmp_path / "note.txt").write_text("a note")
    run(lamin, "save", "note.txt", "--key", "note.txt", cwd=tmp_path)
    assert "note.txt" in run(lamin, "list", "artifact", cwd=tmp_path)


@pytest.mark.usefixtures("home")
def test_the_packages_import_and_load_arrow(installed, tmp_path):
    run(installed.parent / "lamin", "init", "--storage", "st", "--modules", "bionty,pertdb", cwd=tmp_path)
    (tmp_path / "table.csv").write_text("a,b\n1,x\n2,y\n")
    code = ("import lamindb as ln, bionty, pertdb, lamindb_setup, lamin_cli, lnschema_core, lnschema_bionty, wetlab, pathlib\n"
            "assert 'site-packages' in ln.__file__\n"
            "ln.Artifact('table.csv', key='table.csv').save()\n"
            "assert 'not implemented' in repr(ln.setup.register)\n"
            "print(ln.Artifact.get(key='table.csv').suffix)\n")
    assert run(installed, "-c", code, cwd=tmp_path).strip().endswith(".csv")


@pytest.mark.usefixtures("home")
def test_the_program_that_reads_hdf5_is_installed(installed, tmp_path, root):
    file = root / "tests" / "data" / "made" / "encodings.h5ad"
    shown = run(installed, "-c", f"from lamindb import _core; print(_core.shape_of({str(file)!r}))", cwd=tmp_path)
    assert shown.splitlines()[-1] == "(7, 3)", shown


@pytest.mark.usefixtures("home")
def test_help_is_installed(installed, tmp_path):
    """Signatures of constructors are read from the stubs, which have to be there."""
    code = "import inspect, lamindb as ln; print(inspect.signature(ln.Artifact)); print(ln.Artifact.__doc__)"
    shown = run(installed, "-c", code, cwd=tmp_path)
    assert "key: str | None = None" in shown and "n_observations (int | None): " in shown


def test_versions_have_one_place(installed, tmp_path, root):
    stated = re.search(r"project\(lamindb-native VERSION ([0-9.]+)", (root / "CMakeLists.txt").read_text())[1]
    assert run(installed.parent / "lamin", "--version", cwd=tmp_path) == f"lamin {stated}\n"
    code = "from lamindb import _core; from importlib.metadata import version; print(_core.__version__, version('lamindb-native'))"
    assert run(installed, "-c", code, cwd=tmp_path).splitlines()[-1] == f"{stated} {stated}"
    assert re.search(r"^## ([0-9.]+)", (root / "CHANGELOG.md").read_text(), re.M)[1] == stated


def test_it_declares_what_it_needs(installed, tmp_path):
    shown = run(installed, "-m", "pip", "show", "-f", "lamindb-native", cwd=tmp_path)
    assert "Requires: pyarrow" in shown
    for piece in ("lamindb/lib/liblamin.so", "lamindb/lib/liblamin_arrow.so", "lamindb/lib/liblamin_hdf5.so", "lamindb/lib/lamin-read-hdf5",
                  "lamindb/lib/liblamin_postgres.so", "lamindb/lib/liblamin_preload.so", "bionty/__init__.py", "pertdb/__init__.py", "lamindb_setup/__init__.py", "bin/lamin", "licenses/LICENSE", "licenses/NOTICE"):
        assert piece in shown, piece
