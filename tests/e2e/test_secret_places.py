"""Every form of secret in every place that a run is recorded in, through the shell: none is found in the bytes of the instance."""
import json
import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[1] / "data" / "secrets.txt"
SECRETS = [line.split("\t")[1].partition("~")[::2] for line in DATA.read_text().splitlines() if line and line[0] != "#"]
TEXTS = [head + tail for head, tail in SECRETS]
MARK = "***REDACTED***"


@pytest.fixture
def shell(tmp_path, home, lamin):
    class Shell:
        folder = tmp_path

        def __call__(self, *words, **env):
            done = subprocess.run([lamin, *map(str, words)], cwd=tmp_path, env={**os.environ, **env}, capture_output=True, text=True, timeout=120)
            assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
            return done.stdout.strip()

        def python(self, code, *words):
            done = subprocess.run([sys.executable, "-c", "import json, sys, lamindb as ln\ntexts = json.load(open('texts.json'))\n" + code, *words], cwd=tmp_path, capture_output=True, text=True, timeout=120)
            assert done.returncode == 0, done.stderr[-3000:]

        def write(self, name, text):
            (tmp_path / name).write_text(text)
            return name

    it = Shell()
    it("init", "--storage", "st", "--name", "secrets")
    it.write("texts.json", json.dumps(TEXTS))
    return it


def trace(**workflow):
    task = {"id": "w/1", "process": "P", "name": "P", "status": "completed", "exit": 0, "inputs": [], "outputs": []}
    task.update(workflow.pop("task", {}))
    return json.dumps({"format": "lamin-trace", "version": 1, "tasks": [task], "workflow": {
        "engine": {"name": "flow", "version": "1.0"}, "id": "w", "name": "count", "run_name": "first", "source": "x", "command": "flow run",
        "started_at": "2026-01-01T10:00:00Z", "finished_at": "2026-01-01T10:00:09Z", "status": "completed", **workflow}})  # fmt: skip


def imported(shell, **given):
    shell("import-run", shell.write("trace.json", trace(**given)))


def notebook(shell):
    outputs = [{"output_type": "stream", "name": "stdout", "text": [text + "\n" for text in TEXTS]},
               {"output_type": "display_data", "metadata": {}, "data": {"text/html": ["<b>" + text + "</b>" for text in TEXTS], "text/plain": TEXTS}},
               {"output_type": "error", "ename": "KeyError", "evalue": TEXTS[0], "traceback": TEXTS}]  # fmt: skip
    cells = [{"cell_type": "code", "id": "a", "metadata": {}, "execution_count": 1, "source": ["import lamindb as ln\n", "ln.track()"], "outputs": outputs},
             {"cell_type": "markdown", "id": "b", "metadata": {}, "source": ["# Title\n"] + [text + "\n" for text in TEXTS]}]  # fmt: skip
    text = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})
    shell("save", shell.write("shown.ipynb", text))


PLACES = {
    "parameters": lambda shell: shell("run", *[word for i, text in enumerate(TEXTS) for word in ("--param", f"p{i}={text}")], "--", "true"),
    "arguments": lambda shell: [shell("run", "--", "true", *TEXTS[i : i + 5]) for i in range(0, len(TEXTS), 5)],
    "options": lambda shell: shell("run", "--", "true", *[f"--with={text}" for text in TEXTS]),
    "source": lambda shell: shell("run", "--", "bash", shell.write("x.sh", "".join(f"x={text!r}\n" for text in TEXTS))),
    "log of a command": lambda shell: shell("run", "--", "cat", "texts.json"),
    "log of a script": lambda shell: (
        shell.write("prints.py", "import json, sys, lamindb as ln\nln.track()\nfor t in json.load(open('texts.json')): print(t); print(t, file=sys.stderr)\nln.finish()\n"),
        subprocess.run([sys.executable, "prints.py"], cwd=shell.folder, check=True, capture_output=True),
    ),
    "paths": lambda shell: shell("run", "--", "bash", "-c", "while read -r name; do echo x > \"$name\"; done < names.txt"),
    "environment": lambda shell: shell.python(
        "from lamindb import _core\nln.track(key='e.py', source_code='x', pypackages=False)\nrun = ln.context.run\n"
        "_core.save_environment(run, ''.join(f'p{i} @ git+{t}\\n' for i, t in enumerate(texts)), 'requirements.txt')\nln.finish()"
    ),
    "notebook": notebook,
    "URLs": lambda shell: shell.python(
        "for i, t in enumerate(texts):\n    ln.Transform(key=f't{i}', reference=t, reference_type='url').save()\n"
        "    if t.replace('_', '').replace('-', '').isalnum(): ln.Project(name=f'p{i}', url=f'https://lab.org/x?key={t}').save()"
    ),
    "commands of a trace": lambda shell: [imported(shell, id=f"w{i}", command=" ".join(TEXTS[i : i + 5]), task={"id": f"t{i}", "command": TEXTS[i]}) for i in range(0, len(TEXTS), 5)],
    "source of a trace": lambda shell: imported(shell, source="\n".join(f"x = {t!r}" for t in TEXTS), task={"source": "\n".join(f"y={t!r}" for t in TEXTS)}),
    "parameters of a trace": lambda shell: imported(shell, params={f"p{i}": t for i, t in enumerate(TEXTS)}, task={"params": {"list": TEXTS}}),
    "texts of a trace": lambda shell: imported(shell, environment="\n".join(TEXTS), log="\n".join(TEXTS), task={"log": "\n".join(TEXTS)}),
    "details of a trace": lambda shell: imported(shell, details={"all": TEXTS}, task={"details": {t: 1 for t in TEXTS}}),
}  # fmt: skip


def stored(folder):
    """All bytes of the instance, and those of compressed pages of an index."""
    parts = []
    for path in folder.rglob("*"):
        if path.is_file():
            parts.append(path.read_bytes())
            try:
                parts.append(zlib.decompress(parts[-1]))
            except zlib.error:
                pass
    return b"\n".join(parts).decode("latin-1")


@pytest.mark.parametrize("place", PLACES)
def test_no_secret_is_kept(shell, place):
    assert len(SECRETS) >= 50 and len(PLACES) >= 10
    shell.write("names.txt", "".join(f"file {text}.txt\n" for text in TEXTS if "/" not in text))
    PLACES[place](shell)
    kept = stored(shell.folder / "st")
    assert [tail for _, tail in SECRETS if tail in kept] == []
    assert kept.count(MARK) >= 5, "they were where the instance keeps them"
