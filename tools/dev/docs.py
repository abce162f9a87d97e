"""The manual is made of docs/, the docstrings, the table of commands and the public headers by Sphinx; see tools/reference.py."""
from __future__ import annotations

import shutil

from . import build, setup
from .common import BUILD, ROOT, Timer, environment, run, say, venv_python

VENV = ROOT / ".venv-docs"  # Sphinx and its theme, apart from what builds and tests


def main(arguments: list[str]) -> int:
    """docs                                 build/docs/index.html: guide and reference of the Python API, the shell and C++"""
    timer = Timer()
    setup.basic()
    build.build("release")
    setup.make_venv(VENV, ROOT / "tools" / "requirements-docs.txt")
    source, out = BUILD / "docs-source", BUILD / "docs"
    env = {**environment(), "PYTHONPATH": str(ROOT / "python"), "HOME": str(BUILD), "LAMIN_SETTINGS_DIR": str(BUILD / "docs-settings")}
    run([VENV / "bin" / "python", ROOT / "tools" / "reference.py", source, venv_python().parent / "lamin"], env=env)
    shutil.rmtree(out, ignore_errors=True)
    run([VENV / "bin" / "python", "-m", "sphinx", "-q", "-W", "--keep-going", "-j", "auto", "-d", BUILD / "docs-cache", source, out], env=env)
    say(f"{out.relative_to(ROOT)}/index.html ({timer})")
    return 0
