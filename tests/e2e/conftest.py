"""A folder with an instance in which commands are run by `lamin run`."""
import json
import os
import subprocess
import textwrap

import pytest


@pytest.fixture
def run_shell(tmp_path, home, lamin):
    class Shell:
        folder = tmp_path

        def __call__(self, *words, status=0, **env):
            done = subprocess.run([lamin, *map(str, words)], cwd=tmp_path, env={**os.environ, **env}, capture_output=True, text=True, timeout=120)
            assert done.returncode == status, f"{words}: {done.returncode}, {done.stdout}{done.stderr}"
            return done.stdout + done.stderr if status else done.stdout.strip()

        def start(self, *words, **env):
            return subprocess.Popen([lamin, *words], cwd=tmp_path, env={**os.environ, **env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

        def run(self, *words, options=(), status=0, **env):
            """What `lamin run` tells of it."""
            told = tmp_path / "told.json"
            told.unlink(missing_ok=True)
            self(*("run", "--json", told, *options, "--", *words), status=status, **env)
            return json.loads(told.read_text())

        def write(self, name, text="", mode=0o644):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
            path.chmod(mode)
            return path

        def row(self, registry, where, *columns):
            lines = self("list", registry, "--where", where, "--columns", ",".join(columns), "--csv").splitlines()[1:]
            return lines[0] if lines else None

    it = Shell()
    it("init", "--storage", "st", "--name", "runs")
    return it
