"""The main job on real data, told step by step. It checks its own results: a wrong answer makes it fail."""
from __future__ import annotations

import subprocess

from . import build, services
from .common import ROOT, Failure, environment, venv_python


def main(arguments: list[str]) -> int:
    """demo [--db postgres]                 the main job, end to end, on real data in a temporary instance"""
    script = ROOT / "examples" / "main_job.py"
    if arguments not in ([], ["--db", "postgres"], ["--db", "sqlite"]):
        raise Failure("usage: ./dev demo [--db postgres]")
    build.build("release")
    if arguments == ["--db", "postgres"]:
        with services.running() as env:
            return subprocess.run([venv_python(), script, "--db", env["LAMIN_TEST_POSTGRES"]], cwd=ROOT, env=env).returncode
    return subprocess.run([venv_python(), script], cwd=ROOT, env=environment()).returncode
