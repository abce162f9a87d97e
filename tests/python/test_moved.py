"""An instance whose folder was moved or copied, connected to from the shell and from Python."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LAMIN = Path(sys.executable).parent / "lamin"


@pytest.fixture
def run(tmp_path):
    """Runs a command or, given text, a Python program, in a home of its own."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("LAMIN_")}
    env |= {"HOME": str(tmp_path), "LAMIN_SETTINGS_DIR": str(tmp_path)}

    def call(*words, code=None, status=0):
        command = [sys.executable, "-c", code] if code else [str(LAMIN), *words]
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == status, (done.stdout, done.stderr)
        return done.stdout + done.stderr

    (tmp_path / "a.txt").write_text("content")
    assert "initialized lamindb: anonymous/store" in call("init", "--storage", "store")
    assert "connected lamindb: anonymous/store" in call("init", "--storage", "store")  # it is there already
    call("save", "a.txt", "--key", "a.txt")
    return call


def test_a_moved_folder_is_connected_to_by_its_path(run, tmp_path):
    os.rename(tmp_path / "store", tmp_path / "moved")
    assert "connect to the folder where it is now" in run("list", "artifact", status=5)
    said = run("connect", "./moved")
    assert f"was at '{tmp_path}/store': it is at '{tmp_path}/moved' now" in said and "connected lamindb: anonymous/store" in said
    assert Path(run("load", "--key", "a.txt").splitlines()[0]).parent.parent == tmp_path / "moved"
    os.rename(tmp_path / "moved", tmp_path / "again")
    code = "import lamindb as ln, pathlib; ln.connect(pathlib.Path('again')); print(ln.Artifact.get(key='a.txt').load(), ln.settings.storage.root)"
    assert f"content {tmp_path}/again" in run(code=code)
    assert f"storage: {tmp_path}/again" in run("info")


def test_a_copy_is_refused_unless_it_is_to_replace(run, tmp_path):
    shutil.copytree(tmp_path / "store", tmp_path / "copy")
    assert f"is a copy of the instance 'anonymous/store', which is at '{tmp_path}/store'" in run("connect", "./copy", status=7)
    assert "`lamin connect" in run("init", "--storage", "copy", status=7)
    code = "import lamindb as ln\ntry: ln.connect('./copy')\nexcept ln.errors.IntegrityError as e: print('refused:', e)\nln.connect('./copy', replace=True)\nprint(ln.settings.storage.root)"
    said = run(code=code)
    assert "refused: " in said and said.strip().endswith(f"{tmp_path}/copy")
    assert f"storage: {tmp_path}/copy" in run("info")
    run("connect", "store", "--replace")
    assert f"storage: {tmp_path}/store" in run("info")


def test_what_is_no_instance_says_so(run, tmp_path):
    (tmp_path / "empty").mkdir()
    assert "holds no instance" in run("connect", "./empty", status=5)
    assert "there is no folder" in run("connect", "./nowhere", status=5)
    assert "no instance 'anonymous/nowhere'" in run("connect", "nowhere", status=5)
    code = "import lamindb as ln\ntry: ln.connect(3)\nexcept TypeError as e: print(e)"
    assert "the name of an instance or a folder, not int" in run(code=code)
