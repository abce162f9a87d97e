"""kill -9 at every system call that changes the disk or talks to a bucket, of every operation, with no, one and two others that
had the instance open before and continue: what was acknowledged exists, every row has its bytes, saving again works, `lamin gc`
leaves nothing.

By default a fixed sample of the calls, with LAMIN_TEST_LONG all. To repeat one point: what the failure names, with kill.py."""
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from operations import OPERATIONS

LONG = "LAMIN_TEST_LONG" in os.environ
# With PostgreSQL a database with all its tables is copied for each point, which takes half a second.
POSTGRES = ["real_version", "folder_version", *(["file_version", "folder", "delete_real", "many"] if LONG else [])]

BUCKET = OPERATIONS if LONG else ["large", "real_version", "folder_version", "many", "delete_real", "move"]


def kill(record_property, operation, most, *words):
    command = [sys.executable, Path(__file__).with_name("kill.py"), "--operation", operation, "--most", str(0 if LONG else most), "--json", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=3600 if LONG else 300)
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout.splitlines()[-1])
    record_property("faults", json.dumps(found["counts"]))
    fewest = 1 if OPERATIONS[operation].deletes else 4  # the server writes the rows of a deletion
    assert len(found["calls"]) >= fewest, f"what waits for the disk fewer than {fewest} times cannot be durable"
    shown = "\n".join(found["failures"][:30])
    assert not found["failures"], f"{len(found['failures'])} failures, counts {found['counts']}:\n{shown}"


@pytest.mark.parametrize("operation", OPERATIONS)
def test_nothing_acknowledged_is_lost(operation, record_property):
    kill(record_property, operation, 4)


@pytest.mark.parametrize("operation", POSTGRES)
def test_nor_with_postgresql(operation, postgres, record_property):
    """Only calls on the storage are counted, as the server is another process."""
    kill(record_property, operation, 2, "--db", postgres)


@pytest.mark.parametrize("operation", BUCKET)
def test_nor_in_a_bucket(operation, record_property):
    """On a real S3 server."""
    kill(record_property, operation, 2, "--bucket")
