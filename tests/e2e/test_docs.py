"""The code blocks of README.md and of pages in docs, run in order."""
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def blocks(language, page="tour"):
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / f"{page}.md").read_text(), re.S)


def test_the_tour_runs_as_written(tmp_path, home):
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    script = tmp_path / "tour.py"
    script.write_text("\n".join(blocks("python")))
    done = subprocess.run([sys.executable, script], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "created_by" in done.stdout  # suggestion for the misspelt field
    shell = "set -e\n" + "\n".join(blocks("sh"))
    done = subprocess.run(["bash", "-c", shell], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "plate 2" in done.stdout and "kidney" in done.stdout


def test_the_page_on_reading_in_parts_runs_as_written(tmp_path, home):
    script = tmp_path / "open.py"
    script.write_text("\n".join(blocks("python", "open")))
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_artifacts_run_as_written(tmp_path, home):
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([sys.executable, "-c", "\n".join(blocks("python", "artifacts"))], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and "True first plate, read twice 0000" in done.stdout, done.stdout + done.stderr
    shell = "set -e\n" + "\n".join(blocks("sh", "artifacts"))
    done = subprocess.run(["bash", "-c", shell], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "200000000000" in done.stdout, done.stdout + done.stderr


def test_plugins_run_as_written(tmp_path, home, monkeypatch):
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("LAMIN_PYTHON", sys.executable)
    first, *others = blocks("sh", "plugins")
    script = tmp_path / "plugins.py"
    script.write_text("\n".join(blocks("python", "plugins")))

    def run(*command):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    assert "S1" in run("bash", "-c", "set -e\n" + first)
    assert "adds screen.Plate" in run(sys.executable, script)
    said = run("bash", "-c", "set -e\n" + "\n".join(others))
    assert "renames lab.Donor.age to age_years" in said and "lab.Donor.age_years is not declared any more" in said
    assert "age_years" in said and "41" in said


def test_the_readme_prints_what_it_says(tmp_path, home):
    """Fifteen lines and their output, except for what differs each time."""
    code, said = re.search(r"```python\n(.*?)```\n\n```\n(.*?)```", (ROOT / "README.md").read_text(), re.S).groups()
    assert len([line for line in code.splitlines() if line]) <= 15
    (tmp_path / "first.py").write_text(code)
    done = subprocess.run([sys.executable, "first.py"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr

    def constant(text):
        text = re.sub(r"(uid|hash): [\w-]+", r"\1: …", text)
        text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "TIME", text)
        text = re.sub(r"storage/path: .*", "storage/path: PLACE", text)
        return [" ".join(line.split()) for line in text.splitlines() if not line.startswith("! no instance is connected")]

    assert constant(done.stdout) == constant(said)


@pytest.mark.parametrize("page", ["sql", "scale-out"])
def test_pages_about_data_run_as_written(tmp_path, home, page):
    script = tmp_path / "page.py"
    guard = "if __name__ == '__main__':\n" + "\n".join(f"    {line}" for line in "\n".join(blocks("python", page)).splitlines())
    script.write_text(guard)  # processes that are started from a script import it
    done = subprocess.run([sys.executable, script], cwd=tmp_path, env=os.environ, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    shell = "\n".join(block for block in blocks("sh", page) if "export" in block)
    done = subprocess.run(["bash", "-ec", shell], cwd=tmp_path, env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
                          capture_output=True, text=True, timeout=60)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
