"""`ln.sql`: registries, tables in artifacts and tables in memory in one SELECT."""

import pytest


@pytest.fixture(scope="module")
def lab(ln, bt, tmp_path_factory):
    """Three artifacts with obs, one of them trashed, one table; labels and features."""
    import anndata as ad
    import numpy as np
    import pandas as pd

    folder = tmp_path_factory.mktemp("sqlab")
    ln.Feature(name="sql_assay", dtype=ln.ULabel).save()
    ln.Feature(name="sql_age", dtype=int).save()
    rna = ln.ULabel(name="sql RNA").save()
    ln.ULabel(name="sql ATAC").save()
    made = {}
    for i, name in enumerate(("a", "b", "gone")):
        obs = pd.DataFrame({"cell_type": pd.Categorical(["T", "B", "T"][: 3 - i])}, index=[f"{name}{j}" for j in range(3 - i)])
        path = folder / f"{name}.h5ad"
        ad.AnnData(np.full((3 - i, 2), i, dtype="float32"), obs=obs, var=pd.DataFrame(index=["g1", "g2"])).write_h5ad(path)
        made[name] = ln.Artifact.from_anndata(path, key=f"sqllab/{name}.h5ad").save()
    made["a"].features.add_values({"sql_assay": "sql RNA", "sql_age": 31})
    made["b"].features.add_values({"sql_assay": "sql ATAC", "sql_age": 45})
    made["gone"].delete(permanent=False)
    made["a"].ulabels.add(rna)
    made["plates"] = ln.Artifact.from_dataframe(pd.DataFrame({"well": ["A1", "B2"], "od": [0.1, 0.2]}), key="sqllab/plates.parquet").save()
    return made


def test_registries_are_tables(ln, bt, lab):
    rows = ln.sql("select key, suffix, n_observations from artifacts where key like 'sqllab/%' order by key").fetchall()
    assert rows == [("sqllab/a.h5ad", ".h5ad", 3), ("sqllab/b.h5ad", ".h5ad", 2), ("sqllab/plates.parquet", ".parquet", 2)]
    assert ln.sql("select count(*) from ulabels where name like 'sql %'").fetchall() == [(2,)]
    assert ln.sql("select count(*) from cell_types").fetchall() == [(len(bt.CellType.filter()),)]
    assert ln.sql('select count(*) from "bionty.CellType"').fetchall() == [(len(bt.CellType.filter()),)]


def test_labels_and_features_are_columns(ln, lab):
    rows = ln.sql("select key, ulabels, sql_assay, sql_age from artifacts where sql_age is not null order by key").fetchall()
    assert rows == [("sqllab/a.h5ad", ["sql RNA"], "sql RNA", 31), ("sqllab/b.h5ad", ["sql ATAC"], "sql ATAC", 45)]
    rows = ln.sql("select key from artifacts where list_contains(ulabels, 'sql RNA')").fetchall()
    assert rows == [("sqllab/a.h5ad",)]


def test_rows_of_data_join_what_is_known_of_their_artifact(ln, lab):
    rows = ln.sql("""
        select sql_assay, cell_type, count(*) as n from obs('sqllab/*.h5ad') join artifacts on artifacts.uid = artifact_uid
        group by all order by all
    """).fetchall()
    assert rows == [("sql ATAC", "B", 1), ("sql ATAC", "T", 1), ("sql RNA", "B", 1), ("sql RNA", "T", 2)]


def test_artifacts_by_key_uid_and_name(ln, lab):
    for name in ("sqllab/plates.parquet", lab["plates"].uid, lab["plates"].uid[:12]):
        assert ln.sql(f'select well, od from "{name}" where od > 0.1').fetchall() == [("B2", 0.2)]
    assert ln.sql("select well from 'sqllab/plates.parquet' limit 1").fetchall() == [("A1",)]
    assert ln.sql("select obs_names from obs('sqllab/a.h5ad')").fetchall() == [("a0",), ("a1",), ("a2",)]
    assert ln.sql("select var_names, artifact_uid from var('sqllab/a.h5ad') limit 1").fetchall() == [("g1", lab["a"].uid)]
    assert ln.sql("select count(*) from cells", cells=lab["b"]).fetchall() == [(2,)]
    assert ln.sql("select count(*) from obs('cells')", cells=lab["b"]).fetchall() == [(2,)]
    collection = ln.Collection([lab["a"], lab["b"]], key="sqllab").save()
    assert ln.sql("select count(*) from obs('sqllab')").fetchall() == [(5,)]
    assert ln.sql("select count(*) from c", c=collection).fetchall() == [(5,)]
    assert ln.sql("select count(*) from s", s=ln.Artifact.filter(key="sqllab/a.h5ad")).fetchall() == [(3,)]


def test_tables_in_memory_join(ln, lab):
    import pandas as pd
    import polars as pl

    known = pd.DataFrame({"well": ["A1"], "dose": [5]})
    query = "select dose from k join 'sqllab/plates.parquet' using (well)"
    assert ln.sql(query, k=known).fetchall() == [(5,)]
    assert ln.sql(query, k=pl.from_pandas(known)).fetchall() == [(5,)]
    with pytest.raises(ValueError, match="is not a table"):
        ln.sql("from k", k=7)


def test_common_table_expressions_hide_names(ln, lab):
    assert ln.sql("with artifacts as (select 1 as one) select one from artifacts").fetchall() == [(1,)]


def test_the_database_s_own_tables(ln, lab):
    artifact = lab["gone"]
    assert ln.sql(f"select branch_id from lamindb_artifact where uid = '{artifact.uid}'").fetchall() == [(-1,)]
    joined = "select count(*) from lamindb_artifactulabel l join lamindb_ulabel u on u.id = l.ulabel_id where u.name = 'sql RNA'"
    assert ln.sql(joined).fetchall()[0][0] >= 1


def test_types_are_kept(ln, lab):
    relation = ln.sql("from artifacts")
    types = {name: str(kind) for name, kind in zip(relation.columns, relation.types)}
    assert types["created_at"] == "TIMESTAMP WITH TIME ZONE" and types["size"] == "BIGINT"
    assert types["is_latest"] == "BOOLEAN" and types["ulabels"] == "VARCHAR[]" and types["sql_age"] == "BIGINT"


@pytest.mark.parametrize(
    "query, problem",
    [
        ("insert into artifacts values (1)", "one SELECT"),
        ("drop table artifacts", "one SELECT"),
        ("select 1; select 2", "one SELECT, not 2"),
        ("selec 1", "syntax error"),
        (7, "takes a query as text, not 7"),
        ("from obs(3)", "takes the key of an artifact in single quotes"),
        ("from obs('sqllab/plates.parquet')", "goes with AnnData"),
    ],
)
def test_what_is_not_one_select_is_refused(ln, lab, query, problem):
    with pytest.raises(ValueError, match=problem):
        ln.sql(query)


def test_an_unknown_table_is_named(ln, lab):
    from lamindb.errors import ObjectDoesNotExist

    with pytest.raises(ObjectDoesNotExist, match="There is no table 'atrifacts'"):
        ln.sql("from atrifacts")
    with pytest.raises(ObjectDoesNotExist, match="sqllab/none"):
        ln.sql("from obs('sqllab/none*.h5ad')")


def test_read_artifacts_are_inputs_of_the_run(ln, lab):
    ln.track(transform=ln.Transform(key="sql_reads.py").save())
    try:
        ln.sql("select count(*) from obs('sqllab/*.h5ad')").fetchall()
        assert {artifact.key for artifact in ln.context.run.input_artifacts.all()} == {"sqllab/a.h5ad", "sqllab/b.h5ad"}
    finally:
        ln.finish()
