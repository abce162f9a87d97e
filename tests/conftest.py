"""What every test of the whole program shares: the native lamin, a home folder of its own, a fresh PostgreSQL database."""
import os
import subprocess
import sys
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def lamin() -> Path:
    """The native program that belongs to the Python that runs the tests."""
    program = Path(sys.executable).parent / "lamin"
    assert program.exists(), f"{program} is missing: ./dev build"
    return program


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """A home folder of its own, and no pointer to anybody's instance: for this process and what it starts."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in [name for name in os.environ if name.startswith("LAMIN_") and not name.startswith("LAMIN_TEST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LAMIN_OFFLINE", "1")
    monkeypatch.setenv("LAMIN_SUBSETS", "0")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / ".cache"))
    return folder


# A small process in between: a child counts the memory of the one that starts it as its own.
MEASURE = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


@pytest.fixture
def peak():
    """Runs a command, which must succeed; returns the most memory that it took, in MB."""

    def run(*words, **options) -> float:
        command = [sys.executable, "-I", "-S", "-c", MEASURE, *map(str, words)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=600, **options)
        status, used = done.stdout.split()
        assert status == "0", done.stderr
        return float(used)

    return run


def psql(url: str, statement: str) -> str:
    done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", statement, url], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@contextmanager
def new_database():
    server = os.environ.get("LAMIN_TEST_POSTGRES")
    assert server, "LAMIN_TEST_POSTGRES is not set: ./dev test sets it, or ./dev services run CMD"
    name = f"test_{uuid.uuid4().hex[:12]}"
    psql(server, f"create database {name}")
    yield server.rsplit("/", 1)[0] + f"/{name}"
    psql(server, f"drop database {name} with (force)")


@pytest.fixture
def postgres() -> str:
    """URL of an empty database that is gone after the test."""
    with new_database() as url:
        yield url


@pytest.fixture
def second_db(db) -> str:
    """Another one of the same kind as `db`."""
    if not db:
        yield ""
        return
    with new_database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
def db(request) -> str:
    """Both databases, one after the other: '' is SQLite, else the URL of an empty PostgreSQL database."""
    return "" if request.param == "sqlite" else request.getfixturevalue("postgres")
