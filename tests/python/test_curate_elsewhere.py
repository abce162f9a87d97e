"""Datasets against the registries of another instance: they are checked there, and bring what they name when they are saved here."""

import pytest

pandas = pytest.importorskip("pandas")


@pytest.fixture(scope="module")
def elsewhere(ln, workplace):
    """Another instance, whose labels and schema this one does not have; ids as here mean other rows."""
    import os
    import subprocess
    import sys

    folder = workplace / "elsewhere"  # it becomes the development folder of the other instance
    folder.mkdir()
    code = """
import lamindb as ln
import bionty as bt
here = ln.setup.settings.instance.slug
ln.setup.init(storage="storage", name="elsewhere", modules="bionty")
for name in ("first", "second", "third"): ln.ULabel(name=name).save()
tissues = ln.ULabel(name="tissue elsewhere", is_type=True).save()
ln.ULabel(name="lung", type=tissues).save()
tissue = ln.Feature(name="tissue elsewhere", dtype=tissues).save()
ln.Schema([tissue, ln.Feature(name="age elsewhere", dtype=int).save()], name="elsewhere").save()
human = bt.Organism(name="human", ontology_id="NCBITaxon:9606", scientific_name="homo_sapiens").save()
genes = [bt.Gene(symbol=symbol, ensembl_gene_id=f"ENSG0000000{i}", organism=human).save() for i, symbol in enumerate(("ELSE1", "ELSE2"))]
bt.CellType(name="elsewhere cell", ontology_id="CL:7777777", synonyms="cell of elsewhere").save()
bt.CellType(name="other cell", ontology_id="CL:7777778").save()
cell = ln.Feature(name="cell elsewhere", dtype=bt.CellType).save()
obs = ln.Schema([cell, tissue], name="obs elsewhere", flexible=True).save()
var = ln.Schema(itype=bt.Gene.symbol, name="var elsewhere").save()
ln.Schema(otype="AnnData", slots={"obs": obs, "var.T": var}, name="cells elsewhere").save()
ln.connect(here)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, env=dict(os.environ), timeout=120)
    assert done.returncode == 0, done.stderr
    yield "anonymous/elsewhere"
    ln.setup.delete("elsewhere", force=True)


def frame(tissue="lung"):
    return pandas.DataFrame({"tissue elsewhere": [tissue], "age elsewhere": [3]})


def test_a_schema_of_another_instance_is_checked_there(ln, elsewhere):
    schema = ln.DB(elsewhere).Schema.get(name="elsewhere")
    ln.curators.DataFrameCurator(frame(), schema).validate()
    curator = ln.curators.DataFrameCurator(frame("lunge"), schema, using=elsewhere)
    with pytest.raises(ln.errors.ValidationError, match=r"has to be one of \['lung'\]"):
        curator.validate()
    assert curator.cat.non_validated == {"tissue elsewhere": ["lunge"]}
    (column,) = [one for one in curator.report().to_dict()["files"][0]["problems"] if one["column"] == "tissue elsewhere"]
    assert column["values"][0]["candidates"][0]["value"] == "lung"


def everything(there):
    return {name: sorted(getattr(there, name).filter().to_list("uid")) for name in ("Artifact", "ULabel", "Feature", "Schema")}


def test_nothing_is_written_there_and_here_only_what_is_saved(ln, elsewhere):
    schema = ln.DB(elsewhere).Schema.get(name="elsewhere")
    there, here = everything(ln.DB(elsewhere)), everything(ln)
    curator = ln.curators.DataFrameCurator(frame("brain"), schema)
    with pytest.raises(NotImplementedError, match="with registries of the instance anonymous/elsewhere"):
        curator.cat.add_new_from("tissue elsewhere")
    for work in (lambda: curator.save_artifact(key="elsewhere.parquet"),
                 lambda: ln.Artifact.from_dataframe(frame("brain"), schema=schema, key="elsewhere.parquet")):  # fmt: skip
        with pytest.raises(ln.errors.ValidationError, match="brain"):
            work()
    assert everything(ln.DB(elsewhere)) == there and everything(ln) == here


def test_a_dataset_brings_schema_and_labels_of_another_instance(ln, elsewhere, tmp_path, said):
    other = ln.DB(elsewhere)
    schema, there = other.Schema.get(name="elsewhere"), everything(other)
    artifact = ln.curators.DataFrameCurator(frame(), schema).save_artifact(key="elsewhere.parquet")
    assert "transferred: " in said() and everything(other) == there
    own = ln.Schema.get(name="elsewhere")
    assert own.uid == schema.uid and own.hash == schema.hash and artifact.schema == own
    assert own.members.to_list("uid") == schema.members.to_list("uid") and own.members.to_list("name") == ["tissue elsewhere", "age elsewhere"]
    (label,) = artifact.ulabels.all()
    remote = other.ULabel.get(name="lung")
    assert label.uid == remote.uid and label.id != remote.id and label.type.uid == remote.type.uid
    assert artifact.labels.get(ln.Feature.get(name="tissue elsewhere")).one() == label
    # Again, from memory and from a file: nothing more is made.
    here = everything(ln)
    frame().assign(**{"age elsewhere": 4}).to_parquet(tmp_path / "file.parquet")
    for data in (frame().assign(**{"age elsewhere": 5}), tmp_path / "file.parquet"):
        again = ln.Artifact.from_dataframe(data, schema=schema, key="again.parquet").save()
        assert again.schema == own and again.ulabels.one() == label
    assert {**everything(ln), "Artifact": here["Artifact"]} == here


def test_slots_bring_their_schemas_terms_and_genes(ln, bt, elsewhere, tmp_path):
    anndata = pytest.importorskip("anndata")
    other = ln.DB(elsewhere)
    schema = other.Schema.get(name="cells elsewhere")
    obs = pandas.DataFrame({"cell elsewhere": ["elsewhere cell"], "tissue elsewhere": ["lung"], "age elsewhere": [3]}, index=["c1"])
    adata = anndata.AnnData(obs=obs, var=pandas.DataFrame(index=["ELSE1"]))
    artifact = ln.curators.AnnDataCurator(adata, schema).save_artifact(key="elsewhere.h5ad")
    cell, remote = artifact.cell_types.one(), other.bionty.CellType.get(name="elsewhere cell")
    assert (cell.uid, cell.ontology_id, cell.synonyms) == (remote.uid, "CL:7777777", "cell of elsewhere")
    assert not bt.CellType.filter(name="other cell").exists(), "only what the dataset names comes"
    assert {slot: one.hash for slot, one in artifact.schema.slots.items()} == {slot: one.hash for slot, one in schema.slots.items()}
    (gene,) = artifact.features.slots["var.T"].members
    assert gene.symbol == "ELSE1" and gene.organism.name == "human" and not bt.Gene.filter(symbol="ELSE2").exists()
    assert set(artifact.features.slots["obs"].members.to_list("name")) == {"cell elsewhere", "tissue elsewhere", "age elsewhere"}
    path = tmp_path / "cells.h5ad"
    adata.uns["more"] = 1
    adata.write_h5ad(path)
    assert ln.Artifact.from_anndata(path, schema=schema, key="file.h5ad").save().cell_types.one() == cell


def test_annotate_takes_values_of_another_instance(ln, bt, elsewhere, said):
    df = pandas.DataFrame({"annotated elsewhere": ["other cell", "elsewhere cell"], "n": [1, 2]})
    fields = {"annotated elsewhere": bt.CellType.name}
    before = everything(ln.DB(elsewhere))
    annotate = ln.Annotate.from_df(df, categoricals=fields, using=elsewhere)
    assert annotate.validate() is True and "'other cell'" in said() and not bt.CellType.filter(name="other cell").exists()
    assert annotate.lookup()["annotated elsewhere"].other_cell.ontology_id == "CL:7777778"
    artifact = annotate.save_artifact(description="annotated elsewhere")
    assert set(artifact.cell_types.to_list("name")) == {"other cell", "elsewhere cell"}
    assert bt.CellType.get(name="other cell").uid == ln.DB(elsewhere).bionty.CellType.get(name="other cell").uid
    assert everything(ln.DB(elsewhere)) == before
    wrong = ln.Annotate.from_df(df.replace("other cell", "othre cell"), categoricals=fields, using=elsewhere)
    assert wrong.validate() is False and "othre cell" in said()
    with pytest.raises(ln.errors.ValidationError, match="othre cell"):
        wrong.save_artifact(description="wrong")
    wrong.add_new_from("annotated elsewhere")
    assert wrong.validate() is True and bt.CellType.get(name="othre cell")
    bt.CellType.get(name="othre cell").delete(permanent=True)
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="no instance 'lab/other' is known here"):
        ln.Annotate.from_df(df, categoricals=fields, using="lab/other")


def test_annotate_takes_genes_of_another_instance(ln, bt, elsewhere):
    anndata = pytest.importorskip("anndata")
    bt.Organism.filter(name="human").exists() or bt.Organism(name="human", ontology_id="NCBITaxon:9606").save()
    adata = anndata.AnnData(obs=pandas.DataFrame({"annotated elsewhere": ["other cell"]}, index=["c1"]),
                            var=pandas.DataFrame(index=["ELSE2", "ELSE1"]))  # fmt: skip
    annotate = ln.Annotate.from_anndata(adata, bt.Gene.symbol, categoricals={"annotated elsewhere": bt.CellType.name},
                                        using=elsewhere, organism="human")  # fmt: skip
    assert annotate.validate() is True
    annotate.add_validated_from("var_index")
    assert bt.Gene.get(symbol="ELSE2").organism.name == "human"
    artifact = annotate.save_artifact(description="genes elsewhere")
    assert set(artifact.features.slots["var.T"].members.to_list("symbol")) == {"ELSE1", "ELSE2"}


def test_using_needs_the_schema_there(ln, elsewhere):
    own = ln.Schema([ln.Feature(name="only here", dtype=int).save()], name="only here").save()
    with pytest.raises(ln.errors.InvalidArgument, match="the instance anonymous/elsewhere has no schema with uid"):
        ln.curators.DataFrameCurator(pandas.DataFrame({"only here": [1]}), own, using=elsewhere)
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="no instance 'lab/other' is known here"):
        ln.curators.DataFrameCurator(pandas.DataFrame({"only here": [1]}), own, using="lab/other")
    own.delete(permanent=True)
