"""The same work on many artifacts, in processes of this machine; tests/integrations does it on clusters."""

import os
import sys

import pytest


def lost_once(artifact, flag):
    """Ends its process the first time."""
    try:
        os.close(os.open(flag, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return os.getpid()
    os._exit(9)


def always_lost(artifact):
    os._exit(9)


def fails_for_odd(artifact):
    if int(artifact.key[-5]) % 2:
        raise KeyError("odd")
    return artifact.key


@pytest.fixture(scope="module")
def several(ln):
    import pandas as pd

    for i in range(6):
        ln.Artifact.from_dataframe(pd.DataFrame({"n": [i], "w": ["x"]}), key=f"each/t{i}.csv").save()
    return ln.Artifact.filter(key__startswith="each/t").order_by("key")


@pytest.fixture
def from_here(monkeypatch):
    """Functions of this file can be imported by other processes."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([os.path.dirname(__file__), *sys.path]))


def test_executors_are_named(ln, monkeypatch):
    assert ln.settings.executor is None
    monkeypatch.setenv("LAMIN_EXECUTOR", "local://2")
    assert ln.settings.executor == "local://2"
    for wrong in ("spark://host:1", "dask://host", "local://many", "dask", 3):
        with pytest.raises(ValueError, match="dask://host:port"):
            ln.settings.executor = wrong
    ln.settings.executor = "ray://head:10001"
    try:
        assert ln.settings.executor == "ray://head:10001"
    finally:
        ln.settings.executor = None


def test_work_is_checked_before_it_starts(ln, several):
    for work, options, problem in (("eat", {}, "'eat' but has to be"), ("copy", {}, "needs to="), ("cache", {"to": "x"}, "does not take to=")):
        with pytest.raises(ValueError, match=problem):
            several.each(work, **options)
    assert several.filter(key="nothing").each("cache") == {}


def test_every_work_may_be_done_twice(ln, several, tmp_path):
    uids = [artifact.uid for artifact in several]
    for _ in range(2):
        assert list(several.each("verify", executor="local://2").items()) == [(uid, "sound") for uid in uids]
        copied = several.each("copy", to=tmp_path, executor="local://2")
        assert sorted(os.listdir(tmp_path / "each")) == [f"t{i}.csv" for i in range(6)]
        assert copied[uids[0]] == str(tmp_path / "each" / "t0.csv")
        converted = several.each("convert", to=".parquet", executor="local://2")
        made = ln.Artifact.filter(key__startswith="each/t", suffix=".parquet")
        assert {artifact.uid for artifact in made} == set(converted.values()) and len(made) == 6
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "x.txt").write_text("x")
    folder = ln.Artifact(tmp_path / "set", key="eachset/inner").save()
    for _ in range(2):
        ln.Artifact.filter(uid=folder.uid).each("copy", to=tmp_path, executor="local://1")
    assert os.listdir(tmp_path / "eachset" / "inner") == ["x.txt"]
    assert several.each("cache", executor="local://2")[uids[1]] == str(several[1].cache())
    assert several.each("cache").batches >= 1


def cells(n, **columns):
    import anndata
    import numpy as np
    import pandas as pd

    obs = pd.DataFrame({"cell_type": pd.Categorical(["T cell", "B cell"] * n), **columns}, index=[f"c{i}" for i in range(2 * n)])
    return anndata.AnnData(np.ones((2 * n, 1), dtype="f4"), obs=obs, var=pd.DataFrame(index=["g"]))


def test_obs_of_many_files_are_one_table(ln, tmp_path):
    import pandas as pd
    import pyarrow.parquet as pq

    first = ln.Artifact.from_anndata(cells(2), key="index/a.h5ad").save()
    second = ln.Artifact.from_anndata(cells(3, score=[1.5] * 6), key="index/b.zarr").save()
    datasets = ln.Artifact.filter(key__startswith="index/").order_by("key")
    index = datasets.each("index", to=tmp_path / "obs")
    assert pq.read_schema(index[first.uid]).names == ["artifact_uid", "obs_names", "cell_type"]
    query = """select a.key, c.cell_type, count(*) as n, max(c.score) as score
        from cells c join artifacts a on a.uid = c.artifact_uid group by a.key, c.cell_type order by a.key, c.cell_type"""
    found = ln.sql(query, cells=index).fetchall()
    assert found == [("index/a.h5ad", "B cell", 2, None), ("index/a.h5ad", "T cell", 2, None), ("index/b.zarr", "B cell", 3, 1.5), ("index/b.zarr", "T cell", 3, 1.5)]
    assert ln.sql("select count(*) from var", var=datasets.each("index", to=tmp_path / "var", table="var")).fetchall() == [(2,)]

    before = {path: os.stat(path).st_mtime_ns for path in index.values()}
    os.rename(first.path, tmp_path / "away")  # what is indexed is not read again
    try:
        assert datasets.each("index", to=tmp_path / "obs", executor="local://1") == index
    finally:
        os.rename(tmp_path / "away", first.path)
    assert {path: os.stat(path).st_mtime_ns for path in index.values()} == before
    changed = cells(1)
    first.replace(changed)
    first.save()
    again = datasets.each("index", to=tmp_path / "obs")
    assert again[first.uid] != index[first.uid] and again[second.uid] == index[second.uid]
    assert sorted(os.listdir(tmp_path / "obs")) == sorted(os.path.basename(path) for path in again.values())
    table = ln.Artifact.from_dataframe(pd.DataFrame({"n": [1]}), key="index/c.parquet").save()
    with pytest.raises(ln.errors.Unavailable, match="1 of 3 artifacts failed: .*c.parquet|1 of 3 artifacts failed: .*obs"):
        ln.Artifact.filter(key__startswith="index/").each("index", to=tmp_path / "obs")
    for artifact in (first, second, table):
        artifact.delete(permanent=True)


def test_a_key_leads_nowhere_else(ln, tmp_path):
    """Another program may have written any key."""
    import sqlite3

    (tmp_path / "x.txt").write_text("kept inside")
    artifact = ln.Artifact(tmp_path / "x.txt", key="inside/x.txt").save()
    with sqlite3.connect(ln.setup.settings.instance.db.removeprefix("sqlite:///")) as database:
        database.execute("update lamindb_artifact set key = '../../x.txt' where uid = ?", [artifact.uid])
    with pytest.raises(ln.errors.Unavailable, match="'..' as a folder"):
        ln.Artifact.filter(uid=artifact.uid).each("copy", to=tmp_path / "a" / "b")
    assert sorted(os.listdir(tmp_path)) == ["x.txt"] or not (tmp_path / "a" / "x.txt").exists()
    with sqlite3.connect(ln.setup.settings.instance.db.removeprefix("sqlite:///")) as database:
        database.execute("update lamindb_artifact set key = 'inside/x.txt' where uid = ?", [artifact.uid])
    ln.Artifact.get(artifact.uid).delete(permanent=True)


def test_curate_annotates(ln, several):
    schema = ln.Schema([ln.Feature(name="n", dtype=int).save()], name="each schema").save()
    done = several.filter(key__in=["each/t0.csv", "each/t1.csv"]).each("curate", schema="each schema", executor="local://1")
    assert len(done) == 2
    assert all(ln.Artifact.get(uid).schema == schema for uid in done.values())


def test_what_fails_is_named_and_the_others_are_done(ln, several, from_here):
    from lamindb.errors import Unavailable

    with pytest.raises(Unavailable, match="3 of 6 artifacts failed: .*KeyError: 'odd'.*The others are done"):
        several.each(fails_for_odd, executor="local://2")


def test_a_lost_worker_is_replaced(ln, several, from_here, tmp_path):
    from lamindb.errors import Unavailable

    done = several.each(lost_once, flag=str(tmp_path / "lost"), executor="local://2")
    assert len(done) == 6 and os.path.exists(tmp_path / "lost")
    with pytest.raises(Unavailable, match="ended their process 3 times"):
        several.each(always_lost, executor="local://2")


def test_a_corrupt_content_is_found(ln, several):
    import pandas as pd
    from lamindb.errors import Unavailable

    artifact = ln.Artifact.from_dataframe(pd.DataFrame({"n": [77]}), key="each/bad.csv").save()
    path = artifact.cache()
    text = path.read_text()
    os.chmod(path, 0o644)
    path.write_text(text.replace("77", "78"))
    with pytest.raises(Unavailable, match="CorruptData"):
        ln.Artifact.filter(key="each/bad.csv").each("verify")
    artifact.delete(permanent=True)


@pytest.mark.parametrize("executor", ["local://1", "local://2"])
def test_outputs_belong_to_the_run(ln, executor):
    import pandas as pd

    name = f"eachrun{executor[-1]}"
    sources = [ln.Artifact.from_dataframe(pd.DataFrame({name: [i]}), key=f"{name}/{i}.csv").save() for i in range(3)]
    ln.track(transform=ln.Transform(key="each_converts.py").save())
    try:
        done = ln.Artifact.filter(key__startswith=name).order_by("id").each("convert", to=".parquet", executor=executor)
        assert set(ln.context.run.input_artifacts.all()) == set(sources)
        assert {ln.Artifact.get(uid).run for uid in done.values()} == {ln.context.run}
    finally:
        ln.finish()


def test_a_missing_cluster_or_package_is_an_error(ln, several):
    """Where Dask is installed, tests/integrations shows what no answer gives."""
    from lamindb.errors import Unavailable

    with pytest.raises((Unavailable, ImportError), match="Dask"):
        several.each("cache", executor="dask://127.0.0.1:1")
