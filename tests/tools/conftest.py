import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def load(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def layers():
    return load("layers")


@pytest.fixture(scope="session")
def laws():
    return load("laws")


@pytest.fixture(scope="session")
def imports():
    return load("imports")


@pytest.fixture
def tree(tmp_path):
    """Writes files into an empty project: tree({"src/db/a.cpp": "..."}) returns its root."""
    def write(files):
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return tmp_path
    return write
