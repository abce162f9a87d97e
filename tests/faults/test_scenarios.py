"""Cases that once lost data, each by name: one process is held or killed at the critical call while another one saves."""
import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

SCENARIOS = {
    # A new version was committed and its writer killed before the bytes were exchanged; somebody saves a newer one; then recovery.
    "recovery puts no old bytes over newer ones": ["real_version", "--at", "rename", "--after", "b.save,b.load,c.recover,b.load"],
    "nor over those of a folder": ["folder_version", "--at", "rename", "--after", "b.save,b.load,c.recover,b.load"],
    # A deletion was killed when the bytes were already gone; somebody saves the key again; then recovery.
    "recovery deletes nothing that was saved since": ["delete_file", "--at", "unlinkat", "--action", "after", "--after", "b.save,c.recover,b.load"],
    "nor a later version": ["delete_version", "--at", "unlinkat", "--action", "after", "--after", "b.save,c.recover,b.load"],
    "nor at a real key": ["delete_real", "--at", "unlinkat", "--action", "after", "--after", "b.save,c.recover,b.load"],
    # Two save a new key at the same time, no crash; the slower one is held before its bytes are moved into place.
    "two save a new real key": ["real", "--at", "renameat2", "--during", "b.save", "--resume"],
    "two save a new folder": ["folder", "--at", "renameat2", "--during", "b.save", "--resume"],
    "two save a new folder at a real key": ["real_folder", "--at", "renameat2", "--during", "b.save", "--resume"],
    "two programs save a new folder": ["cli_folder", "--at", "renameat2", "--during", "b.save", "--resume"],
    "two save a version at a real key": ["real_version", "--at", "rename", "--during", "b.save", "--resume"],
    "two save a version of a folder": ["folder_version", "--at", "rename", "--during", "b.save", "--resume"],
    # A folder's writer is killed while others that had the instance open save the same key, before or afterwards.
    "a killed folder takes nobody's bytes along": ["folder", "--at", "renameat2", "--during", "b.save,b.save"],
    "a killed folder bars nobody": ["folder", "--at", "renameat2", "--action", "after", "--after", "b.save,b.save,b.load"],
    "a killed real key bars nobody": ["real", "--at", "renameat2", "--action", "after", "--after", "b.save,b.save,b.load"],
    # A version is readable as soon as it is committed.
    "what is committed is readable at once": ["real_version", "--at", "rename", "--after", "b.load,c.load"],
    "also of a folder": ["folder_version", "--at", "rename", "--after", "b.load,c.load"],
    "also at a folder's real key": ["real_folder_version", "--at", "rename", "--after", "b.load,c.load"],
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario(name, record_property):
    command = [sys.executable, HERE / "kill.py", "--operation", *SCENARIOS[name], "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]
    found = json.loads(done.stdout.splitlines()[-1])
    record_property("faults", json.dumps(found["counts"]))
    assert found["counts"]["struck"] >= 1
    assert not found["failures"], "\n".join([" ".join(map(str, command)), *found["failures"]])


def test_two_programs_save_a_new_folder_at_once(tmp_path, home, lamin):
    """A "saved" message means saved: three times, many files."""
    subprocess.run([lamin, "init", "--storage", "st", "--name", "race"], cwd=tmp_path, check=True, capture_output=True)
    for turn in range(3):
        for who in "ab":
            folder = tmp_path / f"{who}{turn}"
            folder.mkdir()
            for i in range(400):
                (folder / f"{i}.bin").write_bytes(f"{who} {turn} {i}".encode() * 200)
        started = [subprocess.Popen([lamin, "save", f"{who}{turn}", "--key", f"data/{turn}"], cwd=tmp_path, stdout=subprocess.PIPE,
                                    stderr=subprocess.STDOUT, text=True) for who in "ab"]
        for process in started:
            text, _ = process.communicate(timeout=120)
            assert process.returncode == 0, text
        loaded = subprocess.run([lamin, "load", "--key", f"data/{turn}"], cwd=tmp_path, capture_output=True, text=True, timeout=120)
        assert loaded.returncode == 0, loaded.stderr
        path = Path(loaded.stdout.strip().splitlines()[-1])
        owners = {file.read_bytes()[:1] for file in path.iterdir()}
        assert len(owners) == 1 and len(list(path.iterdir())) == 400, f"{path} is a mixture"
