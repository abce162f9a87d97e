"""The clock jumps, by days, years or back to 1970: the last version saved is the latest, and the one before it takes over when
the latest goes to the trash; nothing of a living writer is cleaned up, and everything of a dead one."""
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import oracle
import pytest
from tracing import compiled
from world import CLEAN, World

HERE = Path(__file__).parent
DAY, YEAR = 86400, 31557600
JUMPS = {"two days ahead": 2 * DAY, "two days back": -2 * DAY, "fifteen years ahead": 15 * YEAR, "1970": -int(time.time()) + 1000}

SAVE = """
import sys, lamindb as ln
path, key, real = sys.argv[1:]
print(ln.Artifact(path, key=key, **({"key_is_virtual": False} if real == "real" else {})).save().uid)
"""
TRASH = """
import sys, lamindb as ln
ln.Artifact.get(sys.argv[1]).delete()
print(ln.Artifact.get(key=sys.argv[2]).uid)
"""
RESTORE = """
import sys, lamindb as ln
ln.Artifact.filter(uid=sys.argv[1], branch=None).one().restore()
"""
LATEST = """
import sys, lamindb as ln
artifact = ln.Artifact.get(key=sys.argv[1])
print(artifact.uid, open(artifact.cache()).read(), *[version.uid for version in artifact.versions.order_by("uid")])
"""

class Clock:
    """Programs in a world whose clock is wrong."""

    def __init__(self, world: World):
        self.world, self.file = world, world.base / "clock"
        self.env = {**os.environ, "LD_PRELOAD": str(compiled("clock.c", "-ldl")), "FAULTS_CLOCK": str(self.file)}
        self.env.pop("LAMIN_NO_CONNECT", None)
        self.jump(0)

    def jump(self, seconds: int) -> None:
        self.file.write_text(str(seconds))

    def python(self, text: str, *words) -> str:
        return self.run(sys.executable, "-c", text, *words)

    def run(self, *words) -> str:
        done = subprocess.run([str(word) for word in words], cwd=self.world.root, env=self.env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


@pytest.fixture
def world(monkeypatch):
    with monkeypatch.context() as patch:
        for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME"):
            patch.setenv(name, os.environ.get(name, ""))
        patch.setattr(tempfile, "tempdir", None)
        where = os.getcwd()
        world = World()
        yield world
        world.close()
        os.chdir(where)


@pytest.fixture
def clock(world):
    return Clock(world)


def test_the_clock_is_off(clock):
    clock.jump(15 * YEAR)
    assert float(clock.python("import time; print(time.time())")) > time.time() + 14 * YEAR
    clock.python(SAVE, clock.world.write("a.txt", b"a"), "a.txt", "virtual")
    with sqlite3.connect(clock.world.db) as db:
        assert db.execute("select max(created_at) from lamindb_artifact").fetchone()[0] > "2040"


@pytest.mark.parametrize("kind", ["virtual", "real"])
def test_the_last_saved_is_the_latest(clock, kind):
    uids = []
    for turn, seconds in enumerate([0, *JUMPS.values(), 0]):
        clock.jump(seconds)
        content = f"version {turn}"
        uids.append(clock.python(SAVE, clock.world.write("a.txt", content.encode()), "a.txt", kind))
        assert clock.python(LATEST, "a.txt") == " ".join([uids[-1], content, *uids])
    assert uids == sorted(uids)
    for name, seconds in JUMPS.items():
        clock.jump(seconds)
        assert clock.python(TRASH, uids[-1], "a.txt") == uids[-2], f"whoever follows into the place of the latest, the clock at {name}"
        clock.python(RESTORE, uids[-1])
        uids.append(clock.python(SAVE, clock.world.write("a.txt", name.encode()), "a.txt", kind))
        assert clock.python(LATEST, "a.txt") == " ".join([uids[-1], name, *uids])
    clock.run(*CLEAN)
    found = oracle.examine(clock.world)
    assert not found, found.texts()


@pytest.mark.parametrize("when", JUMPS)
@pytest.mark.parametrize("operation", ["folder", "real_version"])
def test_who_lives_is_left_alone_and_who_died_is_cleaned_up(operation, when, record_property):
    """`lamin gc` on a machine whose clock is wrong, while a writer is held before its bytes are moved into place, and after it
    died."""
    for what in (["--during", "gc", "--resume"], ["--alone"]):
        command = [sys.executable, HERE / "kill.py", "--operation", operation, "--at", "renameat2", *what, "--clock", str(JUMPS[when]), "--json"]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr[-4000:]
        found = json.loads(done.stdout.splitlines()[-1])
        assert not found["failures"], "\n".join([" ".join(map(str, command)), *found["failures"]])
        record_property("faults", json.dumps(found["counts"]))
