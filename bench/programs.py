"""The compiled programs that measure below Python, and where everything measured lies."""
from __future__ import annotations

import subprocess
from pathlib import Path

from sides import ROOT

PLACE = ROOT / "build" / "bench"
BIN = ROOT / "build" / "release" / "bin"


def numbers(*command, cwd: Path | None = None, env: dict | None = None) -> list[float]:
    """The times that a program prints, in seconds."""
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=env, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(map(str, command))}: {done.stderr}")
    return [float(line) for line in done.stdout.split()]
