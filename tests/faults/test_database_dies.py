"""PostgreSQL dies at each point of an operation: its connection ends, its process is killed, the whole server goes down and
comes back. What was acknowledged exists, and an error says that nothing was saved, or that nobody knows.

By default a few points, with LAMIN_TEST_LONG every message to and from the server."""
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

LONG = "LAMIN_TEST_LONG" in os.environ


@pytest.mark.parametrize("operation", ["real_version", "delete_real", *(["file", "folder_version"] if LONG else [])])
def test_the_database_dies(operation, record_property):
    command = [sys.executable, Path(__file__).with_name("database_dies.py"), "--operation", operation, "--most", "0" if LONG else "3"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=3600 if LONG else 300)
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout.splitlines()[-1])
    record_property("faults", json.dumps(found["counts"]))
    assert found["counts"]["struck"] >= 3, found["counts"]
    shown = "\n".join(found["failures"][:30])
    assert not found["failures"], f"{len(found['failures'])} failures, counts {found['counts']}:\n{shown}"
