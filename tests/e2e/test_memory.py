"""How much memory large files take while they are hashed, copied, registered and verified: it does not depend on their size."""
import os
import subprocess
import sys

import pytest

MEGABYTE = 1 << 20
SIZE = 400  # MB, several times what may be taken
MOST = 100


def write(path, megabytes=SIZE):
    with open(path, "wb") as file:
        for _ in range(megabytes):
            file.write(os.urandom(MEGABYTE))
    return path


@pytest.fixture
def world(home, lamin, tmp_path):
    subprocess.run([lamin, "init", "--storage", tmp_path / "storage"], cwd=tmp_path, check=True, capture_output=True)
    return tmp_path


def test_one_large_file(world, lamin, peak):
    file = write(world / "large.bin")
    assert peak(lamin, "save", file, "--key", "large.bin", cwd=world) < MOST
    assert peak(lamin, "save", file, "--key", "large.bin", cwd=world) < MOST, "found again by its hash"
    assert peak(lamin, "cp", "large.bin", world / "copy.bin", cwd=world) < MOST
    assert peak(lamin, "fsck", "--full", cwd=world) < MOST
    assert (world / "copy.bin").stat().st_size == SIZE * MEGABYTE
    with open(file, "r+b") as changed:  # LaminDB's hash does not see it
        changed.seek(SIZE * MEGABYTE // 2)
        changed.write(b"changed")
    assert peak(lamin, "save", file, "--key", "large.bin", cwd=world) < MOST
    uids = subprocess.run([lamin, "list", "artifact", "--csv", "--columns", "uid"], cwd=world, check=True, capture_output=True, text=True).stdout
    assert len(uids.split()) == 3, "a header and two versions"


def test_a_folder_of_large_files(world, lamin, peak):
    (world / "folder").mkdir()
    for i in range(8):
        write(world / "folder" / f"{i}.bin", SIZE // 8)
    assert peak(lamin, "save", world / "folder", "--key", "folder", cwd=world) < MOST


def test_where_it_is(world, lamin, peak):
    (world / "storage" / "raw").mkdir(parents=True)
    file = write(world / "storage" / "raw" / "large.bin")
    assert peak(lamin, "save", file, "--in-place", cwd=world) < MOST


def test_from_python(world, peak):
    """The interpreter and our extension count, too."""
    write(world / "large.bin")
    program = "import lamindb as ln; ln.Artifact('large.bin', key='large.bin').save(); assert ln.Artifact.get(key='large.bin').cache()"
    assert peak(sys.executable, "-c", program, cwd=world) < MOST
