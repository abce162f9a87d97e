"""Terms of ontologies with all that is known of them, looked up along their hierarchy, and moved to the next release."""

import json

import pytest

OLD = """format-version: 1.2
data-version: cl/releases/2031-01-01/cl.owl
ontology: cl

[Term]
id: CL:0000000
name: cell

[Term]
id: CL:0000542
name: lymphocyte
is_a: CL:0000000

[Term]
id: CL:0000084
name: T cell
def: "A lymphocyte." [PMID:1]
synonym: "T-cell" EXACT [PMID:2]
synonym: "thymic one" RELATED []
xref: FMA:62870
is_a: CL:0000542
relationship: develops_from CL:0000236

[Term]
id: CL:0000236
name: B cell
is_a: CL:0000542

[Term]
id: CL:0000099
name: killer cell
is_a: CL:0000542
"""
NEW = (
    OLD.replace("2031-01-01", "2032-01-01").replace("name: T cell", "name: T lymphocyte").replace(
        "name: killer cell\nis_a: CL:0000542", "name: obsolete killer cell\nis_obsolete: true\nreplaced_by: CL:0000623")
    + "\n[Term]\nid: CL:0000623\nname: natural killer cell\nis_a: CL:0000542\n"
)  # fmt: skip


@pytest.fixture
def releases(ln, bt, tmp_path, monkeypatch):
    """Two releases of Cell Ontology in a folder of one's own, the first imported, with two datasets labelled."""
    monkeypatch.setenv("LAMIN_ONTOLOGIES", str(tmp_path))
    monkeypatch.setenv("LAMIN_OFFLINE", "1")
    for links in (bt.models.ArtifactCellType, bt.models.RecordCellType):
        links.objects.all().delete()
    bt.CellType.objects.all().delete(permanent=True)
    known = {row.uid for row in bt.Source.filter()}
    in_use = [row.uid for row in bt.Source.filter(entity="bionty.CellType", currently_used=True)]
    for version, text in (("2031-01-01", OLD), ("2032-01-01", NEW)):
        (tmp_path / f"cl-{version}.obo").write_text(text)
    source = bt.Source(entity="bionty.CellType", organism="all", name="cl", version="2031-01-01").save()
    bt.CellType.import_source(source)
    artifacts = {}
    for name in ("T cell", "killer cell"):
        (tmp_path / f"{name}.txt").write_text(name)
        artifacts[name] = ln.Artifact(str(tmp_path / f"{name}.txt"), key=f"terms/{name}.txt").save()
        artifacts[name].cell_types.add(bt.CellType.get(name=name))
    yield artifacts
    for artifact in artifacts.values():
        artifact.delete(permanent=True, storage=True)
    bt.CellType.objects.all().delete(permanent=True)
    for row in bt.Source.filter():
        if row.uid not in known:
            row.delete(permanent=True)
    for uid in in_use:
        row = bt.Source.get(uid)
        row.currently_used = True
        row.save()


def test_a_term_has_all_that_its_release_says(bt, releases):
    term = bt.CellType.get(name="T cell").ontology
    assert (term.ontology_id, term.definition, term.source, term.version) == ("CL:0000084", "A lymphocyte.", "cl", "2031-01-01")
    assert term.definition_sources == ["PMID:1"] and term.xrefs == ["FMA:62870"] and term.is_registered and not term.is_obsolete
    assert [(one.text, one.scope, one.sources) for one in term.synonyms] == [("T-cell", "EXACT", ["PMID:2"]), ("thymic one", "RELATED", [])]
    assert [(one.relation, one.name) for one in term.relations] == [("is_a", "lymphocyte"), ("develops_from", "B cell")]
    assert [(use.registry, use.count, use.some) for use in term.uses] == [("Artifact", 1, ["terms/T cell.txt"])]
    assert term.record == bt.CellType.get(name="T cell")
    assert "FMA:62870" in repr(term) and "FMA:62870" in term._repr_html_()
    assert bt.CellType.ontology_term("T-cell").ontology_id == "CL:0000084"


def test_a_tree_is_text_and_a_drawing(ln, bt, releases, capsys):
    tree = bt.CellType.ontology_tree("lymphocyte", down=1)
    assert repr(tree).splitlines()[0] == "CL:0000542 lymphocyte" and "├── CL:0000236 B cell" in repr(tree)
    assert tree._repr_html_().startswith("<svg") and tree._repr_html_().count("<rect") == 4 and tree.to_svg().count("<path") == 3
    assert repr(bt.CellType.ontology_tree("B cell", down=1, relation="develops_from")).splitlines()[1] == "└── CL:0000084 T cell"
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="develops_from"):
        bt.CellType.ontology_tree("B cell", relation="develop_from")
    with pytest.raises(ln.errors.InvalidArgument, match="number of levels"):
        bt.CellType.ontology_tree("B cell", down=-1)
    bt.CellType.get(name="T cell").view_parents()
    assert "lymphocyte" in capsys.readouterr().out


def test_a_tree_is_as_deep_as_it_was_asked_to_be(bt, releases):
    own = bt.CellType(name="own T cell").save()
    own.parents.add(bt.CellType.get(name="lymphocyte"), bt.CellType.get(name="T cell"))
    lines = repr(bt.CellType.ontology_tree("lymphocyte", down=1)).splitlines()
    assert len(lines) == 5 and all(line.startswith(("├── ", "└── ")) for line in lines[1:]) and any(line.endswith("T cell (+1)") for line in lines)
    deeper = repr(bt.CellType.ontology_tree("lymphocyte", down=2)).splitlines()
    assert len(deeper) == 6 and sum("own T cell" in line for line in deeper) == 2 and not any("(+" in line for line in deeper)


def test_datasets_are_found_by_what_is_above_their_labels(ln, bt, releases):
    def keys(**conditions):
        return sorted(ln.Artifact.filter(**conditions).to_list("key"))

    assert keys(cell_types__ancestors="lymphocyte") == ["terms/T cell.txt", "terms/killer cell.txt"]
    assert keys(cell_types__ancestors="T cell") == [] and keys(cell_types__within="T cell") == ["terms/T cell.txt"]
    assert keys(cell_types__ancestors=bt.CellType.get(name="cell")) == ["terms/T cell.txt", "terms/killer cell.txt"]
    assert keys(cell_types__within__ontology_id="CL:0000099") == ["terms/killer cell.txt"]
    assert bt.CellType.filter(ancestors="lymphocyte").count() == 3
    assert sorted(bt.CellType.filter(descendants="T cell").to_list("name")) == ["cell", "lymphocyte"]
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="did you mean 'lymphocyte'"):
        keys(cell_types__ancestors="lymphocite")


def test_a_registry_moves_to_the_next_release_and_back(ln, bt, releases):
    plan = bt.CellType.upgrade(to="2032-01-01")
    assert [(change["action"], change["id"]) for change in plan.changes] == [
        ("insert", "CL:0000623"), ("rewrite", "CL:0000084"), ("move", "CL:0000099")]  # fmt: skip
    assert "T cell → T lymphocyte" in repr(plan) and "terms/killer cell.txt" in plan.to_html()
    assert {use["registry"]: use["count"] for use in plan.uses}["Artifact"] == 2
    assert json.loads(plan.to_json()) == plan.to_dict() and plan.diffs[0]["from"] == "2031-01-01"
    assert bt.CellType.filter(name="T lymphocyte").count() == 0
    before = {row.uid: (row.id, row.name, row.synonyms, row.updated_at, row.source_id) for row in bt.CellType.filter()}
    upgrade = plan.apply()
    assert upgrade.to == "2032-01-01" and upgrade.rows > 0 and "2032-01-01" in repr(upgrade)
    assert releases["killer cell"].cell_types.one().name == "natural killer cell"
    assert releases["T cell"].cell_types.one().name == "T lymphocyte"
    assert bt.CellType.standardize(["T cell"]) == ["T lymphocyte"]
    undone = upgrade.undo()
    assert undone.undone_at
    assert {row.uid: (row.id, row.name, row.synonyms, row.updated_at, row.source_id) for row in bt.CellType.filter()} == before
    assert releases["killer cell"].cell_types.one().name == "killer cell"
    with pytest.raises(ln.errors.ObjectDoesNotExist):
        upgrade.undo()


def test_nothing_is_left_out_in_silence(ln, bt, releases, tmp_path):
    path = tmp_path / "bad.obo"
    path.write_text(OLD.replace("2031", "2033") + "\n[Term]\nid: CL:0000777\nname: good\nthis is no tag\n")
    with pytest.raises(ln.errors.ValidationError, match="line 37, column 1: expected 'tag: value'"):
        bt.CellType.import_source(path=path, strict=True)
    assert bt.CellType.filter(name="good").count() == 0
    bt.CellType.import_source(path=path)
    assert bt.CellType.filter(name="good").count() == 1


def test_terms_are_searched_and_moves_are_listed(ln, bt, releases):
    found = bt.CellType.ontology_search("lymphocyte")
    assert [(term.name, term.is_registered) for term in found][0] == ("lymphocyte", True)
    assert repr(found).splitlines()[1].startswith("CL:0000542") and "<td>lymphocyte</td>" in found._repr_html_()
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="they are of 2031-01-01"):
        bt.CellType.upgrade(to="2032-01-01", from_version="2030-01-01")
    done = bt.CellType.upgrade(to="2032-01-01", from_version="2031-01-01").apply()
    assert done.number in [one.number for one in bt.CellType.upgrades() if not one.undone_at]
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="2033-01-01"):
        bt.CellType.undo_upgrade("2033-01-01")
    assert bt.CellType.undo_upgrade("2032-01-01", from_version="2031-01-01").undone_at
    assert bt.CellType.get(ontology_id="CL:0000084").name == "T cell"


def test_a_search_that_finds_nothing_says_what_is_near(bt, releases, said):
    found = bt.CellType.ontology_search("lymphocyta")
    assert found[0].name == "lymphocyte" and 0 < found[0].score < 1
    assert "no term contains 'lymphocyta': these have something like it" in said()
    assert bt.CellType.ontology_search("lymphocyte") and bt.CellType.ontology_search("no such thing at all") == []
    assert "something like it" not in said()


def test_a_term_in_the_trash_comes_back_when_it_is_saved_again(bt, releases):
    source = bt.Source.get(entity="bionty.CellType", version="2031-01-01")
    source.in_db = False
    source.save()
    bt.CellType.get(name="B cell").delete()
    bt.CellType.get(name="lymphocyte").delete()
    again = bt.CellType.from_source("B cell", source=source)
    assert again.pk is None and not bt.CellType.filter(name="B cell")
    again.save()
    assert {"B cell", "lymphocyte"} <= {term.name for term in bt.CellType.filter()}


def test_from_source_takes_one_value(ln, bt, releases):
    with pytest.raises(TypeError, match="not both"):
        bt.CellType.from_source("T cell", ontology_id="CL:0000084")
    with pytest.raises(ln.errors.InvalidArgument, match="No field passed"):
        bt.CellType.from_source(name=None)


def test_proteins_move_to_the_next_release_of_uniprot_and_back(ln, bt, tmp_path, monkeypatch):
    monkeypatch.setenv("LAMIN_ONTOLOGIES", str(tmp_path))
    head = "uniprotkb_id,name,length,gene_symbol,synonyms,ensembl_gene_ids\n"
    cd4, p53 = "P01730,CD4_HUMAN,458,CD4,CD4 glycoprotein,ENSG00000010610\n", "P04637,P53_HUMAN,{},TP53,p53,ENSG00000141510\n"
    (tmp_path / "human__uniprot__2030-01.csv").write_text(head + cd4 + p53.format(393) + "Q00001,OLD_HUMAN,10,OLD,,\n")
    (tmp_path / "human__uniprot__2031-01.csv").write_text(head + cd4 + p53.format(394) + "P99999,NEW_HUMAN,20,NEW,,\n")
    bt.settings.organism = "human"
    old, new = (bt.Source(entity="bionty.Protein", organism="human", name="uniprot", version=one).save() for one in ("2030-01", "2031-01"))

    def rows():
        return {one.uniprotkb_id: (one.id, one.uid, one.name, one.length, one.source_id) for one in bt.Protein.filter()}

    try:
        bt.Protein.import_source(old)
        (tmp_path / "proteins.txt").write_text("proteins")
        artifact = ln.Artifact(str(tmp_path / "proteins.txt"), key="proteins.txt").save()
        artifact.proteins.add(*bt.Protein.filter())
        before = rows()
        plan = bt.Protein.upgrade(to="2031-01")
        assert {(one["action"], one["id"]) for one in plan.changes} == {("keep", "Q00001"), ("rewrite", "P04637"), ("insert", "P99999")}
        upgrade = plan.apply()
        assert rows()["P04637"] == (*before["P04637"][:3], 394, new.id) and rows()["Q00001"] == before["Q00001"] and "P99999" in rows()
        assert sorted(artifact.proteins.to_list("uniprotkb_id")) == ["P01730", "P04637", "Q00001"]
        upgrade.undo()
        assert rows() == before
        artifact.delete(permanent=True, storage=True)
    finally:
        bt.settings.organism = None
        bt.Protein.objects.all().delete(permanent=True)
        for one in (old, new):
            one.delete(permanent=True)
