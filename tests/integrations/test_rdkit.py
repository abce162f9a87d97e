"""Structures of compounds, which RDKit reads."""

import pytest

ASPIRIN, SALT = "CC(=O)Oc1ccccc1C(=O)O", "[Na+].CC(=O)Oc1ccccc1C(=O)[O-]"


@pytest.fixture(scope="module")
def pt(ln):
    import pertdb

    return pertdb


def test_what_follows_from_a_structure(pt):
    compound = pt.Compound(name="aspirin", smiles=SALT)
    assert (compound.smiles, compound.canonical_smiles, compound.molformula) == (SALT, ASPIRIN, "C9H8O4")
    assert compound.inchikey == "BSYNRYMUTXBXSQ-UHFFFAOYSA-N" and compound.molweight == pytest.approx(180.159)
    compound.save()
    assert pt.Compound.get(inchikey="BSYNRYMUTXBXSQ-UHFFFAOYSA-N") == compound
    compound.update_smiles("CCO")
    assert pt.Compound.get(name="aspirin").molformula == "C2H6O" and pt.Compound.standardize_smiles(SALT) == ASPIRIN
    with pytest.raises(ValueError, match="Could not parse SMILES: no molecule"):
        pt.Compound.standardize_smiles("no molecule")


def test_a_structure_that_cannot_be_read_is_kept_and_said(ln, pt, capsys):
    ln.settings.verbosity = "hint"
    compound = pt.Compound(name="odd", smiles="C1CC").save()
    assert "could not normalize SMILES for compound 'odd'" in capsys.readouterr().out
    assert (compound.smiles, compound.canonical_smiles, compound.inchikey) == ("C1CC", None, None)
