"""The same work in either implementation, timed inside the process. Run in a folder that is connected to an instance:

    PYTHON workloads.py ours|theirs WORKLOAD N FOLDER     prints one JSON object {what: [seconds, ...]}

The few lines that differ by side are the ones where LaminDB asks its hub or the network, or reads an ontology from a
table because it cannot read OBO.
"""
import csv
import gzip
import hashlib
import json
import os
import sys
from pathlib import Path
from time import perf_counter, process_time, time_ns

SIDE, WORKLOAD, N, FOLDER = sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4])
RUN = time_ns()  # makes names and contents unique to this run

if SIDE == "theirs":
    import lamindb_setup
    lamindb_setup.settings.instance._is_on_hub = False
import lamindb as ln  # noqa: E402

ln.settings.verbosity = "error"


def timed(work):
    began = perf_counter()
    result = work()
    return perf_counter() - began, result


def labels():
    """Constructing labels, and saving them together."""
    construct, records = timed(lambda: [ln.ULabel(name=f"label {RUN} {i}") for i in range(N)])
    save, _ = timed(lambda: ln.save(records))
    return {"construct": [construct / N], "save": [save / N]}


def get():
    """One row of many, by uid and by name."""
    names = [row["name"] for row in csv.DictReader((FOLDER / "labels.csv").open())][:: max(1, 100_000 // N)][:N]
    uids = [row["uid"] for row in csv.DictReader((FOLDER / "labels.csv").open())][:: max(1, 100_000 // N)][:N]
    ln.ULabel.get(uids[0])
    return {"get": [timed(lambda uid=uid: ln.ULabel.get(uid))[0] for uid in uids],
            "one": [timed(lambda name=name: ln.ULabel.filter(name=name).one())[0] for name in names]}


def save_one():
    """One label, durably."""
    records = [ln.ULabel(name=f"single {RUN} {i}") for i in range(N)]
    return {"save": [timed(record.save)[0] for record in records]}


def bulk_save():
    """Many labels in one call, without looking for existing names."""
    ln.settings.creation.search_names = False
    records = [ln.ULabel(name=f"bulk {RUN} {i}") for i in range(N)]
    return {"save": [timed(lambda: ln.save(records))[0]]}


def link_one():
    """One label to one artifact, durably; then one label to all artifacts in one call."""
    label = ln.ULabel(name=f"one {RUN}").save()
    artifacts = list(ln.Artifact.filter(key__startswith="many/")[:N])
    one = [timed(lambda artifact=artifact: artifact.ulabels.add(label))[0] for artifact in artifacts[:100]]
    times = []
    for i in range(3):
        other = ln.ULabel(name=f"all {RUN} {i}").save()
        times.append(timed(lambda other=other: other.artifacts.add(*artifacts))[0])
        assert other.artifacts.count() == len(artifacts)
    return {"one": one, "all": times}


def search():
    """Texts in a large registry, each ranked; the first search may have to build an index."""
    texts = (FOLDER / "texts.txt").read_text().split("\n")[:N]
    first, _ = timed(lambda: list(ln.ULabel.search(texts[0])))
    return {"first": [first], "search": [timed(lambda text=text: list(ln.ULabel.search(text)))[0] for text in texts]}


def save_checked():
    """Labels constructed and saved one by one, with and without the check for similar names."""
    times = {"plain": [], "checked": []}
    ln.ULabel(name="to warm up")
    for i in range(2 * N):
        ln.settings.creation.search_names = i % 2 == 1
        seconds, _ = timed(lambda name=f"memory kidney cell {RUN} {i}": ln.ULabel(name=name).save())
        times["checked" if i % 2 else "plain"].append(seconds)
    ln.settings.creation.search_names = True
    return times


def files(name):
    folder = FOLDER / f"{name}-{RUN}"
    folder.mkdir()
    paths = [folder / f"{i:05}.txt" for i in range(N)]
    for i, path in enumerate(paths):
        path.write_text(f"content of file {i} of {name} of {RUN}\n")
    return paths


def artifact_one():
    """Small files, constructed and saved one by one, durably."""
    return {"save": [timed(lambda path=path: ln.Artifact(path, key=f"one/{RUN}/{path.name}").save())[0] for path in files("one")]}


def artifact_many():
    """Small files, saved together."""
    times = {"construct": [], "save": []}
    for turn in range(3):
        paths = files(f"many{turn}")
        construct, artifacts = timed(lambda: [ln.Artifact(path, key=f"many/{RUN}/{turn}/{path.name}") for path in paths])  # noqa: B023
        save, _ = timed(lambda: ln.save(artifacts))  # noqa: B023
        times["construct"].append(construct)
        times["save"].append(save)
    return times


def save_file():
    """A file of N megabytes, constructed and saved, durably; the most memory that the process takes."""
    import resource

    path = FOLDER / "big.bin"
    save, _ = timed(lambda: ln.Artifact(path, key=f"big/{RUN}.bin", skip_hash_lookup=True).save())
    return {"save": [save], "memory": [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024]}


def from_dir():
    """One artifact a file of a folder of N small files, saved together."""
    folder = files("each")[0].parent
    seconds, _ = timed(lambda: ln.Artifact.from_dir(folder, key=f"each/{RUN}").save())
    return {"save": [seconds]}


def folder_of_files():
    """A folder of N small files as one artifact."""
    folder = files("whole")[0].parent
    seconds, _ = timed(lambda: ln.Artifact(folder, key=f"whole/{RUN}").save())
    return {"save": [seconds]}


def artifact_loop():
    """The creator and the place of each of many artifacts."""
    def loop():
        return [(artifact.created_by.handle, artifact.storage.root) for artifact in ln.Artifact.filter(key__startswith="many/")[:N]]
    times = []
    for _ in range(3):
        seconds, found = timed(loop)
        assert len(found) == N, len(found)
        times.append(seconds)
    return {"loop": times}


def queries():
    """Datasets by two kinds of labels, as records and as data frames, and what they are related to."""
    def found():
        return ln.Artifact.filter(ulabels__name="bench label 3", cell_types__name="bench type 1")

    def loop():
        return [(artifact.run.uid, [label.name for label in artifact.ulabels.all()]) for artifact in found()]
    everything = ln.Artifact.filter(key__startswith="bench/")
    wanted = ["ulabels__name", "cell_types__name", "created_by__handle", "features"]

    def include():
        return everything.all().to_dataframe(include=list(wanted), limit=None)  # LaminDB removes "features" from its argument
    times = {}
    for what, work, size in [("records", lambda: list(found()), N // 10), ("frame", lambda: found().to_dataframe(limit=None), N // 10),
                             ("loop", loop, N // 10), ("include", include, N)]:
        times[what] = []
        for _ in range(3 if SIDE == "theirs" else 7):
            seconds, result = timed(work)
            assert len(result) == size, (what, len(result), size)
            times[what].append(seconds)
    row = include().loc[900_013]
    assert row["ulabels__name"] == {"bench label 3", "bench label 18"} and row["cell_types__name"] == {"bench type 1"}, row
    assert row["bench_temperature"] == 13 and row["bench_label"] == "bench label 3" and row["bench_cell_type"] == "bench type 1", row
    return times


def ontology():
    """An ontology with parents into an empty registry."""
    import bionty as bt
    name, registry = os.environ["ONTOLOGY"], getattr(bt, os.environ["REGISTRY"])
    if SIDE == "ours":
        seconds, _ = timed(lambda: registry.import_source(path=FOLDER / f"{name}.obo"))
    else:
        import pandas as pd
        terms = pd.DataFrame(json.loads((FOLDER / f"{name}.json").read_text()))
        source = bt.Source(entity=f"bionty.{registry.__name__}", organism="all", name=f"{name}-bench", version="1", currently_used=False).save()
        source = registry.add_source(source, df=terms)
        seconds, _ = timed(lambda: registry.import_source(source=source))
    assert registry.filter().count() >= 0.99 * N, registry.filter().count()
    assert any(term.parents.count() for term in registry.filter().all()[:50])
    return {"import": [seconds]}


def release_diff():
    """Two releases of Mondo, which were read before, and the difference as text, HTML and JSON."""
    from lamindb import _core
    from lamindb._process import session
    releases = [_core.release(session.current(), "bionty.Disease", "", "mondo", version, False) for version in ("2025-02-04", "2026-05-05")]
    _core.diff_releases(session.current(), *releases, 20)
    return {"diff": [timed(lambda: _core.diff_releases(session.current(), *releases, 20))[0] for _ in range(N)]}


def gene_import():
    """All human genes; theirs the first N of them, if that is not 0."""
    import bionty as bt
    file = os.environ["GENES"]
    if SIDE == "ours":
        source = bt.Source.filter(entity="bionty.Gene", organism="human", currently_used=True).one()
        seconds, _ = timed(lambda: bt.Gene.import_source(source, path=file, organism="human"))
        assert bt.Gene.filter().count() > 70_000
        return {"import": [seconds]}
    import pandas as pd
    terms = pd.read_csv(file, dtype=str, keep_default_na=False)
    terms = (terms.head(N) if N else terms).rename(columns={"ncbi_gene_ids": "ncbi_gene_id"})
    now = "2026-01-01 00:00:00.000000"
    human = bt.Organism(name="human", ontology_id="NCBITaxon:9606", scientific_name="homo_sapiens", uid="benchOrg0000aa", created_at=now)
    human.save()
    source = bt.Source(entity="bionty.Gene", organism="human", name="ensembl-bench", version="1", currently_used=False).save()
    source = bt.Gene.add_source(source, df=terms)
    seconds, _ = timed(lambda: bt.Gene.import_source(source=source, organism="human"))
    assert bt.Gene.filter().count() >= 0.99 * len(terms), bt.Gene.filter().count()
    return {"import": [seconds]}


def genes():
    """Symbols of a dataset against the whole genome."""
    import bionty as bt
    with gzip.open(FOLDER / "symbols.txt.gz", "rt") as file:
        symbols = file.read().split("\n")
    options = {"field": "symbol", "organism": "human"}
    extra = {"from_source": False} if SIDE == "theirs" else {}
    validate = [timed(lambda: bt.Gene.validate(symbols, **options, mute=True)) for _ in range(3)]
    standardize = [timed(lambda: bt.Gene.standardize(symbols, **options, **extra, mute=True)) for _ in range(3)]
    print(f"{sum(validate[0][1])} of {len(symbols)} valid; "
          f"{sum(a != b for a, b in zip(symbols, standardize[0][1]))} standardized", file=sys.stderr)
    return {"validate": [seconds for seconds, _ in validate], "standardize": [seconds for seconds, _ in standardize]}


def terms():
    """Names of a dataset against all diseases."""
    import bionty as bt
    names = (FOLDER / "names.txt").read_text().split("\n")
    valid = bt.Disease.validate(names, mute=True)
    print(f"{sum(valid)} of {len(names)} valid", file=sys.stderr)
    return {"validate": [timed(lambda: bt.Disease.validate(names, mute=True))[0] for _ in range(N)]}


CELL_TYPES = ["T cell", "B cell", "natural killer cell", "monocyte", "dendritic cell", "platelet"]


def cells(n):
    """20 columns of annotation: labels, numbers, flags."""
    import numpy as np
    import pandas as pd
    random = np.random.default_rng(0)
    obs = {"cell_type": pd.Categorical.from_codes(random.integers(0, len(CELL_TYPES), n), CELL_TYPES),
           "donor": pd.Categorical.from_codes(random.integers(0, 100, n), [f"donor {i}" for i in range(100)])}
    obs |= {f"group{i}": pd.Categorical.from_codes(random.integers(0, 8, n), [f"level {j}" for j in range(8)]) for i in range(6)}
    obs |= {f"number{i}": random.normal(size=n) for i in range(6)}
    obs |= {f"count{i}": random.integers(0, 50_000, n) for i in range(5)}
    obs["flag"] = random.random(n) < 0.5
    return pd.DataFrame(obs, index=[f"AAACCTGAGA{i:07}-1" for i in range(n)])


def make_cells():
    """A file of N cells and 36,000 genes; the matrix has three values a cell."""
    import anndata
    import numpy as np
    import pandas as pd
    import scipy.sparse
    genes, random = 36_000, np.random.default_rng(1)
    matrix = scipy.sparse.csr_matrix((np.ones(3 * N, dtype="float32"), random.integers(0, genes, 3 * N).astype("int32"),
                                      np.arange(0, 3 * N + 1, 3, dtype="int64")), shape=(N, genes))
    var = pd.DataFrame({"symbol": [f"G{i}" for i in range(genes)]}, index=[f"ENSG{i:011}" for i in range(genes)])
    anndata.AnnData(matrix, cells(N), var).write_h5ad(os.environ["CELLS"])
    return {}


def obs_files():
    """N files of 10,000 cells and 10 genes, registered."""
    import anndata
    import numpy as np
    for i in range(N):
        file = FOLDER / f"obs{i}.h5ad"
        data = anndata.AnnData(np.ones((10_000, 10), dtype="float32"), cells(10_000))
        data.obs["file"] = i
        data.write_h5ad(file)
        ln.Artifact(file, key=f"bench obs/{i}.h5ad").save()
        file.unlink()
    return {}


def sql_obs():
    """Counting the cells of each type in all of them: with DuckDB, and, as without it, from loaded files; the first is cold."""
    import anndata
    query = "select cell_type, count(*) from obs('bench obs/*.h5ad') group by cell_type"
    sql = [timed(lambda: ln.sql(query, is_run_input=False).fetchall())[0] for _ in range(6)]
    paths = [artifact.cache() for artifact in ln.Artifact.filter(key__startswith="bench obs/")]

    def loaded():
        import pandas
        return pandas.concat([anndata.read_h5ad(path, backed="r").obs["cell_type"] for path in paths]).value_counts()
    return {"cold": sql[:1], "warm": sql[1:], "loaded": [timed(loaded)[0]]}


def cells_schema():
    """What the columns are: two of labels of a registry, the others by type."""
    import bionty as bt
    if ln.Schema.filter(name="bench cells").count():
        return {}
    ln.save([bt.CellType(name=name) for name in CELL_TYPES])
    ln.save([ln.ULabel(name=f"donor {i}") for i in range(100)])
    dtypes = {"cell_type": bt.CellType, "donor": ln.ULabel, "flag": bool}
    dtypes |= {f"number{i}": float for i in range(6)} | {f"count{i}": int for i in range(5)}
    features = [ln.Feature(name=name, dtype=dtype).save() for name, dtype in dtypes.items()]
    obs = ln.Schema(name="bench obs", features=features).save()
    ln.Schema(name="bench cells", otype="AnnData", slots={"obs": obs}).save()
    return {}


def read_cells():
    """The annotation of the cells, read by h5py alone."""
    import h5py

    def read():
        with h5py.File(os.environ["CELLS"]) as file:
            file["obs"].visititems(lambda _, item: item[...] if isinstance(item, h5py.Dataset) else None)

    return {"read": [timed(read)[0] for _ in range(3)]}


def curate_cells():
    """The file into memory, without its matrix, and its annotation against the schema."""
    import anndata
    schema = ln.Schema.get(name="bench cells")
    def work():
        ln.curators.AnnDataCurator(anndata.read_h5ad(os.environ["CELLS"], backed="r"), schema).validate()
    return {"validate": [timed(work)[0] for _ in range(2)]}


def frame_pandas():
    frame, schema = cells(N), ln.Schema.get(name="bench obs")
    return {"validate": [timed(lambda: ln.curators.DataFrameCurator(frame, schema).validate())[0] for _ in range(3)]}


def frame_polars():
    import polars
    frame, schema = polars.from_pandas(cells(N)), ln.Schema.get(name="bench obs")
    return {"validate": [timed(lambda: ln.curators.DataFrameCurator(frame, schema).validate())[0] for _ in range(3)]}


def annotated():
    """An AnnData object with the genes that were measured, saved against a schema of these genes."""
    import anndata
    import bionty as bt
    data = anndata.read_h5ad(os.environ["CELLS"])
    data = data[:, bt.Gene.validate(data.var_names, field="symbol", organism="human", mute=True)].copy()
    bt.settings.organism = "human"
    genes = ln.Schema(itype=bt.Gene.symbol).save()  # the genes of each dataset become a schema when it is saved
    schema = ln.Schema(name=f"annotated {RUN}", otype="AnnData", slots={"var.T": genes}).save()
    print(f"{data.n_vars} genes", file=sys.stderr)
    def work(i):
        data.obs["measured"] = RUN + i
        ln.Artifact.from_anndata(data, key=f"annotated/{RUN}/{i}.h5ad", schema=schema).save()
    def write(i):
        """What any save of this object takes: anndata's own file, its hash, and that it is on the disk."""
        data.obs["measured"] = RUN + i
        data.write_h5ad(path := FOLDER / f"annotated{RUN}.h5ad")
        with path.open("rb") as file:
            hashlib.md5(file.read())
            os.fsync(file.fileno())
    return {"save": [timed(lambda i=i: work(i))[0] for i in range(N)], "write": [timed(lambda i=i: write(i))[0] for i in range(N)]}


def values():
    """A value of a feature to each of 30 artifacts; N labels to each of three."""
    feature = ln.Feature(name=f"value {RUN}", dtype=float).save()
    labels = [ln.ULabel(name=f"value {RUN} {i}") for i in range(N)]
    ln.save(labels)
    artifacts = []
    for i in range(33):
        path = FOLDER / f"value{RUN}_{i}.txt"
        path.write_text(f"{RUN} {i}")
        artifacts.append(ln.Artifact(path, key=path.name).save())
    found = {"value": [timed(lambda one=one, i=i: one.features.add_values({feature.name: float(i)}))[0] for i, one in enumerate(artifacts[:30])],
             "labels": [timed(lambda one=one: one.ulabels.add(*labels))[0] for one in artifacts[30:]]}
    if SIDE == "ours":
        found["raw"] = raw_links(artifacts[-1].id)
    return found


def raw_links(artifact):
    """The links of an artifact with its labels, written again by one statement of SQLite's own: what the tables cost."""
    import sqlite3
    columns = "created_by_id, run_id, artifact_id, ulabel_id, feature_id"
    with sqlite3.connect(ln.setup.settings.instance.db.removeprefix("sqlite:///"), isolation_level=None) as database:
        database.execute("pragma synchronous = full")
        database.execute("pragma foreign_keys = on")
        rows = database.execute(f"select {columns} from lamindb_artifactulabel where artifact_id = ?", [artifact]).fetchall()
        insert = f"insert into lamindb_artifactulabel ({columns}) values {', '.join(['(?, ?, ?, ?, ?)'] * len(rows))}"
        values = [value for row in rows for value in row]
        times = []
        for _ in range(5):
            database.execute("delete from lamindb_artifactulabel where artifact_id = ?", [artifact])
            times.append(timed(lambda: database.execute(insert, values))[0])
    return times


def sheet_rows():
    """N rows of a sheet from a data frame: a name, numbers, a text and labels of two kinds. Here also their update."""
    import pandas as pd

    ln.save([ln.ULabel(name=f"sheet {RUN} {i}") for i in range(20)])
    dtypes = {"x": float, "n": int, "text": str, "label": ln.ULabel, "other": ln.ULabel}
    features = [ln.Feature(name=f"{name} {RUN}", dtype=dtype).save() for name, dtype in dtypes.items()]
    schema = ln.Schema(features, name=f"sheet {RUN}").save()
    sheet = ln.Record(name=f"sheet {RUN}", is_type=True, schema=schema).save()
    columns = [[i / 7 for i in range(N)], list(range(N)), [f"text {i}" for i in range(N)],
               [f"sheet {RUN} {i % 20}" for i in range(N)], [f"sheet {RUN} {i % 7}" for i in range(N)]]  # fmt: skip
    frame = pd.DataFrame({"__lamindb_record_name__": [f"s{i}" for i in range(N)], **dict(zip([f.name for f in features], columns))})
    save, rows = timed(lambda: ln.Record.from_dataframe(frame, type=sheet).save())
    if SIDE == "theirs":
        return {"save": [save]}
    frame["__lamindb_record_uid__"] = [row.uid for row in rows]
    return {"save": [save], "update": [timed(lambda: sheet.import_rows(frame, update=True))[0]]}


def make_matrices():
    """h5ad files of N cells, once plain and once compressed, for both sides."""
    import anndata
    import numpy as np
    import pandas as pd
    from scipy import sparse
    rng = np.random.default_rng(0)
    genes = 20_000
    for i in range(2):
        matrix = sparse.random(N, genes, 0.05, "csr", dtype=np.float32, random_state=i)
        matrix.data[:] = rng.geometric(0.4, matrix.nnz)  # counts, as they come from a sequencer
        obs = pd.DataFrame({"cell_type": pd.Categorical(rng.integers(0, 30, N).astype(str))}, index=[f"c{i}" for i in range(N)])
        for name, options in (("plain", {}), ("gzip", {"compression": "gzip"})):
            anndata.AnnData(matrix, obs=obs, var=pd.DataFrame(index=[f"g{j}" for j in range(i * 500, i * 500 + genes)])).write_h5ad(
                f"{os.environ['CELLS']}_{name}{i}.h5ad", **options)
    return {}


def rows():
    """Rows of a matrix of an open artifact: blocks of 2,000 in order, and 2,000 anywhere. Here also by anndata."""
    import numpy as np
    path = Path(f"{os.environ['CELLS']}_gzip0.h5ad")
    artifact = ln.Artifact.get(key=path.name) if ln.Artifact.filter(key=path.name).count() else ln.Artifact(path, key=path.name).save()
    cells = np.sort(np.random.default_rng(1).choice(N, 2_000, replace=False))

    def measured(matrix):
        blocks = [timed(lambda at=at: matrix[at:at + 2_000])[0] for at in range(0, N - 1_999, 2_000)]
        began = process_time()
        anywhere = [timed(lambda: matrix[cells])[0] for _ in range(3)]
        return blocks, anywhere, [(process_time() - began) / 3]

    found = {}
    with artifact.open() as accessor:
        found["blocks"], found["anywhere"], found["cpu"] = measured(accessor.X)
    if SIDE == "ours":
        import anndata
        backed = anndata.read_h5ad(artifact.cache(), backed="r")
        found["anndata_blocks"], found["anndata_anywhere"], found["anndata_cpu"] = measured(backed.X)
        write_chunks(path, f"{os.environ['CELLS']}_chunks")
    return found


def write_chunks(path, to):
    """The compressed chunks of the matrix, for raw_inflate."""
    import h5py
    with h5py.File(path) as file, open(to, "wb") as out:
        for array in (file["X/data"], file["X/indices"]):
            inflated = array.chunks[0] * array.dtype.itemsize
            for i in range(array.id.get_num_chunks()):
                _, chunk = array.id.read_direct_chunk(array.id.get_chunk_info(i).chunk_offset)
                out.write(len(chunk).to_bytes(8, "little") + inflated.to_bytes(8, "little") + chunk)


def mapped():
    """Items of a mapped collection in random order, 64 at a time: two files, some genes of which differ."""
    import numpy as np

    def measured(dataset):
        order = np.random.default_rng(2).integers(0, len(dataset), 640)
        fetch = getattr(dataset, "__getitems__", None) or (lambda batch: [dataset[i] for i in batch])
        return ([timed(lambda at=at: fetch(order[at:at + 64]))[0] / 64 for at in range(0, 640, 64)],
                [timed(lambda i=i: dataset[i])[0] for i in order[:200]])

    found = {}
    for name in ("plain", "gzip"):
        paths = [Path(f"{os.environ['CELLS']}_{name}{i}.h5ad") for i in range(2)]
        artifacts = [ln.Artifact(path, key=f"mapped/{path.name}").save() for path in paths]
        for join in ("inner", "outer"):
            with ln.Collection(artifacts, key=f"bench {name} {RUN}").mapped(obs_keys="cell_type", join=join) as dataset:
                found[f"{name}_{join}"], found[f"{name}_{join}_one"] = measured(dataset)
    return found


WORKLOADS = (labels, get, save_one, search, save_checked, artifact_one, artifact_many, save_file, from_dir, folder_of_files,
             artifact_loop, queries, ontology, release_diff, gene_import, terms, genes, bulk_save, link_one, make_cells, cells_schema, read_cells, curate_cells, frame_pandas,
             frame_polars, annotated, values, sheet_rows, make_matrices, rows, mapped, obs_files, sql_obs)
print(json.dumps({work.__name__: work for work in WORKLOADS}[WORKLOAD]()))
