"""ln.track() and ln.finish(): whole scripts in separate processes."""

import pytest

SCRIPT = """
import lamindb as ln
ln.track(params={"n": 3, "api_key": "hidden", "nothing": None, "url": "postgresql://me:secret@host/db"})
print("hello from the script")
open("out.txt", "w").write(CONTENT)
ln.Artifact("out.txt", key="tracked/out.txt").save()
END
"""


def tracked(content, end="ln.finish()"):
    return SCRIPT.replace("CONTENT", repr(content)).replace("END", end)


def test_a_script_is_recorded(ln, script):
    done = script(tracked("one"), "recorded.py")
    assert done.returncode == 0, done.stderr
    assert "created Transform('" in done.stdout and "finished Run('" in done.stdout
    transform = ln.Transform.get(key="recorded.py")
    assert transform.kind == "script" and "hello from the script" in transform.source_code
    run = transform.latest_run
    assert run.status == "completed" and run.finished_at is not None
    assert run.params == {"n": 3, "api_key": "***REDACTED***", "url": "***REDACTED***"}
    artifact = ln.Artifact.get(key="tracked/out.txt")
    assert (
        artifact.run == run and artifact.transform == transform and run.output_artifacts.filter(key__startswith="tracked").one() == artifact
    )
    assert "hello from the script" in run.report.cache().read_text()
    assert "pytest==" in run.environment.cache().read_text()

    assert script(tracked("one"), "recorded.py").returncode == 0
    assert ln.Transform.filter(key="recorded.py").count() == 1 and transform.runs.count() == 2
    assert script(tracked("two"), "recorded.py").returncode == 0
    assert ln.Transform.filter(key="recorded.py").count() == 2, "another source is another version"


def test_a_script_that_fails_is_marked(ln, script):
    done = script(tracked("three", "1 / 0"), "failing.py")
    assert done.returncode != 0 and "ZeroDivisionError" in done.stderr
    run = ln.Transform.get(key="failing.py").latest_run
    assert run.status == "errored" and "ZeroDivisionError" in run.report.cache().read_text()


def test_inputs_are_recorded(ln, script, workplace):
    (workplace / "input.txt").write_text("the input")
    artifact = ln.Artifact(workplace / "input.txt", key="tracked/input.txt").save()
    done = script("import lamindb as ln\nln.track()\nprint(ln.Artifact.get(key='tracked/input.txt').load())\nln.finish()\n", "reading.py")
    assert done.returncode == 0 and "the input" in done.stdout, done.stderr
    run = ln.Transform.get(key="reading.py").latest_run
    assert run.input_artifacts.one() == artifact and artifact.input_of_runs.one() == run


def test_finish_needs_track(ln):
    with pytest.raises(ln.errors.TrackNotCalled):
        ln.finish()


def test_track_by_hand(ln):
    ln.track(key="by hand", source_code="x = 1", kind="pipeline")
    try:
        assert ln.context.transform.key == "by hand" and ln.context.run.status == "started"
        assert ln.Run(ln.context.transform).save().uid != ln.context.run.uid
    finally:
        ln.finish()
    assert ln.context.run is None and ln.Transform.get(key="by hand").latest_run is not None


def test_functions_are_tracked(ln):
    @ln.step()
    def inner(x):
        return x + 1

    @ln.flow()
    def outer(x, y=2):
        assert ln.context.run.params == {"x": x, "y": y}
        return inner(x) + y

    with pytest.raises(RuntimeError, match="global run context"):
        inner(1)
    assert outer(1) == 4 and ln.context.run is None
    runs = {run.entrypoint.rpartition(".")[2]: run for run in ln.Run.filter(transform__key__endswith="test_context.py")}
    assert runs["inner"].initiated_by_run == runs["outer"] and runs["outer"].status == "completed"


def test_a_new_process_connects_by_itself(ln, script):
    done = script("import lamindb as ln\nprint(ln.setup.settings.instance.slug, ln.ULabel.filter().exists())\n")
    assert done.returncode == 0 and "→ connected lamindb: anonymous/tests" in done.stdout and "anonymous/tests" in done.stdout


def test_without_an_instance_classes_exist_and_queries_say_so(script, tmp_path):
    text = """
import os; os.chdir(os.environ["EMPTY"])
import lamindb as ln, bionty as bt, pertdb as pt
print(ln.ULabel.name, bt.CellType, pt.Compound)
for ask in (lambda: ln.ULabel.filter().count(), lambda: ln.ULabel(name="x"), lambda: bt.CellType.get("x")):
    try: ask()
    except ln.errors.CurrentInstanceNotConfigured as error: print("refused", isinstance(error, RuntimeError))
"""
    done = script(text, "empty.py", LAMIN_SETTINGS_DIR=str(tmp_path), HOME=str(tmp_path), EMPTY=str(tmp_path))
    assert done.stdout.count("refused True") == 3, done.stdout + done.stderr


def test_importing_is_light(script):
    text = "import sys\nbefore = set(sys.modules)\nimport lamindb as ln\nln.ULabel.filter().count()\nprint(*sorted(set(sys.modules) - before))\n"
    loaded = set(script(text, "light.py").stdout.split())
    assert not loaded & {"pandas", "numpy", "pyarrow", "typing", "dataclasses", "inspect", "re", "pathlib", "json", "datetime"}


def test_another_instance_with_more_modules(script, tmp_path):
    text = """
import os; os.chdir(os.environ["EMPTY"])
import lamindb as ln
ln.setup.init(storage="./one", name="one")
try: print("missing", ln.Artifact.filter(compounds__name="x").count())
except ln.errors.FieldError: print("no compounds")
import pertdb as pt
try: pt.Compound(name="x")
except ln.errors.ModuleWasntConfigured: print("no module")
ln.setup.init(storage="./two", name="two", modules="pertdb")
print("there", ln.Artifact.filter(compounds__name="x").count(), pt.Compound(name="x").save().name)
ln.connect("one")
print(ln.setup.settings.instance.slug, ln.DB("anonymous/two").pertdb.Compound.filter().count())
ln.setup.disconnect()
try: ln.ULabel.filter().count()
except ln.errors.CurrentInstanceNotConfigured: print("disconnected")
ln.setup.delete("one", force=True)
try: ln.connect("one")
except ln.errors.ObjectDoesNotExist: print("gone")
"""
    done = script(text, "two.py", LAMIN_SETTINGS_DIR=str(tmp_path), HOME=str(tmp_path), EMPTY=str(tmp_path))
    for said in ("no compounds", "no module", "there 0 x", "anonymous/one 1", "disconnected", "gone"):
        assert said in done.stdout, done.stdout + done.stderr


def test_a_script_of_2024_says_its_stem(ln, script):
    stem = "Former2024st"
    for version, changed in (("1", 1), ("1", 1), ("2", 2)):
        said = f"ln.settings.transform.stem_uid, ln.settings.transform.version = {stem!r}, {version!r}"
        done = script(f"import lamindb as ln\n{said}\nln.track()\nln.finish()\nprint({changed})\n", "of_2024.py")
        assert done.returncode == 0, done.stderr
    made = ln.Transform.filter(key="of_2024.py").order_by("uid")
    assert made.values_list("uid", "version_tag", "is_latest") == [(f"{stem}0000", "1", False), (f"{stem}0001", "2", True)]


@pytest.mark.parametrize("how", ["standard input", "an archive"])
def test_code_that_is_no_file_says_what_to_pass(workplace, how):
    import subprocess
    import sys
    import zipfile

    code = "import lamindb as ln\nln.track()\n"
    arguments = ["-"]
    if how == "an archive":
        arguments = [str(workplace / "app.pyz")]
        with zipfile.ZipFile(arguments[0], "w") as archive:
            archive.writestr("__main__.py", code)
    done = subprocess.run([sys.executable, *arguments], input=code, capture_output=True, text=True)
    assert done.returncode != 0 and "which is no file: pass path=, or key= and source_code=" in done.stderr


def test_a_run_that_is_deleted_takes_along_what_was_captured_of_it(ln, workplace):
    import subprocess
    import sys

    def run():
        (workplace / "captured.py").write_text("import lamindb as ln, os\nln.track()\nprint(os.getpid())\nln.finish()\n")
        subprocess.run([sys.executable, "captured.py"], cwd=workplace, check=True, capture_output=True)
        return ln.Run.filter(transform__key="captured.py").order_by("-id").first()

    first, second = run(), run()
    report, environment = first.report, first.environment
    assert environment == second.environment
    path = report.cache(is_run_input=False)
    first.delete(permanent=True)
    assert ln.Artifact.filter(id=report.id, branch=None).count() == 0 and not path.exists()
    assert ln.Artifact.filter(id=environment.id, branch=None).count() == 1
    second.delete(permanent=True)
    others = ln.Run.filter(environment=environment, branch=None).count()
    assert ln.Artifact.filter(id=environment.id, branch=None).count() == (1 if others else 0)


def test_features_that_are_refused_leave_no_run_behind(ln):
    transform = ln.Transform(key="refused features").save()
    with pytest.raises(ln.errors.ValidationError, match="no such feature"):
        ln.track(transform=transform, features={"no such feature": 1})
    assert ln.context.run is None and transform.latest_run.status == "errored"
    assert ln.ULabel(name="made after a refused run").save().run is None
