"""Runs started from a shell: one of the user, and concurrent runs of scripts that do not affect each other."""
import os
import subprocess

import pytest


@pytest.fixture
def shell(tmp_path, home, lamin):
    def run(*words, status=0, **env):
        done = subprocess.run([lamin, *words], cwd=tmp_path, env={**os.environ, **env}, capture_output=True, text=True, timeout=60)
        assert done.returncode == status, f"{words}: {done.returncode}, {done.stdout}{done.stderr}"
        return done.stdout.strip() if status == 0 else done.stderr

    run("init", "--storage", "st", "--name", "runs")
    run.folder = tmp_path
    return run


def run_of(shell, text, **env):
    """The run of a file that is saved now."""
    (shell.folder / f"{text}.txt").write_text(text)
    uid = shell("save", f"{text}.txt", "--key", f"{text}.txt", **env)
    return "".join(shell("list", "artifact", "--where", f"uid = '{uid}'", "--columns", "run.uid", "--csv").splitlines()[1:])


def test_scripts_side_by_side_have_runs_of_their_own(shell):
    of_user = shell("track", "--key", "user.sh")
    one, two = (shell("track", "--key", f"{name}.sh", LAMIN_RUN="") for name in ("one", "two"))
    assert len({of_user, one, two}) == 3
    assert [run_of(shell, "a", LAMIN_RUN=one), run_of(shell, "b", LAMIN_RUN=two), run_of(shell, "c")] == [one, two, of_user]
    assert run_of(shell, "n", LAMIN_RUN="none") == "", "a task of a workflow manager has not the user's run"
    shell("finish", LAMIN_RUN=one)
    assert run_of(shell, "d") == of_user, "the user's run goes on"
    shell("finish")
    assert run_of(shell, "e") == ""
    assert shell("list", "run", "--columns", "_status_code", "--order", "id", "--csv").splitlines()[1:] == ["0", "0", "-1"]


def test_a_run_that_does_not_exist_is_named(shell):
    assert "LAMIN_RUN is 'nothing'" in shell("list", "artifact", status=5, LAMIN_RUN="nothing")


def test_the_run_that_started_it_is_noted(shell):
    first = shell("track", "--key", "manager.sh", LAMIN_RUN="")
    second = shell("track", "--key", "task.sh", LAMIN_RUN="", LAMIN_INITIATED_BY_RUN_UID=first)
    assert shell("list", "run", "--where", f"uid = '{second}'", "--columns", "initiated_by_run.uid", "--csv").splitlines()[1] == first
    assert "no run has the uid 'gone'" in shell("track", status=2, LAMIN_RUN="", LAMIN_INITIATED_BY_RUN_UID="gone")


def test_options_that_would_be_ignored_are_refused(shell):
    (shell.folder / "data").mkdir()
    (shell.folder / "data" / "x.txt").write_text("x")
    assert "--each" in shell("save", "data", "--each", "--schema", "any", status=2)
    assert shell("save", "data", "--each", "--key", "many") and shell("list", "artifact", "--columns", "key", "--csv").splitlines()[1:] == ["many/x.txt"]
    assert "--permanent" in shell("delete", "artifact", "--key", "many/x.txt", "--storage", status=2)
    assert "one of" in shell("delete", "artifact", "--key", "many/x.txt", "--permanent", "--storage", "--keep-storage", status=2)
    assert len(shell("list", "artifact", "--csv").splitlines()) == 2
