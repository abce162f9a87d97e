"""Sixteen processes at the same keys: a file, a file and a folder at a real key, folders that are new to all, with loads, the
trash and deletion among the saves. Eight seconds, with LAMIN_TEST_LONG a minute, on both databases, and with the storage in a
bucket."""
import json
import os
import subprocess
import sys
from pathlib import Path

SECONDS = 60 if "LAMIN_TEST_LONG" in os.environ else 8


def test_many_writers_of_the_same_keys(db, record_property):
    compete(record_property, *(["--db", db] if db else []))


def test_many_writers_of_the_same_keys_in_a_bucket(record_property):
    compete(record_property, "--bucket")


def compete(record_property, *words):
    command = [sys.executable, Path(__file__).with_name("stress.py"), "--seconds", str(SECONDS), *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS + 300)
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout.splitlines()[-1])
    counts = found["counts"]
    record_property("faults", json.dumps({**counts, "acks": counts.get("saved", 0)}))
    assert counts.get("saved", 0) >= 50 and counts.get("read", 0) >= 20, counts
    shown = "\n".join(found["failures"][:40])
    assert not found["failures"], f"{len(found['failures'])} failures, counts {counts}:\n{shown}"
