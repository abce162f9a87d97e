"""Places, processes and messages that all commands share."""
from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import laws

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
VENV = ROOT / ".venv"
JOBS = str(len(os.sched_getaffinity(0)))


class Failure(Exception):
    """A command failed; the message says what and what to do. `./dev` prints it and exits with 1."""


def say(text: str) -> None:
    print(f"\033[1m{text}\033[0m" if sys.stdout.isatty() else text, flush=True)


def environment() -> dict[str, str]:
    """For everything we start: our tools first, and a compiler cache inside build/."""
    env = dict(os.environ)
    env["PATH"] = f"{VENV / 'bin'}{os.pathsep}{env.get('PATH', '')}"
    env.setdefault("CCACHE_DIR", str(BUILD / "ccache"))
    env.setdefault("CCACHE_BASEDIR", str(ROOT))
    env.setdefault("CCACHE_NOHASHDIR", "1")
    env.setdefault("CCACHE_SLOPPINESS", "pch_defines,time_macros,include_file_mtime,include_file_ctime")  # what it asks for where headers are precompiled
    env.setdefault("CCACHE_MAXSIZE", "2G")
    env.setdefault("LAMIN_UNITS", "OFF")  # also for wheels, which then find their objects in that cache
    env.pop("PYTHONPATH", None)
    return env


def run(command: list, **options) -> None:
    """Runs a command to its end; raises Failure with the command line if it fails."""
    options.setdefault("cwd", ROOT)
    options.setdefault("env", environment())
    command = [str(word) for word in command]
    if subprocess.run(command, **options).returncode != 0:
        raise Failure(f"failed: {' '.join(command)}")


def succeeds(command: list, **options) -> bool:
    options.setdefault("cwd", ROOT)
    options.setdefault("env", environment())
    return subprocess.run([str(word) for word in command], **options).returncode == 0


def output(command: list, **options) -> str:
    options.setdefault("cwd", ROOT)
    options.setdefault("env", environment())
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, text=True, **options)
    if done.returncode != 0:
        raise Failure(f"failed: {' '.join(str(word) for word in command)}")
    return done.stdout


def tracked(*suffixes: str) -> list[Path]:
    """The project's files with these endings."""
    return [file for file in laws.listed(ROOT) if file.name.endswith(suffixes)]


def venv_python() -> Path:
    return VENV / "bin" / "python"


def read_json(path: Path):
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return None


class Timer:
    def __init__(self) -> None:
        self.started = time.monotonic()

    def __str__(self) -> str:
        return f"{time.monotonic() - self.started:.1f} s"
