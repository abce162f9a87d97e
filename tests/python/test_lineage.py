"""What led to a record and what came of it: query sets, forms, `view_lineage`, `lamin lineage`."""

import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

LAMIN = os.path.join(os.path.dirname(sys.executable), "lamin")


@pytest.fixture(scope="module")
def made(ln, workplace):
    """Runs that made datasets from each other: raw -> tidy, log -> fig (failed); a sheet is an input too."""

    class Made:
        def artifact(self, key, run=None):
            (workplace / "lineage.txt").write_text(f"lineage {key}")
            return ln.Artifact(workplace / "lineage.txt", key=f"lineage/{key}", run=run).save()

        def run(self, key, *inputs, entrypoint=None):
            transform = ln.Transform(key=f"lineage/{key}", kind="script", source_code=key).save()
            run = ln.Run(transform, status="started", entrypoint=entrypoint).save()
            for one in inputs:
                getattr(run, f"input_{type(one).__name__.lower()}s").add(one)
            return run

        def end(self, run, code=0):
            run._status_code = code
            return run.save()

    make = Made()
    make.load = make.end(make.run("load.py"))
    make.raw = make.artifact("raw.txt", make.load)
    make.sheet = ln.Record(name="lineage samples", is_type=True).save()
    make.clean = make.end(make.run("clean.py", make.raw, make.sheet, entrypoint="main"))
    make.tidy, make.log = make.artifact("tidy.txt", make.clean), make.artifact("log.txt", make.clean)
    make.collection = ln.Collection([make.raw, make.tidy], key="lineage/all", run=make.clean).save()
    make.plot = make.end(make.run("plot.py", make.collection), 1)
    make.fig = make.artifact("fig.txt", make.plot)
    return make


def test_rows_of_a_lineage_are_query_sets(ln, made):
    up = made.fig.upstream()
    assert set(up.runs) == {made.plot, made.clean, made.load}
    assert set(up.collections) == {made.collection} and set(up.artifacts) == {made.raw} and set(up.records) == {made.sheet}
    assert {transform.key for transform in up.transforms} == {f"lineage/{name}.py" for name in ("plot", "clean", "load")}
    assert up.artifacts.filter(suffix=".h5ad").count() == 0
    assert set(made.fig.upstream(siblings=True).artifacts) == {made.raw, made.tidy, made.log}
    assert set(made.raw.downstream().artifacts) == {made.tidy, made.log, made.fig}
    assert set(made.sheet.downstream(depth=1).artifacts) == {made.tidy, made.log}
    assert set(made.clean.upstream().runs) == {made.load} and set(made.clean.downstream().runs) == {made.plot}
    assert {one.key for one in ln.Transform.get(key="lineage/clean.py").downstream().transforms} == {"lineage/plot.py"}
    assert [node.distance for node in made.fig.upstream(depth=1).nodes] == [0, -2, -1]


def test_what_is_no_depth(ln, made):
    for depth in (-1, 1.5, "2", True):
        with pytest.raises(ln.errors.InvalidArgument, match="is a number of runs|it is a number"):
            made.fig.upstream(depth)


def test_text_in_a_terminal(ln, made, capsys):
    made.fig.view_lineage()
    lines = re.sub(r"  run \w{7} at [0-9-]+ [0-9:]+ UTC", "", capsys.readouterr().out).splitlines()
    assert lines == [
        "lineage/fig.txt (0000)",
        "└── made by lineage/plot.py, errored",
        "    └── from collection lineage/all (0000)",
        "        └── made by lineage/clean.py: main",
        "            ├── from lineage/raw.txt (0000)",
        "            │   └── made by lineage/load.py",
        f"            └── from lineage samples ({made.sheet.uid})",
    ]
    ln.Transform.get(key="lineage/plot.py").view_lineage()
    assert capsys.readouterr().out == "lineage/plot.py (0000)\n└── after lineage/clean.py (0000)\n    └── after lineage/load.py (0000)\n"
    made.load.view_lineage(with_children=False)
    assert capsys.readouterr().out.splitlines()[1] == "    it used nothing"
    for record in (made.collection, made.sheet, made.clean):
        record.view_lineage()
        assert "lineage/clean.py: main" in capsys.readouterr().out


def test_a_drawing_in_a_notebook(ln, made, monkeypatch):
    shown = []
    monkeypatch.setattr("lamindb._process.logger._in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda one: shown.append(one.data))
    for record in (made.fig, made.collection, made.sheet, made.clean, ln.Transform.get(key="lineage/clean.py")):
        record.view_lineage()
    assert len(shown) == 5 and all("<svg" in html and "<script" not in html for html in shown)
    for html in shown:
        ElementTree.fromstring(re.search("<svg.*</svg>", html, re.S)[0])


def test_a_drawing_says_what_failed_and_what_is_data(made):
    svg = made.fig.upstream(siblings=True).to_svg()
    tree = ElementTree.fromstring(svg)
    spelled = "{http://www.w3.org/2000/svg}"
    groups = {group.find(f"{spelled}title").text.splitlines()[0]: group.get("class") for group in tree.iter(f"{spelled}g")}
    assert groups["lineage/plot.py"] == "code bad" and groups["lineage/clean.py: main"] == "code"
    assert groups["lineage/fig.txt"] == "data focus" and groups["lineage/raw.txt"] == "data"


def test_forms_for_programs(made):
    lineage = made.fig.upstream(depth=1)
    told = json.loads(lineage.to_json())
    assert told == lineage.to_dict() and told["focus"] == f"artifact/{made.fig.uid}"
    assert [node["name"] for node in told["nodes"]] == ["lineage/fig.txt", "lineage/all", "lineage/plot.py"]
    assert told["nodes"][2]["status"] == "errored" and told["nodes"][0]["size"] == len("lineage fig.txt")
    assert {(edge["from"], edge["to"], edge["kind"]) for edge in told["edges"]} == {
        (f"collection/{made.collection.uid}", f"run/{made.plot.uid}", "input"),
        (f"run/{made.plot.uid}", f"artifact/{made.fig.uid}", "output"),
    }
    mermaid = lineage.to_mermaid().splitlines()
    assert mermaid[0] == "flowchart LR" and '  n1[["lineage/all"]]:::data' in mermaid and "  n1 --> n2" in mermaid
    assert any(line.endswith(":::failed") for line in mermaid)


def test_names_are_text_in_every_form(ln, made):
    evil = '<script>alert(1)</script>"`]]>&amp;.txt'
    run = made.end(made.run('"><img src=x onerror=alert(1)>.py'))
    artifact = made.artifact(evil, run)
    lineage = artifact.upstream()
    for form in (lineage.to_svg(), lineage._repr_html_(), lineage.to_mermaid()):
        assert "<script" not in form and "<img" not in form
    titles = [title.text for title in ElementTree.fromstring(lineage.to_svg()).iter("{http://www.w3.org/2000/svg}title")]
    assert any(title.startswith(f"lineage/{evil}\n") for title in titles)


def test_without_graphviz_it_says_what_to_install(made, monkeypatch):
    monkeypatch.setitem(sys.modules, "graphviz", None)
    with pytest.raises(ImportError, match="pip install graphviz"):
        made.fig.view_lineage(return_graph=True)


def test_a_run_that_made_something_again(ln, made):
    again = made.end(made.run("again.py", made.raw))
    made.tidy.recreating_runs.add(again)
    assert again not in made.tidy.upstream().runs and made.tidy in made.clean.downstream().artifacts
    assert again in made.tidy.upstream(recreated=True).runs
    edges = made.raw.downstream().edges
    assert [edge.kind for edge in edges].count("recreated") == 1
    made.tidy.recreating_runs.remove(again)
    again.delete(permanent=True)


@pytest.fixture
def shell(workplace):
    return lambda *words: subprocess.run([LAMIN, "lineage", *words], cwd=workplace, capture_output=True, text=True, timeout=60)


def test_the_shell(ln, made, shell, workplace):
    text = shell(made.fig.uid, "--up", "--depth", "1").stdout
    assert text.splitlines()[0] == "lineage/fig.txt (0000)" and "clean.py" not in text
    assert "clean.py" in shell("--key", "lineage/fig.txt").stdout
    told = json.loads(shell(made.raw.uid, "--down", "--json").stdout)
    assert told == json.loads(made.raw.downstream().to_json())
    assert shell(made.raw.uid, "--down", "--mermaid").stdout == made.raw.downstream().to_mermaid()
    done = shell("run", "--uid", made.clean.uid, "--svg", "clean.svg")
    assert done.returncode == 0, done.stderr
    assert (workplace / "clean.svg").read_text().startswith('<svg class="ll"')
    assert shell(made.raw.uid, "--svg", "-").stdout.startswith("<svg")
    assert "log.txt" in shell(made.fig.uid, "--json", "--siblings").stdout
    assert "before lineage/clean.py" in shell("transform", "--key", "lineage/load.py").stdout
    for words, said in (
        (("0" * 16,), "has a uid that begins with"), ((made.raw.uid, "--json", "--mermaid"), "exclude each other"),
        ((made.raw.uid, "--depth", "0"), "whole number"), (("ulabels",), "Which one?"),
        ((made.raw.uid, "--svg", "/none/x.svg"), "could not be written"),
    ):  # fmt: skip
        done = shell(*words)
        assert done.returncode != 0 and said in done.stderr, (words, done.stderr)


# -- what is an input ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def tracked(ln):
    """A tracked run of another program."""
    ln.track(ln.Transform(key="lineage reads").save())
    yield ln.context.run
    ln.settings.track_run_inputs = True
    if ln.context.run is not None:
        ln.finish()


def inputs(run):
    return {*run.input_artifacts.all(), *run.input_collections.all(), *run.input_records.all()}


def test_what_is_read_is_an_input(ln, made, tracked):
    made.raw.load()
    made.raw.cache()
    assert inputs(tracked) == {made.raw}
    made.collection.cache()
    assert inputs(tracked) == {made.raw, made.collection}, "the collection, not its artifacts"
    made.sheet.to_dataframe()
    assert inputs(tracked) == {made.raw, made.collection, made.sheet}


def test_what_is_looked_up_is_an_input_if_asked(ln, made, tracked):
    ln.Artifact.get(key="lineage/raw.txt")
    assert inputs(tracked) == set()
    assert ln.Artifact.get(key="lineage/raw.txt", is_run_input=True) == made.raw
    assert ln.Collection.filter().get(key="lineage/all", is_run_input=True) == made.collection
    assert ln.Record.get(name="lineage samples", is_run_input=True) == made.sheet
    assert inputs(tracked) == {made.raw, made.collection, made.sheet}
    other = ln.Run(ln.Transform(key="lineage/other.py").save()).save()
    ln.Artifact.filter().get(key="lineage/tidy.txt", is_run_input=other)
    assert inputs(other) == {made.tidy} and made.tidy not in inputs(tracked)


def test_settings_turn_it_off_and_arguments_on(ln, made, tracked):
    ln.settings.track_run_inputs = False
    made.raw.load()
    ln.Collection([made.raw, made.fig], key="lineage/untracked").save()
    assert inputs(tracked) == set()
    made.raw.load(is_run_input=True)
    assert inputs(tracked) == {made.raw}
    ln.settings.track_run_inputs = True
    made.log.load(is_run_input=False)
    assert inputs(tracked) == {made.raw}


def test_what_a_run_made_or_made_again_is_no_input(ln, made, tracked):
    own = made.artifact("own.txt")
    again = made.artifact("raw.txt")
    assert again == made.raw and tracked in again.recreating_runs.all()
    own.cache()
    again.cache()
    ln.Artifact.get(key="lineage/raw.txt").load()
    assert inputs(tracked) == set()
    own.delete(permanent=True)


def test_what_a_run_read_it_has_not_made_again(ln, made, tracked):
    made.raw.load()
    assert made.artifact("raw.txt") == made.raw
    assert tracked not in made.raw.recreating_runs.all() and inputs(tracked) == {made.raw}


def test_what_a_collection_is_made_of_is_an_input(ln, made, tracked):
    first = ln.Collection([made.raw], key="lineage/grows").save()
    assert inputs(tracked) == {made.raw}
    ln.finish()
    ln.track(ln.Transform(key="lineage grows").save())
    run = ln.context.run
    second = first.append(made.log).save()
    assert inputs(run) == {made.raw, made.log, first} and second.run == run and second.transform.key == "lineage grows"
    ln.finish()
    ln.track(ln.Transform(key="lineage grows").save())
    assert ln.Collection([made.raw, made.log], key="lineage/grows").save() == second
    assert ln.context.run in second.recreating_runs.all() and inputs(ln.context.run) == {made.raw, made.log}
