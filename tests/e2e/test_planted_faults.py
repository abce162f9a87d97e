"""A dataset that CELLxGENE accepts, with one fault at a time: each is found, in the file and in memory, and nothing else is."""
import json
import os
import subprocess
import sys
import warnings

import anndata
import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.filterwarnings("ignore")

OBO = """format-version: 1.2
data-version: releases/2026-01-01
ontology: cl

[Term]
id: CL:0000066
name: epithelial cell

[Term]
id: CL:0000255
name: eukaryotic cell

[Term]
id: CL:0000084
name: T cell

[Term]
id: CL:0000003
name: native cell
is_obsolete: true
replaced_by: CL:0000066
"""

SETUP = """
import lamindb as ln, bionty as bt
terms = {
    bt.ExperimentalFactor: {"EFO:0009899": "10x 3' v2", "EFO:0010961": "Visium"}, bt.Disease: {"MONDO:0100096": "COVID-19"},
    bt.Phenotype: {"PATO:0000383": "female", "PATO:0000384": "male", "PATO:0000001": "quality"}, bt.Tissue: {"UBERON:0002048": "lung"},
    bt.Ethnicity: {"HANCESTRO:0019": "Japanese", "HANCESTRO:0004": "ancestry category"},
    bt.DevelopmentalStage: {"HsapDv:0000003": "Carnegie stage 01", "MmusDv:0000003": "Theiler stage 01"},
}
for registry, rows in terms.items():
    for ontology_id, name in rows.items(): registry(name=name, ontology_id=ontology_id).save()
ln.examples.cellxgene.save_cellxgene_defaults()
human, mouse = bt.Organism.get(name="human"), bt.Organism.get(name="mouse")
for gene in %s: bt.Gene(ensembl_gene_id=gene, symbol=gene, organism=human).save()
bt.Gene(ensembl_gene_id="ENSMUSG00000059552", symbol="Trp53", organism=mouse).save()
ln.examples.cellxgene.create_cellxgene_schema()
"""

COLUMNS = ["cell_type", "assay", "disease", "sex", "tissue", "self_reported_ethnicity", "development_stage"]
IDS = [f"{name}_ontology_term_id" for name in COLUMNS]
OTHERS = ["tissue_type", "suspension_type", "donor_id", "is_primary_data"]


# -- the faults --------------------------------------------------------------------------------------------------------


def without(column, part="obs"):
    return lambda a: getattr(a, part).drop(columns=column, inplace=True)


def put(column, values, part="obs", dtype="category"):
    """The column with these values in all rows, or one after the other."""
    def change(a):
        table = getattr(a, part)
        given = values if isinstance(values, list) else [values] * len(table)
        table[column] = pd.Series(given, index=table.index).astype(dtype)
    return change


def uns(key, value):
    return lambda a: a.uns.__setitem__(key, value)


def without_uns(key):
    return lambda a: a.uns.pop(key)


def obsm(**arrays):
    def change(a):
        a.obsm.clear()
        for name, columns in arrays.items():
            a.obsm[name] = np.ones((a.n_obs, columns), dtype="float32")
    return change


def names(part, *given):
    def change(a):
        index = list(getattr(a, part))
        index[: len(given)] = given
        setattr(a, part, index)
    return change


# name: (what is done, slot, column, a part of the message)
FAULTS = {f"no {name}": (without(name), "obs", name, "not in dataframe") for name in [*IDS, *OTHERS]}
FAULTS |= {f"unknown {name}": (put(name, prefix + ":9999999"), "obs", name, "9999999") for name, prefix in zip(
    IDS, ["CL", "EFO", "MONDO", "PATO", "UBERON", "HANCESTRO", "HsapDv"])}  # fmt: skip
FAULTS |= {f"missing value in {name}": (put(name, [None, value]), "obs", name, "1 of 2 values") for name, value in {
    "cell_type_ontology_term_id": "CL:0000066", "disease_ontology_term_id": "MONDO:0100096", "tissue_type": "tissue", "donor_id": "donor_1"}.items()}
FAULTS |= {
    # another ontology, or the same spelt differently
    "tissue as cell type": (put(IDS[0], "UBERON:0002048"), "obs", IDS[0], "UBERON:0002048"),
    "cell type as disease": (put(IDS[2], "CL:0000066"), "obs", IDS[2], "CL:0000066"),
    "disease as sex": (put(IDS[3], "MONDO:0100096"), "obs", IDS[3], "MONDO:0100096"),
    "stage of another organism": (put(IDS[6], "MmusDv:0000003"), "obs", IDS[6], "allowed is 'HsapDv:', 'unknown'"),
    "name for an identifier": (put(IDS[0], "epithelial cell"), "obs", IDS[0], "epithelial cell"),
    "lower case": (put(IDS[0], "cl:0000066"), "obs", IDS[0], "cl:0000066"),
    "underscore for colon": (put(IDS[0], "CL_0000066"), "obs", IDS[0], "CL_0000066"),
    "blank at the end": (put(IDS[0], "CL:0000066 "), "obs", IDS[0], "CL:0000066 "),
    "a digit too few": (put(IDS[4], "UBERON:000204"), "obs", IDS[4], "UBERON:000204"),
    "one of two rows": (put(IDS[1], ["EFO:0009899", "EFO:0009898"]), "obs", IDS[1], "EFO:0009898"),
    "obsolete term": (put(IDS[0], "CL:0000003"), "obs", IDS[0], "CL:0000003"),
    # terms that exist but say too little, or do not go together
    "too general a cell type": (put(IDS[0], "CL:0000255"), "obs", IDS[0], "too general"),
    "too general an ethnicity": (put(IDS[5], "HANCESTRO:0004"), "obs", IDS[5], "too general"),
    "a quality that is no sex": (put(IDS[3], "PATO:0000001"), "obs", IDS[3], "allowed is 'PATO:0000383'"),
    "cell type as tissue": (put(IDS[4], "CL:0000084"), "obs", IDS[4], "'CL:0000084' in 'tissue_ontology_term_id' in slot 'obs': where 'tissue_type' is 'tissue'"),
    "suspension of a slide": (put("suspension_type", "na"), "obs", "suspension_type", "'na' in 'suspension_type' in slot 'obs': where 'assay_ontology_term_id' is 'EFO:0009899'"),
    # values of lists
    "unknown type of suspension": (put("suspension_type", "whole"), "obs", "suspension_type", "whole"),
    "type of tissue of schema 5": (put("tissue_type", "cell culture"), "obs", "tissue_type", "cell culture"),
    "type of tissue in capitals": (put("tissue_type", "Tissue"), "obs", "tissue_type", "Tissue"),
    # dtypes
    "texts for booleans": (put("is_primary_data", "True"), "obs", "is_primary_data", "bool"),
    "numbers for booleans": (put("is_primary_data", 2, dtype="int64"), "obs", "is_primary_data", "bool"),
    "numbers for texts": (put("donor_id", 7, dtype="int64"), "obs", "donor_id", "donor_id"),
    "texts for booleans in var": (put("feature_is_filtered", "no", "var"), "var", "feature_is_filtered", "bool"),
    # names of rows
    "names of cells that repeat": (names("obs_names", "X", "X"), "obs", None, "1 name of rows in slot 'obs' is not unique"),
    "genes that repeat": (names("var_names", "ENSG00000141510"), "var", None, "is not unique"),
    "symbol for a gene": (names("var_names", "MYC"), "var", "index", "MYC"),
    "gene with a version": (names("var_names", "ENSG00000127603.26"), "var", "index", "ENSG00000127603.26"),
    "gene of another organism": (names("var_names", "ENSMUSG00000059552"), "var", "index", "ENSMUSG00000059552"),
    "unknown gene": (names("var_names", "ENSG99999999999"), "var", "index", "ENSG99999999999"),
    "no feature_is_filtered": (without("feature_is_filtered", "var"), "var", "feature_is_filtered", "not in dataframe"),
    # columns and keys that are gone
    "column of schema 2": (put("ethnicity_ontology_term_id", "unknown"), "obs", "ethnicity_ontology_term_id", "is deprecated: remove it"),
    "ethnicity": (put("ethnicity", "unknown"), "obs", "ethnicity", "is deprecated: remove it"),
    "X_normalization": (uns("X_normalization", "none"), "uns", "X_normalization", "is deprecated: remove it"),
    "default_field": (uns("default_field", "sex"), "uns", "default_field", "is deprecated: remove it"),
    # uns
    "no organism": (without_uns("organism_ontology_term_id"), "uns", "organism_ontology_term_id", "not in dataframe"),
    "another organism": (uns("organism_ontology_term_id", "NCBITaxon:10090"), "uns", "organism_ontology_term_id", "allowed is 'NCBITaxon:9606'"),
    "unknown organism": (uns("organism_ontology_term_id", "NCBITaxon:1"), "uns", "organism_ontology_term_id", "NCBITaxon:1"),
    "no title": (without_uns("title"), "uns", "title", "'title' is missing"),
    "empty title": (uns("title", " "), "uns", "title", "not empty"),
    "number as title": (uns("title", 5), "uns", "title", "has to be a text"),
    "unknown distribution": (uns("X_approximate_distribution", "poisson"), "uns", "X_approximate_distribution", "'count', 'normal'"),
    "embedding that is none": (uns("default_embedding", "X_tsne"), "uns", "default_embedding", "names no array of obsm: it has 'X_umap'"),
    # obsm
    "no embedding": (obsm(), "obsm", None, "obsm has no array"),
    "embedding by another name": (obsm(umap=2), "obsm", None, "only 'umap'"),
    "embedding of one dimension": (obsm(X_umap=1), "obsm", "X_umap", "has 1 column: an embedding has at least 2"),
}  # fmt: skip
SAID_TWICE = {"no embedding", "embedding by another name"}  # default_embedding names what is gone, too


@pytest.fixture(scope="module")
def found(tmp_path_factory, lamin, root):
    """{fault: (problems of the file, problems of the object)}, and of the file as it is, under ""."""
    folder = tmp_path_factory.mktemp("faults")
    (folder / "home").mkdir()
    (folder / "files").mkdir()
    env = {**os.environ, "HOME": str(folder / "home"), "LAMIN_SETTINGS_DIR": str(folder / "home"), "LAMIN_OFFLINE": "1"}

    def run(*words, status=0):
        done = subprocess.run([str(word) for word in words], cwd=folder, env=env, capture_output=True, text=True, timeout=600)
        assert done.returncode == status, f"{words[1:3]}: {done.returncode}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        return done.stdout

    source = root / "tests/data/singlecell/cxg_example_valid.h5ad"
    whole = anndata.read_h5ad(source)
    run(lamin, "init", "--storage", "st", "--name", "faults", "--modules", "bionty")
    (folder / "cl.obo").write_text(OBO)
    run(lamin, "import", "cell_type", "cl.obo")
    run(sys.executable, "-c", SETUP % list(whole.var_names))
    schema = next(line for line in run(lamin, "list", "schema", "--csv", "--columns", "name").splitlines() if "CELLxGENE AnnData" in line).strip('"')
    files = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        anndata.settings.allow_write_nullable_strings = True
        for number, fault in enumerate(["", *FAULTS]):
            adata = anndata.read_h5ad(source)
            if fault:
                FAULTS[fault][0](adata)
            files[fault] = folder / "files" / f"{number:03}.h5ad"
            adata.write_h5ad(files[fault])
    report = json.loads(run(lamin, "curate", "files", "--schema", schema, "--report", "json", status=4))
    on_file = {os.path.basename(one["path"]): one["problems"] for one in report["files"]}
    code = f"""
import glob, json, os, warnings
warnings.simplefilter("ignore")
import anndata, lamindb as ln
schema = ln.Schema.get(name={schema!r})
out = {{}}
for path in glob.glob("files/*.h5ad"):
    curator = ln.curators.AnnDataCurator(anndata.read_h5ad(path), schema)
    try: curator.validate(); said = ""
    except ln.errors.ValidationError as error: said = str(error)
    out[os.path.basename(path)] = [curator._problems, said, curator.report().n_problems]
print(json.dumps(out))
"""
    in_memory = json.loads(run(sys.executable, "-c", code).splitlines()[-1])
    return {fault: (on_file[path.name], *in_memory[path.name]) for fault, path in files.items()}


def test_the_dataset_is_valid(found):
    assert found[""] == ([], [], "", 0) and len(FAULTS) >= 40


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_and_nothing_else(found, fault):
    _, slot, column, part = FAULTS[fault]
    on_file, in_memory, said, n_reported = found[fault]
    most = 2 if fault in SAID_TWICE else 1
    for problems in (on_file, in_memory):
        told = [(one["slot"], one["column"], one["rule"], one["message"]) for one in problems]
        assert 1 <= len(told) <= most, told
        matching = [one for one in told if one[0] == slot and (column is None or column in (one[1], one[3]) or column in one[3]) and part in one[3]]
        assert matching, told
    assert part in said and n_reported == len(on_file)
