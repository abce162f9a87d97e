"""The shell: who one is, settings, texts about records, former names of commands. Every effect is looked at from another
process."""

import json
import os
import subprocess
import sys

import pytest

LAMIN = os.path.join(os.path.dirname(sys.executable), "lamin")


@pytest.fixture
def lamin(workplace, ln):
    """Runs a command in the workplace, or in `cwd`; returns (stdout, stderr)."""

    def run(*words, status=0, cwd=None):
        done = subprocess.run([LAMIN, *map(str, words)], cwd=cwd or workplace, capture_output=True, text=True, timeout=60)
        assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
        return done.stdout, done.stderr

    return run


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """No instance and no user: a home of its own for the commands."""
    for name in ("HOME", "LAMIN_SETTINGS_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path


@pytest.fixture
def text(ln, workplace):
    """A saved text file."""
    (workplace / "noted.txt").write_text("noted")
    artifact = ln.Artifact(workplace / "noted.txt", key="noted.txt").save()
    yield artifact
    artifact.delete(permanent=True)


# -- who one is ----------------------------------------------------------------------------------------------------------------


def test_people_are_told_apart(ln, lamin, script):
    try:
        _, said = lamin("login", "ada", "--name", "Ada Lovelace")
        assert "logged in ada" in said and lamin("login")[0].startswith("ada (uid ") and "Ada Lovelace" in lamin("info")[0]
        lamin("create", "ulabel", "of ada")
        lamin("login", "ben")
        done = script("import lamindb as ln\nln.ULabel(name='of ben').save()\nprint(ln.setup.settings.user.handle)")
        assert done.stdout.endswith("ben\n"), done.stderr
        seen = {label.name: label.created_by.handle for label in ln.ULabel.filter(name__startswith="of ")}
        assert seen == {"of ada": "ada", "of ben": "ben"} and ln.User.get(handle="ada").name == "Ada Lovelace"
        assert "logged out" in lamin("logout")[1] and lamin("login")[0].startswith("anonymous (uid 00000000)")
        assert "already logged out" in lamin("logout")[1]
    finally:
        lamin("logout")
        ln.ULabel.filter(name__startswith="of ").delete(permanent=True)


def test_login_in_python(ln, said):
    try:
        user = ln.setup.login("ada", email="ada@lab.org")
        assert user.handle == "ada" and user.email == "ada@lab.org" and "logged in ada" in said()
        label = ln.ULabel(name="by ada").save()
        assert label.created_by.handle == "ada" and ln.setup.login().handle == "ada"
        label.delete(permanent=True)
        ln.setup.logout()
        assert ln.setup.settings.user.handle == "anonymous" and ln.setup.login("ada@lab.org").handle == "ada"
        with pytest.raises(ln.errors.InvalidArgument, match="cannot be a handle"):
            ln.setup.login("a b")
        with pytest.raises(NotImplementedError, match="no hub is asked"):
            ln.setup.login("ada", api_key="x")
        with pytest.raises(TypeError, match="did you mean email"):
            ln.setup.login("ada", mail="x")
    finally:
        ln.setup.logout()


def test_wrong_logins(lamin):
    assert "cannot be a handle" in lamin("login", "a/b", status=2)[1]
    assert "no hub is asked" in lamin("login", "ada", "--key", "x", status=13)[1]
    assert "Whose?" in lamin("login", "--name", "Ada", status=2)[1]
    assert lamin("login")[0].startswith("anonymous")


# -- settings ------------------------------------------------------------------------------------------------------------------


def test_settings_of_branch_and_space(lamin):
    lamin("switch", "-c", "of settings")
    try:
        assert lamin("settings", "branch", "get")[0] == "of settings\n" == lamin("settings", "get", "branch")[0]
        lamin("settings", "branch", "set", "main")
        assert lamin("settings", "branch")[0] == "main\n" and lamin("settings", "space", "get")[0] == "all\n"
        assert "branch: main\nspace: all\n" in lamin("settings")[0]
    finally:
        lamin("switch", "main")
        lamin("delete", "branch", "--name", "of settings", "--permanent")


def test_settings_of_the_cache(lamin, tmp_path, monkeypatch):
    before = lamin("settings", "cache-dir", "get")[0]
    assert "LAMIN_CACHE_DIR" in lamin("settings", "cache-dir", "set", tmp_path, status=7)[1]
    monkeypatch.delenv("LAMIN_CACHE_DIR")
    default = lamin("settings", "cache-dir", "get")[0]
    lamin("settings", "cache-dir", "set", tmp_path / "cache")
    assert lamin("settings", "cache-dir", "get")[0] == f"{tmp_path / 'cache'}\n"
    done = subprocess.run([sys.executable, "-c", "import lamindb as ln; print(ln.settings.cache_dir)"], capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == str(tmp_path / "cache")
    assert "removed 0 bytes" in lamin("settings", "cache-dir", "clear")[1]
    lamin("settings", "cache-dir", "unset")
    assert lamin("settings", "cache-dir", "get")[0] == default
    monkeypatch.setenv("LAMIN_CACHE_DIR", before.strip())


def test_settings_of_development_folders(ln, lamin, tmp_path):
    slug = ln.setup.settings.instance.slug
    for name in ("one", "two"):
        lamin("settings", "dev-dir", "set", tmp_path / name)
    inner = tmp_path / "one" / "inner"
    inner.mkdir()
    assert lamin("settings", "dev-dir", "get", cwd=inner)[0] == f"{tmp_path / 'one'}\n"
    assert lamin("settings", "dev-dir", "find", tmp_path)[0] == f"{tmp_path / 'one'}\t{slug}\tmain\n{tmp_path / 'two'}\t{slug}\tmain\n"
    (inner / "step.py").write_text("print(1)\n")
    uid = lamin("save", "step.py", cwd=inner)[0].strip()
    assert ln.Transform.get(uid).key == "inner/step.py"
    (inner / "step.py").unlink()
    assert lamin("load", "transform", "--uid", uid, cwd=tmp_path / "one")[0] == "inner/step.py\n" and (inner / "step.py").exists()
    lamin("delete", "transform", "--uid", uid, "--permanent")
    lamin("disconnect", "--here", cwd=inner)
    assert lamin("settings", "dev-dir", "find", tmp_path)[0].startswith(str(tmp_path / "two"))
    lamin("settings", "set", "dev-dir", "none", cwd=tmp_path / "two")
    assert lamin("settings", "dev-dir", "find", tmp_path)[0] == ""


def test_dev_dir_in_python(ln, tmp_path, monkeypatch):
    folder = tmp_path / "dev"
    folder.mkdir()
    ln.setup.settings.dev_dir = folder
    monkeypatch.chdir(folder)
    assert ln.setup.settings.dev_dir == folder and (folder / ".lamin" / "current_instance").read_text() == ln.setup.settings.instance.slug
    ln.setup.settings.dev_dir = None
    assert not (folder / ".lamin" / "current_instance").exists()
    with pytest.raises(AttributeError, match="did you mean dev_dir"):
        ln.setup.settings.devdir = folder


def test_wrong_settings(lamin):
    assert "did you mean cache-dir" in lamin("settings", "cachedir", "get", status=2)[1]
    assert "to what?" in lamin("settings", "branch", "set", status=2)[1]
    assert "cannot be set" in lamin("settings", "modules", "set", "wetlab", status=13)[1]
    assert "cannot be set" in lamin("settings", "set", "auto-connect", "false", status=13)[1]
    lamin("settings", "set", "auto-connect", "True")
    assert "get, set or unset" in lamin("settings", "branch", "find", status=2)[1]
    assert lamin("settings", "auto-connect")[0] == "True\n" and lamin("settings", "modules")[0].startswith("bionty,pertdb")


# -- texts and labels ----------------------------------------------------------------------------------------------------------


def test_texts_about_records(ln, lamin, text, workplace):
    (workplace / "about.md").write_text("# About it\n")
    lamin("annotate", "artifact", "--key", "noted.txt", "--readme", "about.md")
    assert text.notes == "# About it\n" and text.ablocks.get().hash
    lamin("annotate", "--key", "noted.txt", "--comment", "checked")
    assert [block.content for block in text.ablocks.filter(kind="comment")] == ["checked"]
    out, _ = lamin("describe", "--key", "noted.txt", "--include", "comments")
    assert "anonymous" in out and "checked" in out and "checked" not in lamin("describe", "--key", "noted.txt")[0]
    assert "comments or hidden, not" in lamin("describe", "--key", "noted.txt", "--include", "all", status=2)[1]
    assert "With what?" in lamin("annotate", "--key", "noted.txt", status=2)[1]
    lamin("annotate", "--key", "noted.txt", "--readme", "none.md", status=5)
    assert "the comment is empty" in lamin("annotate", "--key", "noted.txt", "--comment", " ", status=2)[1]


@pytest.mark.parametrize("registry", ["project", "ulabel", "feature", "schema", "record", "branch", "transform", "collection", "run"])
def test_every_registry_has_texts(ln, lamin, text, registry):
    made = {
        "project": lambda: ln.Project(name="noted"), "ulabel": lambda: ln.ULabel(name="noted"), "record": lambda: ln.Record(name="noted"),
        "feature": lambda: ln.Feature(name="noted", dtype=str), "schema": lambda: ln.Schema([ln.Feature(name="noted too", dtype=str).save()], name="noted"),
        "branch": lambda: ln.Branch(name="noted"), "transform": lambda: ln.Transform(key="noted.py"),
        "collection": lambda: ln.Collection([text], key="noted"), "run": lambda: ln.Run(ln.Transform(key="noted.py").save()),
    }[registry]().save()  # fmt: skip
    lamin("annotate", registry, "--uid", made.uid, "--comment", "a word")
    assert made.ablocks.get(kind="comment").content == "a word"
    made.delete(permanent=True)
    ln.Transform.filter(key="noted.py").delete(permanent=True)


def test_labels_by_their_registry(ln, lamin, text, workplace):
    ln.Project(name="Atlas").save()
    lamin("annotate", "--key", "noted.txt", "--project", "Atlas", "--version", "1.0")
    assert text.projects.to_list("name") == ["Atlas"] and ln.Artifact.get(text.uid).version_tag == "1.0"
    (workplace / "labelled.py").write_text("print('labelled')\n")
    uid = lamin("save", "labelled.py", "--project", "Atlas")[0].strip()
    assert ln.Transform.get(uid).projects.to_list("name") == ["Atlas"]
    lamin("save", "labelled.py", "--project", "Atlass", status=5)
    ln.Feature(name="several", dtype="cat[ULabel]").save()
    ln.ULabel.from_values(["a, b", "c"], create=True).save()
    lamin("annotate", "--key", "noted.txt", "--features", 'several="a, b","c"')
    assert text.features.get_values()["several"] == {"a, b", "c"}
    lamin("annotate", "--key", "labelled.py", "--comment", "of a program")  # its key says that it is one
    assert ln.Transform.get(uid).ablocks.get().content == "of a program"
    text.features.remove_values("several")
    lamin("delete", "transform", "--uid", uid, "--permanent")
    ln.Feature.get(name="several").delete(permanent=True)
    text.projects.clear()
    ln.Project.get(name="Atlas").delete(permanent=True)
    ln.ULabel.filter(name__in=["a, b", "c"]).delete(permanent=True)


def test_saving_on_another_branch(ln, lamin, workplace):
    branch = ln.Branch(name="aside").save()
    (workplace / "aside.txt").write_text("aside")
    uid = lamin("save", "aside.txt", "--key", "aside.txt", "--branch", "aside")[0].strip()
    assert ln.Artifact.filter(uid=uid, branch=branch).one().branch == branch and lamin("settings", "branch")[0] == "main\n"
    (workplace / "aside.txt").write_text("aside again")
    next_uid = lamin("save", "aside.txt", "--key", "other.txt", "--stem-uid", uid[:16])[0].strip()
    assert next_uid[:16] == uid[:16] and next_uid != uid
    for one in (next_uid, uid):
        lamin("delete", "--uid", one, "--permanent")
    branch.delete(permanent=True)


def test_a_script_is_tracked_as_itself(ln, lamin, workplace):
    (workplace / "steps.sh").write_text(f"set -e\n{LAMIN} track\necho made > made.txt\n{LAMIN} save made.txt --key made.txt\n{LAMIN} finish\n")
    done = subprocess.run(["sh", "steps.sh"], cwd=workplace, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    run = ln.Artifact.get(key="made.txt").run
    assert run.transform.key == "steps.sh" and "echo made" in run.transform.source_code and run.finished_at is not None
    ln.Artifact.get(key="made.txt").delete(permanent=True)
    run.transform.delete(permanent=True)


def test_the_readme_of_an_instance(ln, lamin, workplace, tmp_path):
    for text in ("# One\n", "# Two\n", "# Two\n"):
        (workplace / "README.md").write_text(text)
        uid = lamin("save", "README.md")[0].strip()
    pages = ln.models.Block.filter(key="README.md").order_by("id").to_list()
    assert [page.content for page in pages] == ["# One\n", "# Two\n"] and pages[1].is_latest and not pages[0].is_latest
    assert pages[0].uid[:16] == pages[1].uid[:16] and pages[1].hash and ln.Artifact.get(uid).key == "README.md"
    (workplace / "README.md").unlink()
    assert lamin("load", "README.md")[0] == f"{workplace / 'README.md'}\n" and (workplace / "README.md").read_text() == "# Two\n"
    (workplace / "README.md").write_text("# Mine\n")
    lamin("load", "README.md", status=7)
    for row in (*pages, *ln.Artifact.filter(key="README.md")):
        row.delete(permanent=True)


def test_notes(ln, lamin, workplace):
    topic = ln.Record(name="topic", is_type=True).save()
    (workplace / "topic").mkdir()
    (workplace / "topic" / "idea.md").write_text("# Idea\n")
    uid = lamin("save", "topic/idea.md")[0].strip()
    record = ln.Record.get(uid)
    assert record.name == "idea" and record.type == topic and record.notes == "# Idea\n"
    assert f"uid: {uid}" in (workplace / "topic" / "idea.md").read_text()
    (workplace / "topic" / "idea.md").rename(workplace / "topic" / "plan.md")
    assert "renamed record" in lamin("save", "topic/plan.md")[1] and ln.Record.get(uid).name == "plan"
    (workplace / "topic" / "plan.md").unlink()
    assert lamin("load", "topic/plan")[0].strip().endswith("topic/plan.md") and (workplace / "topic" / "plan.md").exists()
    assert "Record type 'none' not found" in lamin("load", "none/deep/plan", status=5)[1]
    record.delete(permanent=True)
    topic.delete(permanent=True)


def test_a_file_without_a_key(lamin, workplace):
    (workplace / "nameless.txt").write_text("nameless")
    assert "--key or --description" in lamin("save", "nameless.txt", status=2)[1]
    said = lamin("describe", "entirely_else", "--uid", "x", status=5)[1]
    assert "It must be one of: artifact, " in said and "cell_type, " in said and "_block" not in said


def test_a_source_that_names_its_transform(ln, lamin, workplace):
    (workplace / "named.py").write_text('import lamindb as ln\n# ln.track("000000000000")\nln.track("NamedInCode1")\n')
    uid = lamin("save", "named.py")[0].strip()
    assert uid == "NamedInCode10000"
    (workplace / "named.ipynb").write_text(json.dumps({"cells": [{"cell_type": "code", "source": ['ln.track("NamedInCode2")']}]}))
    assert lamin("save", "named.ipynb")[0].strip() == "NamedInCode20000"
    for one in ("NamedInCode10000", "NamedInCode20000"):
        lamin("delete", "transform", "--uid", one, "--permanent")


# -- which record --------------------------------------------------------------------------------------------------------------


def test_addresses(ln, lamin, text):
    address = f"https://lamin.ai/{ln.setup.settings.instance.slug}/artifact/{text.uid}"
    assert "noted.txt" in lamin("get", address)[0] and "noted.txt" in lamin("describe", address)[0]
    assert lamin("load", address)[0].strip().endswith(".txt") and text.uid in lamin("versions", address)[0]
    lamin("annotate", address, "--comment", "at its address")
    assert text.ablocks.get().content == "at its address"
    assert "is not the address" in lamin("get", "https://lamin.ai/a/b", status=2)[1]
    assert "no instance 'a/b'" in lamin("get", "https://lamin.ai/a/b/artifact/x", status=5)[1]


def test_the_current_branch_is_meant(lamin):
    lamin("switch", "-c", "meant")
    assert "meant" in lamin("describe", "branch")[0]
    lamin("update", "branch", "--status", "draft")
    assert lamin("get", "branch", "--status")[0] == "draft\n"
    lamin("switch", "main")
    assert lamin("get", "branch", "--name", "meant", "--status")[0] == "draft\n"
    lamin("delete", "branch", "--name", "meant", "--permanent")
    assert "no status" in lamin("get", "user", "--name", "anonymous", "--status", status=3)[1]


def test_branches_that_are_or_are_not_there(lamin):
    assert "lamin switch -c nowhere" in lamin("switch", "nowhere", status=5)[1]
    assert "omit -c/--create" in lamin("switch", "-c", "main", status=7)[1]


def test_an_unknown_option_names_the_nearest(lamin):
    assert "no option --projekt: did you mean --project?" in lamin("save", "x", "--projekt", "y", status=2)[1]


# -- former names --------------------------------------------------------------------------------------------------------------


def test_the_first_commands_of_2024(alone):
    def run(*words, status=0):
        done = subprocess.run([LAMIN, *words], cwd=alone, capture_output=True, text=True, timeout=60)
        assert done.returncode == status, done.stderr
        return done.stdout, done.stderr

    _, said = run("init", "--storage", "old", "--schema", "bionty")
    assert said.count("is called `lamin init --modules VALUE` today") == 1
    run("init", "--storage", "other")
    assert "modules: bionty" in run("load", "anonymous/old")[1] + run("info")[0]
    assert "called `lamin connect INSTANCE` today" in run("load", "other")[1] and "anonymous/other" in run("info")[0]
    assert "no instance 'anonymous/none'" in run("load", "anonymous/none", status=5)[1]
    assert "called `lamin disconnect` today" in run("close")[1] and "Instance: None" in run("info")[0]


@pytest.mark.parametrize(("then", "today"), [
    ("create branch --name old-name", "create VALUE"), ("switch branch old-name", "switch NAME"), ("switch --branch main", "switch VALUE"),
    ("switch space all", "switch --space NAME"), ("cache get", None), ("cache clear", None),
    ("set auto-connect True", "settings set NAME VALUE"), ("delete branch --name old-name --permanent", None),
])  # fmt: skip
def test_former_commands(lamin, then, today):
    _, said = lamin(*then.split())
    assert said.count("today") == (today is not None) and (today is None or f"is called `lamin {today}` today" in said)


def test_a_message_ends_before_the_advice(lamin):
    assert "there is no option --zzzzzz. `lamin list --help`" in lamin("list", "artifact", "--zzzzzz", "3", status=2)[1]
    assert "did you mean --limit? `lamin list --help`" in lamin("list", "artifact", "--limt", "3", status=2)[1]


def test_what_is_not_there_says_so(lamin):
    for words in (("register",), ("schema", "view"), ("io", "snapshot")):
        assert "not available" in lamin(*words, status=13)[1]


def test_as_a_module(workplace, ln):
    done = subprocess.run([sys.executable, "-m", "lamin_cli", "settings", "instance"], cwd=workplace, capture_output=True, text=True)
    assert done.stdout == ln.setup.settings.instance.slug + "\n" and done.returncode == 0
    assert subprocess.run([sys.executable, "-m", "lamin_cli", "nothing"], capture_output=True).returncode == 2
    import lamin_cli

    assert lamin_cli.connect is ln.setup.connect and lamin_cli.login is ln.setup.login


def test_what_is_piped_in_is_saved_under_its_key(ln, workplace):
    def piped(text, *words):
        return subprocess.run([LAMIN, "save", *words], input=text, cwd=workplace, capture_output=True, text=True)

    done = piped("piped\n1\n", "-", "--key", "piped/counts.csv")
    assert done.returncode == 0, done.stderr
    artifact = ln.Artifact.get(done.stdout.strip())
    assert artifact.key == "piped/counts.csv" and artifact.otype == "DataFrame" and artifact.cache().read_text() == "piped\n1\n"
    unnamed, empty = piped("x", "-"), piped("", "")
    assert unnamed.returncode != 0 and "Pass --key" in unnamed.stderr
    assert empty.returncode != 0 and "PATH is empty" in empty.stderr
