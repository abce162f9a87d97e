"""Many processes that save, load and delete the same few keys for a while; prints what was wrong as JSON.

    python tests/faults/stress.py --seconds 60 --processes 16 [--db postgresql://...] [--bucket]

Each notes what it was told. Afterwards every acknowledged version exists with its content, or was replaced at its place by a
newer one, or deleted; no error occurred that another attempt would not have had; `lamin gc` leaves nothing."""
import argparse
import json
import os
import random
import sys
import time
import traceback
from collections import Counter

import oracle
from operations import FOLDER, Target, read_wrong, write
from world import CLEAN, World, connect, hash_of, load, loaded, short_md5

VIRTUAL, REAL = Target("v/a.txt"), Target("r/a.txt", real=True)
ROUND = 0.5  # seconds, after which everybody turns to another, unused key

# Acceptable answers to a load while others replace and delete.
PASSED = ("ObjectDoesNotExist", "DoesNotExist", "outdated", "superseded", "overwritten", "deleted", "already in the trash")


class Writer:
    """One of the processes. Notes a line for each answer: [verb, key, uid or text, tag, when]."""

    def __init__(self, world: World, number: int, began: float):
        self.world, self.number, self.began = world, number, began
        self.random = random.Random(number)
        self.turn = 0
        self.log = open(world.root / f"log{number}", "w", buffering=1)

    def note(self, *what) -> None:
        self.log.write(json.dumps([*what, time.monotonic()]) + "\n")

    def run(self, until: float) -> None:
        self.ln = connect()
        while time.monotonic() < until:
            target = self.target()
            verb = self.random.choices(["save", "load", "trash", "delete"], [10, 8, 1, 1])[0]
            try:
                getattr(self, verb)(target)
            except Exception as error:
                self.note("error", target.key, f"{verb}: {type(error).__name__}: {error}", "")
            self.turn += 1
        self.note("end", "", "", "")

    def target(self) -> Target:
        turn = int((time.monotonic() - self.began) / ROUND)
        return self.random.choice([VIRTUAL, REAL, FOLDER, Target(f"n/{turn}", folder=True), Target(f"m/{turn}.txt", real=True)])

    def save(self, target: Target) -> None:
        tag = f"{self.number}-{self.turn}"
        path = write(self.world, target, tag)
        self.note("saved", target.key, target.save(self.ln, path), tag)
        os.system(f"rm -r {path}") if target.folder else os.unlink(path)

    def load(self, target: Target) -> None:
        artifact = self.ln.Artifact.filter(key=target.key, is_latest=True).order_by("-id").first()
        if artifact is None:
            return
        wrong = self.read(artifact)
        if wrong and target.folder and self.is_still_newest(artifact):
            # Its path was read while the files were waiting for their exchange, which has happened since.
            self.note("moved", target.key, wrong, artifact.uid)
            wrong = self.read(artifact)
        if wrong is None:
            self.note("read", target.key, artifact.uid, "")
        elif self.is_still_newest(artifact):
            self.note("wrong", target.key, wrong, artifact.uid)
        else:
            self.note("passed", target.key, wrong, artifact.uid)

    @staticmethod
    def read(artifact) -> str | None:
        """None if it reads right: a file as `load` returns it, for a folder the files below its path."""
        try:
            if artifact.n_files is not None:
                return read_wrong(artifact)
            data = artifact.load(is_run_input=False).encode()
        except FileNotFoundError as error:
            return f"{type(error).__name__}: {error}"
        found = (short_md5(data), len(data))
        return None if found == (artifact.hash, artifact.size) else f"{artifact.uid} loads as {found}, its row says {(artifact.hash, artifact.size)}"

    def is_still_newest(self, artifact) -> bool:
        newest = self.ln.Artifact.filter(key=artifact.key, branch=None).order_by("-id").first()
        return newest is not None and newest.uid == artifact.uid

    def trash(self, target: Target) -> None:
        if artifact := self.any(target):
            artifact.delete()
            self.note("trashed", target.key, artifact.uid, "")

    def delete(self, target: Target) -> None:
        if artifact := self.any(target):
            self.note("deleting", target.key, artifact.uid, "")
            artifact.delete(permanent=True, storage=True)
            self.note("deleted", target.key, artifact.uid, "")

    def any(self, target: Target):
        rows = self.ln.Artifact.filter(key=target.key, branch=None).order_by("-id").all()[:5]
        return self.random.choice(list(rows)) if rows else None


def run(world: World, processes: int, seconds: float) -> list[list]:
    """Runs all of them at once; returns what each noted, in order."""
    began = time.monotonic()
    children = []
    for number in range(processes):
        child = os.fork()
        if child == 0:
            try:
                Writer(world, number, began).run(began + seconds)
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    return [[json.loads(line) for line in open(world.root / f"log{number}")] for number in range(processes)]


def judge(world: World, notes: list[list]) -> tuple[Counter, list[str], list[str]]:
    counts, failures = Counter(), []

    def fail(kind: str, text: str) -> None:
        counts[kind] += 1
        failures.append(f"{kind}: {text}".replace("\n", " "))

    told = [note for one in notes for note in one]
    counts.update(verb for verb, *_ in told)
    for number, one in enumerate(notes):
        if not one or one[-1][0] != "end":
            fail("refused", f"process {number} died")
    for verb, key, text, *_ in told:
        if verb == "wrong":
            fail("wrong", f"{key}: {text}")
        if verb == "error" and not excused(text):
            fail("refused", f"{key}: {text}")
    gone = {uid for verb, _, uid, *_ in told if verb in ("deleting", "deleted")}
    targets = {target.key: target for target in (VIRTUAL, REAL, FOLDER)}
    rows = {row["uid"]: row for row in oracle.rows_of(world.database or str(world.db))}
    seen: dict[str, str] = {}
    for verb, key, uid, tag, _ in told:
        if verb != "saved":
            continue
        if uid in seen:
            fail("rows", f"the uid {uid} ({key}) was given twice: for {seen[uid]} and {tag}")
        seen[uid] = tag
        target = targets.get(key) or Target(key, folder=key.startswith("n/"), real=key.startswith("m/"))
        family_gone = target.folder and any(other[:16] == uid[:16] for other in gone)
        if uid not in rows:
            if uid not in gone and not family_gone:
                fail("lost", f"{uid} ({key}, saved by {tag})")
        elif rows[uid]["hash"] != hash_of(target.content(tag)):
            fail("lost", f"{uid} ({key}) is another's: saved by {tag}")
    for uid in set(rows) - set(seen):
        if not any(verb == "error" for verb, *_ in told):
            fail("rows", f"{uid} ({rows[uid]['key']}) was acknowledged to nobody")
    examine(world, gone, fail)
    keys = {key for _, key, *_ in told if key and any(key in text for text in failures)}
    history = [f"{when:.6f} {number} {verb} {key} {text} {tag}" for number, one in enumerate(notes) for verb, key, text, tag, when in one if key in keys]
    history += [f"row {row['id']} {uid} {row['key']} {row['hash']} branch {row['branch_id']}" for uid, row in rows.items() if row["key"] in keys]
    return counts, failures, sorted(history)


def excused(text: str) -> bool:
    """A version may be replaced or deleted while it is loaded or deleted; a save has no excuse."""
    return not text.startswith("save") and any(word in text for word in PASSED)


def examine(world: World, gone: set, fail) -> None:
    done = world.run(*CLEAN, check=False)
    if done.returncode != 0:
        fail("refused", f"lamin gc: {done.stderr}")
    found = oracle.examine(world, tuple(gone))
    for kind in ("missing", "wrong", "leftovers", "rows"):
        for text in getattr(found, kind):
            fail(kind, text)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--processes", type=int, default=16)
    parser.add_argument("--db", default="")
    parser.add_argument("--bucket", action="store_true", help="the storage is an S3 bucket")
    given = parser.parse_args()
    world = World(database=given.db, bucket=given.bucket)
    try:
        os.environ["LAMIN_NO_CONNECT"] = "1"
        load(warm(world))
        counts, failures, history = judge(world, run(world, given.processes, given.seconds))
    finally:
        world.close()
    print(*history, sep="\n", file=sys.stderr)  # of each key that something is wrong with
    print(json.dumps({"counts": counts, "failures": failures}))
    return 0


def warm(world: World) -> list[str]:
    """What a process that saves and loads imports, found out in a throw-away process."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        ln = connect()
        ln.Artifact(write(world, VIRTUAL, "warm"), key="warm.txt")
        os.write(writing, json.dumps(loaded()).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as names:
        return json.load(names)


if __name__ == "__main__":
    sys.exit(main())
