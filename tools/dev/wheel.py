"""A wheel for .venv's Python, as `pip install .` makes it."""
from __future__ import annotations

from . import setup
from .common import ROOT, environment, run, say, venv_python


def launcher() -> dict[str, str]:
    """The compiler cache in build/, for builds that pip starts. The name of the compiler is part of its key."""
    return {"CC": "cc", "CXX": "c++", **environment(), "CMAKE_CXX_COMPILER_LAUNCHER": "ccache", "CMAKE_C_COMPILER_LAUNCHER": "ccache"}


def main(arguments: list[str]) -> int:
    """wheel                                dist/lamindb_native-*.whl: the Python packages and the native lamin"""
    setup.basic()
    run([venv_python(), "-m", "pip", "wheel", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "-w", ROOT / "dist", "."],
        env=launcher())
    made = max((ROOT / "dist").glob("*.whl"), key=lambda file: file.stat().st_mtime)
    say(f"{made.relative_to(ROOT)}: {made.stat().st_size / 1e6:.1f} MB")
    return 0
