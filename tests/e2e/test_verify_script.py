"""`lamin verify` of a tracked script on both databases: on a server nothing changes, the script works in a copy."""
import os
import subprocess
import sys

SCRIPT = """
import lamindb as ln
ln.track("verifyscript", params={"n": 2})
text = ln.Artifact.get(key="in.txt").cache().read_text()
with open("out.txt", "w") as file:
    file.write(text * 2)
label = ln.ULabel(name="made by it").save()
artifact = ln.Artifact("out.txt", key="out.txt").save()
artifact.ulabels.add(label)
ln.finish()
"""
ROWS = "import lamindb as ln\nprint([(r.__name__, r.filter().count()) for r in (ln.Artifact, ln.Run, ln.Transform, ln.ULabel, ln.Storage)], [a.hash for a in ln.Artifact.filter().order_by('id')])"


def test_a_script_on_both_databases(tmp_path, home, lamin, db):
    env = {**os.environ, "PATH": f"{lamin.parent}{os.pathsep}{os.environ['PATH']}"}

    def run(*words):
        done = subprocess.run([str(word) for word in words], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(lamin, "init", "--storage", "st", "--name", "again", "--modules", "bionty", *(("--db", db) if db else ()))
    (tmp_path / "in.txt").write_text("one\n")
    run(lamin, "save", "in.txt", "--key", "in.txt")
    (tmp_path / "script.py").write_text(SCRIPT)
    run(sys.executable, "script.py")
    (tmp_path / "in.txt").write_text("two\n")
    run(lamin, "save", "in.txt", "--key", "in.txt")  # a later version
    before = run(sys.executable, "-c", ROWS)
    assert "out.txt: the same bytes" in run(lamin, "verify", "out.txt", "--quiet")
    assert run(sys.executable, "-c", ROWS) == before
