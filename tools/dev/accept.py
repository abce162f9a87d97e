"""LaminDB's own tests against ours: the measure of "drop-in". It needs the acceptance kit, a folder next to this
checkout.

The kit brings LaminDB's tests (from PyPI), their requirements, and their results on LaminDB itself; its README says
what counts.
"""
from __future__ import annotations

import os
import shutil
import sys
import tempfile
import venv
from pathlib import Path

from . import build, setup
from .common import BUILD, ROOT, Failure, environment, run, say

PLACE = BUILD / "accept"
THEIRS = ("lamindb", "bionty", "pertdb", "lamin_", "lamin-", "django", "dj-")  # packages that ours replaces, and what brings them


def kit() -> Path:
    folder = Path(os.environ.get("LAMIN_ACCEPT", ROOT.parent / "shared" / "accept"))
    if not (folder / "run.sh").exists():
        raise Failure(f"there is no acceptance kit in {folder}: set LAMIN_ACCEPT to its folder")
    return folder.resolve()


def environment_of_ours(kit_folder: Path) -> Path:
    """Python with this checkout's packages and the libraries that the tests use, without LaminDB."""
    folder = PLACE / "venv"
    python = folder / "bin" / "python"
    if not (folder / "installed").exists():
        venv.create(folder, with_pip=True)
        wanted = [line for line in (kit_folder / "requirements-212.txt").read_text().splitlines()
                  if line.strip() and not line.lower().startswith(THEIRS)]
        listed = PLACE / "requirements.txt"
        listed.write_text("\n".join(wanted) + "\n")
        run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", listed, "zstandard", "PyYAML"])
        (folder / "installed").touch()
    packages = next((folder / "lib").glob("python3*/site-packages"))
    # LaminDB's tests read messages from standard output, where only scripts that ask for them find them.
    (packages / "ours.pth").write_text(f"{ROOT / 'python'}\nimport os; os.environ.setdefault('LAMIN_MESSAGES', 'stdout')\n")
    program = folder / "bin" / "lamin"
    program.unlink(missing_ok=True)
    program.symlink_to(BUILD / "release" / "bin" / "lamin")
    return python


def main(arguments: list[str]) -> int:
    """accept [--suite NAME] [--match REGEX]...  LaminDB's own tests against ours; all of them take about ten minutes"""
    folder = kit()
    setup.basic()
    build.build("release")
    PLACE.mkdir(parents=True, exist_ok=True)
    python = environment_of_ours(folder)
    sources, assets, found = PLACE / "src", PLACE / "assets", PLACE / "found"
    if not sources.exists():
        run(["bash", folder / "prep_src.sh", sources])
    if not assets.exists():
        run([python, folder / "make_assets.py", folder.parent / "data", assets, sources / "bionty" / "bionty" / "base" / "sources.yaml"])
    env = {**environment(), "ACCEPT_SRC": str(sources), "ACCEPT_ASSETS": str(assets), "ACCEPT_DRIVER": sys.executable}
    given = arguments if any(word in arguments for word in ("--suite", "--tier", "--match")) else ["--tier", "full", *arguments]
    with tempfile.TemporaryDirectory() as outside:  # below this checkout, pytest would name tests by their place in it
        try:
            run(["bash", folder / "run.sh", python, outside, *given], env=env)
        finally:
            shutil.rmtree(found, ignore_errors=True)
            shutil.copytree(outside, found)
    say(f"what passes: {found / 'summary.txt'}; what does not: {found / 'lost.tsv'}")
    return 0
