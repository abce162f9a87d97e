"""The real LaminDB and this program on one SQLite database in a bucket, in turn; LaminDB's hub is not asked."""
import os
import subprocess
from pathlib import Path

import pytest
from person import Person

# What LaminDB's `connect` and `disconnect` do once they know the instance, which otherwise its hub tells them.
THEIRS = """
import os
from lamindb_setup.core._settings_load import load_instance_settings
from lamindb_setup.core._settings import settings
from pathlib import Path
import lamindb_setup.core._hub_client as hub
hub.call_with_fallback = lambda *_, **__: None  # which user it is that holds the lock
file, = (Path(os.environ["HOME"]) / ".lamin").glob("instance--*.env")
instance = load_instance_settings(file)
instance._is_on_hub = False
settings._instance_settings = instance
assert instance._is_cloud_sqlite
from lamindb_setup.errors import InstanceLockedException
try:
    done, why = instance._load_db()
except InstanceLockedException as e:
    print("LOCKED", e)
    raise SystemExit(0)
assert done, why
import lamindb as ln
ln.settings.verbosity = "error"
{}
{}
"""
LEAVE = "instance._update_cloud_sqlite_file()"


@pytest.fixture(scope="session")
def lamindb() -> str:
    python = os.environ.get("LAMIN_TEST_THEIRS", "")
    assert Path(python).is_file(), "LaminDB's own environment is missing: ./dev setup interop, or ./dev test s3"
    return python


@pytest.fixture
def both(lamin, home, bucket, tmp_path, lamindb):
    """Ours, and a function that runs LaminDB's Python on a machine of its own."""
    ours = Person(lamin, tmp_path / "ours")
    ours.run("init", "--storage", bucket.root, "--name", "shared")
    theirs = Person(lamin, tmp_path / "theirs")
    settings = theirs.home / ".lamin"
    settings.mkdir()
    for file in (ours.home / ".lamin").glob("*.env"):
        (settings / file.name).write_text(file.read_text())
    (settings / "current_instance.env").unlink(missing_ok=True)

    def run(code, leaves=True):
        done = subprocess.run([lamindb, "-W", "ignore", "-c", THEIRS.format(code, LEAVE if leaves else "")], cwd=theirs.folder, capture_output=True,
                              text=True, timeout=180, env=theirs.env)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    return ours, run


def test_each_goes_on_with_what_the_other_wrote(both):
    ours, theirs = both
    ours.save("a.csv", "a\n1\n")
    said = theirs("""
assert ln.Artifact.get(key="a.csv").load()["a"].tolist() == [1]
ln.ULabel(name="of theirs").save()
open("b.csv", "w").write("b\\n2\\n")
ln.Artifact("b.csv", key="b.csv").save()
print("wrote")
""")
    assert "wrote" in said
    assert ours.keys() == {"a.csv", "b.csv"} and "of theirs" in ours.run("list", "ulabel")
    ours.python("""
        assert ln.Artifact.get(key="b.csv").load()["b"].tolist() == [2]
        ln.ULabel(name="of ours").save()
    """)
    theirs("""
assert {"of theirs", "of ours"} <= {label.name for label in ln.ULabel.filter()}
ln.ULabel(name="again theirs").save()
""")
    ours.save("c.csv")
    assert "again theirs" in ours.run("list", "ulabel")
    assert "['a.csv', 'b.csv', 'c.csv']" in theirs("""print(sorted(a.key for a in ln.Artifact.filter()))""")


def test_their_lock_keeps_us_out_and_ours_them(both, bucket):
    ours, theirs = both
    ours.save("a.csv")
    theirs("""ln.ULabel(name="kept").save()""", leaves=False)  # connected, and not disconnected
    said = ours.save("b.csv", status=7)
    assert "locked by LaminDB of the user" in said
    assert ours.keys() == {"a.csv"}
    theirs("")  # connects again and disconnects
    ours.save("b.csv")
    said = ours.python("""
        import os, signal
        ln.ULabel(name="unsent").save()
        os.kill(os.getpid(), signal.SIGKILL)
    """, status=-9)
    assert "LOCKED" in theirs("print('never')")
    ours.run("list", "ulabel")  # sends what the killed program left
    assert "unsent" in theirs("print([label.name for label in ln.ULabel.filter()])")
