"""Somebody on a machine of their own: a home folder and a working folder, with the shell and Python."""
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path


class Person:
    def __init__(self, lamin: Path, folder: Path):
        self.lamin, self.home, self.folder = lamin, folder / "home", folder / "work"
        self.process = None
        self.home.mkdir(parents=True)
        self.folder.mkdir()
        self.env = {**os.environ, "HOME": str(self.home), "XDG_CACHE_HOME": str(self.home / ".cache")}

    def start(self, *words, **env) -> subprocess.Popen:
        return subprocess.Popen([self.lamin, *map(str, words)], cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                text=True, env={**self.env, **env})

    def run(self, *words, status=0, **env) -> str:
        process = self.start(*words, **env)
        said = process.communicate(timeout=120)[0]
        assert status is None or process.returncode == status, f"{process.returncode}\n{said}"
        self.status = process.returncode
        return said

    def python(self, text: str, status=0, program=sys.executable, **env) -> str:
        done = subprocess.run([program, "-W", "ignore", "-c", "import lamindb as ln\n" + textwrap.dedent(text)], cwd=self.folder,
                              capture_output=True, text=True, timeout=180, env={**self.env, **env})
        assert done.returncode == status, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def save(self, name: str, content: str = "", **more) -> str:
        (self.folder / name).write_text(content or f"content of {name}\n")
        return self.run("save", name, "--key", name, **more)

    def keys(self) -> set[str]:
        """Keys of the artifacts that this person sees."""
        said = self.run("list", "artifact", "--json")
        return {json.loads(line)["key"] for line in said.splitlines() if line.startswith("{")}

    def copy(self) -> Path:
        """The folder with the copy of the database."""
        (folder,) = (self.home / ".lamin" / "databases").iterdir()
        return folder
