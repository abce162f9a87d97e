"""Datasets, schemas and files that come with the library."""

import urllib.error
import urllib.request

import pytest


@pytest.fixture(scope="module", autouse=True)
def tidy(ln, bt):
    """Other files have terms of their own under the same ids, and labels that they delete."""
    yield
    for registry in (bt.CellType, bt.Tissue, bt.Disease, bt.Phenotype, bt.ExperimentalFactor):
        registry.filter(name__startswith="cellxgene ").delete(permanent=True)
    ln.models.CollectionULabel.objects.all().delete()
    for links in (ln.models.ArtifactProject, ln.models.CollectionProject):
        links.objects.all().delete()
    ln.Project.filter(name="Mini Immuno Project").delete(permanent=True)


def test_what_is_downloaded_says_where_from_if_there_is_no_network(ln, monkeypatch, workplace):
    def offline(*_):
        raise urllib.error.URLError("no network")

    monkeypatch.setattr(urllib.request, "urlretrieve", offline)
    for name in ("df_iris", "anndata_pbmc68k_reduced", "mudata_papalexi21_subset", "file_fcs", "schmidt22_perturbseq"):
        with pytest.raises(ln.errors.Unavailable, match="is downloaded from https://.*no network"):
            getattr(ln.examples.datasets, name)()
    assert not list(workplace.glob("*.part"))


def test_what_is_downloaded_is_a_whole_file(ln, monkeypatch, workplace):
    from pathlib import Path

    monkeypatch.setattr(urllib.request, "urlretrieve", lambda url, path: Path(path).write_text(url))
    assert ln.examples.datasets.file_tiff_suo22().read_text().endswith("F121_LP1_4LIV.tiff")


def test_a_dataset_of_cellxgene_is_checked(ln, bt):
    for registry, terms in {
        bt.ExperimentalFactor: ["EFO:1001982"], bt.CellType: ["CL:0000084", "CL:0000236"], bt.Tissue: ["UBERON:0002048", "UBERON:0000948"],
        bt.Disease: ["MONDO:0004975", "MONDO:0004980"], bt.Phenotype: ["PATO:0000383", "PATO:0000384"],
    }.items():  # fmt: skip
        for term in terms:
            if not registry.filter(ontology_id=term).exists():
                registry(name=f"cellxgene {term}", ontology_id=term).save()
    ln.examples.cellxgene.save_cellxgene_defaults()
    ln.examples.cellxgene.save_cellxgene_defaults()
    human = bt.Organism.get(name="human")
    for gene in ("ENSG00000000457", "ENSG00000000419", "ENSG00000139618"):
        if not bt.Gene.filter(ensembl_gene_id=gene).exists():
            bt.Gene(ensembl_gene_id=gene, symbol=gene, organism=human).save()
    schema = ln.examples.cellxgene.create_cellxgene_schema()
    data = {"with_obs_defaults": True, "with_uns_organism": True}
    ln.curators.AnnDataCurator(ln.examples.datasets.small_dataset3_cellxgene(**data), schema).validate()
    for typo, said in (("with_obs_typo", "'UBERON:0002048XXX'"), ("with_var_typo", "'invalid_ensembl_id'")):
        adata = ln.examples.datasets.small_dataset3_cellxgene(**data, **{typo: True})
        with pytest.raises(ln.errors.ValidationError, match=said):
            ln.curators.AnnDataCurator(adata, schema).validate()
    lacking = ln.examples.datasets.small_dataset3_cellxgene(with_uns_organism=True)
    with pytest.raises(ln.errors.ValidationError, match="column 'cell_type_ontology_term_id' not in dataframe in slot 'obs'"):
        ln.curators.AnnDataCurator(lacking, schema).validate()
    older = ln.examples.cellxgene.create_cellxgene_schema(version="5.2.0")
    assert "uns" not in older.slots and "organism_ontology_term_id" in older.slots["obs"].members.to_list("name")
    spatial = ln.examples.cellxgene.create_cellxgene_schema(spatial_library_id="library_123")
    adata = ln.examples.datasets.small_dataset3_cellxgene(**data, with_uns_spatial=True)
    ln.curators.AnnDataCurator(adata, spatial).validate()
    with pytest.raises(ln.errors.InvalidArgument, match="rules are known since 5.0.0"):
        ln.examples.cellxgene.create_cellxgene_schema(version="4.0.0")
    with pytest.raises(ValueError, match="Invalid field_types"):
        ln.examples.cellxgene.create_cellxgene_schema(field_types="uid")


def test_a_croissant_file_becomes_artifacts(ln, workplace):
    about, dataset = ln.examples.croissant.mini_immuno()
    artifact = ln.integrations.curate_from_croissant(about)
    assert artifact.description == "Mini immuno dataset - A few samples from the immunology dataset" and artifact.version_tag == "1.0"
    assert artifact.projects.one().name == "Mini Immuno Project"
    assert artifact.ulabels.one().name == "https://creativecommons.org/licenses/by/4.0/"
    about, dataset, table = ln.examples.croissant.mini_immuno(n_files=2, strip_version=True)
    collection = ln.integrations.curate_from_croissant(about)
    assert set(collection.artifacts.to_list("key")) == {"mini_immuno.anndata.zarr", "mini.csv"}
    assert collection.projects.one().name == "Mini Immuno Project"
    table.unlink()
    with pytest.raises(FileNotFoundError, match="mini.csv"):
        ln.integrations.curate_from_croissant(about)
    with pytest.raises(ln.errors.InvalidArgument, match="not a Croissant file"):
        ln.integrations.curate_from_croissant({"name": "x"})
    with pytest.raises(ln.errors.InvalidArgument, match="lists no files"):
        ln.integrations.curate_from_croissant({"@type": "sc:Dataset", "name": "x"})
