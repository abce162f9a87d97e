"""The five registries, and the link by which samples label artifacts."""

import bionty as bt
from lamindb.base.fields import CharField, DateField, FloatField, ForeignKey, IntegerField, TextField, models
from lamindb.base.uids import base62_8, base62_12
from lamindb.models import Artifact, BaseSQLRecord, CanCurate, Feature, IsLink, SQLRecord, TracksRun, TracksUpdates


class Donor(SQLRecord, CanCurate, TracksRun, TracksUpdates):
    """People and animals that samples come from."""

    uid: str = CharField(max_length=8, unique=True, default=base62_8)
    """Identifier that is the same in every database."""
    name: str = CharField(db_index=True)
    """Pseudonym."""
    age: int | None = IntegerField(null=True)
    """Age in years, when the first sample was taken."""
    organism: bt.Organism | None = ForeignKey(bt.Organism, null=True, related_name="donors")
    """The species."""


class Biosample(SQLRecord, CanCurate, TracksRun, TracksUpdates):
    """Samples, as they lie in the freezer."""

    class Meta:
        labels = ("Record",)

    uid: str = CharField(max_length=12, unique=True, default=base62_12)
    """Identifier that is the same in every database."""
    name: str = CharField(unique=True)
    """What is written on the tube."""
    volume: float | None = FloatField(null=True)
    """Volume in ml."""
    donor: Donor | None = ForeignKey(Donor, null=True, related_name="biosamples")
    """Who gave it."""
    tissues = models.ManyToManyField(bt.Tissue, related_name="biosamples")
    """Where it was taken."""
    artifacts = models.ManyToManyField(Artifact, through="ArtifactBiosample", related_name="biosamples")
    """The datasets that were measured on it."""


class ArtifactBiosample(BaseSQLRecord, IsLink, TracksRun):
    """The samples of a dataset, and the feature whose value they are."""

    class Meta:
        unique_together = ("artifact", "biosample", "feature")

    id: int = models.BigAutoField(primary_key=True)
    artifact: Artifact = ForeignKey(Artifact, models.CASCADE, related_name="links_biosample")
    """The dataset."""
    biosample: Biosample = ForeignKey(Biosample, models.PROTECT, related_name="links_artifact")
    """The sample."""
    feature: Feature | None = ForeignKey(Feature, models.PROTECT, null=True, related_name="links_artifactbiosample")
    """The feature; none for a plain label."""


class Treatment(SQLRecord, CanCurate, TracksRun, TracksUpdates):
    """What is done to cells."""

    class Meta:
        labels = ("Artifact",)  # short for a link like the one above

    uid: str = CharField(max_length=8, unique=True, default=base62_8)
    """Identifier that is the same in every database."""
    name: str = CharField(db_index=True)
    """Name, such as 10 uM dexamethasone."""
    kind: str = CharField(max_length=16, choices=("compound", "genetic", "physical"), default="compound")
    """compound, genetic or physical."""
    description: str | None = TextField(null=True)
    """What it is, in a sentence or more."""


class Experiment(SQLRecord, CanCurate, TracksRun, TracksUpdates):
    """Experiments: one plate, one day."""

    uid: str = CharField(max_length=8, unique=True, default=base62_8)
    """Identifier that is the same in every database."""
    name: str = CharField(unique=True)
    """Name in the lab's notebook."""
    day = DateField(null=True)
    """When it was done."""


class Well(SQLRecord, TracksRun):
    """Wells of a plate: which sample got which treatments."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["experiment", "position"], name="unique_well_of_experiment")]

    uid: str = CharField(max_length=12, unique=True, default=base62_12)
    """Identifier that is the same in every database."""
    position: str = CharField(max_length=4)
    """Row and column, such as B07."""
    experiment: Experiment = ForeignKey(Experiment, models.CASCADE, related_name="wells")
    """The experiment."""
    biosample: Biosample | None = ForeignKey(Biosample, null=True, related_name="wells")
    """The sample in it."""
    treatments = models.ManyToManyField(Treatment, related_name="wells")
    """What was done to it."""
