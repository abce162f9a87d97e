"""What LaminDB's guides show and no other test holds: what is printed, what is refused by name, what an argument does."""

import pytest


@pytest.fixture
def other(ln, script):
    """Another instance on this machine, with a record, a type and an artifact; ids as here mean other rows."""
    done = script("""
import lamindb as ln, os
here = ln.setup.settings.instance.slug
os.makedirs("other", exist_ok=True)
os.chdir("other")  # the development folder of the other instance
ln.setup.init(storage="storage", name="other")
ln.Record(name="theirs").save()
ln.Record(name="their type", is_type=True).save()
ln.Feature(name="their feature", dtype=str).save()
open("theirs.txt", "w").write("theirs")
ln.Artifact("theirs.txt", key="theirs.txt").save()
ln.connect(here)
""", "make_other.py")  # fmt: skip
    assert done.returncode == 0, done.stderr
    yield ln.DB("other")
    ln.setup.delete("other", force=True)


def test_rows_of_another_instance_are_not_taken_for_rows_of_this_one(ln, other, workplace):
    theirs = other.Record.get(name="theirs")
    mine = ln.Record(name="mine").save()
    (workplace / "mine.txt").write_text("mine")
    artifact = ln.Artifact(workplace / "mine.txt", key="mine.txt").save()
    refused = pytest.raises(NotImplementedError, match="is in the instance 'anonymous/other', and this is 'anonymous/tests': transfer")
    for work in (
        lambda: theirs.save(),
        lambda: theirs.save(transfer="annotations"),
        lambda: other.Artifact.get(key="theirs.txt").save(),
        lambda: ln.save([theirs]),
        lambda: artifact.records.add(theirs),
        lambda: artifact.records.remove(theirs),
        lambda: ln.Record(name="new", type=other.Record.get(name="their type")).save(),
        lambda: ln.Collection([other.Artifact.get(key="theirs.txt")], key="theirs").save(),
    ):
        with refused:
            work()
    assert artifact.records.count() == 0 and ln.Record.filter(name__in=["theirs", "new"]).count() == 0
    theirs.name = "changed"
    with refused:
        theirs.save()
    assert other.Record.filter(name="theirs").count() == 1
    artifact.records.add(mine)
    assert artifact.records.one() == mine
    artifact.delete(permanent=True)
    mine.delete(permanent=True)


@pytest.mark.parametrize(("options", "error", "says"), [
    ({"trasnfer": "annotations"}, TypeError, "did you mean transfer"),
    ({"transfer": "everything"}, NotImplementedError, "save(transfer='everything')"),
    ({"using": "elsewhere"}, NotImplementedError, "save(using='elsewhere')"),
    ({"force_insert": True}, NotImplementedError, "save(force_insert=...) of Django"),
])  # fmt: skip
def test_an_option_of_save_works_or_is_refused(ln, labels, options, error, says):
    import re

    with pytest.raises(error, match=re.escape(says)):
        labels(name="with options").save(**options)
    assert labels.filter(name="with options").count() == 0
    assert labels(name="with options").save(transfer="annotations", using=None).id


def test_options_without_effect_say_so(ln, workplace):
    (workplace / "options.txt").write_text("options")
    artifact = ln.Artifact(workplace / "options.txt", key="options.txt")
    with pytest.raises(NotImplementedError, match="upload=False"):
        artifact.save(upload=False)
    artifact.save(upload=True)
    with pytest.raises(TypeError, match="did you mean is_run_input"):
        artifact.cache(is_run_inputs=True)
    with pytest.raises(ValueError, match="n_max_features"):
        artifact.describe(n_max_features=0)
    with pytest.raises(NotImplementedError, match="artifact_skip_size_hash"):
        ln.settings.creation.artifact_skip_size_hash = True
    with pytest.raises(NotImplementedError, match="keep_artifacts_local"):
        ln.setup.settings.instance.keep_artifacts_local = True
    with pytest.raises(ValueError, match="batch_size"):
        ln.save([], batch_size=0)
    with pytest.raises(ln.errors.Unsupported, match="no hub"):
        ln.connect("tests", use_root_db_user=True)
    artifact.delete(permanent=True)


def test_a_gene_by_its_ensembl_id_needs_no_organism(bt):
    assert bt.Gene.require_organism() and bt.Gene.require_organism(bt.Gene.symbol)
    assert not bt.Gene.require_organism(bt.Gene.ensembl_gene_id) and not bt.CellType.require_organism()


def test_what_is_cut_off_is_said(ln, labels, capsys):
    ln.save([labels(name=f"cut {i:02}") for i in range(21)])
    ln.settings.verbosity = "warning"
    try:
        assert len(labels.to_dataframe()) == 20 and "truncated query result to limit=20 ULabel objects" in capsys.readouterr().out
    finally:
        ln.settings.verbosity = "error"


def test_rows_above_and_below_are_shown_as_any_others(bt):
    from lamindb.models import QuerySet

    a, b, c = (bt.CellType(name=name).save() for name in ("shown a", "shown b", "shown c"))
    c.parents.add(b)
    b.parents.add(a)
    above = c.query_parents()
    assert isinstance(above, QuerySet) and above.to_dataframe()["name"].to_list() == ["shown b", "shown a"]
    assert above.filter(name="shown a").one() == a
    for row in (c, b, a):
        row.delete(permanent=True)


FLOW = """
import lamindb as ln

@ln.step()
def part(n: int): return n

@ln.flow()
def whole(key: str, plan=None): return part(3)

open("flow.plan.md", "w").write("# plan")
made = ln.Artifact("flow.plan.md", key=".plans/flow.plan.md", kind="plan").save()
whole("a", plan=".plans/flow.plan.md")
run = ln.Run.filter(entrypoint="whole").first()
print("plan:", run.plan.key, "kind:", run.transform.kind)
@ln.flow()
def of_project(project: str): ...
try: of_project("p")
except ln.errors.InvalidArgument as e: print("refused:", e)
ln.track(transform=ln.Transform(key="a pipeline", kind="pipeline"), plan=made.uid, params={"n": 3})
print("tracked:", ln.context.transform.key, ln.context.run.plan.key)
for work in (lambda: ln.connect("other"), lambda: ln.setup.init(storage="x")):
    try: work()
    except ln.errors.CannotSwitchDefaultInstance as e: print("live:", e)
ln.finish()
"""


def test_flows_and_plans(ln, script):
    done = script(FLOW, "flowing.py")
    assert done.returncode == 0, done.stderr
    said = done.stdout
    assert "created Transform('" in said and "entrypoint='whole')" in said and "params: key='a', plan='.plans/flow.plan.md'" in said
    assert "loaded Transform('" in said and "entrypoint='part')" in said and "params: n=3" in said
    assert "plan: .plans/flow.plan.md kind: script" in said
    assert "refused: Project 'p' not found" in said
    assert "tracked: a pipeline .plans/flow.plan.md" in said
    assert said.count("live: Cannot switch default instance while `ln.track()` is live: call `ln.finish()`") == 2


@pytest.fixture
def shell(ln, workplace):
    """Runs `lamin` in the folder of the instance; returns what it printed on both streams."""
    import subprocess
    import sys
    from pathlib import Path

    def run(*words, status=0):
        done = subprocess.run([str(Path(sys.executable).parent / "lamin"), *words], cwd=workplace, capture_output=True, text=True, timeout=60)
        assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
        return done.stdout + done.stderr

    return run


def test_plans_of_agents_are_artifacts(ln, shell, workplace):
    for folder, name in ((".cursor/plans", "sort.md"), (".claude/plans", "task.md"), ("", "any.plan.md")):
        (workplace / folder).mkdir(parents=True, exist_ok=True)
        (workplace / folder / name).write_text(f"---\nname: x\noverview: Sort {name}\n---\n\n# Plan {name}\n")
        assert 'saving artifact as `kind="plan"`' in shell("save", str(workplace / folder / name))
        plan = ln.Artifact.get(key=f".plans/{name}")
        assert plan.kind == "plan" and plan.description == f"Sort {name}" and plan.path.read_text() == f"# Plan {name}\n"
        plan.delete(permanent=True)


def test_messages_go_where_scripts_for_lamindb_read_them(ln, workplace, monkeypatch):
    import subprocess
    import sys
    from pathlib import Path

    def printed():
        command = [str(Path(sys.executable).parent / "lamin"), "save", "said.txt", "--key", "said.txt"]
        return subprocess.run(command, cwd=workplace, capture_output=True, text=True, timeout=60)

    (workplace / "said.txt").write_text("said")
    done = printed()
    assert len(done.stdout.split()) == 1 and "connected lamindb" in done.stderr
    monkeypatch.setenv("LAMIN_MESSAGES", "stdout")
    done = printed()
    lines = done.stdout.splitlines()
    assert not done.stderr and "connected lamindb" in lines[0] and any("same hash" in line for line in lines[:-1])
    assert lines[-1] == ln.Artifact.get(key="said.txt").uid
    ln.Artifact.get(key="said.txt").delete(permanent=True)


@pytest.mark.parametrize(("words", "status", "says"), [
    (["connect", "lab/cells", "--use-proxy-db"], 2, "--use-proxy-db of LaminDB is not implemented yet"),
    (["save", "x.csv", "--store-kwargs", "{}"], 2, "--store-kwargs of LaminDB is not implemented yet"),
    (["settings", "mount", "list"], 13, "`lamin settings mount` of LaminDB is not implemented yet"),
    (["mount"], 13, "`lamin mount` is a command of LaminDB that is not available in this version"),
    (["migrate"], 2, "say which: `lamin migrate"),
])  # fmt: skip
def test_what_is_not_there_yet_says_so(shell, words, status, says):
    assert says in shell(*words, status=status)


def test_info_says_where_one_is(shell, workplace):
    said = shell("info")
    assert "Instance: anonymous/tests\n - branch: main\n - space: all\n - dev-dir: " in said and " - system settings: " in said
    shell("switch", "-c", "shown in info")
    assert " - branch: shown in info\n" in shell("info")
    shell("switch", "main")


def test_a_cache_for_all_users(shell, monkeypatch, tmp_path):
    (tmp_path / "lamindb").mkdir()
    (tmp_path / "lamindb/system.env").write_text(f"lamindb_cache_path={tmp_path}/shared\n")
    monkeypatch.setenv("XDG_CONFIG_DIRS", f"{tmp_path}:/elsewhere")
    monkeypatch.delenv("LAMIN_CACHE_DIR", raising=False)
    assert shell("settings", "cache-dir", "get").strip() == f"{tmp_path}/shared"
    assert f"system settings: {tmp_path}/lamindb" in shell("info")
