"""`lamin search`: one registry or all, exact or fuzzy, as a table or as JSON."""
import json
import os
import subprocess

import pytest


@pytest.fixture
def shell(tmp_path, home, lamin, db):
    folder = tmp_path / "work"
    folder.mkdir()

    def run(*words, status=0):
        done = subprocess.run([str(word) for word in (lamin, *words)], cwd=folder, env=os.environ, capture_output=True, text=True, timeout=60)
        assert done.returncode == status, f"{words}: {done.returncode}, not {status}: {done.stdout}{done.stderr}"
        return done.stdout if status == 0 else done.stderr
    run("init", "--storage", "st", "--name", "search", "--modules", "bionty", *(["--db", db] if db else []))
    for name in ("kidney", "kidney cortex", "liver"):
        run("create", "ulabel", name)
    run("create", "project", "Kidney atlas")
    return run


def found(text):
    return [(one["registry"], one["record"]["name"]) for one in map(json.loads, text.splitlines())]


def test_all_registries(shell):
    assert found(shell("search", "kidney", "--json")) == [
        ("ULabel", "kidney"), ("ULabel", "kidney cortex"), ("Project", "Kidney atlas")]
    table = shell("search", "kidney")
    assert "Kidney atlas" in table and "project" in table and "kidney cortex" in table and "liver" not in table


def test_one_registry_and_field(shell):
    assert found(shell("search", "KIDNEY", "--registry", "ulabel", "--json", "--limit", "1")) == [("ULabel", "kidney")]
    assert "kidney cortex" in shell("search", "cortex", "--registry", "ulabel", "--field", "name")
    assert "kidney" not in shell("search", "kidney", "--registry", "ulabel", "--field", "description")


def test_wrong_letters(shell):
    assert shell("search", "kidny", "--json") == ""
    first = shell("search", "kidny", "--fuzzy", "--json").splitlines()[0]
    assert json.loads(first)["record"]["name"] == "kidney" and 0.8 < json.loads(first)["score"] < 1


def test_bad_input(shell):
    assert "nothing to search for" in shell("search", " ", status=2)
    assert "no_such" in shell("search", "x", "--registry", "no_such", status=5)
    assert "nam" in shell("search", "x", "--registry", "ulabel", "--field", "nam", status=3)
    assert "--limit" in shell("search", "x", "--limit", "0", status=2)
