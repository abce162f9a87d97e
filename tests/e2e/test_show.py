"""`lamin show`, `lamin each`, and `lamin export` read by pyarrow."""
import json
import os
import subprocess
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2] / "examples" / "data"


@pytest.fixture
def shell(tmp_path, home, lamin, db):
    folder = tmp_path / "work"
    folder.mkdir()

    def run(*words, status=0):
        done = subprocess.run([str(word) for word in (lamin, *words)], cwd=folder, env=os.environ, capture_output=True, text=True, timeout=60)
        assert done.returncode == status, f"{words}: {done.returncode}, not {status}: {done.stdout}{done.stderr}"
        return done.stdout if status == 0 else done.stderr
    run.folder = folder
    run("init", "--storage", "st", "--name", "show", "--modules", "bionty", *(["--db", db] if db else []))
    return run


def test_an_anndata_by_file_key_and_uid(shell):
    uid = shell("save", DATA / "pbmc68k_reduced.h5ad", "--key", "blood/pbmc.h5ad").strip()
    by_file = shell("show", DATA / "pbmc68k_reduced.h5ad")
    assert "AnnData" in by_file and "700 x 765" in by_file and "obs: 700 rows" in by_file and "bulk_labels" in by_file
    assert shell("show", "blood/pbmc.h5ad").splitlines()[1:] == by_file.splitlines()[1:] == shell("show", uid).splitlines()[1:]
    told = json.loads(shell("show", "blood/pbmc.h5ad", "--json"))
    assert told["fields"]["shape"] == "700 x 765"
    obs = next(child for child in told["children"] if child["title"].startswith("obs"))
    labels = next(row for row in obs["rows"] if row[0] == "bulk_labels")
    assert labels[1] == "category" and "Dendritic (240)" in labels[2]
    assert "<table" in shell("show", "blood/pbmc.h5ad", "--html")


def test_tables_and_folders(shell):
    (shell.folder / "a.csv").write_text("name,n\nx,1\ny,2\n")
    assert "CSV table" in shell("show", "a.csv") and "int64" in shell("show", "a.csv")
    assert "y" not in shell("show", "a.csv", "--rows", "1").split("text")[1]
    assert "a.csv" in shell("show", ".")


def test_bad_input(shell):
    assert "neither a file here nor" in shell("show", "nothing", status=5)
    assert "exclude each other" in shell("show", ".", "--html", "--json", status=2)
    assert "--rows takes a whole number" in shell("show", ".", "--rows", "0", status=2)


def test_the_same_work_on_many(shell):
    for i in range(3):
        (shell.folder / f"{i}.csv").write_text(f"n\n{i}\n")
        shell("save", f"{i}.csv", "--key", f"many/{i}.csv")
    told = [json.loads(line) for line in shell("each", "verify", "--where", "suffix = '.csv'", "--executor", "local://2", "--json").splitlines()]
    assert [one["verify"] for one in told] == ["sound"] * 3
    shell("each", "copy", "--to", "out", "--where", "key ~ '1.csv'")
    assert [path.name for path in (shell.folder / "out" / "many").iterdir()] == ["1.csv"]
    assert "'eat' but has to be" in shell("each", "eat", status=2)
    assert "dask://host:port" in shell("each", "verify", "--executor", "here", status=2)


def test_all_registries_as_parquet(shell):
    import pyarrow.parquet as pq

    for name in ("one", "two"):
        shell("create", "ulabel", name)
    told = [json.loads(line) for line in shell("export", "--to", "parquet", "--json", "out").splitlines()]
    assert {"table": "lamindb_ulabel", "rows": 2} in told
    table = pq.read_table(shell.folder / "out" / "lamindb_ulabel" / "0.parquet")
    assert table["name"].to_pylist() == ["one", "two"]
    assert str(table.schema.field("created_at").type) == "timestamp[us, tz=UTC]" and str(table.schema.field("is_type").type) == "bool"
    shell("create", "ulabel", "three")
    shell("export", "--to", "parquet", "out")  # replaces the whole of the earlier one
    assert pq.read_table(shell.folder / "out" / "lamindb_ulabel" / "0.parquet").num_rows == 3
    assert json.loads((shell.folder / "out" / "lamin-export.json").read_text())["format"] == "parquet"


def test_an_export_overwrites_nothing_else(shell):
    (shell.folder / "mine").mkdir()
    (shell.folder / "mine" / "notes.txt").write_text("keep")
    assert "holds other things" in shell("export", "--to", "parquet", "mine", status=2)
    assert "'iceberg' is not a form" in shell("export", "--to", "iceberg", "new", status=2)
    assert not (shell.folder / "new").exists() and (shell.folder / "mine" / "notes.txt").read_text() == "keep"


def test_a_ducklake_has_a_catalog(shell):
    import sqlite3

    shell("create", "ulabel", "one")
    shell("export", "--to", "ducklake", "lake")
    catalog = sqlite3.connect(shell.folder / "lake" / "catalog.sqlite")
    assert catalog.execute("select value from ducklake_metadata where key = 'version'").fetchall() == [("1.0",)]
    [(table, rows)] = catalog.execute("""select t.path || f.path, f.record_count from ducklake_table t
        join ducklake_data_file f using (table_id) where table_name = 'lamindb_ulabel'""").fetchall()
    assert rows == 1 and (shell.folder / "lake" / table).stat().st_size > 0
    columns = dict(catalog.execute("""select column_name, column_type from ducklake_column join ducklake_table using (table_id)
        where table_name = 'lamindb_ulabel'""").fetchall())
    assert columns["id"] == "int64" and columns["created_at"] == "timestamptz" and columns["is_type"] == "boolean"
    catalog.close()
