"""The main job passes in each of its three languages, on both databases."""
import os
import subprocess
import sys

import pytest


def play(command, folder, db):
    env = {**os.environ, "PATH": f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ['PATH']}", "LAMIN_DEMO_DB": db}
    if not db:
        del env["LAMIN_DEMO_DB"]
    done = subprocess.run([str(word) for word in command], cwd=folder, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture
def folder(tmp_path, home):
    made = tmp_path / "job"
    made.mkdir()
    return made


def test_in_python(root, folder, db):
    assert "Done." in play([sys.executable, root / "examples/main_job.py"], folder, db)


def test_in_the_shell(root, folder, db):
    assert "Done." in play(["bash", root / "examples/main_job.sh", folder], folder, db)


def test_in_cpp(root, folder, db):
    program = root / "build/release/bin/main_job"
    assert program.exists(), "./dev build builds examples/main_job.cpp"
    play([program, root / "examples/data"], folder, db)
