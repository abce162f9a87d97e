"""CMake and Ninja into build/<preset>; .venv runs what was built last. With LAMIN_UNITS=ON in the environment several
sources are compiled as one: everything takes half the time, one change more.

`.venv/bin/lamin` and the packages in python/ reach the build through two links, so nothing is copied:
python/lamindb/lib is the build's lib folder and python/lamindb/_core.*.so its extension module.
"""
from __future__ import annotations

import argparse
from pathlib import Path

from . import setup
from .common import BUILD, JOBS, ROOT, VENV, Failure, Timer, environment, output, run, say, venv_python

PRESETS = ("release", "dev", "asan", "tsan", "fuzz")
CORE = "_core.*.so"  # .abi3 or .cpython-311-...


def configure(preset: str) -> Path:
    folder = BUILD / preset
    stamp = folder / "configured.stamp"
    # The environment's packages (pyarrow, nanobind) are part of the configuration.
    units = environment()["LAMIN_UNITS"]
    wanted = (VENV / "installed.stamp").read_text() + (ROOT / "CMakePresets.json").read_text() + units
    if not (folder / "build.ninja").exists() or not stamp.exists() or stamp.read_text() != wanted:
        fresh = ["--fresh"] if (folder / "CMakeCache.txt").exists() else []
        run(["cmake", "--preset", preset, *fresh, "--log-level=WARNING", f"-DPython_EXECUTABLE={venv_python()}", f"-DLAMIN_UNITS={units}"])
        stamp.write_text(wanted)
    return folder


def build(preset: str = "release", targets: list[str] | None = None) -> Path:
    setup.basic()
    folder = configure(preset)
    run(["ninja", "-C", folder, "--quiet", "-j", JOBS, *(targets or [])])
    if preset in ("release", "dev"):
        link(folder)
    return folder


def point(link_: Path, target: Path) -> None:
    if link_.is_symlink() and link_.resolve() == target.resolve():
        return
    link_.unlink(missing_ok=True)
    link_.symlink_to(target)


def link(folder: Path) -> None:
    program = folder / "bin" / "lamin"
    if program.exists():
        point(VENV / "bin" / "lamin", program)
    package = ROOT / "python" / "lamindb"
    built = next((folder / "lib").glob(CORE), None)
    if not package.is_dir() or built is None:
        return
    for old in package.glob(CORE):
        if old.name != built.name:
            old.unlink()
    point(package / built.name, built)
    point(package / "lib", folder / "lib")


def has_target(folder: Path, target: str) -> bool:
    return any(line.startswith(f"{target}: ") for line in output(["ninja", "-C", folder, "-t", "targets", "all"]).splitlines())


def main(arguments: list[str]) -> int:
    """build [PRESET] [TARGET...]           release (default), dev, asan or tsan; .venv then runs what was built"""
    parser = argparse.ArgumentParser(prog="./dev build")
    parser.add_argument("preset", nargs="?", default="release")
    parser.add_argument("targets", nargs="*")
    given = parser.parse_args(arguments)
    if given.preset not in PRESETS:
        raise Failure(f"there is no preset '{given.preset}': take one of {', '.join(PRESETS)}")
    timer = Timer()
    folder = build(given.preset, given.targets)
    say(f"{folder.relative_to(ROOT)} is up to date ({timer})")
    return 0
