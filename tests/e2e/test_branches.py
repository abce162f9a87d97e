"""Branches from the shell: creating, switching, listing, merging them."""
import os
import subprocess

import pytest


@pytest.fixture
def shell(tmp_path, home, lamin):
    def run(*words, status=0):
        done = subprocess.run([str(lamin), *words], cwd=tmp_path, env=os.environ, capture_output=True, text=True, timeout=60)
        assert done.returncode == status, f"{words}: {done.stdout}{done.stderr}"
        return done.stderr + done.stdout

    run("init", "--storage", "st", "--name", "branches")
    return run


def save(shell, tmp_path, text):
    (tmp_path / "a.txt").write_text(text)
    return shell("save", "a.txt", "--key", "a.txt").splitlines()[-1]


def test_work_on_a_branch_and_merge_it(shell, tmp_path):
    save(shell, tmp_path, "1")
    assert "There are: trash, archive, main" in shell("switch", "dev", status=5)
    assert "switched to dev" in shell("switch", "-c", "dev")
    assert "already" in shell("switch", "--create", "dev", status=7)
    on_dev = save(shell, tmp_path, "2")
    shell("create", "ulabel", "of dev")
    shell("switch", "main")
    assert "of dev" not in shell("list", "ulabel")
    assert shell("get", "artifact", "--key", "a.txt", "--field", "uid").splitlines()[-1].endswith("0000")
    assert "merged branch 'dev' into 'main'" in shell("merge", "dev")
    assert "of dev" in shell("list", "ulabel")
    assert on_dev.endswith("0001") and on_dev in shell("get", "artifact", "--key", "a.txt", "--field", "uid")
    assert "nothing to merge" in shell("merge", "main")


def test_update(shell):
    shell("create", "branch", "dev")
    shell("update", "branch", "--name", "dev", "--status", "review", "--description", "to look at")
    assert shell("get", "branch", "--name", "dev", "--field", "description").splitlines()[-1] == "to look at"
    assert "Invalid status 'open'" in shell("update", "branch", "--name", "dev", "--status", "open", status=2)
    assert "Pass --description" in shell("update", "branch", "--name", "dev", status=2)
