"""Golden files: what is generated from the modules in src/modules, as DDL, JSON and Python stubs. Committed, and
compared by a test."""
from __future__ import annotations

import subprocess

from . import build
from .common import ROOT, environment, run, say


def main(arguments: list[str]) -> int:
    """schema                               rewrites tests/golden and the stubs from src/modules; git diff shows it"""
    folder = build.build("release", ["lamin-schema"])
    run([folder / "bin" / "lamin-schema", *arguments, ROOT])
    subprocess.run(["git", "status", "--short", "--", "tests/golden", "python"], cwd=ROOT, env=environment())
    say("tests/golden and the stubs are up to date")
    return 0
