"""`lamin verify` of scripts and notebooks that track themselves: done again in a scratch instance, the real one is as it was."""

import json
import os
import sqlite3
import subprocess
import sys
import time

import pytest

COUNT = """
import sys
import lamindb as ln

ln.track("{uid}", params={{"factor": 2}})
frame = ln.Artifact.get(key="rerun/{name}_in.parquet").load()
frame["n"] = frame["n"] * 2
frame["noise"] = {noise}
ln.Artifact.from_dataframe(frame, key="rerun/{name}_out.parquet").save()
with open("note.txt", "w") as file:
    file.write("{name}\\n" + "{noise}" * len(sys.argv))
ln.Artifact("note.txt", key="rerun/{name}_note.txt").save()
ln.finish()
"""


@pytest.fixture
def state(workplace):
    """All rows and all bytes of the real instance."""

    def read():
        tables = {}
        with sqlite3.connect(f"file:{workplace}/storage/.lamindb/lamin.db?mode=ro", uri=True) as connection:
            for (name,) in connection.execute("select name from sqlite_master where type = 'table' and name like 'lamindb_%'"):
                tables[name] = connection.execute(f'select * from "{name}"').fetchall()
        files = {str(path): path.read_bytes() for path in (workplace / "storage").rglob("*") if path.is_file() and not path.name.startswith("lamin.db")}
        return tables, files

    return read


@pytest.fixture
def tracked(ln, script):
    """The run of a script, and what its artifacts are called."""
    import pandas

    def run(name, noise="0", uid=None):
        ln.Artifact.from_dataframe(pandas.DataFrame({"n": [1, 2, *map(ord, name)]}), key=f"rerun/{name}_in.parquet").save()
        done = script(COUNT.format(name=name, noise=noise, uid=uid or (name * 12)[:12]), f"{name}.py")
        assert done.returncode == 0, done.stderr
        return ln.Artifact.get(key=f"rerun/{name}_out.parquet").run

    return run


def found(rerun):
    return {output["key"].rpartition("_")[2]: output["sameness"] for output in rerun.outputs}


def test_a_script_gives_the_same_again(ln, tracked, state):
    run = tracked("again")
    before = state()
    rerun = ln.core.rerun(run)
    assert rerun.same and found(rerun) == {"out.parquet": "bytes", "note.txt": "bytes"}, rerun.notes
    assert rerun.exit_status == 0 and not [note for note in rerun.notes if "wanted to change" in note]
    assert state() == before


def test_what_came_later_is_not_seen(ln, tracked, state):
    import pandas

    run = tracked("later")
    ln.Artifact.from_dataframe(pandas.DataFrame({"n": [7]}), key="rerun/later_in.parquet").save()
    later = tracked_version(ln, "rerun/later_out.parquet")
    before = state()
    rerun = ln.core.rerun(run)
    assert rerun.same, rerun.outputs
    assert state() == before and ln.Artifact.get(key="rerun/later_out.parquet") == later


def tracked_version(ln, key):
    import pandas

    return ln.Artifact.from_dataframe(pandas.DataFrame({"other": [1]}), key=key).save()


def test_it_says_nothing_of_what_the_copy_becomes(ln, tracked):
    run = tracked("quiet")
    tracked_version(ln, "rerun/quiet_in.parquet")
    done = subprocess.run([os.path.join(os.path.dirname(sys.executable), "lamin"), "verify", run.uid, "--quiet"], capture_output=True, text=True,
                          env={**os.environ, "LAMIN_CURRENT_INSTANCE": "anonymous/tests", "PATH": f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"})  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "new latest" not in done.stderr and "rerun/quiet_out.parquet: the same bytes" in done.stdout


def test_other_values_are_named(ln, tracked, state, workplace):
    run = tracked("noisy", noise="__import__('os').getpid()")
    before = state()
    folder = workplace / "noisy again"
    rerun = ln.core.rerun(run, folder=folder)
    assert not rerun.same and found(rerun) == {"out.parquet": "different", "note.txt": "bytes"}
    assert any("noise" in text for output in rerun.outputs for text in output["differences"])
    assert state() == before
    assert (folder / "work" / "noisy.py").exists() and (folder / "work" / "note.txt").exists()


def test_files_that_are_not_artifacts(ln, script, workplace, state):
    text = 'import lamindb as ln, sys\nln.track("rerunlocal00")\nln.Artifact(sys.argv[1] if len(sys.argv) > 1 else "raw.csv", key="rerun/raw.csv").save()\nln.finish()\n'
    (workplace / "raw.csv").write_text("a,b\n1,2\n")
    assert script(text, "local_input.py").returncode == 0
    run = ln.Artifact.get(key="rerun/raw.csv").run
    before = state()
    without = ln.core.rerun(run)
    assert not without.same and without.exit_status == 1 and without.outputs[0]["sameness"] == "missing"
    given = ln.core.rerun(run, inputs="raw.csv")
    assert given.same and "'raw.csv' is taken as it is now" in given.notes
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="no file matches 'none.csv'"):
        ln.core.rerun(run, inputs=["none.csv"])
    assert state() == before


def test_a_script_cannot_get_at_the_real_instance(ln, script, workplace, state):
    text = """
import os, lamindb as ln
ln.track("rerunbreak00")
root = "{root}"
if os.path.exists("again"):
    for path in (root + "/.lamindb/lamin.db", root + "/new.txt", root + "/rerun_real.txt"):
        try:
            open(path, "a").write("x")
            print("written", path)
        except OSError as error:
            print("refused", path)
    try:
        ln.Artifact.get(key="rerun_real.txt").delete(permanent=True, storage=True)
    except Exception as error:
        print("not deleted", type(error).__name__)
ln.Artifact("{folder}/given.txt", key="rerun/broken.txt").save()
ln.finish()
""".format(root=workplace / "storage", folder=workplace)
    (workplace / "given.txt").write_text("given")
    (workplace / "again").unlink(missing_ok=True)
    real = ln.Artifact(workplace / "given.txt", key="rerun_real.txt", description="kept").save()
    assert script(text, "breaks.py").returncode == 0
    run = ln.Transform.get(key="breaks.py").latest_run
    (workplace / "again").write_text("")
    before = state()
    rerun = ln.core.rerun(run, inputs="again")
    assert state() == before and real.cache().read_text() == "given"
    assert any("lamin.db" in note and "refused" in note for note in rerun.notes)
    (workplace / "again").unlink()


def test_what_cannot_be_done_again(ln, script, workplace):
    def refused(run, words):
        with pytest.raises(ln.errors.Unsupported, match=words):
            ln.core.rerun(run)

    refused(ln.Run(ln.Transform(key="rerun/pipe", kind="pipeline").save()).save(), "no source code is kept")
    refused(ln.Run(ln.Transform(key="rerun.R", kind="script", source_code="x").save()).save(), "not a Python script or notebook")
    refused(ln.Run(ln.Transform(key="rerun_open.py", kind="script", source_code="x = 'rerun open'").save()).save(), "it has not ended")
    assert script('import lamindb as ln\nln.track("rerunsecret0")\napi_key = "Hidden-Sw0rdfish-99"\nln.finish()\n', "hides.py").returncode == 0
    refused(ln.Transform.get(key="hides.py").latest_run, "had a secret")


def test_a_command_that_saves_itself(ln, workplace, state):
    (workplace / "saves.sh").write_text("echo one > one.txt\nlamin save one.txt --key rerun/one.txt\n")
    path = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
    done = subprocess.run(["lamin", "run", "--json", "told.json", "--", "bash", "saves.sh"], cwd=workplace, env={**os.environ, "PATH": path, "LAMIN_RUN": ""}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    run = ln.Run.get(json.loads((workplace / "told.json").read_text())["run"])
    before = state()
    rerun = ln.core.rerun(run)
    assert state() == before
    assert rerun.same and {output["key"]: output["sameness"] for output in rerun.outputs} == {"rerun/one.txt": "bytes"}


NOTEBOOK = """# %% [markdown]
# # Twice
# %%
import lamindb as ln
ln.track("rerunnotebk0")
# %%
n = 6 * 7
with open("answer.txt", "w") as file:
    file.write(str(n))
ln.Artifact("answer.txt", key="rerun/answer.txt").save()
# %%
ln.finish()
"""


def test_a_notebook(ln, workplace, state):
    import nbformat

    cells = [text.partition("\n") for text in NOTEBOOK.split("# %%")[1:]]
    make = {" [markdown]": nbformat.v4.new_markdown_cell, "": nbformat.v4.new_code_cell}
    notebook = nbformat.v4.new_notebook(cells=[make[kind](text.strip().removeprefix("# ")) for kind, _, text in cells])
    nbformat.write(notebook, workplace / "twice.ipynb")
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", "twice.ipynb"]
    done = subprocess.run(command, cwd=workplace, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    run = ln.Artifact.get(key="rerun/answer.txt").run
    until = time.monotonic() + 20
    while run.report is None and time.monotonic() < until:  # another process saves it
        time.sleep(0.1)
        run.refresh_from_db()
    before = state()
    rerun = ln.core.rerun(run)
    assert rerun.same and rerun.outputs[0]["sameness"] == "bytes", (rerun, rerun.notes)
    after = state()
    assert after[0]["lamindb_run"] == before[0]["lamindb_run"] and after == before
