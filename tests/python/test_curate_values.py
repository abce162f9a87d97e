"""Values against registries, ontologies, synonyms."""

import pytest

OBO = """format-version: 1.2
data-version: 2026-01-01
ontology: cl

[Term]
id: CL:0000000
name: cell

[Term]
id: CL:0000084
name: T cell
def: "A lymphocyte." []
synonym: "T-cell" EXACT []
synonym: "T lymphocyte" EXACT []
is_a: CL:0000000

[Term]
id: CL:0000624
name: CD4-positive T cell
is_a: CL:0000084
"""


@pytest.fixture(scope="module")
def cells(bt, workplace):
    bt.CellType.artifacts.through.filter().delete()
    bt.CellType.filter(branch=None).delete(permanent=True)  # left by tests in other files in the same instance
    (workplace / "cl.obo").write_text(OBO)
    bt.CellType.import_source(path=workplace / "cl.obo")
    return bt.CellType


def test_an_ontology_is_imported_once(cells, workplace):
    assert cells.filter().count() == 3 and cells.parents.through.filter().count() == 2
    cells.import_source(path=workplace / "cl.obo")
    assert cells.filter().count() == 3
    t_cell = cells.get(name="T cell")
    assert t_cell.uid == "22LvKd01YyNA1a" and t_cell.description == "A lymphocyte."
    assert cells.get(name="cell").query_children().count() == 2
    assert t_cell.source.currently_used is True


def test_labelled_with_a_term_or_anything_below_it(ln, cells, workplace):
    (workplace / "any.txt").write_text("labelled with a T cell")
    artifact = ln.Artifact(workplace / "any.txt", key="any.txt").save()
    artifact.labels.add(cells.get(name="T cell"))
    assert ln.Artifact.filter().labelled_with_any("cell_types", "cell").one() == artifact
    assert ln.Artifact.filter(key="any.txt").labelled_with_any("cell_types", cells.get(name="T cell")).one() == artifact
    assert not ln.Artifact.filter(key="other.txt").labelled_with_any("cell_types", "cell").exists()
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="did you mean 'T cell'"):
        ln.Artifact.filter().labelled_with_any("cell_types", "T-cell")
    with pytest.raises(ln.errors.FieldError, match="cell_types"):
        ln.Artifact.filter().labelled_with_any("cell_type", "T cell")
    artifact.delete(permanent=True)


def test_validate(cells):
    assert list(cells.validate(["T cell", "t cell", "T-cell", None, ""])) == [True, False, False, False, False]
    assert cells.validate("T cell") is not None and bool(cells.validate("T cell")) is True
    assert list(cells.validate(["CL:0000084"], field=cells.ontology_id)) == [True]
    with pytest.raises(TypeError):
        cells.validate([1, 2])


def test_inspect(cells, said):
    result = cells.inspect(["T cell", "T-cell", "T cel", "T cell"])
    assert result.validated == ["T cell"] and result.non_validated == ["T-cell", "T cel"]
    assert result.synonyms_mapper == {"T-cell": "T cell"} and result.suggestions["T cel"][0] == "T cell"
    assert result.frac_validated == pytest.approx(33.3) and list(result.df["__validated__"]) == [True, False, False, True]
    text = said()
    assert "1 unique term (33.30%) is validated for name" in text
    assert "2 unique terms (66.70%) are not validated for name: 'T-cell', 'T cel'" in text


def test_standardize(cells):
    assert cells.standardize(["t-CELL", "T cell", "x", None]) == ["T cell", "T cell", "x", None]
    assert cells.standardize(["t-CELL", "x"], return_mapper=True) == {"t-CELL": "T cell"}
    assert cells.standardize(["t-CELL"], case_sensitive=True) == ["t-CELL"]
    assert cells.standardize("T-cell") == "T cell" and cells.standardize([]) == []
    assert cells.standardize(["T-cell"], return_field="ontology_id") == ["CL:0000084"]


@pytest.mark.parametrize("keep", ["foo", None, True, 0])
def test_which_of_several_standard_names_is_kept(cells, labels, keep):
    for rows in (cells, labels, cells.filter()):
        with pytest.raises(ValueError, match="keep is .* but has to be 'first', 'last' or False"):
            rows.standardize([], keep=keep)


def test_standardizing_says_how_much_it_changed(cells, said):
    said()
    cells.standardize(["T-cell", "x"])
    assert said() == "• standardized 1/2 term\n"
    cells.standardize(["T-cell", "t-CELL", "T cell"])
    assert said() == "• standardized 2/3 terms\n"
    cells.standardize(["T cell", "x"])
    cells.standardize(["T-cell"], mute=True)
    assert said() == ""


def test_from_values(cells, labels):
    found = cells.from_values(["T-cell", "T cell", "nothing"])
    assert [c.name for c in found] == ["T cell"]
    made = labels.from_values(["a", "b"], create=True)
    assert {(label.branch_id, label.space_id, label.created_by.handle) for label in made} == {(1, 1, "anonymous")}, "before they are saved"
    assert [m.id for m in made] == [None, None]
    made.save()
    assert set(labels.filter().to_list("name")) == {"a", "b"}


def test_numbers_name_new_records_only(labels):
    assert [label.name for label in labels.from_values([1, 2.5, True], create=True)] == ["1", "2.5", "True"]
    with pytest.raises(TypeError, match="not numbers such as 1"):
        labels.from_values([1, 2])


def test_from_values_says_what_it_found_and_what_not(ln, cells, labels, said):
    said()
    assert cells.from_values(["T cell"]) and said() == ""
    assert cells.from_values(["T-cell", "T cell", "t-CELL"])
    assert said() == (
        "✓ loaded 1 CellType record matching name: 'T cell'\n✓ loaded 2 CellType records matching synonyms: 'T-cell', 't-CELL'\n"
    )
    cells.from_values(["T cell", "none", "nothing"])
    missing = "→ did not create CellType records for 2 non-validated names: 'none', 'nothing'; if they are right, pass create=True\n"
    assert said() == f"✓ loaded 1 CellType record matching name: 'T cell'\n{missing}"
    ln.settings.verbosity = "success"
    cells.from_values(["none", "nothing"])
    assert said() == missing, "what to do next is important"
    cells.from_values(["T-cell", "none"], mute=True)
    labels.from_values(["new"], create=True)
    assert said() == ""


def test_synonyms(ln, cells):
    t_cell = cells.get(name="T cell")
    t_cell.add_synonym("thymus cell")
    assert cells.standardize(["thymus cell"]) == ["T cell"]
    with pytest.raises(ln.errors.LaminError):
        t_cell.add_synonym("a|b")
    with pytest.raises(ln.errors.LaminError):
        cells.get(name="cell").add_synonym("thymus cell")
    t_cell.remove_synonym("thymus cell")
    assert cells.standardize(["thymus cell"]) == ["thymus cell"]


def test_genes_need_an_organism(ln, bt, workplace):
    (workplace / "genes.csv").write_text("ensembl_gene_id,symbol,synonyms\nENSG1,TCF7,TCF-1\nENSG2,PDCD1,PD1|CD279\n")
    bt.Gene.import_source(path=workplace / "genes.csv", organism="human")
    bt.settings.organism = "human"
    try:
        assert bt.settings.organism.name == "human"
        assert list(bt.Gene.validate(["TCF7", "PD1"])) == [True, False]
        assert bt.Gene.standardize(["PD1"]) == ["PDCD1"]
        assert bt.Gene.get(symbol="TCF7").organism.name == "human"
    finally:
        bt.settings.organism = None


def test_bad_files(ln, bt, cells, workplace):
    with pytest.raises(LookupError):
        cells.import_source(path=workplace / "none.obo")
    (workplace / "bad.xyz").write_text("x")
    with pytest.raises(ln.errors.InvalidArgument, match="neither an ontology .* nor a table"):
        cells.import_source(path=workplace / "bad.xyz")
    with pytest.raises(ln.errors.LaminError, match="LAMIN_ONTOLOGIES"):
        bt.Phenotype.import_source()


def test_a_saved_file_keeps_its_content_when_a_curator_standardizes_it(ln, cells):
    import pandas

    schema = ln.Schema([ln.Feature(name="standardized", dtype=cells).save()], name="standardized").save()
    artifact = ln.Artifact.from_dataframe(pandas.DataFrame({"standardized": ["T-cell"]}), key="standardized.parquet").save()
    curator = ln.curators.DataFrameCurator(artifact, schema)
    with pytest.raises(ln.errors.ValidationError):
        curator.validate()
    curator.cat.standardize("standardized")
    saved = ln.Artifact.get(curator.save_artifact().uid)
    assert saved.load()["standardized"].to_list() == ["T cell"] and saved.uid[:-4] == artifact.uid[:-4]
    assert [label.name for label in saved.cell_types.all()] == ["T cell"] and saved.schema == schema
    before = ln.Artifact.get(artifact.uid)
    assert before.load()["standardized"].to_list() == ["T-cell"] and before.schema is None and before.cell_types.count() == 0


def test_names_of_rows_that_are_no_genes_are_told(ln, bt, said):
    import anndata
    import numpy
    import pandas

    schema = ln.Schema(slots={"var.T": ln.Schema(itype=bt.Gene.ensembl_gene_id, name="told").save()}, otype="AnnData", name="told by rows").save()
    adata = anndata.AnnData(numpy.ones((2, 2), "f4"), var=pandas.DataFrame(index=["TP53", "BRCA2"]))
    ln.curators.AnnDataCurator(adata, schema).validate()
    assert "2 terms not validated" in said()
