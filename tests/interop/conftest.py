"""The other side: the real LaminDB 2.12 in .venv-lamindb, and checks of its format (kit/)."""
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from interop_support import KIT, run


@pytest.fixture(scope="session")
def theirs() -> str:
    """Python with LaminDB."""
    python = os.environ.get("LAMIN_TEST_THEIRS") or str(KIT.parents[2] / ".venv-lamindb" / "bin" / "python")
    assert Path(python).exists(), "LaminDB's own environment is missing: ./dev setup interop"
    return python


@pytest.fixture
def folder(tmp_path, home) -> Path:
    made = tmp_path / "instance"
    made.mkdir()
    return made


@pytest.fixture
def instance(folder, lamin, db):
    """An empty instance created by our lamin: (folder, database URL or '')."""
    run([lamin, "init", "--storage", folder / "st", "--name", "interop", "--modules", "bionty,pertdb", *(["--db", db] if db else [])], folder)
    return folder, db


@pytest.fixture
def ours():
    """Runs Python code with our packages in a folder; returns what it prints."""
    return lambda code, cwd: run([sys.executable, "-c", code], cwd)


@pytest.fixture
def real(theirs):
    """Runs Python code with the real LaminDB, without access to its hub; returns what it prints."""
    head = "import lamindb_setup; lamindb_setup.settings.instance._is_on_hub = False\nimport lamindb as ln\nln.settings.verbosity = 'error'\n"
    return lambda code, cwd: run([theirs, "-W", "ignore", "-c", head + code], cwd)


@pytest.fixture
def invariants(theirs):
    """Checks the 57 rules that rows of LaminDB obey."""
    def check(folder, db):
        text = run([theirs, KIT / "invariants.py", folder, *(["--db", db] if db else [])], folder)
        assert " 0 violations" in text, text
        return int(text.split()[0])
    return check


@pytest.fixture(scope="session")
def golden_folder(tmp_path_factory) -> Path:
    """The instance written by the real LaminDB, unpacked in a new place; home/ in it has its settings."""
    place = tmp_path_factory.mktemp("golden")
    with tarfile.open(KIT / "golden.tar.xz") as archive:
        archive.extractall(place, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))  # since 3.11.4
    subprocess.run(["chmod", "-R", "u+w", place / "golden"], check=True)
    run([sys.executable, KIT / "reroot.py", place / "golden", place / "home"], place)
    return place / "golden"
