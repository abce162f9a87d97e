"""Registries of a wet lab: who gave which sample, what was done to it, in which well of which experiment."""

from .models import ArtifactBiosample, Biosample, Donor, Experiment, Treatment, Well

__all__ = ["ArtifactBiosample", "Biosample", "Donor", "Experiment", "Treatment", "Well"]
