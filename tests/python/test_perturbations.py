"""Registries of pertdb: targets, parts of combinations, labels of datasets; compounds without RDKit."""

import builtins
import datetime
import sys

import pytest


@pytest.fixture(scope="module")
def pt(ln):
    import pertdb

    return pertdb


@pytest.fixture
def clean(pt):
    yield
    for name in ("CombinationPerturbation", "CompoundPerturbation", "GeneticPerturbation", "EnvironmentalPerturbation", "Biologic",
                 "Compound", "PerturbationTarget"):  # fmt: skip
        getattr(pt, name).objects.all().delete(permanent=True)


def test_without_rdkit_a_structure_is_refused_and_says_what_to_install(pt, clean, monkeypatch):
    real = builtins.__import__
    for name in [name for name in sys.modules if name.partition(".")[0] == "rdkit"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", lambda name, *rest: (_ for _ in ()).throw(ImportError(name)) if name.startswith("rdkit") else real(name, *rest))
    with pytest.raises(ImportError, match="pip install rdkit"):
        pt.Compound(name="aspirin", smiles="CC(=O)Oc1ccccc1C(=O)O")
    assert pt.Compound(name="aspirin", chembl_id="CHEMBL25").save().smiles is None


def test_targets_and_parts(ln, bt, pt, clean):
    if not bt.Organism.filter(name="human").exists():
        bt.Organism(name="human", ontology_id="NCBITaxon:9606", scientific_name="homo_sapiens").save()
    gene = bt.Gene(symbol="TSPAN6", ensembl_gene_id="ENSG00000000003", organism="human").save()
    target = pt.PerturbationTarget(name="TSPAN6").save()
    target.genes.add(gene)
    knockout = pt.GeneticPerturbation(name="TSPAN6 KO", type="CRISPR-Cas9", sequence="AGCTG", on_target_score=0.9).save()
    knockout.targets.add(target)
    drug = pt.CompoundPerturbation(name="aspirin 10 uM", compound=pt.Compound(name="aspirin").save(), concentration=10.0,
                                   concentration_unit="uM", duration=datetime.timedelta(hours=24)).save()  # fmt: skip
    heat = pt.EnvironmentalPerturbation(name="heat", ontology_id="EFO:0001702", value=42.0, unit="degrees celsius").save()
    assert pt.CombinationPerturbation(name="unsaved").members == []
    both = pt.CombinationPerturbation(name="all").save()
    both.genetic_perturbations.add(knockout)
    both.compound_perturbations.add(drug)
    both.environmental_perturbations.add(heat)
    assert both.members.to_list("name") == ["TSPAN6 KO", "aspirin 10 uM", "heat"]
    assert pt.GeneticPerturbation.filter(targets__genes__symbol="TSPAN6").one() == knockout and gene.perturbation_targets.one() == target
    assert pt.CompoundPerturbation.get(name="aspirin 10 uM").duration == datetime.timedelta(hours=24)
    with pytest.warns(DeprecationWarning, match="system"):
        assert pt.GeneticPerturbation(name="old", system="CRISPRi").type == "CRISPRi"
    gene.delete(permanent=True)


def test_datasets_are_labelled_and_checked(ln, pt, clean, tmp_path):
    pandas = pytest.importorskip("pandas")
    pt.Compound(name="aspirin", synonyms="ASA").save()
    pt.Biologic(name="IFNG", type="cytokine").save()
    drug = ln.Feature(name="drug", dtype=pt.Compound).save()
    cytokine = ln.Feature(name="cytokine", dtype=pt.Biologic).save()
    schema = ln.Schema([drug, cytokine], name="treated").save()
    df = pandas.DataFrame({"drug": ["ASA", "aspirin"], "cytokine": ["IFNG", "IFNG"]})
    curator = ln.curators.DataFrameCurator(df, schema)
    with pytest.raises(ln.errors.ValidationError, match="ASA"):
        curator.validate()
    curator.standardize()
    artifact = curator.save_artifact(key="treated.parquet")
    assert artifact.compounds.to_list("name") == ["aspirin"] and artifact.biologics.to_list("name") == ["IFNG"]
    assert ln.Artifact.filter(compounds__name="aspirin").one() == artifact
    for one in (artifact, schema, drug, cytokine):
        one.delete(permanent=True)
