"""Public ontologies by entity: `bt.base.CellType(source="cl")`. Their terms need not be registered."""

from lamindb._surface.lazy import load, public

_ENTITIES = (
    "CellLine", "CellMarker", "CellType", "DevelopmentalStage", "Disease", "Ethnicity", "ExperimentalFactor", "Gene", "Organism",
    "Pathway", "Phenotype", "Protein", "Tissue",
)  # fmt: skip

_DOC = """The terms of a release for `bt.{name}`: see :class:`PublicOntology`.

    Args:
        source (str | Source, optional): the name of a source, or a release; otherwise the one in use.
        version (str, optional): of the source.
        organism (str | Organism, optional): for sources that have one release for each.

    Example::

        bt.base.{name}()
    """


def _entity(name):
    """The public ontology for the registry of this name."""
    if name not in _ENTITIES:
        return None
    public_ontology = load("lamindb._records.public").PublicOntology
    registry = getattr(load("bionty"), name)

    def __init__(self, source=None, version=None, organism=None):
        public_ontology.__init__(self, registry, source, version, organism)

    doc = _DOC.format(name=name)
    return type(name, (public_ontology,), {"__init__": __init__, "__doc__": doc, "__module__": __name__})


_entity.names = lambda: _ENTITIES

__getattr__, __dir__ = public(
    __name__, {"PublicOntology": "lamindb._records.public", "PublicOntologyField": "lamindb._records.public"}, find=_entity
)
