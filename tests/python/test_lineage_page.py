"""docs/lineage.md, run as it is written: each block prints what stands below it."""

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "lineage.md"


def constant(text):
    """Without what differs each time."""
    return re.sub(r"run \w{7} at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "run UID at TIME", text)


def test_the_page_prints_what_it_says(tmp_path):
    env = {n: v for n, v in os.environ.items() if not n.startswith("LAMIN_")} | {"HOME": str(tmp_path), "LAMIN_OFFLINE": "1"}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"

    def run(*words):
        done = subprocess.run(words, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    blocks = re.findall(r"```(python|sh)\n(.*?)```(?:\n\n```\n(.*?)```)?", PAGE.read_text(), re.S)
    for language, text, printed in blocks:
        if language == "sh":
            said = run("bash", "-ec", text)
        else:
            name = text.partition("\n")[0].removeprefix("# ")
            (tmp_path / name).write_text(text)
            said = run(sys.executable, name) if printed else ""  # the others are run by the shell
        if printed:
            assert constant(said)[-len(constant(printed)) :] == constant(printed), text
    assert len(blocks) == 7 and (tmp_path / "raw.svg").read_text().startswith("<svg")
