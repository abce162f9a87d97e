"""How much memory large files take while they are sent to a bucket and fetched from it."""
import os
import sys

MEGABYTE = 1 << 20
SIZE, MOST = 400, 100  # MB


def test_large_objects(instance, shell, lamin, peak):
    with open(shell.folder / "large.bin", "wb") as file:
        for _ in range(SIZE):
            file.write(os.urandom(MEGABYTE))
    assert peak(lamin, "save", "large.bin", "--key", "large.bin", cwd=shell.folder) < MOST
    shell("cache", "clear")
    assert peak(lamin, "cp", "large.bin", "copy.bin", cwd=shell.folder) < MOST
    assert (shell.folder / "copy.bin").read_bytes() == (shell.folder / "large.bin").read_bytes()
    shell("cache", "clear")
    program = "import lamindb as ln; assert ln.Artifact.get(key='large.bin').cache().stat().st_size"
    assert peak(sys.executable, "-c", program, cwd=shell.folder) < MOST
