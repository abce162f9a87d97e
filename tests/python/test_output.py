"""What is printed: any amount in constant memory, nothing lost silently, colours and HTML where they can be seen."""
import csv
import io
import os
import pty
import re
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

LAMIN = os.path.join(os.path.dirname(sys.executable), "lamin")
MANY = 200_000


@pytest.fixture
def lamin(workplace):
    def run(*words, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        return subprocess.run([LAMIN, *words], cwd=workplace, text=True, timeout=120, **options)

    return run


@pytest.fixture
def database(ln, workplace):
    """The tables, for rows that would take too long to save one by one."""
    with sqlite3.connect(workplace / "storage/.lamindb/lamin.db") as connection:
        yield connection
    connection.close()


def copies(connection, table, row, n, **changes):
    """Rows like the one with this id: `changes` are functions of their number. Returns the first id."""
    cursor = connection.execute(f"select * from {table} where id = ?", (row,))
    names = [column[0] for column in cursor.description]
    template = dict(zip(names, cursor.fetchone()))
    first = connection.execute(f"select max(id) from {table}").fetchone()[0] + 1
    rows = (
        tuple({**template, "id": first + i, **{name: change(i) for name, change in changes.items()}}.values()) for i in range(n)
    )
    connection.executemany(f"insert into {table} values ({', '.join('?' * len(names))})", rows)
    connection.commit()
    return first


@pytest.fixture
def many(ln, labels, database):
    row = labels(name="one of many", description="a label").save()
    copies(database, "lamindb_ulabel", row.id, MANY, uid=lambda i: f"m{i:07}", name=lambda i: f"label {i:07}")
    yield
    database.execute("delete from lamindb_ulabel where name like 'label %'")
    database.commit()


# A small process in between: a child counts the memory of the one that starts it as its own.
MEASURE = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, file=sys.stderr)
sys.exit(status)
"""


def peak_of(words, cwd):
    """(the largest resident memory in MB, lines printed) of a command."""
    command = [sys.executable, "-I", "-S", "-c", MEASURE, LAMIN, *words]
    with subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        lines = 0
        while chunk := process.stdout.read(1 << 20):
            lines += chunk.count(b"\n")
        said = process.stderr.read().decode()
    assert process.returncode == 0, said
    return float(said.split()[-1]), lines


def test_a_list_of_any_length_is_whole_and_takes_constant_memory(many, workplace, lamin):
    for form in ([], ["--csv"], ["--json"], ["--columns", "name,created_by.handle,parents.name"], ["--order", "name", "--csv"]):
        peak, lines = peak_of(["list", "ulabel", "--limit", "all", *form], workplace)
        assert lines >= MANY + 1
        # 14 for the program, up to 32 for pages of the database; another order than that of ids keeps the ids of all rows.
        assert peak < (60 if "--order" in form else 48), (form, peak)
    rows = list(csv.DictReader(io.StringIO(lamin("list", "ulabel", "--limit", "all", "--csv", "--where", "name startswith 'label'").stdout)))
    assert [row["name"] for row in rows] == [f"label {i:07}" for i in reversed(range(MANY))]
    table = lamin("list", "ulabel", "--limit", "all", "--order", "name").stdout.splitlines()
    assert len({line.index("label 0") for line in table[1:2001]}) == 1, "the columns of the first page are aligned"
    with open("/dev/full", "w") as full:
        done = lamin("list", "ulabel", "--limit", "all", stdout=full)
    assert done.returncode == 11 and "could not be written" in done.stderr, "a long list ends where it cannot be written"


PRINTING = [
    ["--help"], ["list", "--help"], ["--version"], ["--reference"], ["info"], ["list", "ulabel"], ["list", "ulabel", "--csv"],
    ["list", "ulabel", "--json"], ["list", "ulabel", "--columns", "name"], ["get", "ulabel", "--name", "printed"],
    ["get", "ulabel", "--name", "printed", "--field", "uid"], ["get", "ulabel", "--name", "printed", "--json"],
    ["describe", "ulabel", "--name", "printed"], ["describe", "ulabel", "--name", "printed", "--json"], ["search", "printed"],
    ["search", "printed", "--registry", "ulabel"], ["search", "printed", "--json"], ["versions", "--key", "printed.txt"],
    ["lineage", "--key", "printed.txt"], ["load", "--key", "printed.txt"], ["validate", "ulabel", "--value", "unknown"],
    ["standardize", "ulabel", "--value", "printed"], ["create", "ulabel", "printed"], ["save", "printed.txt", "--key", "printed.txt"],
    ["migrate", "plan"], ["stubs", "bionty"], ["settings", "cache-dir", "get"], ["fsck"], ["fsck", "--json"], ["gc"],
]  # fmt: skip


def test_what_cannot_be_written_is_an_error(ln, labels, lamin, workplace):
    labels(name="printed").save()
    (workplace / "printed.txt").write_text("printed")
    ln.Artifact(workplace / "printed.txt", key="printed.txt").save()

    def attempt(words):
        with open("/dev/full", "w") as full:
            done = lamin(*words, stdout=full)
        if done.returncode != 11 or "the output could not be written: No space left on device" not in done.stderr:
            return f"{words}: {done.returncode} {done.stderr}"

    with ThreadPoolExecutor(2) as pool:
        wrong = [said for said in pool.map(attempt, PRINTING) if said]
    assert not wrong, "\n".join(wrong)


def test_a_deep_lineage_prints_in_proportion_to_its_nodes(ln, lamin, workplace, database):
    deep = 3000
    transform = ln.Transform(key="chain.py", kind="script").save()
    run = ln.Run(transform).save()
    (workplace / "chain.txt").write_text("chain")
    artifact = ln.Artifact(workplace / "chain.txt", key="chain.txt", run=run).save()
    runs = copies(database, "lamindb_run", run.id, deep, uid=lambda i: f"deep{i:012}")
    made = copies(
        database, "lamindb_artifact", artifact.id, deep, uid=lambda i: f"deep{i:012}0000", key=lambda i: f"chain/{i}.txt",
        hash=lambda i: f"deep{i}", run_id=lambda i: runs + i,
    )  # fmt: skip
    inputs = [(made + i - 1, runs + i) for i in range(1, deep)]
    database.executemany("insert into lamindb_artifact_input_of_runs (artifact_id, run_id) values (?, ?)", inputs)
    database.commit()
    try:
        text = lamin("lineage", "--uid", f"deep{deep - 1:012}0000").stdout
        lines = text.splitlines()
        assert all(sum(f" chain/{i}.txt (0000)" in line for line in lines) >= 1 for i in (0, 1, 20, 21, 1500, deep - 2))
        assert sum("made by chain.py" in line for line in lines) == deep
        assert len(text) < 400 * deep, "bytes per step"
        assert max(map(len, lines)) < 300
        below = lamin("lineage", "--uid", f"deep{0:012}0000").stdout
        assert sum("used by chain.py" in line for line in below.splitlines()) == deep - 1
    finally:
        database.execute("delete from lamindb_artifact_input_of_runs where run_id >= ?", (runs,))
        database.execute("delete from lamindb_artifact where id >= ?", (made,))
        database.execute("delete from lamindb_run where id >= ?", (runs,))
        database.commit()


def on_terminal(command, cwd, **env):
    """What a command writes to a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(command, cwd=cwd, stdout=theirs, stderr=theirs, env={**os.environ, "TERM": "xterm", **env})
    os.close(theirs)
    out = b""
    try:
        while chunk := os.read(ours, 65536):
            out += chunk
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    process.wait(timeout=60)
    return out.decode()


ESCAPE = "\x1b["


def test_colours_are_for_terminals_that_want_them(ln, labels, lamin, workplace):
    labels(name="coloured").save()
    script = "import lamindb as ln; ln.core.logger.important('x'); ln.ULabel.get(name='coloured').describe()"
    for command in (
        [LAMIN, "list", "ulabel"], [LAMIN, "describe", "ulabel", "--name", "coloured"], [LAMIN, "get", "ulabel", "--name", "none"],
        [sys.executable, "-c", script],
    ):  # fmt: skip
        seen = on_terminal(command, workplace)
        assert ESCAPE in seen, command
        for refused in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            assert ESCAPE not in on_terminal(command, workplace, **refused), (command, refused)
        piped = subprocess.run(command, cwd=workplace, capture_output=True, text=True)
        assert ESCAPE not in piped.stdout + piped.stderr
        plain = re.sub("\x1b\\[[0-9;]*m", "", seen).replace("\r\n", "\n")
        for line in piped.stdout.splitlines():
            assert line in plain, "colours change nothing else"


NAME = "<script>alert(1)</script> & \"x\""


def test_a_notebook_shows_html(ln, bt, labels, workplace):
    label = labels(name=NAME, description="second").save()
    bt.CellType(name="html cell", synonyms="html synonym").save()
    schema = ln.Schema([ln.Feature(name="html feature", dtype=int).save()], name="html schema").save()
    (workplace / "html.txt").write_text("html")
    artifact = ln.Artifact(workplace / "html.txt", key="html.txt").save()
    artifact.ulabels.add(label)
    inspected = bt.CellType.inspect(["html cell", "html synonym", "<b>"], mute=True)
    shown = {
        "record": label, "query set": labels.filter(), "related": artifact.ulabels, "schema": schema, "inspection": inspected,
        "features": artifact.features, "labels": artifact.labels, "list": ln.models.SQLRecordList([label]),
    }  # fmt: skip
    for what, thing in shown.items():
        html = thing._repr_html_()
        assert html.startswith('<div class="lamindb">') and html.endswith("</div>"), what
        assert "<script>" not in html and "<b><" not in html.replace("<b></b>", ""), what
        assert html.count("<table") == html.count("</table>") and html.count("<div") == html.count("</div>"), what
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;x&quot;" in label._repr_html_()
    assert "html feature" in schema._repr_html_() and "html schema" in schema._repr_html_()
    assert "html synonym" in inspected._repr_html_() and "&lt;b&gt;" in inspected._repr_html_()
    assert labels.filter().values_list("name")._repr_html_ is None, "values are shown as they are"
    assert "first 20 rows" in ln.Feature.filter()._repr_html_() or ln.Feature.filter().count() <= 20


def test_describe_is_html_in_a_notebook(ln, labels, monkeypatch, capsys):
    label = labels(name="described").save()
    seen = []

    class Display:
        HTML = staticmethod(lambda html: html)
        display = staticmethod(seen.append)

    class IPython:
        @staticmethod
        def get_ipython():
            return type("Shell", (), {"kernel": True})()

    monkeypatch.setitem(sys.modules, "IPython", IPython)
    monkeypatch.setitem(sys.modules, "IPython.display", Display)
    assert label.describe() is None and capsys.readouterr().out == ""
    assert seen[0].startswith('<div class="lamindb"><div><b>ULabel: described')
    assert label.describe(return_str=True).startswith("ULabel: described")


def test_messages_name_records_by_what_people_know(ln, labels, said, workplace):
    """Class, uid and name, not twenty fields."""
    feature = ln.Feature(name="named in messages", dtype=int).save()
    schema = ln.Schema([feature], name="named schema").save()
    said()
    ln.Schema([feature], name="named schema").save()
    assert said() == f"→ returning schema with same hash: Schema('{schema.uid}', name='named schema')\n"
    (workplace / "named.txt").write_text("named")
    artifact = ln.Artifact(workplace / "named.txt", key="named.txt").save()
    said()
    ln.Artifact(workplace / "named.txt", key="named.txt")
    assert f"Artifact('{artifact.uid}', key='named.txt')" in said()
    label = labels(name="named label").save()
    said()
    label.delete()
    assert said() == f"→ moved record to trash: ULabel('{label.uid}', name='named label')\n"
    unsaved = ln.ULabel(name="unsaved")
    with pytest.raises(ln.errors.ValidationError) as error:
        artifact.ulabels.add(unsaved)
    assert "name='unsaved') needs to be saved" in str(error.value) and len(str(error.value)) < 120


def test_a_schema_of_the_library_is_not_announced(ln, bt, said):
    """Naming one makes or finds up to three schemas: nothing of which a user asked about."""
    import pandas

    ln.Feature(name="announced", dtype=int).save()
    for key in ("announced.parquet", "again.parquet"):
        frame = pandas.DataFrame({"announced": [1, len(key)]})
        ln.Artifact.from_dataframe(frame, key=key, schema="valid_features").save()
    ln.examples.schemas.anndata_ensembl_gene_ids_and_valid_features_in_obs()
    ln.examples.schemas.anndata_ensembl_gene_ids_and_valid_features_in_obs()
    assert "returning schema" not in said()
