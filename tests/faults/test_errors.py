"""System calls that fail during an operation, those that talk to a bucket included, and a full disk: each ends well or with an
error that says so; then nothing of it is visible, nobody else's data is lost, saving again works and `lamin gc` leaves nothing.

By default a fixed sample, with LAMIN_TEST_LONG every call with every error that it can have. To repeat one point: fail.py."""
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LONG = "LAMIN_TEST_LONG" in os.environ
OPERATIONS = ("large", "file", "file_version", "folder", "folder_version", "real_version", "real_folder_version", "many", "delete_real",
              "delete_folder", "curated", "collection_new", "repair", "cli_file", "cli_folder_version")
BUCKET = OPERATIONS if LONG else ("large", "folder_version", "real_version", "delete_folder")


def strike(record_property, *words):
    command = [sys.executable, Path(__file__).with_name("fail.py"), *words, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=3600 if LONG else 300)
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout.splitlines()[-1])
    record_property("faults", json.dumps(found["counts"]))
    assert found["counts"]["points"] >= 4, found["counts"]
    shown = "\n".join(found["failures"][:30])
    assert not found["failures"], f"{len(found['failures'])} failures, counts {found['counts']}:\n{shown}"
    return found["counts"]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_call_that_fails(operation, record_property):
    strike(record_property, "--operation", operation, "--most", "0" if LONG else "14")


@pytest.mark.parametrize("operation", BUCKET)
def test_a_call_that_fails_where_the_storage_is_a_bucket(operation, record_property):
    """On a real S3 server; what is sent and received fails, too."""
    strike(record_property, "--operation", operation, "--most", "0" if LONG else "14", "--bucket")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_disk_without_room(operation, record_property):
    counts = strike(record_property, "--operation", operation, "--full", "--most", "0" if LONG else "6")
    assert counts["raised"] >= 1, "a full disk was not noticed"


@pytest.mark.parametrize("operation", ["file", "folder_version", "real_version", "delete_real"])
def test_a_disk_with_few_pages(operation, record_property):
    """From none to more than it needs, on a file system that is really full; without the right to mount, calls fail instead."""
    how = ["--room", "0-130"] if os.geteuid() == 0 else ["--full"]
    counts = strike(record_property, "--operation", operation, *how, "--most", "0" if LONG else "8")
    assert counts["raised"] >= 1 and counts["acks"] >= 1, counts
