"""The promised figures, each measured for ours and for LaminDB in the same run. See bench/README.md."""
from __future__ import annotations

import subprocess

from . import build, services, setup
from .common import ROOT, venv_python


def main(arguments: list[str]) -> int:
    """bench [--quick] [--only NAME]        ours against LaminDB 2.12 and raw SQLite, as ratios; --growth: 1e5 to 1e7 rows; --lineage: of 1e6 runs; --s3: object store against Arrow's"""
    if arguments[:1] == ["--growth"]:
        return growth(arguments[1:])
    if arguments[:1] == ["--lineage"]:
        return growth(arguments[1:], "bench/lineage.py")
    if arguments[:1] == ["--s3"]:
        build.build("release", ["all", "bench"])
        with services.running("s3") as env:
            return subprocess.run([venv_python(), "bench/s3.py", *arguments[1:]], cwd=ROOT, env=env).returncode
    build.build("release", ["all", "bench"])
    theirs = setup.interop()
    with services.running() as env, services.database(env["LAMIN_TEST_POSTGRES"]) as ours, services.database(env["LAMIN_TEST_POSTGRES"]) as other:
        return subprocess.run([venv_python(), "bench/run.py", "--theirs", theirs, "--postgres", ours, other, *arguments], cwd=ROOT,
                              env=env).returncode


def growth(arguments: list[str], script: str = "bench/growth.py") -> int:
    """The verbs of a registry as it grows, on both databases; takes half an hour and 20 GB at 1e7 rows. Or another script."""
    build.build("release", ["all"])
    with services.running() as env, services.database(env["LAMIN_TEST_POSTGRES"]) as url:
        return subprocess.run([venv_python(), script, "--postgres", url, *arguments], cwd=ROOT, env=env).returncode
