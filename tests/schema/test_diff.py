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
INSERT INTO lab_sample (id, name, weight, count, donor_id) VALUES (1, 'a', 1.5, 2, 1), (2, 'b', NULL, NULL, NULL),
  (9, 'gone', NULL, NULL, NULL);
DELETE FROM lab_sample WHERE id = 9;
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


def rename_registry(m):
    m["registries"][0].update(name="Giver", was=["Donor"])
    field(m, "donor")["to"] = "Giver"
    m["registries"][1].update(name="Specimen", was=["Sample"])


def require(m):
    """Null no longer allowed: with a value that the database fills in, and with one that the library does."""
    field(m, "weight").update(optional=False, fill="constant", initial="0.5", in_database=True)
    field(m, "count").update(optional=False, fill="constant", initial="7")


def relax(m):
    field(m, "name").update(optional=True)


def add_required(m):
    m["registries"][0]["rules"] = [{"name": "named", "check": "length(name) > 0"}]
    sample(m)["fields"] += [
        {"name": "owner", "kind": "ref", "to": "Donor", "fill": "constant", "initial": "1", "in_database": True,
         "on_delete": "cascade", "inverse": "owned", "doc": "Whose."},
        {"name": "made", "kind": "time", "fill": "now", "in_database": True, "doc": "When."},
        {"name": "code", "size": 5, "fill": "constant", "initial": "\"it's\"", "doc": "Code."},
        {"name": "serial", "size": 5, "optional": True, "unique": True, "doc": "Serial."},
    ]


def widen(m):
    field(m, "name").update(size=0)
    field(m, "count").update(size=64)
    m["registries"][0]["id_bits"] = 64


def make_unique(m):
    field(m, "name").update(unique=True)


def all_at_once(m):
    rename_field(m)
    rename_link(m)
    relax(m)
    add_fields(m)
    sample(m)["rules"] = [{"name": "light", "check": "mass < 100 OR mass IS NULL"}]


CHANGES = [
    add_fields, add_registry, rename_field, rename_link, rename_registry, change_index, change_rules, require, relax,
    add_required, widen, make_unique, all_at_once,
]  # fmt: skip


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


def renamed(change):
    return "lab_specimen" if change is rename_registry else "lab_sample"


def pairs(change):
    """The table of pairs and its columns."""
    link = "siblings" if change in (rename_link, all_at_once) else "twins"
    end = renamed(change).removeprefix("lab_")
    return f"SELECT from_{end}_id, to_{end}_id FROM lab_{end}_{link}"


@pytest.mark.parametrize("change", CHANGES)
def test_sqlite(lamin_schema, files, change):
    old, now, way = steps(lamin_schema, files, change, "sqlite")
    assert way.startswith("-- ")
    changed = "PRAGMA foreign_keys = OFF;" + old + ROWS + "BEGIN;" + way + "COMMIT;"
    found = differences(sqlite_facts(changed), sqlite_facts(now))
    assert found == []
    db = sqlite3.connect(":memory:")
    db.executescript(changed)
    assert db.execute(f"SELECT count(*) FROM {renamed(change)}").fetchone() == (2,)
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert db.execute(pairs(change)).fetchall() == [(1, 2)]
    assert db.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'lamin_new_%'").fetchone() == (0,)
    assert db.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (renamed(change),)).fetchone() == (9,)
    check_rows(change, lambda sql: db.execute(sql).fetchall())


@pytest.mark.parametrize("change", CHANGES)
def test_postgres(lamin_schema, files, postgres, change):
    old, now, way = steps(lamin_schema, files, change, "postgres")
    psql(postgres, old + ROWS + "BEGIN;" + way + "COMMIT;")
    changed = postgres_facts(postgres)
    assert psql(postgres, pairs(change)).split() == ["1|2"]
    check_rows(change, lambda sql: [tuple(line.split("|")) for line in psql(postgres, sql).splitlines()])
    psql(postgres, "DROP SCHEMA public CASCADE; CREATE SCHEMA public;" + now)
    assert differences(changed, postgres_facts(postgres)) == []


def check_rows(change, rows):
    """The values that the change was to keep or to fill in."""

    def text(sql):
        return [tuple("" if v is None else str(v) for v in row) for row in rows(sql)]

    if change in (rename_field, all_at_once):
        assert text("SELECT mass, giver_id FROM lab_sample WHERE id = 1") == [("1.5", "1")]
    if change is add_fields:
        assert text("SELECT state, site FROM lab_sample") == [("-1", "")] * 2
    if change is require:
        assert text("SELECT weight, count FROM lab_sample ORDER BY id") == [("1.5", "2"), ("0.5", "7")]
    if change is add_required:
        assert text("SELECT owner_id, code, serial FROM lab_sample") == [("1", "it's", "")] * 2
        assert text("SELECT count(*) FROM lab_sample WHERE made > '2020-01-01'") == [("2",)]


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

