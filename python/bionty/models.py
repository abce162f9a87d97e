"""All registry classes of bionty and their bases."""

from lamindb._surface.lazy import public
from lamindb.models import OfModule

__getattr__, __dir__ = public(
    __name__, dict.fromkeys(("BioRecord", "HasSource", "HasOntologyId"), "lamindb._records.ontology"), find=OfModule("bionty")
)
