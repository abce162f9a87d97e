"""Public ontologies as pronto has them: from the file of a release, or from a table of its terms."""

import gzip

import pytest

OBO = """format-version: 1.2
data-version: cl/releases/2020-02-02/cl.owl
ontology: cl

[Term]
id: CL:1
name: cell

[Term]
id: CL:2
name: T cell
def: "A lymphocyte." [PMID:1]
synonym: "T-cell" EXACT []
synonym: "thymic one" RELATED []
is_a: CL:1
"""
CSV = "ontology_id,name,synonyms,definition,parents\nCL:1,cell,,,\nCL:2,T cell,T-cell,A lymphocyte.,CL:1\n"


@pytest.fixture
def public(ln, tmp_path, monkeypatch):
    import bionty as bt

    monkeypatch.setenv("LAMIN_ONTOLOGIES", str(tmp_path))

    def of(name, text, version):
        (tmp_path / name).write_bytes(text)
        source = bt.Source(entity="bionty.CellType", organism="all", name="cl", version=version).save()
        return bt.CellType.public(source=source)

    return of


def test_from_the_file_of_a_release(public):
    for name, text in (("cl-2020-02-02.obo", OBO.encode()), ("cl-2020-02-03.obo.gz", gzip.compress(OBO.encode()))):
        terms = public(name, text, name[3:13]).to_pronto()
        cell = terms["CL:2"]
        assert [one.id for one in cell.superclasses(with_self=False)] == ["CL:1"] and str(cell.definition) == "A lymphocyte."
        assert {one.description: one.scope for one in cell.synonyms} == {"T-cell": "EXACT", "thymic one": "RELATED"}
        assert terms.metadata.ontology == "cl"


def test_from_a_table(public):
    cell = public("cl-2020-02-04.csv", CSV.encode(), "2020-02-04").to_pronto()["CL:2"]
    assert cell.name == "T cell" and cell.definition == "A lymphocyte." and [one.description for one in cell.synonyms] == ["T-cell"]
    assert [one.id for one in cell.superclasses(with_self=False)] == ["CL:1"]


def test_genes_are_no_ontology(ln, capsys):
    import bionty as bt

    assert bt.Gene.public(organism="human").to_pronto() is None
    assert "Gene has no Pronto Ontology object!" in capsys.readouterr().out
