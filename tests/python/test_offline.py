"""Public ontologies without a network: files that somebody brought, and the subsets that come with the program."""

import gzip

import pytest

OBO = """format-version: 1.2
data-version: releases/2015-05-05
ontology: pw

[Term]
id: PW:0000001
name: pathway ontology

[Term]
id: PW:0000002
name: classic metabolic pathway
is_a: PW:0000001
"""


@pytest.fixture
def offline(ln, tmp_path, monkeypatch):
    """No network, a fresh cache, and what comes with the program."""
    monkeypatch.setenv("LAMIN_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("LAMIN_SUBSETS")


def test_a_file_is_put_where_its_release_is_found(ln, bt, offline, tmp_path):
    file = tmp_path / "pathways.obo.gz"
    file.write_bytes(gzip.compress(OBO.encode()))
    (path,) = bt.core.bring_release(file)
    assert path.name == "pw-2015-05-05.obo.gz" and path.parent.name == "ontologies"
    public = bt.base.Pathway(source="pw", version="2015-05-05")
    assert public.to_dataframe().loc["PW:0000002", "parents"] == ["PW:0000001"]
    files = bt.core.release_files()
    assert files[files["where"] == "cache"]["version"].tolist() == ["2015-05-05"]
    with pytest.raises(ln.errors.LaminError, match="states no version"):
        (tmp_path / "x.obo").write_text(OBO.replace("data-version: releases/2015-05-05\n", ""))
        bt.core.bring_release(tmp_path / "x.obo")
    assert bt.core.bring_release(tmp_path / "x.obo", version="1")[0].name == "pw-1.obo"


def test_a_first_hour_needs_no_network(ln, bt, offline):
    for links in (bt.models.ArtifactCellType, bt.models.RecordCellType):
        links.objects.all().delete()
    bt.CellType.objects.all().delete(permanent=True)  # left by tests in other files in the same instance
    bt.Source.filter(entity="bionty.CellType", name="cl", version="2026-01-01").delete(permanent=True)
    shipped = bt.Source.filter(entity="bionty.CellType", name="cl").order_by("-version").first()
    shipped.currently_used = True
    shipped.save()
    public = bt.CellType.public()
    assert (public.source, public.version) == ("cl", "2026-03-26")
    assert public.validate(["T cell", "T-cell"], mute=True).tolist() == [True, False]
    assert public.standardize(["T-cell"], mute=True) == ["T cell"]
    assert bt.Disease.public().lookup().alzheimer_disease.ontology_id == "MONDO:0004975"
    assert bt.Tissue.public().search("lung", limit=1)["name"].tolist() == ["lung"]
    assert bt.ExperimentalFactor.public().validate(["10x 3' v3"], mute=True).tolist() == [True]
    assert bt.Gene.public(organism="mouse").validate(["Trp53"], field="symbol", mute=True).tolist() == [True]
    assert "CL:0000542 lymphocyte" in str(bt.CellType.ontology_tree("T cell", up=1))
    cell = bt.CellType.from_source("T-cell")
    cell.save()
    assert cell.source.version == "2026-03-26" and not cell.source.in_db
    assert "lymphocyte" in cell.query_parents().to_list("name")
    for links in (bt.models.ArtifactCellType, bt.models.RecordCellType):
        links.objects.all().delete()
    bt.CellType.objects.all().delete(permanent=True)
    bt.Source.get(name="cl", version="2026-03-26").delete(permanent=True)


def test_terms_without_a_registry(ln, bt, offline, tmp_path):
    pipelines = bt.base.BFXPipeline()
    assert repr(pipelines).startswith("PublicOntology\nEntity: BFXPipeline\nOrganism: all\nSource: lamin, 1.0.0\n#terms: 484")
    found = pipelines.inspect(["nf-core methylseq v2.6.0", "no pipeline"], field=pipelines.name, mute=True)
    assert found.validated == ["nf-core methylseq v2.6.0"]
    assert "https://github.com/nf-core/methylseq" in set(pipelines.to_dataframe()["reference"])
    assert pipelines.search("methylseq", limit=1)["name"].tolist()[0].startswith("nf-core methylseq")
    assert type(pipelines.lookup().nf_core_methylseq_v2_6_0).__name__ == "BFXPipeline"
    with pytest.raises(ln.errors.LaminError, match="chebi.obo"):
        bt.base.Drug()
    file = tmp_path / "chebi.csv"
    file.write_text(f"ontology_id,name,chembl_id\nCHEBI:1,{'x' * 256},CHEMBL1\nCHEBI:27732,caffeine,CHEMBL113\nCHEBI:2,tea,\n")
    bt.core.bring_release(file, source="chebi", version="2026-09-01")
    drugs = bt.base.Drug()
    assert drugs.validate(["caffeine", "nothing"], mute=True).tolist() == [True, False]
    assert drugs.search("caff")["chembl_id"].tolist() == ["CHEMBL113"] and drugs.to_dataframe().index.tolist()[0] == "CHEBI:1"


def test_what_values_say_about_genes(ln, bt, offline):
    values = ["ENSG00000141510.20", "TP53", "P53", "7157", "ENSMUSG00000059552", "nothing"]
    report = bt.core.find_genes(values)
    frame = report.to_dataframe()
    assert frame["match"].tolist() == ["versioned id", "symbol", "alias", "NCBI id", "id", "unknown"]
    assert frame.loc["P53", "ensembl_gene_id"] == "ENSG00000141510" and frame.loc["nothing", "symbol"] is None
    assert report.organisms == {"human": 4, "mouse": 1} and report.biotypes == {"protein_coding": 5}
    assert "ensembl release-114 (human)" in report.releases and "alias: P53 -> ENSG00000141510 TP53" in repr(report)
    with pytest.raises(ln.errors.OrganismNotSet):
        bt.core.find_genes(["TP53"])
    assert bt.core.find_genes("Trp53", organism="mouse").matches == {"symbol": 1}
    bt.settings.organism = "human"  # identifiers say theirs themselves
    try:
        found = bt.Gene.from_values(["ENSMUSG00000059552", "ENSG00000141510"], field=bt.Gene.ensembl_gene_id, mute=True)
        assert {gene.symbol: gene.organism.name for gene in found} == {"Trp53": "mouse", "TP53": "human"}
    finally:
        bt.settings.organism = None
    mapped = bt.Gene.public(organism="human").map_legacy_ids("ENSG00000002079")
    assert mapped == ({"ENSG00000002079": "ENSG00000293560"}, {}, [])
