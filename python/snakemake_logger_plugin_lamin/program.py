"""The program `lamin`, which writes to the instance."""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def program():
    """Its path: beside this Python, otherwise on the PATH; None without one."""
    beside = Path(sys.executable).with_name("lamin")
    return str(beside) if beside.exists() else shutil.which("lamin")


def import_trace(trace, options, say, told=False):
    """Imports a trace; returns the uid of the workflow's run, None if that failed. `told`: what was imported is said, too."""
    done = subprocess.run([program(), "import-run", str(trace), *options], capture_output=True, text=True)
    for line in done.stderr.splitlines():
        if told and line.startswith("→ imported"):
            say(line.removeprefix("→ "))
        if done.returncode != 0 or line.startswith("!"):
            say(line.removeprefix("! ").removeprefix("lamin: "))
    if done.returncode != 0:
        say(f"the run is not recorded; once that is mended: lamin import-run '{trace}'")
        return None
    return done.stdout.strip()


def name_run(uid):
    """Tells the programs that this process starts which run they are part of.

    They have no tracked run of their own yet: "none" keeps them from taking one that the shell notes, which all of
    them would share. What they save without a run is the output of their task.
    """
    os.environ["LAMIN_INITIATED_BY_RUN_UID"] = uid
    os.environ["LAMIN_RUN"] = "none"
