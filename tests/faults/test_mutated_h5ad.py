"""Damaged h5ad files through curate, from_anndata and load: the process survives, answers in time and stays small."""
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

LONG = bool(os.environ.get("LAMIN_TEST_LONG"))
COUNT = 2000 if LONG else 200
A_PROCESS = 50
MOST_SECONDS = 60  # for all three together, two of which may take the CPU seconds allowed below
MOST_GROWTH = 256 << 20


@pytest.mark.parametrize("first", range(0, COUNT, A_PROCESS))
def test_damaged_files_hurt_nobody(first, tmp_path, home, monkeypatch):
    monkeypatch.setenv("LAMIN_READ_SECONDS", "2")
    program = Path(__file__).with_name("mutated.py")
    done = subprocess.run([sys.executable, program, str(first), str(A_PROCESS), str(tmp_path)], cwd=tmp_path, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60 + A_PROCESS * MOST_SECONDS)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    last = lines[-1] if lines else None
    assert done.returncode == 0, f"ended with {done.returncode} at {last}: {done.stderr[-2000:]}"
    files = [line for line in lines if "outcomes" in line]
    assert len(files) == A_PROCESS
    slow = [line for line in files if line["seconds"] > MOST_SECONDS]
    large = [line for line in files if line["growth"] > MOST_GROWTH]
    assert not slow and not large, (slow, large)
    # The damage is real, but not so heavy that only the first bytes are looked at.
    seen = Counter(outcome for line in files for outcome in line["outcomes"].values())
    assert seen["read"] and seen["CorruptData"], seen
