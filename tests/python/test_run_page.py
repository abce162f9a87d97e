"""docs/run.md, run as it is written."""

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "run.md"


def test_the_page_runs(tmp_path):
    env = {n: v for n, v in os.environ.items() if not n.startswith("LAMIN_")} | {"HOME": str(tmp_path), "LAMIN_OFFLINE": "1"}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"

    def run(*words):
        done = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    said = ""
    blocks = re.findall(r"```(python|sh)\n(.*?)```", PAGE.read_text(), re.S)
    for language, text in blocks:
        if language == "sh":
            said += run("bash", "-ec", text)
            continue
        name = text.partition("\n")[0].removeprefix("# ")
        (tmp_path / name).write_text(text)
        said += run(sys.executable, name)
    assert len(blocks) == 7
    for words in ("inputs: counts.txt; outputs: sorted.txt", "failed with 1", "inputs: counts.txt; outputs: by_address.txt", "n.txt: the same bytes", "doubled.txt: the same bytes"):
        assert words in said
