"""Our tables are LaminDB's tables: by name, column by column, on both databases.

One database is made from the DDL that we generate (tests/golden, which a unit test keeps equal to what the program
generates), one from LaminDB's own (reference/). What the databases say about themselves is compared. Ours may have more
tables, named lamin_..., and nothing else; the order of columns and the spelling of SQL do not count.
"""

import functools
import gzip
import json
import os
import re
import sqlite3
import subprocess
import uuid
from pathlib import Path

import pytest

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden"


@functools.cache
def reference(name):
    return gzip.decompress((HERE / "reference" / f"{name}.sql.gz").read_bytes()).decode()


@functools.cache
def golden(name):
    return (GOLDEN / f"{name}.sql").read_text()


def spelling(sql):
    """SQL without what carries no meaning: case, quotes of identifiers, blanks, redundant parentheses."""
    sql = re.sub(r"\s+", " ", sql.replace('"', "").lower()).strip()
    sql = re.sub(r"\s*([(),])\s*", r"\1", sql)
    while re.fullmatch(r"\((.*)\)", sql) and balanced(sql[1:-1]):
        sql = sql[1:-1]
    return sql


def balanced(text):
    depth = 0
    for c in text:
        depth += {"(": 1, ")": -1}.get(c, 0)
        if depth < 0:
            return False
    return depth == 0


def parenthesized(sql, start):
    """The text between the parenthesis at `start` and its partner."""
    depth = 0
    for at in range(start, len(sql)):
        depth += {"(": 1, ")": -1}.get(sql[at], 0)
        if depth == 0:
            return sql[start + 1 : at]
    raise AssertionError(f"no partner of the parenthesis at {start} in {sql}")


def differences(ours, theirs):
    """What differs between two nested dicts, as readable lines."""
    lines = []

    def walk(path, a, b):
        if isinstance(a, dict) and isinstance(b, dict):
            for key in sorted(a.keys() | b.keys(), key=str):
                if key not in a:
                    lines.append(f"{path}/{key}: missing, should be {b[key]}")
                elif key not in b:
                    lines.append(f"{path}/{key}: too much: {a[key]}")
                else:
                    walk(f"{path}/{key}", a[key], b[key])
        elif a != b:
            lines.append(f"{path}: {a} should be {b}")

    walk("", ours, theirs)
    return lines


# -- SQLite ------------------------------------------------------------------------------------------------------------


@functools.cache
def sqlite_facts(script):
    db = sqlite3.connect(":memory:")
    db.executescript(script)
    tables = {}
    names = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    for table, sql in db.execute(names).fetchall():
        columns = {
            name: {"type": type_.lower(), "null": not not_null, "default": default, "key": key, "hidden": hidden}
            for _, name, type_, not_null, default, key, hidden in db.execute(f'PRAGMA table_xinfo("{table}")')
        }
        indexes = {}
        for _, name, unique, origin, partial in db.execute(f'PRAGMA index_list("{table}")').fetchall():
            if origin == "pk":  # of a table of our own that is keyed by columns
                continue
            made = db.execute("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).fetchone()[0]
            keys = [
                (column, descending, collation)
                for _, _, column, descending, collation, key in db.execute(f'PRAGMA index_xinfo("{name}")')
                if key
            ]
            where = spelling(re.split(r"\bWHERE\b", made, flags=re.I)[1]) if partial else None
            expression = spelling(made[made.index("(") :]) if any(k[0] is None for k in keys) else None
            # One that belongs to UNIQUE in the table has no name of its own.
            label = f"unique {keys}" if origin == "u" else name
            indexes[label] = {"unique": unique, "keys": keys, "where": where, "expression": expression}
        # table, from, to, on update, on delete, match
        references = [row[2:] for row in db.execute(f'PRAGMA foreign_key_list("{table}")')]
        checks = sorted(
            spelling(parenthesized(sql, found.end() - 1)) for found in re.finditer(r"\bCHECK\s*\(", sql, flags=re.I)
        )
        tables[table] = {
            "columns": columns,
            "indexes": indexes,
            "references": {str(r): True for r in references},
            "deferred": len(re.findall("DEFERRABLE INITIALLY DEFERRED", sql, flags=re.I)),
            "checks": checks,
            "constraints": sorted(re.findall(r'CONSTRAINT "(\w+)"', sql)),
            "autoincrement": "AUTOINCREMENT" in sql.upper(),
        }
    return tables


def without_own(tables):
    own = {name for name in tables if name.startswith("lamin_")}
    assert {"lamin_module", "lamin_content", "lamin_file", "lamin_intent", "lamin_closure"} <= own
    return {name: facts for name, facts in tables.items() if name not in own}


def test_sqlite():
    ours = without_own(sqlite_facts(golden("sqlite")))
    theirs = sqlite_facts(reference("sqlite"))
    assert len(theirs) == 168
    assert sum(len(t["indexes"]) for t in theirs.values()) > 1201
    assert differences(ours, theirs) == []


@pytest.mark.parametrize(
    ("change", "by"),
    [
        ('"symbol" varchar(64) NULL', '"symbol" varchar(65) NULL'),
        ('"is_latest" bool NOT NULL', '"is_latest" bool NULL'),
        ("DEFAULT 'readme' NOT NULL", "DEFAULT 'comment' NOT NULL"),
        ('CREATE INDEX "lamindb_artifact_key_72efe08c"', 'CREATE INDEX "lamindb_artifact_key"'),
        ("WHERE key IS NULL", "WHERE key IS NOT NULL"),
        ('CHECK (is_type OR', 'CHECK (NOT is_type OR'),
        ('"storage_id" integer NOT NULL REFERENCES "lamindb_storage"',
         '"storage_id" integer NOT NULL REFERENCES "lamindb_space"'),
        ('"abbr" varchar(32) NULL UNIQUE', '"abbr" varchar(32) NULL'),
    ],
)
def test_sqlite_notices(change, by):
    script = golden("sqlite")
    assert change in script
    changed = without_own(sqlite_facts(script.replace(change, by, 1)))
    assert differences(changed, sqlite_facts(reference("sqlite"))) != []


# -- PostgreSQL --------------------------------------------------------------------------------------------------------

FACTS = {
    "columns": """
        SELECT c.relname || '.' || a.attname, json_build_object(
               'type', format_type(a.atttypid, a.atttypmod), 'null', NOT a.attnotnull, 'identity', a.attidentity,
               'default', pg_get_expr(d.adbin, d.adrelid), 'collation', a.attcollation)
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
          LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
         WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraints": """
        SELECT c.relname || '.' || k.conname, json_build_object(
               'type', k.contype, 'definition', pg_get_constraintdef(k.oid), 'deferrable', k.condeferrable,
               'deferred', k.condeferred, 'valid', k.convalidated)
          FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
         WHERE c.relnamespace = 'public'::regnamespace AND k.contype IN ('p', 'u', 'c', 'f')""",
    "indexes": """
        SELECT c.relname || '.' || i.relname, to_json(pg_get_indexdef(x.indexrelid))
          FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
         WHERE c.relnamespace = 'public'::regnamespace""",
    "triggers": """
        SELECT c.relname || '.' || t.tgname, json_build_object(
               'definition', pg_get_triggerdef(t.oid), 'comment', obj_description(t.oid, 'pg_trigger'))
          FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal""",
    "functions": """
        SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', json_build_object(
               'result', pg_get_function_result(p.oid), 'language', l.lanname, 'volatile', p.provolatile,
               'body', p.prosrc)
          FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.pronamespace = 'public'::regnamespace""",
}


def psql(url, sql):
    done = subprocess.run(
        ["psql", url, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-f", "-"],
        input=sql, capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture
def postgres():
    """Makes a database from a script and answers its URL; drops it in the end."""
    server = os.environ.get("LAMIN_TEST_POSTGRES")
    assert server, "LAMIN_TEST_POSTGRES is not set: `./dev services start`, then `./dev test pg`"
    made = []

    def make(script):
        name = f"lamin_ddl_{uuid.uuid4().hex[:12]}"
        psql(server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        made.append(name)
        url = re.sub(r"(//[^/?]+)(/[^?]*)?", rf"\1/{name}", server, count=1)
        psql(url, "SET client_min_messages = warning;\nBEGIN;\n" + script + "\nCOMMIT;")
        return url

    yield make
    for name in made:
        psql(server, f"DROP DATABASE {name}")


def words(body):
    return re.sub(r"\s+", " ", re.sub(r"--[^\n]*", "", body)).strip().replace("( ", "(").replace(" )", ")")


def postgres_facts(url):
    facts = {}
    for what, sql in FACTS.items():
        all_rows = f"SELECT coalesce(json_object_agg(name, fact), '{{}}') FROM ({sql}) AS q(name, fact)"
        rows = json.loads(psql(url, all_rows))
        facts[what] = {name: fact for name, fact in rows.items() if not name.startswith("lamin_")}
    for function in facts["functions"].values():
        function["body"] = words(function["body"])
    return facts


def test_postgres(postgres):
    ours = postgres_facts(postgres(golden("postgres")))
    theirs = postgres_facts(postgres(reference("postgres")))
    assert len({name.split(".")[0] for name in theirs["columns"]}) == 168
    assert [len(theirs[w]) for w in ("triggers", "functions")] == [7, 14]
    assert differences(ours, theirs) == []


def test_postgres_notices(postgres):
    script = golden("postgres")
    for change, by in [
        ('"symbol" varchar(64) NULL', '"symbol" varchar(65) NULL'),
        ('"lamindb_artifact_key_72efe08c_like"', '"lamindb_artifact_key_like"'),
        ("CHECK (is_valid_record_type(type_id, is_type))", "CHECK (is_valid_record_type(type_id, false))"),
        ("'5f2e7a65e42c34b0455f0840def52f078726e401'", "'another'"),
        ("steps < 100", "steps < 10"),
    ]:
        assert change in script
        script = script.replace(change, by, 1)
    changed = postgres_facts(postgres(script))
    found = differences(changed, postgres_facts(postgres(reference("postgres"))))
    assert {line.split("/")[1] for line in found} == set(FACTS)


def test_postgres_enforces(postgres):
    """What the functions and triggers do, on our tables."""
    url = postgres(golden("postgres"))
    psql(url, """
        INSERT INTO lamindb_user (id, uid, handle) VALUES (1, '00000000', 'anonymous');
        INSERT INTO lamindb_space (id, uid, name) VALUES (1, 'aaaaaaaaaaaa', 'all'), (2, 'bbbbbbbbbbbb', 'two');
        INSERT INTO lamindb_branch (id, uid, name, created_by_id) VALUES (1, 'mmmmmmmmmmmm', 'main', 1);""")

    def label(id_, name, more="", values=""):
        return (f"INSERT INTO lamindb_ulabel (id, uid, name, created_by_id{more}) "
                f"VALUES ({id_}, '{id_:08d}', '{name}', 1{values});")

    def refused(sql, why):
        with pytest.raises(AssertionError, match=why):
            psql(url, sql)

    psql(url, label(1, "Species", ", is_type", ", true") + label(2, "mouse", ", type_id", ", 1"))
    refused(label(3, "rat", ", type_id", ", 2"), "ulabel_type_is_valid_fk")
    refused("UPDATE lamindb_ulabel SET type_id = 1 WHERE id = 1", "cannot be its own type")
    psql(url, label(4, "Rodent", ", is_type, type_id", ", true, 1"))
    refused("UPDATE lamindb_ulabel SET type_id = 4 WHERE id = 1", "would create a cycle")
    psql(url, """UPDATE lamindb_ulabel SET _aux = '{"ss": "1"}' WHERE id = 1""")
    refused(label(5, "hamster", ", type_id, space_id", ", 1, 2"), "space must match single-space type space")
    psql(url, """
        INSERT INTO lamindb_feature (id, uid, name, _dtype_str, array_rank, array_size, created_by_id)
        VALUES (1, 'f00000000000', 'weight', 'float', 0, 0, 1);
        UPDATE lamindb_feature SET name = 'mass' WHERE id = 1;""")
    synonyms, renamed = psql(url, "SELECT synonyms, _aux->'renamed' FROM lamindb_feature").strip().split("|")
    assert synonyms == "weight"
    assert list(json.loads(renamed).values()) == ["weight"]
    refused("INSERT INTO lamindb_feature (uid, name, array_rank, array_size, created_by_id) "
            "VALUES ('f00000000001', 'x', 0, 0, 1)", "feature_dtype_str_not_null_when_is_type_false")
