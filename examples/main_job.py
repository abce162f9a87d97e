"""The main job: register a real dataset so that it can be trusted and found again.

This is what `lamindb` is for: an instance is created, Cell Ontology and the human genes are imported, a dataset with
hand-typed cell types is checked, explained and fixed, saved with its labels and the script that made it, found again by
"any T cell", loaded, and traced to its origin. Each step asserts its result.

    ./dev demo                    SQLite and a local folder
    ./dev demo --db postgres      PostgreSQL (the database's URL is in LAMIN_DEMO_DB)
"""

import os
import sys
import time
from pathlib import Path

DATA = Path(__file__).parent / "data"
start = time.perf_counter()


def step(text):
    """Prints the next step, with the seconds since the previous one."""
    global start
    now = time.perf_counter()
    print(f"        ({(now - start) * 1000:.0f} ms)\n\n== {text}", flush=True)
    start = time.perf_counter()


def expect(what, got, wanted):
    """Exits if a result is wrong."""
    if got != wanted:
        sys.exit(f"main job: {what}: got {got!r}, wanted {wanted!r}")


print("== import lamindb", flush=True)
import lamindb as ln

step("Make an instance (lamin init --storage ./cells --modules bionty)")
ln.setup.init(storage="./cells", db=os.environ.get("LAMIN_DEMO_DB"), modules="bionty")
import bionty as bt

step("Register the raw file as it came: bytes and key, no promises about its content")
raw = ln.Artifact(DATA / "pbmc68k_typed.h5ad", key="raw/pbmc68k_typed.h5ad", run=False).save()
print(raw)

step("Track this script: what it loads is its input, what it saves its output")
ln.track()

step("Import Cell Ontology")
bt.CellType.import_source(path=DATA / "cl_2026-03-26.obo")
print(f"{bt.CellType.filter().count()} cell types, {bt.CellType.parents.through.filter().count()} parent links")
expect("number of cell types > 3000", bt.CellType.filter().count() > 3000, True)
t_cell = bt.CellType.get(name="T cell")
print(t_cell)
below = t_cell.query_children()
print(f"{below.count()} kinds of T cell, such as {', '.join(sorted(below.to_list('name'))[:3])}")

step("Import the human genes")
bt.settings.organism = "human"
bt.Gene.import_source(path=DATA / "human_genes.csv.gz", organism="human")
print(f"{bt.Gene.filter().count()} genes")

step("Open a dataset whose cell types were typed by hand")
adata = raw.load()
print(adata.shape, "cells x genes:", ", ".join(adata.obs["cell_type"].unique()))

step("Which of them does Cell Ontology know?")
result = bt.CellType.inspect(adata.obs["cell_type"])
expect("synonyms", dict(sorted(result.synonyms_mapper.items())),
       {"CD19+ B cell": "B cell, CD19-positive", "NK cell": "natural killer cell", "Treg": "regulatory T cell"})
typos = {value: names[0] for value, names in result.suggestions.items()}
for value, names in result.suggestions.items():
    print(f"'{value}' is not known; nearest: {', '.join(names[:3])}")
expect("typos", typos, {"cytotoxic T cel": "cytotoxic T cell", "hematopoetic stem cell": "hematopoietic stem cell"})

step("Say what a valid dataset is: a schema")
cell_type = ln.Feature(name="cell_type", dtype=bt.CellType).save()
n_genes = ln.Feature(name="n_genes", dtype=int).save()
obs = ln.Schema([cell_type, n_genes], name="cells typed by ontology").save()
var = ln.Schema(itype=bt.Gene.symbol, name="human gene symbols").save()
schema = ln.Schema(slots={"obs": obs, "var.T": var}, otype="AnnData", name="typed cells").save()
print(schema)

step("Validate: it is refused, and says why")
curator = ln.curators.AnnDataCurator(adata, schema)
try:
    curator.validate()
    sys.exit("main job: a dataset with typos passed")
except ln.errors.ValidationError as error:
    print(error)

step("Fix it: synonyms by the ontology, typos by a person")
curator.slots["obs"].cat.standardize("cell_type")
adata.obs["cell_type"] = adata.obs["cell_type"].cat.rename_categories(
    {value: name for value, name in typos.items() if value in adata.obs["cell_type"].cat.categories}
)
curator = ln.curators.AnnDataCurator(adata, schema)
curator.validate()
artifact = curator.save_artifact(key="blood/pbmc.h5ad", description="10x PBMC, cell types from Cell Ontology")
print(artifact)
expect("labels", sorted(artifact.cell_types.to_list("name"))[:3],
       ["B cell, CD19-positive", "CD14-positive monocyte", "cytotoxic T cell"])
expect("schema", artifact.schema, schema)

step("Save a second version under the same key")
adata.obs["phase"] = adata.obs["phase"].cat.rename_categories(str.lower)
second = ln.Artifact.from_anndata(adata, key="blood/pbmc.h5ad", schema=schema).save()
print(second.versions.to_dataframe()[["uid", "key", "size", "is_latest"]])
expect("versions", [v.is_latest for v in second.versions.order_by("uid")], [False, True])
expect("family", second.uid[:16], artifact.uid[:16])

step("Find all datasets with any T cell")
found = ln.Artifact.filter(is_latest=True).labelled_with_any("cell_types", "T cell")
print(found.to_dataframe()[["uid", "key"]])
expect("found by any T cell", [a.uid for a in found], [second.uid])
platelets = bt.CellType.get(name="platelet")
expect("none with platelets", ln.Artifact.filter(cell_types__in=[platelets]).count(), 0)

step("Load it")
loaded = ln.Artifact.get(key="blood/pbmc.h5ad").load()
print(loaded)
expect("shape", loaded.shape, (700, 765))
expect("every cell type is valid", bool(bt.CellType.validate(loaded.obs["cell_type"]).all()), True)

step("What is it, and where does it come from?")
second.describe()
second.view_lineage()

step("Finish: the run of this script is recorded")
ln.finish()
run = ln.Transform.get(key="main_job.py").latest_run
print(run)
expect("status", run.status, "completed")
expect("inputs", raw.uid in {a.uid for a in run.input_artifacts.all()}, True)
expect("outputs", {a.uid for a in run.output_artifacts.all()} >= {artifact.uid, second.uid}, True)
expect("source", "The main job" in run.transform.source_code, True)

print("""
Done. Where to look next:
  lamin describe --key blood/pbmc.h5ad      the same from the shell
  lamin list artifact --any "cell_types=T cell"
  examples/main_job.sh, main_job.cpp        the same job without Python
  docs/tour.md                              a walk through what there is""")
