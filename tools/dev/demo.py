"""The main job on real data, told step by step. It checks its own results and fails on a wrong answer.

It leaves its instance in build/demo for inspection, with separate settings: ~/.lamin is not touched.
"""
from __future__ import annotations

import shutil
import subprocess

from . import build, services
from .common import BUILD, ROOT, Failure, environment, say, venv_python

FOLDER = BUILD / "demo"


def play(env: dict[str, str]) -> int:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    clean = {name: value for name, value in env.items() if not name.startswith("LAMIN_") or name == "LAMIN_DEMO_DB"}
    clean.update(LAMIN_SETTINGS_DIR=str(FOLDER), LAMIN_CACHE_DIR=str(FOLDER / "cache"))
    return subprocess.run([venv_python(), ROOT / "examples" / "main_job.py"], cwd=FOLDER, env=clean).returncode


def main(arguments: list[str]) -> int:
    """demo [--db postgres]                 the main job, end to end, on real data in a temporary instance"""
    if arguments not in ([], ["--db", "postgres"], ["--db", "sqlite"]):
        raise Failure("usage: ./dev demo [--db postgres]")
    build.build("release")
    if arguments == ["--db", "postgres"]:
        with services.running() as env, services.database(env["LAMIN_TEST_POSTGRES"]) as url:
            return play({**env, "LAMIN_DEMO_DB": url})
    status = play(environment())
    if status == 0:
        place = FOLDER.relative_to(ROOT)
        say(f"To look around: cd {place} && export LAMIN_SETTINGS_DIR=$PWD && ../../.venv/bin/lamin info")
    return status
