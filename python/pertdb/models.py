"""All registry classes of pertdb and their bases."""

from lamindb._surface.lazy import public
from lamindb.models import OfModule

__getattr__, __dir__ = public(__name__, {"BioRecord": "lamindb._records.ontology"}, find=OfModule("pertdb"))
