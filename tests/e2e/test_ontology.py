"""`lamin ontology`: looking at terms, moving to another release and back, bringing files; on both databases."""
import json
import os
import subprocess

import pytest

OLD = """format-version: 1.2
data-version: cl/releases/2031-01-01/cl.owl
ontology: cl

[Term]
id: CL:0000000
name: cell

[Term]
id: CL:0000542
name: lymphocyte
is_a: CL:0000000

[Term]
id: CL:0000084
name: T cell
synonym: "T-cell" EXACT []
is_a: CL:0000542

[Term]
id: CL:0000099
name: killer cell
is_a: CL:0000542

[Term]
id: CL:0000098
name: null cell
is_a: CL:0000542
"""
NEW = (
    OLD.replace("2031-01-01", "2032-01-01")
    .replace("name: T cell", "name: T lymphocyte")
    .replace("name: killer cell\nis_a: CL:0000542", "name: obsolete killer cell\nis_obsolete: true\nreplaced_by: CL:0000623")
    .replace("name: null cell\nis_a: CL:0000542", "name: obsolete null cell\nis_obsolete: true\nconsider: CL:0000542")
    + "\n[Term]\nid: CL:0000623\nname: natural killer cell\nis_a: CL:0000542\n"
)


@pytest.fixture
def shell(tmp_path, home, lamin, db, monkeypatch):
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.setenv("LAMIN_CACHE_DIR", str(tmp_path / "cache"))

    def run(*words, status=0):
        command = [str(word) for word in (lamin, *words)]
        done = subprocess.run(command, cwd=folder, env=os.environ, capture_output=True, text=True, timeout=120)
        assert done.returncode == status, f"{words}: {done.returncode}, not {status}: {done.stdout}{done.stderr}"
        run.said = done.stderr
        return done.stdout if status == 0 else done.stderr

    run("init", "--storage", "st", "--name", "cells", "--modules", "bionty", *(["--db", db] if db else []))
    for name, text in (("old.obo", OLD), ("new.obo", NEW)):
        (folder / name).write_text(text)
    return run


@pytest.fixture
def moved(shell):
    """The older release is registered, with two datasets that are labelled, and both releases are in the cache."""
    for name in ("old.obo", "new.obo"):
        shell("ontology", "add", name)
    shell("import", "cell_type", "old.obo")
    for name in ("killer cell", "T cell"):
        (shell.folder / f"{name}.txt").write_text(name)
        shell("save", f"{name}.txt", "--key", f"{name}.txt")
        shell("annotate", "artifact", "--key", f"{name}.txt", "--label", f"cell_type={name}")
    return shell


@pytest.fixture(autouse=True)
def _folder(shell, tmp_path):
    shell.folder = tmp_path / "work"


def names(shell):
    rows = shell("list", "cell_type", "--columns", "ontology_id,name", "--order", "ontology_id", "--json", "--limit", "all").splitlines()
    return {row["ontology_id"]: row["name"] for row in map(json.loads, rows)}


def labels(shell, key):
    rows = shell("list", "artifact", "--where", f"key = '{key}'", "--columns", "cell_types.ontology_id", "--json").splitlines()
    return json.loads(rows[0])["cell_types.ontology_id"]


def test_files_are_brought_and_listed(shell):
    shell("ontology", "add", "old.obo")
    assert "→ cl 2031-01-01 (5 terms) is now in the cache" in shell.said
    (shell.folder / "one.obo").write_text("data-version: 2030-01-01\nontology: cl\nremark: subset\n\n[Term]\nid: CL:1\nname: x\n")
    shell("ontology", "add", "one.obo")
    assert "(1 term, a part of the release)" in shell.said
    own = shell.folder / "own"
    own.mkdir()
    (own / "cl-2031-01-01.csv").write_text("ontology_id,name\nCL:1,x\n")
    os.environ["LAMIN_ONTOLOGIES"] = str(own)
    try:
        shell("ontology", "add", "old.obo")
    finally:
        del os.environ["LAMIN_ONTOLOGIES"]
    assert "! '" in shell.said and "is read instead" in shell.said
    table = shell("ontology", "list", "--source", "cl")
    assert "2031-01-01" in table and "2030-01-01" in table and "cache" in table


def test_terms_are_searched_and_shown(moved):
    shell = moved
    found = shell("ontology", "search", "CL", "killer")
    assert "CL:0000099" in found and "yes" in found
    assert "! only registered terms" not in shell.said
    assert "killer" in shell("ontology", "search", "CL", "kiler cell") and "no term contains 'kiler cell'" in shell.said
    shown = shell("ontology", "show", "CL:0000084")
    assert "T-cell" in shown and "T cell.txt" in shown
    assert "killer cell" in shell("ontology", "tree", "CL", "lymphocyte", "--down", "1")
    assert "ontology tree" in shell("ontology", "--help") and "lamin ontology COMMAND --help" in shell("ontology", "-h")
    assert "no term" in shell("ontology", "show", "CL", "no such cell", status=5) or "there is no" in shell.said
    assert "--limit" in shell("ontology", "search", "CL", "x", "--limit", "0", status=2)


def test_a_registry_moves_to_another_release_and_back(moved):
    shell = moved
    before = names(shell)
    diff = json.loads(shell("ontology", "diff", "CL", "2031-01-01", "2032-01-01", "--report", "json"))
    assert {(one["kind"], one["id"]) for one in diff["changes"]} == {
        ("added", "CL:0000623"), ("renamed", "CL:0000084"), ("replaced", "CL:0000099"), ("obsolete", "CL:0000098")}  # fmt: skip
    plan = json.loads(shell("ontology", "plan", "CL", "2031-01-01", "2032-01-01", "--report", "json"))
    assert {(one["action"], one["id"]) for one in plan["changes"]} == {
        ("insert", "CL:0000623"), ("rewrite", "CL:0000084"), ("move", "CL:0000099"), ("retire", "CL:0000098")}  # fmt: skip
    assert names(shell) == before, "a plan changes nothing"
    assert "they are of 2031-01-01" in shell("ontology", "plan", "CL", "2029-01-01", "2032-01-01", status=5)
    assert "<" in shell("ontology", "plan", "CL", "2031-01-01", "2032-01-01", "--report", "html")

    shell("ontology", "apply", "CL", "2031-01-01", "2032-01-01", "--choose", "CL:0000098=CL:0000542")
    assert "`lamin ontology undo CL` restores them" in shell.said
    after = names(shell)
    assert after["CL:0000084"] == "T lymphocyte" and after["CL:0000099"] == "obsolete killer cell"
    assert labels(shell, "killer cell.txt") == ["CL:0000623"] and labels(shell, "T cell.txt") == ["CL:0000084"]
    history = shell("ontology", "history", "CL")
    assert "2031-01-01" in history and "2032-01-01" in history

    assert "no upgrade of bionty.CellType to 2033-01-01 is in effect" in shell("ontology", "undo", "CL", "2033-01-01", status=5)
    shell("ontology", "undo", "CL", "2031-01-01", "2032-01-01")
    assert "→ undone: cl 2031-01-01 → 2032-01-01" in shell.said
    assert names(shell) == before and labels(shell, "killer cell.txt") == ["CL:0000099"]
    assert "no upgrade" in shell("ontology", "undo", "CL", status=5)
    assert len(shell("ontology", "history").strip().splitlines()) == 2, "a header and the upgrade"


def test_what_was_changed_since_is_named(moved):
    shell = moved
    shell("ontology", "apply", "CL", "2032-01-01")
    shell("update", "cell_type", "--name", "T lymphocyte", "--set", "name=my cell")
    said = shell("ontology", "undo", "CL", status=7)
    assert "name was changed after the upgrade" in said and "my cell" in said
    shell("update", "cell_type", "--name", "my cell", "--set", "name=T lymphocyte")
    shell("ontology", "undo", "CL")
    assert names(shell)["CL:0000084"] == "T cell"
