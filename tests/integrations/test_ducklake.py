"""A DuckLake of the registries, attached by DuckDB with its own extensions."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest


@pytest.fixture
def database(tmp_path):
    import duckdb

    connection = duckdb.connect(config={"extension_directory": str(tmp_path / "extensions")})
    for name in ("ducklake", "sqlite_scanner"):
        folder = Path(find_spec(f"duckdb_extension_{name}").origin).parent
        [file] = folder.rglob(f"{name}.duckdb_extension")
        connection.execute(f"install '{file}'")
        connection.execute(f"load {name}")
    return connection


def test_registries_are_read_as_they_are(ln, tmp_path, database):
    labels = [ln.ULabel(name=f"lake {i}").save() for i in range(3)]
    (tmp_path / "a.txt").write_text("in the lake")
    artifact = ln.Artifact(tmp_path / "a.txt", key="lake/a.txt").save()
    artifact.ulabels.add(*labels[:2])
    subprocess.run([sys.executable, "-m", "lamin_cli", "export", "--to", "ducklake", tmp_path / "lake"], check=True, capture_output=True)
    database.execute(f"attach 'ducklake:sqlite:{tmp_path}/lake/catalog.sqlite' as lake (read_only)")
    rows = database.execute("select name from lake.lamindb_ulabel where name like 'lake %' order by name").fetchall()
    assert rows == [("lake 0",), ("lake 1",), ("lake 2",)]
    joined = """select count(*) from lake.lamindb_artifactulabel l join lake.lamindb_artifact a on a.id = l.artifact_id
        where a.uid = ?"""
    assert database.execute(joined, [artifact.uid]).fetchall() == [(2,)]
    types = dict(database.execute("select column_name, data_type from information_schema.columns where table_name = 'lamindb_artifact'").fetchall())
    assert types["size"] == "BIGINT" and types["is_latest"] == "BOOLEAN" and types["created_at"] == "TIMESTAMP WITH TIME ZONE"
    assert {name for (name,) in database.execute("select table_name from information_schema.tables where table_catalog = 'lake'").fetchall()} >= {
        "lamindb_artifact", "lamindb_run", "lamindb_feature"}  # fmt: skip
