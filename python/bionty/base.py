"""Public ontologies by entity: `bt.base.CellType(source="cl")`. Their terms need not be registered."""

from lamindb._surface.lazy import load, public

_ENTITIES = (
    "CellLine", "CellMarker", "CellType", "DevelopmentalStage", "Disease", "Ethnicity", "ExperimentalFactor", "Gene", "Organism",
    "Pathway", "Phenotype", "Protein", "Tissue",
)  # fmt: skip
_TABLES = ("BFXPipeline", "BioSample", "Drug")  # public terms for which there is no registry

_DOC = """The terms of a release for `bt.{name}`: see :class:`PublicOntology`.

    Args:
        source (str | Source, optional): the name of a source, or a release; otherwise the one in use.
        version (str, optional): of the source.
        organism (str | Organism, optional): for sources that have one release for each.

    Example::

        bt.base.{name}()
    """

_DOC_OF_TABLE = _DOC.replace("The terms of a release for `bt.{name}`: see", "Public terms for which there is no registry: see")


def _entity(name):
    """The public ontology for the registry of this name."""
    if name not in _ENTITIES and name not in _TABLES:
        return None
    of_module = load("lamindb._records.public")
    base = of_module.PublicGenes if name == "Gene" else of_module.PublicTable if name in _TABLES else of_module.PublicOntology
    registry = name if name in _TABLES else getattr(load("bionty"), name)

    def __init__(self, source=None, version=None, organism=None):
        base.__init__(self, registry, source, version, organism)

    doc = (_DOC_OF_TABLE if name in _TABLES else _DOC).format(name=name)
    return type(name, (base,), {"__init__": __init__, "__doc__": doc, "__module__": __name__})


_entity.names = lambda: (*_ENTITIES, *_TABLES)

__getattr__, __dir__ = public(
    __name__,
    {**dict.fromkeys(("PublicOntology", "PublicOntologyField"), "lamindb._records.public"),
     **dict.fromkeys(("display_sources", "display_currently_used_sources"), "lamindb._records.sources")},
    find=_entity,
)
