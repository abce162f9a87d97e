"""The figures that are promised, each measured for ours and for LaminDB in the same run. See bench/README.md."""
from __future__ import annotations

import subprocess

from . import build, setup
from .common import ROOT, environment, venv_python


def main(arguments: list[str]) -> int:
    """bench [--quick] [--only NAME]        ours against LaminDB 2.12 and raw SQLite, as ratios; JSON in build/bench"""
    build.build("release", ["all", "bench"])
    theirs = setup.interop()
    return subprocess.run([venv_python(), "bench/run.py", "--theirs", theirs, *arguments], cwd=ROOT, env=environment()).returncode
