"""Terminal control characters are escaped when shown, but unchanged in data; paths in rows never lead outside."""

import csv
import io
import json
import os
import sqlite3
import subprocess
import sys

import pytest

OBEYED = {"\x1b[31m": "\\x1b[31m", "\x07": "\\x07", "\u202e": "\\u202e", "\u2066": "\\u2066", "\x9b31m": "\\x9b31m"}
NAME = "red" + "".join(OBEYED) + "end"


@pytest.fixture
def lamin(workplace):
    def run(*words, status=0):
        command = os.path.join(os.path.dirname(sys.executable), "lamin")
        done = subprocess.run([command, *words], cwd=workplace, capture_output=True, text=True, timeout=60)
        assert done.returncode == status, done.stdout + done.stderr
        return done

    return run


@pytest.fixture
def by_hand(ln, workplace):
    """Changes a row as another program would, bypassing all rules."""

    def change(table, row, **values):
        with sqlite3.connect(workplace / "storage/.lamindb/lamin.db") as connection:
            for column, value in values.items():
                connection.execute(f"update {table} set {column} = ? where id = ?", (value, row.id))

    return change


def is_visible(text):
    return not any(obeyed in text for obeyed in OBEYED) and all(shown in text for shown in OBEYED.values())


def test_people_see_escapes(ln, lamin, labels, workplace, by_hand, said):
    label = labels(name=NAME, description=NAME).save()
    (workplace / "t.txt").write_text("t")
    artifact = ln.Artifact(workplace / "t.txt", key="t.txt", description=NAME).save()
    artifact.ulabels.add(label)
    by_hand("lamindb_artifact", artifact, key=NAME)
    artifact = ln.Artifact.get(artifact.uid)
    assert artifact.key == NAME, "data stays as it is"
    for text in (repr(label), repr(labels.filter()), label.describe(return_str=True), artifact.describe(return_str=True)):
        assert is_visible(text), text
    assert is_visible(lamin("list", "ulabel", "--columns", "name").stdout)
    assert is_visible(lamin("list", "ulabel").stdout)
    for words in (("describe", "artifact"), ("lineage", "artifact"), ("get", "artifact")):
        assert is_visible(lamin(*words, "--uid", artifact.uid).stdout), words
    assert is_visible(lamin("search", "red", "--registry", "ulabel").stdout)
    assert is_visible(lamin("validate", "ulabel", "--value", NAME + "x", status=4).stdout)
    assert is_visible(lamin("describe", "ulabel", "--name", NAME + "x", status=5).stderr)
    assert is_visible(lamin("validate", "ulabel", NAME, status=2).stderr), "how the command is called"
    assert is_visible(lamin("delete", "ulabel", "--uid", label.uid).stderr)
    said()
    from lamindb._process.logger import logger

    logger.warning(f"look at {NAME}")
    assert is_visible(said())


def test_programs_see_data(lamin, labels):
    label = labels(name=NAME).save()
    assert json.loads(lamin("list", "ulabel", "--columns", "name", "--json").stdout)["name"] == NAME
    rows = list(csv.reader(io.StringIO(lamin("list", "ulabel", "--columns", "name", "--csv").stdout)))
    assert rows == [["name"], [NAME]]
    assert lamin("get", "ulabel", "--uid", label.uid, "--field", "name").stdout == NAME + "\n"


@pytest.mark.parametrize("key", ["../../escaped.py", "{outside}/escaped.py", "sub/../../escaped.py", "up/escaped.py"])
def test_a_source_is_loaded_below_the_working_folder(ln, lamin, workplace, by_hand, tmp_path, key):
    key = key.format(outside=tmp_path)
    if not (workplace / "up").is_symlink():
        (workplace / "up").symlink_to(workplace.parent)
    transform = ln.Transform(key=f"safe{abs(hash(key))}.py", kind="script", source_code=f"# {key}").save()
    if not key.startswith("up/"):
        transform.key = key
        with pytest.raises(ln.errors.InvalidArgument):
            transform.save()
    by_hand("lamindb_transform", transform, key=key)
    said = lamin("load", "transform", "--uid", transform.uid, status=9 if key.startswith("up/") else 2).stderr
    assert ("'up'" if key.startswith("up/") else key) in said and ("lead out" in said or "starts with '/'" in said or "leads out" in said)
    assert not list(workplace.parent.glob("escaped.py")) and not list(workplace.parent.parent.glob("escaped.py"))
    assert not (tmp_path / "escaped.py").exists()


def test_a_source_is_loaded_at_its_key(ln, lamin, workplace):
    transform = ln.Transform(key="steps/one.py", kind="script", source_code="print(1)").save()
    assert lamin("load", "transform", "--uid", transform.uid).stdout == "steps/one.py\n"
    assert (workplace / "steps/one.py").read_text() == "print(1)"
    assert "is there already" in lamin("load", "transform", "--uid", transform.uid, status=7).stderr


def test_a_new_key_holds_no_control_characters(ln, workplace):
    (workplace / "k.txt").write_text("k")
    for obeyed, shown in OBEYED.items():
        for make in (
            lambda key: ln.Artifact(workplace / "k.txt", key=key),
            lambda key: ln.Transform(key=key, source_code=key).save(),
        ):
            with pytest.raises(ln.errors.InvalidArgument) as refused:
                make(f"a{obeyed}.txt")
            assert shown in str(refused.value) and obeyed not in str(refused.value)
