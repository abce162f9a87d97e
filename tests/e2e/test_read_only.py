"""A colleague who may only read: opens, queries, lists, loads and describes from the shell and Python; anything that writes says what is
not allowed and what to do, and changes nothing. Root ignores permissions: if root runs this, the reader drops that capability (setpriv), so
that other users' files are closed to it like to anybody."""
import os
import shutil
import sqlite3
import subprocess
import sys

import pytest

CAPABILITIES = "-dac_override,-dac_read_search,-fowner,-chown"


@pytest.fixture
def shared(tmp_path, home, lamin):
    """A folder of another user with an instance, one artifact in two versions, one ontology-like hierarchy."""
    folder = tmp_path / "shared"
    folder.mkdir()
    lines = """
import lamindb as ln, pandas as pd
ln.settings.verbosity = 'error'
for n in (1, 2):
    ln.Artifact.from_dataframe(pd.DataFrame({'a': list(range(n))}), key='d.parquet').save()
top = ln.ULabel(name='cell').save(); low = ln.ULabel(name='T cell').save(); low.parents.add(top)
ln.Artifact.get(key='d.parquet').ulabels.add(low)
"""
    run([lamin, "init", "--storage", "st", "--name", "lab"], folder)
    run([sys.executable, "-c", lines], folder)
    yield folder
    subprocess.run(["chmod", "-R", "u+w", folder], check=True)


def run(command, cwd, **env):
    done = subprocess.run([str(word) for word in command], cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{command} ended with {done.returncode}: {done.stdout}{done.stderr}"
    return done.stdout


def give_away(folder):
    """Gives it to another user, so that it can only be read."""
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "65534:65534", folder], check=True)
    subprocess.run(["chmod", "-R", "a-w,a+rX", folder], check=True)


def reader(command, cwd):
    as_anybody = ["setpriv", f"--bounding-set={CAPABILITIES}", f"--inh-caps={CAPABILITIES}"] if os.geteuid() == 0 else []
    return subprocess.run([*as_anybody, *(str(word) for word in command)], cwd=cwd, capture_output=True, text=True, timeout=120)


def everything(folder):
    return sorted((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*"))


READ = """
import lamindb as ln
a = ln.Artifact.get(key='d.parquet')
print(a.load().shape, a.cache().exists(), ln.Artifact.filter().count(), [v.uid[-4:] for v in a.versions])
print(ln.ULabel.search('t cel').first().name, [p.name for p in ln.ULabel.get(name='T cell').parents.all()])
print('d.parquet' in a.describe(return_str=True), ln.setup.settings.instance.is_read_only_connection)
"""

WRITES = {
    "save": "ln.Artifact('mine.txt', key='mine.txt').save()",
    "frame": "import pandas; ln.Artifact.from_dataframe(pandas.DataFrame({'b': [1]}), key='b.parquet').save()",
    "label": "ln.ULabel(name='new').save()",
    "labels": "ln.save([ln.ULabel(name='new'), ln.ULabel(name='newer')])",
    "delete": "ln.Artifact.get(key='d.parquet').delete()",
    "delete for good": "ln.Artifact.get(key='d.parquet').delete(permanent=True)",
    "annotate": "ln.Artifact.get(key='d.parquet').ulabels.add(ln.ULabel.get(name='cell'))",
    "update": "ln.ULabel.filter(name='cell').update(description='x')",
    "branch": "ln.setup.switch('dev', create=True)",
}


@pytest.fixture
def colleague(shared, tmp_path, lamin):
    """The working folder of a reader who has connected to the other's folder."""
    give_away(shared)
    place = tmp_path / "colleague"
    place.mkdir()
    (place / "mine.txt").write_text("mine")
    (place / "mine.py").write_text("1")
    shutil.rmtree(os.environ["HOME"] + "/.lamin")  # it was not created by the reader
    said = reader([lamin, "init", "--storage", shared / "st", "--name", "lab"], place)
    assert said.returncode == 0 and "may only be read" in said.stderr, said.stderr
    return place


def test_is_looked_at_from_the_shell(shared, colleague, lamin):
    before = everything(shared)
    for command in (["list", "artifact"], ["load", "--key", "d.parquet"], ["describe", "--key", "d.parquet"], ["list", "ulabel"],
                    ["list", "artifact", "--where", "key = 'd.parquet'"], ["info"], ["connect", "lab"], ["gc"]):  # fmt: skip
        done = reader([lamin, *command], colleague)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    assert "(may only be read)" in reader([lamin, "list", "artifact"], colleague).stderr
    assert everything(shared) == before


def test_is_looked_at_from_python(shared, colleague):
    before = everything(shared)
    done = reader([sys.executable, "-c", READ], colleague)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "(2, 1) True 2 ['0001', '0000']" in lines, done.stdout
    assert "T cell ['cell']" in lines and any(line.startswith("True True") for line in lines), done.stdout
    assert everything(shared) == before


def test_what_writes_says_what_is_not_allowed(shared, colleague, lamin):
    before = everything(shared)
    database = str(shared / "st/.lamindb/lamin.db")
    attempts = "import traceback, lamindb as ln\n" + "".join(
        f"try:\n    {code}\n    print('DONE', {name!r})\nexcept Exception as e: print('REFUSED', {name!r}, type(e).__name__, e)\n"
        for name, code in WRITES.items()
    )
    done = reader([sys.executable, "-c", attempts], colleague)
    assert done.returncode == 0, done.stderr
    refused = [line for line in done.stdout.splitlines() if line.startswith("REFUSED")]
    assert len(refused) == len(WRITES) and "DONE" not in done.stdout, done.stdout
    for line in refused:
        assert "NoWriteAccess" in line and database in line and "may only be read" in line and "Ask its owner" in line, line
    tracked = reader([sys.executable, "-c", "import lamindb as ln\nln.track(path='mine.py')\nln.finish()"], colleague)
    assert tracked.returncode == 0, tracked.stderr
    assert all(f"skipping {verb}(), connected in read-only mode" in tracked.stdout for verb in ("track", "finish")), tracked.stdout
    shell = reader([lamin, "save", "mine.txt", "--key", "mine.txt"], colleague)
    assert shell.returncode == 9 and database in shell.stderr, shell.stderr
    assert everything(shared) == before
    assert sorted(path.name for path in colleague.iterdir()) == [".lamin", "mine.py", "mine.txt"]


def test_a_database_that_lamindb_alone_has_written(shared, tmp_path, lamin):
    """None of our own tables exists, and none can be created."""
    with sqlite3.connect(shared / "st/.lamindb/lamin.db") as db:
        for (name,) in db.execute("select name from sqlite_master where type = 'table' and name like 'lamin\\_%' escape '\\'").fetchall():
            db.execute(f"drop table {name}")
    db.close()
    give_away(shared)
    done = reader([sys.executable, "-c", READ], shared)
    assert done.returncode == 0 and "(2, 1) True 2 ['0001', '0000']" in done.stdout.splitlines(), done.stdout + done.stderr
    assert "T cell ['cell']" in done.stdout.splitlines()


def test_a_writer_at_the_same_time(shared, colleague, lamin):
    """What the owner saves is seen by a reader that was already open."""
    watch = """
import lamindb as ln, sys
for line in sys.stdin:
    print(ln.ULabel.filter().count(), flush=True)
"""
    as_anybody = ["setpriv", f"--bounding-set={CAPABILITIES}", f"--inh-caps={CAPABILITIES}"] if os.geteuid() == 0 else []
    with subprocess.Popen([*as_anybody, sys.executable, "-c", watch], cwd=colleague, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as open_reader:
        def seen():
            print("?", file=open_reader.stdin, flush=True)
            line = open_reader.stdout.readline()
            while not line.strip().isdigit():
                assert line, "the reader has ended"
                line = open_reader.stdout.readline()
            return int(line)

        assert seen() == 2
        subprocess.run(["chmod", "-R", "u+w", shared], check=True)
        for number in (3, 4, 5):
            run([sys.executable, "-c", f"import lamindb as ln; ln.ULabel(name='{number}').save()"], colleague)
            assert seen() == number
        open_reader.stdin.close()
