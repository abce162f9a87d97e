"""A `lamin init` that is killed anywhere can be repeated, and the result is whole."""
import os
import shutil
import sqlite3
import subprocess

import pytest
import tracing
from kill import chosen

LONG = "LAMIN_TEST_LONG" in os.environ


def calls_of(command, folder, log=None, action=tracing.NONE, at=0):
    def work(begin):
        os.chdir(folder)
        quiet = os.open("/dev/null", os.O_WRONLY)
        os.dup2(quiet, 1), os.dup2(quiet, 2)
        begin()
        os.execv(command[0], command)

    return tracing.Traced(work).run(action, at, log=log)


@pytest.mark.parametrize("action", [tracing.KILL_BEFORE, tracing.KILL_AFTER], ids=["before", "after"])
def test_a_killed_init_can_be_done_again(tmp_path, home, lamin, action):
    command = [str(lamin), "init", "--storage", "st", "--name", "killed", "--modules", "bionty"]
    folder, calls = tmp_path / "work", []
    folder.mkdir()
    assert calls_of(command, folder, calls.append).value == 0
    for n in chosen(calls, 60 if LONG else 8, int(action)):
        shutil.rmtree(folder)
        shutil.rmtree(home / ".lamin", ignore_errors=True)
        folder.mkdir()
        assert calls_of(command, folder, None, action, n).killed, calls[n - 1]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, f"killed at {tracing.named(calls[n - 1])}: {done.stderr}"
        (folder / "note.txt").write_text("a note")
        for words in (["save", "note.txt", "--key", "note.txt"], ["load", "--key", "note.txt"], ["gc", "--grace", "0"]):
            done = subprocess.run([lamin, *words], cwd=folder, capture_output=True, text=True, timeout=120)
            assert done.returncode == 0, f"killed at {tracing.named(calls[n - 1])}: {done.stderr}"
        with sqlite3.connect(folder / "st/.lamindb/lamin.db") as db:
            assert db.execute("select count(*) from lamindb_storage").fetchall() == [(1,)]
        left = {name for name in os.listdir(folder / "st/.lamindb") if not name.startswith("lamin.db")}
        assert len(left) == 2 and "storage_uid.txt" in left, left
        assert not (folder / "st/.lamin-tmp").exists()
