"""A database that was brought from one version of a module to the next equals one that was made for the next.

And it keeps its rows: each database has some before the change.
"""

import copy
import json
import sqlite3

import pytest
from test_ddl_equivalence import differences, postgres_facts, psql, sqlite_facts

INVALID, NOT_FOUND, CONFLICT = 2, 5, 7  # exit statuses

LAB = {
    "name": "lab",
    "registries": [
        {"name": "Donor", "doc": "Who gave.", "fields": [{"name": "name", "size": 20, "index": True, "doc": "Name."}]},
        {
            "name": "Sample",
            "doc": "A sample.",
            "id_bits": 64,
            "fields": [
                {"name": "name", "size": 20, "index": True, "doc": "Name."},
                {"name": "weight", "kind": "real", "optional": True, "doc": "In gram."},
                {"name": "count", "kind": "integer", "size": 16, "optional": True, "doc": "How many."},
                {"name": "donor", "kind": "ref", "to": "Donor", "optional": True, "inverse": "samples", "doc": "Whom."},
                {"name": "twins", "kind": "link", "to": "self", "doc": "The same."},
            ],
            "rules": [{"unique": ["name", "donor"]}],
        },
    ],
}
ROWS = """
INSERT INTO lab_donor (id, name) VALUES (1, 'Ada');
INSERT INTO lab_sample (id, name, weight, count, donor_id) VALUES (1, 'a', 1.5, 2, 1), (2, 'b', NULL, NULL, NULL);
INSERT INTO lab_sample_twins (from_sample_id, to_sample_id) VALUES (1, 2);
"""


def sample(module):
    return module["registries"][1]


def field(module, name):
    return next(f for f in sample(module)["fields"] if f["name"] == name)


def add_fields(m):
    sample(m)["fields"] += [
        {"name": "site", "size": 9, "optional": True, "index": True, "doc": "Where."},
        {"name": "meta", "kind": "json", "optional": True, "doc": "More."},
        {"name": "state", "kind": "integer", "size": 16, "index": True, "fill": "constant", "initial": "-1",
         "in_database": True, "doc": "State."},
        {"name": "parent", "kind": "ref", "to": "self", "optional": True, "inverse": "parts", "doc": "Whole."},
    ]


def add_registry(m):
    m["registries"] += [
        {"name": "Visit", "doc": "A visit.", "fields": [
            {"name": "day", "kind": "date", "unique": True, "doc": "When."},
            {"name": "donor", "kind": "ref", "to": "Donor", "inverse": "visits", "doc": "Who."},
            {"name": "samples", "kind": "link", "to": "Sample", "inverse": "visits", "doc": "What."}],
         "rules": [{"name": "one_a_day", "unique": ["donor"], "where": "day IS NOT NULL"}]},
    ]


def rename_field(m):
    field(m, "weight").update(name="mass", was=["weight"])
    field(m, "donor").update(name="giver", was=["donor"])
    sample(m)["rules"] = [{"unique": ["name", "giver"]}]


def rename_link(m):
    field(m, "twins").update(name="siblings", was=["twins"])


def change_index(m):
    field(m, "name").pop("index")
    field(m, "count").update(index=True)


def change_rules(m):
    sample(m)["rules"] = [
        {"name": "unique_sample_lower", "expression": "lower(name)"},
        {"name": "unique_sample_donor", "unique": ["donor"], "where": "donor_id IS NOT NULL"},
    ]


CHANGES = [add_fields, add_registry, rename_field, rename_link, change_index, change_rules]


def widen(m):
    field(m, "name").update(size=0)
    field(m, "count").update(size=64)


def make_unique(m):
    field(m, "name").update(unique=True)


@pytest.fixture
def files(tmp_path):
    def write(change):
        now = copy.deepcopy(LAB)
        change(now)
        paths = [tmp_path / "old.json", tmp_path / "now.json", tmp_path / "none.json"]
        for path, modules in zip(paths, ([LAB], [now], []), strict=True):
            path.write_text(json.dumps(modules))
        return paths

    return write


def steps(lamin_schema, files, change, database):
    """DDL of the old version, of the new one, and the way from the old to the new."""
    old, now, none = files(change)
    out = []
    for pair in ((none, old), (none, now), (old, now)):
        done = lamin_schema("diff", *pair, database)
        assert done.returncode == 0, done.stderr
        out.append(done.stdout)
    return out


@pytest.mark.parametrize("change", CHANGES)
def test_sqlite(lamin_schema, files, change):
    old, now, way = steps(lamin_schema, files, change, "sqlite")
    assert way.startswith("-- ")
    changed = "PRAGMA foreign_keys = ON;" + old + ROWS + "BEGIN;" + way + "COMMIT;"
    found = differences(sqlite_facts(changed), sqlite_facts(now))
    assert found == []
    db = sqlite3.connect(":memory:")
    db.executescript(changed)
    assert db.execute("SELECT count(*) FROM lab_sample").fetchone() == (2,)
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    pairs = "lab_sample_siblings" if change is rename_link else "lab_sample_twins"
    assert db.execute(f"SELECT from_sample_id, to_sample_id FROM {pairs}").fetchall() == [(1, 2)]
    if change is rename_field:
        assert db.execute("SELECT mass, giver_id FROM lab_sample WHERE id = 1").fetchone() == (1.5, 1)
    if change is add_fields:
        assert db.execute("SELECT state, site FROM lab_sample").fetchall() == [(-1, None)] * 2


@pytest.mark.parametrize("change", [*CHANGES, widen])
def test_postgres(lamin_schema, files, postgres, change):
    old, now, way = steps(lamin_schema, files, change, "postgres")
    psql(postgres, old + ROWS + "BEGIN;" + way + "COMMIT;")
    changed = postgres_facts(postgres)
    psql(postgres, "DROP SCHEMA public CASCADE; CREATE SCHEMA public;" + now)
    assert differences(changed, postgres_facts(postgres)) == []


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_unique_afterwards(lamin_schema, files, request, database):
    old, _, way = steps(lamin_schema, files, make_unique, database)
    twice = "INSERT INTO lab_sample (name) VALUES ('a');"
    if database == "sqlite":
        db = sqlite3.connect(":memory:")
        db.executescript(old + ROWS + way)
        with pytest.raises(sqlite3.IntegrityError, match="lab_sample.name"):
            db.executescript(twice)
    else:
        url = request.getfixturevalue("postgres")
        psql(url, old + ROWS + way)
        with pytest.raises(AssertionError, match="duplicate key"):
            psql(url, twice)


def test_refusals(lamin_schema, files, tmp_path):
    old, now, none = files(lambda m: sample(m)["fields"].pop(1))
    lost = lamin_schema("diff", old, now, "sqlite")
    assert (lost.returncode, lost.stdout) == (CONFLICT, "")
    assert "lab.Sample.weight" in lost.stderr
    assert lamin_schema("diff", old, tmp_path / "missing.json", "sqlite").returncode == NOT_FOUND
    assert "sqlite or postgres" in lamin_schema("diff", old, old, "mysql").stderr
    (tmp_path / "broken.json").write_text('[{"name": "lab", "registries": [{"nam": "X"}]}]')
    broken = lamin_schema("diff", none, tmp_path / "broken.json", "sqlite")
    assert broken.returncode == INVALID
    assert "modules[0].registries[0]: 'nam' is none of name" in broken.stderr
    assert lamin_schema().returncode == 2

