"""The location of the kit, and running other programs."""
import subprocess
from pathlib import Path

KIT = Path(__file__).resolve().parent / "kit"


def run(command, cwd, timeout=600) -> str:
    done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True, timeout=timeout)
    assert done.returncode == 0, f"{command[0]} ended with {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
    return done.stdout
