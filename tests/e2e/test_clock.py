"""Clocks that jump by days or years, or are in 1970, do not affect version order: from the shell, from Python, with trash and restore."""
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

HOURS, YEARS = 3600, 365 * 24 * 3600
CLOCKS = [{}, {"CLOCK_SHIFT": str(48 * HOURS)}, {"CLOCK_SHIFT": str(-48 * HOURS)}, {"CLOCK_SHIFT": str(15 * YEARS)}, {"CLOCK_AT": "1"},
          {"CLOCK_SHIFT": str(-20 * YEARS)}, {}]  # fmt: skip


@pytest.fixture(scope="module")
def clock_at(tmp_path_factory):
    library = tmp_path_factory.mktemp("clock") / "clock_at.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, Path(__file__).with_name("clock_at.c"), "-ldl"], check=True)
    return library


@pytest.fixture
def instance(tmp_path, home, lamin):
    folder = tmp_path / "instance"
    folder.mkdir()
    run([lamin, "init", "--storage", "st", "--name", "clocks"], folder)
    return folder


def run(command, cwd, **env):
    done = subprocess.run([str(word) for word in command], cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{command} ended with {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout


def rows(folder):
    with sqlite3.connect(folder / "st/.lamindb/lamin.db") as db:
        return db.execute("select substr(uid, 17), is_latest, branch_id, created_at from lamindb_artifact order by id").fetchall()


def latest(folder):
    return [uid for uid, is_latest, branch, _ in rows(folder) if is_latest and branch == 1]


READ = """
import lamindb as ln
a = ln.Artifact.get(key='k.txt')
print(a.uid[-4:], a.load(is_run_input=False), [v.uid[-4:] for v in a.versions], ln.Artifact.get(a.stem_uid).uid[-4:])
"""


def python(folder, code, **env):
    return run([sys.executable, "-c", code], folder, **env).strip().splitlines()[-1]


def test_the_order_of_versions_is_their_number(instance, lamin, clock_at):
    for i, clock in enumerate(CLOCKS):
        (instance / "k.txt").write_text(f"text {i}")
        run([lamin, "save", "k.txt", "--key", "k.txt"], instance, LD_PRELOAD=str(clock_at), **clock)
    found = rows(instance)
    assert [row[0] for row in found] == [f"000{i}" for i in range(7)]
    assert found[3][3] > "2040" and found[4][3] < "1971" and found[5][3] < "2010", "the clocks were not wrong"
    assert latest(instance) == ["0006"]
    numbers = [f"000{i}" for i in reversed(range(7))]
    assert python(instance, READ) == f"0006 text 6 {numbers} 0006"
    # the mark goes to the greatest remaining number, whatever its clock said
    trash = "import lamindb as ln; ln.Artifact.get(key='k.txt').delete(); print()"
    restore = "import lamindb as ln; [a.restore() for a in ln.Artifact.objects.filter(key='k.txt', branch_id=-1).order_by('uid')]; print()"
    python(instance, trash, LD_PRELOAD=str(clock_at), CLOCK_SHIFT=str(48 * HOURS))
    assert latest(instance) == ["0005"]
    python(instance, trash)
    assert latest(instance) == ["0004"]
    python(instance, trash, LD_PRELOAD=str(clock_at), CLOCK_AT="1")
    assert latest(instance) == ["0003"]
    python(instance, restore)
    assert latest(instance) == ["0003"]
    (instance / "k.txt").write_text("after all")
    run([lamin, "save", "k.txt", "--key", "k.txt"], instance, LD_PRELOAD=str(clock_at), CLOCK_AT="1")
    assert latest(instance) == ["0007"]
    assert run([lamin, "load", "--key", "k.txt"], instance).strip().endswith(".txt")
    assert python(instance, READ).startswith("0007 after all")


def test_the_latest_that_was_trashed_and_restored_alone_is_the_latest(instance, lamin, clock_at):
    """If every version was in the trash, the greatest restored one is found by key and by uid."""
    for i, clock in enumerate(CLOCKS[:5]):
        (instance / "k.txt").write_text(f"text {i}")
        run([lamin, "save", "k.txt", "--key", "k.txt"], instance, LD_PRELOAD=str(clock_at), **clock)
    python(instance, "import lamindb as ln; [a.delete() for a in ln.Artifact.filter(key='k.txt').order_by('uid')]; print()")
    assert latest(instance) == []
    python(instance, "import lamindb as ln; ln.Artifact.objects.get(uid__endswith='0004', branch_id=-1).restore(); print()")
    assert latest(instance) == ["0004"]
    assert python(instance, READ).startswith("0004 text 4")


def test_notes_and_sources_too(instance, clock_at):
    write = "import lamindb as ln; u = ln.ULabel.filter(name='u').one_or_none() or ln.ULabel(name='u').save()\n"
    block = "import sys; ln.models.ULabelBlock(ulabel=u, content=sys.argv[1], kind='readme').save(); print(u.notes)"
    for i, clock in enumerate(CLOCKS):
        said = run([sys.executable, "-c", write + block, f"note {i}"], instance, LD_PRELOAD=str(clock_at), **clock)
        assert said.strip().splitlines()[-1] == f"note {i}"
    source = "import lamindb as ln, sys; t = ln.Transform(key='t.py', kind='script', source_code=sys.argv[1]).save(); print(t.uid[-4:], t.is_latest)"
    for i, clock in enumerate(CLOCKS):
        said = run([sys.executable, "-c", source, f"source {i}"], instance, LD_PRELOAD=str(clock_at), **clock)
        assert said.strip().splitlines()[-1] == f"000{i} True"
    assert python(instance, "import lamindb as ln; print(ln.Transform.get(key='t.py').source_code)") == "source 6"
