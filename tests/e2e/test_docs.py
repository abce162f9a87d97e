"""The code blocks of docs/tour.md, run in the order in which a reader meets them."""
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / "tour.md").read_text(), re.S)


def test_the_tour_runs_as_written(tmp_path, home):
    env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    script = tmp_path / "tour.py"
    script.write_text("\n".join(blocks("python")))
    done = subprocess.run([sys.executable, script], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "created_by" in done.stdout  # the field that was misspelt is suggested
    shell = "set -e\n" + "\n".join(blocks("sh"))
    done = subprocess.run(["bash", "-c", shell], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "plate 2" in done.stdout and "kidney" in done.stdout
