"""What registries of pertdb do besides storing rows: structures of compounds, the parts of combinations."""

from .. import _core
from .._process.logger import logger
from .saving import SQLRecordList

_DERIVED = ("canonical_smiles", "inchikey", "molweight", "molformula")


class HasStructure:
    """A compound, whose SMILES says what it is: canonical SMILES, InChIKey, weight and formula follow from it, by RDKit.

    Args:
        *args: none: values have keywords.
        **kwargs: values of fields. With `smiles`, what follows from it is filled in.

    Raises:
        ImportError: `smiles` is passed, and RDKit is not installed.

    Example:

        >>> import pertdb
        >>> pertdb.Compound(name="aspirin", chembl_id="CHEMBL25").save().chembl_id
        'CHEMBL25'
    """

    _of_fields = {"smiles", *_DERIVED}  # of registries that have these

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if kwargs.get("smiles") and not _core.saved(self):
            self._follow(kwargs["smiles"])

    def save(self, *args, **kwargs):
        """As `SQLRecord.save`; what follows from the SMILES is filled in first.

        Args:
            *args: none: options have keywords.
            **kwargs: of `SQLRecord.save`.

        Returns:
            Compound: itself.

        Example:

            >>> import pertdb
            >>> pertdb.Compound(name="ibuprofen").save().name
            'ibuprofen'
        """
        if self.smiles and not self.canonical_smiles:
            self._follow(self.smiles)
        return super().save(*args, **kwargs)

    def update_smiles(self, new_smiles):
        """Replaces the SMILES and all that follows from it, and saves the compound.

        Args:
            new_smiles (str): the structure.

        Raises:
            ImportError: RDKit is not installed.

        Example::

            compound.update_smiles("CC(=O)Oc1ccccc1C(=O)O")
        """
        self._follow(new_smiles)
        self.save()

    @staticmethod
    def standardize_smiles(smiles):
        """The canonical SMILES of what a structure is without salts, charges, and in its canonical tautomer.

        Args:
            smiles (str): the structure.

        Returns:
            str: the standard form.

        Raises:
            ValueError: it is no SMILES.
            ImportError: RDKit is not installed.

        Example::

            pertdb.Compound.standardize_smiles("[Na+].CC(=O)Oc1ccccc1C(=O)[O-]")  # 'CC(=O)Oc1ccccc1C(=O)O'
        """
        chemistry = _rdkit()
        from rdkit.Chem.MolStandardize import rdMolStandardize as standard

        molecule = chemistry.MolFromSmiles(smiles)
        if molecule is None:
            raise ValueError(f"Could not parse SMILES: {smiles}")
        for step in (standard.Cleanup, standard.FragmentParent, standard.Uncharger().uncharge, standard.TautomerEnumerator().Canonicalize):
            molecule = step(molecule)
        return chemistry.MolToSmiles(molecule, canonical=True)

    def _follow(self, smiles):
        chemistry = _rdkit()
        from rdkit.Chem import Descriptors, rdMolDescriptors

        self.smiles = smiles
        try:
            self.canonical_smiles = self.standardize_smiles(smiles)
        except ValueError as error:
            logger.warning(f"could not normalize SMILES for compound {self.name!r}: {error}")
            for name in _DERIVED:
                setattr(self, name, None)
            return
        molecule = chemistry.MolFromSmiles(self.canonical_smiles)
        self.inchikey = chemistry.MolToInchiKey(molecule)
        self.molweight = Descriptors.MolWt(molecule)
        self.molformula = rdMolDescriptors.CalcMolFormula(molecule)


def _rdkit():
    try:
        from rdkit import Chem, RDLogger
    except ImportError:
        raise ImportError("RDKit is not available, which reads SMILES: pip install rdkit; or leave out smiles") from None
    RDLogger.DisableLog("rdApp.info")
    RDLogger.DisableLog("rdApp.warning")
    return Chem


class HasMembers:
    """A combination of perturbations.

    Example:

        >>> import pertdb
        >>> heat = pertdb.EnvironmentalPerturbation(name="heat", value=42.0, unit="degrees celsius").save()
        >>> both = pertdb.CombinationPerturbation(name="heat and more").save()
        >>> both.environmental_perturbations.add(heat)
        >>> both.members.to_list("name")
        ['heat']
    """

    _of_fields = {"genetic_perturbations", "compound_perturbations", "environmental_perturbations"}

    @property
    def members(self):
        """The genetic, chemical and environmental perturbations that it consists of (SQLRecordList)."""
        if not _core.saved(self):
            return SQLRecordList([])
        parts = (self.genetic_perturbations, self.compound_perturbations, self.environmental_perturbations)
        return SQLRecordList([one for part in parts for one in part.all()])
