"""Real workflow managers, in folders of their own. `./dev test engines` fetches them; by hand: ./dev setup engines.

Nextflow's belong to the long tier: they need Java, Maven Central and a minute. So does Jupyter Lab's, which needs a browser.
"""
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENGINES = ROOT / "build" / "engines"

collect_ignore_glob = [] if "LAMIN_TEST_LONG" in os.environ else ["test_nextflow*", "test_jupyter_lab*"]

# What Nextflow's launcher adds: it opens up packages of Java's.
_OPENED = (
    "java.lang java.io java.nio java.net java.util java.util.concurrent.locks java.util.concurrent.atomic java.nio.file.spi sun.nio.ch sun.nio.fs "
    "sun.net.www.protocol.http sun.net.www.protocol.https sun.net.www.protocol.ftp sun.net.www.protocol.file jdk.internal.misc jdk.internal.vm "
    "java.util.regex"
).split()


def _program(path, text):
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


class World:
    """A folder with the programs `lamin`, `python`, `snakemake`, `redun` and `nextflow` on the PATH."""

    def __init__(self, folder, bin_folder, lamin):
        self.folder = folder
        self.env = {**os.environ, "PATH": os.pathsep.join([str(bin_folder), str(lamin.parent), os.environ["PATH"]]), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(self, *words, fails=False, cwd=None, env=None):
        done = subprocess.run([str(word) for word in words], cwd=cwd or self.folder, env={**self.env, **(env or {})}, capture_output=True,
                              text=True, timeout=300)
        said = done.stdout + done.stderr
        assert (done.returncode != 0) == fails, said
        return said

    def sh(self, script, **options):
        return self.run("bash", "-ec", script, **options)

    def python(self, code, **options):
        return self.run(sys.executable, "-c", "import lamindb as ln\n" + code, **options)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def page(self, name):
        """Runs the blocks of a page, in order: sh, and python files that look at something; others are only written."""
        blocks = re.findall(r"```(\w+)\n(.*?)```", (ROOT / "docs" / name).read_text(), re.S)
        said, cwd = [], self.folder
        for language, text in blocks:
            file = re.match(r"(?:#|//) (\S+)\n", text)
            if language == "sh":
                said.append(self.sh(f"{text}\npwd > '{self.folder}/.pwd'", cwd=cwd))
                cwd = Path((self.folder / ".pwd").read_text().strip())
            elif file:
                (cwd / file[1]).write_text(text)
                if language == "python" and "import lamindb" in text and "sys.argv" not in text:
                    said.append(self.run(sys.executable, file[1], cwd=cwd))
        assert len(said) >= 3
        return said


@pytest.fixture(scope="session")
def nextflow_home(tmp_path_factory):
    """Nextflow's home with our plug-in, compiled against the real jars; None of it is in the user's home."""
    home = tmp_path_factory.mktemp("nextflow")
    jars = (ENGINES / "nextflow.classpath").read_text()
    done = subprocess.run([ROOT / "integrations" / "nextflow" / "install", home / "plugins", jars], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return home


def _world(tmp_path, lamin):
    folder, programs = tmp_path / "work", tmp_path / "bin"
    folder.mkdir()
    programs.mkdir()
    return folder, programs, lamin


@pytest.fixture
def world(tmp_path, home, lamin):
    """With Snakemake and redun."""
    folder, programs, lamin = _world(tmp_path, lamin)
    # Snakemake's environment does not have our packages: the plug-in is on its path, without lamindb.
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    (plugins / "snakemake_logger_plugin_lamin").symlink_to(ROOT / "python" / "snakemake_logger_plugin_lamin")
    _program(programs / "snakemake", f'#!/bin/sh\nPYTHONPATH={plugins} exec {ENGINES}/venv/bin/python -m snakemake "$@"\n')
    _program(programs / "redun", f'#!/bin/sh\nexec {ENGINES}/venv/bin/redun "$@"\n')
    return World(folder, programs, lamin)


@pytest.fixture
def nextflow_world(tmp_path, home, lamin, nextflow_home):
    """With Nextflow and our plug-in."""
    folder, programs, lamin = _world(tmp_path, lamin)
    opened = " ".join(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in _OPENED)
    jars = (ENGINES / "nextflow.classpath").read_text()
    _program(programs / "nextflow", f"""#!/bin/sh
export NXF_OFFLINE=true NXF_HOME={nextflow_home} NXF_DISABLE_CHECK_LATEST=true NXF_ANSI_LOG=false
exec java {opened} -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '{jars}' nextflow.cli.Launcher "$@"
""")
    return World(folder, programs, lamin)


@pytest.fixture
def lab_world(tmp_path, home, lamin):
    """With Jupyter Lab, `world.lab`, and a Python beside it that drives a browser."""
    world = World(*_world(tmp_path, lamin))
    world.lab = ENGINES / "lab" / "bin" / "jupyter-lab"
    return world
