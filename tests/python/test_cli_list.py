"""`lamin list`: the same conditions and paths as in Python, as a table, JSON or CSV."""

import csv
import io
import json
import os
import subprocess
import sys

import pytest


@pytest.fixture
def lamin(workplace):
    def run(*words):
        command = os.path.join(os.path.dirname(sys.executable), "lamin")
        return subprocess.run([command, *words], cwd=workplace, capture_output=True, text=True, timeout=60)

    return run


@pytest.fixture
def abc(labels, ln):
    rows = [labels(name=n, description=d).save() for n, d in [("a", 'say "hi", x'), ("b", None), ("c", "third")]]
    rows[0].parents.add(rows[1], rows[2])
    return labels


def test_chooses_rows_columns_and_order(abc, lamin):
    words = ["list", "ulabel", "--where", "name in ('a', 'b')", "--columns", "name, parents.name,created_by.handle", "--order", "-name"]
    rows = [json.loads(line) for line in lamin(*words, "--json").stdout.splitlines()]
    assert rows == [
        {"name": "b", "parents.name": [], "created_by.handle": "anonymous"},
        {"name": "a", "parents.name": ["b", "c"], "created_by.handle": "anonymous"},
    ]
    table = lamin(*words).stdout.splitlines()
    assert table[0].split() == ["name", "parents.name", "created_by.handle"] and table[2].split("  ")[0] == "a" and "b, c" in table[2]


def test_writes_csv(abc, lamin):
    done = lamin("list", "ulabel", "--csv", "--columns", "name,description,parents.name", "--order", "name", "--limit", "all")
    assert list(csv.reader(io.StringIO(done.stdout))) == [
        ["name", "description", "parents.name"], ["a", 'say "hi", x', "b|c"], ["b", "", ""], ["c", "third", ""],
    ]  # fmt: skip
    assert lamin("list", "ulabel", "--csv").stdout.startswith("uid,name,")


def test_says_when_there_is_more(abc, lamin):
    done = lamin("list", "ulabel", "--limit", "2", "--json")
    assert len(done.stdout.splitlines()) == 2 and "first 2 records" in done.stderr
    assert "first" not in lamin("list", "ulabel", "--limit", "all").stderr


def test_asks_for_values_of_features(ln, lamin):
    feature = ln.Feature(name="degrees listed", dtype=float).save()
    for name, value in (("listed cold", 3.5), ("listed warm", 21.5)):
        ln.Record(name=name).save().features.set_values({"degrees listed": value})
    done = lamin("list", "record", "--where", '"degrees listed" > 20', "--columns", "name", "--json")
    assert [json.loads(line) for line in done.stdout.splitlines()] == [{"name": "listed warm"}]
    assert feature.uid in str(ln.Record.filter(feature > 20).query)
    near = lamin("list", "record", "--where", '"degrees lsted" > 20')
    assert near.returncode != 0 and "Did you mean the feature 'degrees listed'?" in near.stderr


@pytest.mark.parametrize("words, why", [
    (["--where", "parents.nam = 'x'"], "Unknown field 'nam' of ULabel in 'parents.nam'. Did you mean name"),
    (["--where", "name ="], "position 7"),
    (["--columns", "nme"], "Did you mean name"),
    (["--order", "-nme"], "Did you mean name"),
    (["--json", "--csv"], "exclude each other"),
    (["--limit", "0"], "whole number"),
])  # fmt: skip
def test_refuses(abc, lamin, words, why):
    done = lamin("list", "ulabel", *words)
    assert done.returncode != 0 and why in done.stderr and done.stdout == ""
