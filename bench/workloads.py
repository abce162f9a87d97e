"""The same work in either implementation, timed inside the process. Run in a folder that is connected to an instance:

    PYTHON workloads.py ours|theirs WORKLOAD N FOLDER     prints one JSON object {what: [seconds, ...]}

The few lines that differ by side are the ones where LaminDB asks its hub or the network, or reads an ontology from a
table because it cannot read OBO.
"""
import csv
import gzip
import json
import os
import sys
from pathlib import Path
from time import perf_counter, time_ns

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
    """Cell Ontology with parents into an empty registry."""
    import bionty as bt
    file = FOLDER / "cl.obo"
    if SIDE == "ours":
        seconds, _ = timed(lambda: bt.CellType.import_source(path=file))
    else:
        import pandas as pd
        terms = pd.DataFrame(json.loads((FOLDER / "cl.json").read_text()))
        source = bt.Source(entity="bionty.CellType", organism="all", name="cl-bench", version="1", currently_used=False).save()
        source = bt.CellType.add_source(source, df=terms)
        seconds, _ = timed(lambda: bt.CellType.import_source(source=source))
    assert bt.CellType.filter().count() > 2_000 and bt.CellType.get(ontology_id="CL:0000084").parents.count() > 0
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
    genes = ln.Schema.from_values(data.var_names, field=bt.Gene.symbol, organism="human").save()
    schema = ln.Schema(name=f"annotated {RUN}", otype="AnnData", slots={"var.T": genes}).save()
    print(f"{data.n_vars} genes", file=sys.stderr)
    def work(i):
        data.obs["measured"] = RUN + i
        ln.Artifact.from_anndata(data, key=f"annotated/{RUN}/{i}.h5ad", schema=schema).save()
    return {"save": [timed(lambda i=i: work(i))[0] for i in range(N)]}


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
    return {"value": [timed(lambda one=one, i=i: one.features.add_values({feature.name: float(i)}))[0] for i, one in enumerate(artifacts[:30])],
            "labels": [timed(lambda one=one: one.ulabels.add(*labels))[0] for one in artifacts[30:]]}


WORKLOADS = (labels, get, save_one, search, save_checked, artifact_one, artifact_many, artifact_loop, queries, ontology, genes, bulk_save,
             link_one, make_cells, cells_schema, curate_cells, frame_pandas, frame_polars, annotated, values)
print(json.dumps({work.__name__: work for work in WORKLOADS}[WORKLOAD]()))
