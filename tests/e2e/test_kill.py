"""kill -9 at every place where a save touches the disk: nothing half-done is ever seen, the next open removes what was left,
and saving again succeeds. Two programs that save the same key at once make two versions, one of them the latest."""
import os
import signal
import sqlite3
import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def kill_at(tmp_path_factory):
    library = tmp_path_factory.mktemp("kill") / "kill_at.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, Path(__file__).with_name("kill_at.c"), "-ldl"], check=True)
    return library


@pytest.fixture
def instance(tmp_path, home, lamin):
    folder = tmp_path / "instance"
    folder.mkdir()
    run([lamin, "init", "--storage", "st", "--name", "crash"], folder)
    return folder


def run(command, cwd, **env):
    done = subprocess.run([str(word) for word in command], cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{command} ended with {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout


def rows(folder, sql):
    with sqlite3.connect(folder / "st/.lamindb/lamin.db") as db:
        return db.execute(sql).fetchall()


def artifacts(folder):
    return rows(folder, "select uid, suffix, is_latest, key, size, _overwrite_versions from lamindb_artifact order by id")


def objects(folder):
    """Everything in the storage that is no part of the database or its marker."""
    own = ("lamin.db", "storage_uid.txt")
    return sorted(entry.name for entry in (folder / "st/.lamindb").iterdir() if not entry.name.startswith(own))


def consistent(folder):
    """Rows and bytes agree; nothing lies about that no row knows."""
    found = artifacts(folder)
    # A folder's versions share one place, which holds the latest: overwriting is what LaminDB does with folders.
    places = [folder / "st/.lamindb" / f"{uid[:16] if shared else uid}{suffix}" for uid, suffix, _, _, _, shared in found]
    for place, row in zip(places, found):
        assert place.exists(), f"{row} has no bytes"
        files = [place] if place.is_file() else [file for file in place.rglob("*") if file.is_file()]
        if row[2] or not row[5]:
            assert sum(file.stat().st_size for file in files) == row[4], row
    assert objects(folder) == sorted({place.name for place in places})
    for key in {row[3] for row in found}:
        assert sum(row[2] for row in found if row[3] == key) == 1, f"{key} has no latest, or several"
    assert rows(folder, "select count(*) from lamin_intent") == [(0,)]


def make_file(folder, i):
    (folder / "data.csv").write_text(f"a,b\n{i},2\n")
    return "data.csv"


def make_folder(folder, i):
    (folder / "many").mkdir(exist_ok=True)
    for name in "abc":
        (folder / "many" / name).write_text(f"{name} {i}")
    return "many"


@pytest.mark.parametrize("make", [make_file, make_folder])
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_anywhere_nothing_half_done_is_seen(instance, lamin, kill_at, make, when):
    source = make(instance, 0)
    run([lamin, "save", source, "--key", source], instance)
    count = instance / "count"
    source = make(instance, 1)
    run([lamin, "save", source, "--key", source], instance, LD_PRELOAD=str(kill_at), KILL_COUNT=str(count))
    calls = int(count.read_text())
    assert calls >= 4, "a save that waits for the disk fewer than four times cannot be durable"
    for n in range(1, calls + 1):
        known = artifacts(instance)
        source = make(instance, f"{when} {n}")
        env = {**os.environ, "LD_PRELOAD": str(kill_at), "KILL_AT": str(n), "KILL_WHEN": when}
        done = subprocess.run([lamin, "save", source, "--key", source], cwd=instance, env=env, capture_output=True, text=True, timeout=120)
        if done.returncode != -signal.SIGKILL:
            assert done.returncode == 0, done.stderr
        seen = artifacts(instance)
        assert len(seen) - len(known) in (0, 1)
        assert [row[:2] for row in seen[:len(known)]] == [row[:2] for row in known]
        run([lamin, "list", "artifact"], instance)  # opens: cleans up
        consistent(instance)
        run([lamin, "save", source, "--key", source], instance)
        assert len(artifacts(instance)) == len(known) + 1, f"killed {when} call {n}: saving again must give exactly one version"
        consistent(instance)


def test_a_killed_init_can_be_done_again(tmp_path, home, lamin, kill_at):
    count = tmp_path / "count"
    first = tmp_path / "first"
    first.mkdir()
    run([lamin, "init", "--storage", first / "st"], first, LD_PRELOAD=str(kill_at), KILL_COUNT=str(count))
    calls = int(count.read_text())
    for n in sorted({1, 2, 3, calls // 4, calls // 2, calls - 2, calls - 1, calls} - {0}):
        folder = tmp_path / f"killed{n}"
        folder.mkdir()
        env = {**os.environ, "LD_PRELOAD": str(kill_at), "KILL_AT": str(n)}
        command = [lamin, "init", "--storage", folder / "st", "--name", f"killed{n}", "--modules", "bionty"]
        subprocess.run(command, cwd=folder, env=env, capture_output=True, timeout=120)
        run(command, folder)
        assert rows(folder, "select count(*) from lamindb_storage") == [(1,)]
        (folder / "note.txt").write_text("a note")
        run([lamin, "save", "note.txt", "--key", "note.txt"], folder)
        consistent(folder)


def test_programs_that_save_one_key_at_once_make_one_version_each(tmp_path, home, lamin, db):
    folder = tmp_path / "instance"
    folder.mkdir()
    run([lamin, "init", "--storage", "st", "--name", "race", *(["--db", db] if db else [])], folder)
    for turn in range(5):
        for i in range(4):
            (folder / f"{i}").mkdir(exist_ok=True)
            (folder / f"{i}" / "data.txt").write_text(f"turn {turn}, content {i}")
        started = [subprocess.Popen([lamin, "save", f"{i}/data.txt", "--key", "data.txt"], cwd=folder, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT, text=True) for i in range(4)]
        for process in started:
            text, _ = process.communicate(timeout=120)
            assert process.returncode == 0, text
    select = "select uid, is_latest from lamindb_artifact where key = 'data.txt' order by id"
    if db:
        done = run(["psql", "-X", "-q", "-A", "-t", "-F", ",", "-c", select, db], folder)
        found = [(line.split(",")[0], line.split(",")[1] == "t") for line in done.split()]
    else:
        found = rows(folder, select)
    assert len(found) == 20
    assert len({uid[:16] for uid, _ in found}) == 1 and len({uid for uid, _ in found}) == 20
    assert sum(latest for _, latest in found) == 1
