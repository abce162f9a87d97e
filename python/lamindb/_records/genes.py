"""What values of a dataset say about genes: `bt.core.find_genes`."""

from .. import _core
from .._process import session as _session
from .public import name_of, organism_asked


class GeneReport:
    """What values say about genes, one finding for each: what `bt.core.find_genes` returns. Its text is for people.

    Args:
        values (list[str]): the values.
        found (dict): what the core found.

    Example::

        bt.core.find_genes(["ENSG00000141510.20", "P53"], organism="human").to_dataframe()
    """

    def __init__(self, values, found):
        self._values, self._findings, self._text = values, found["findings"], found["text"]
        self.matches = found["matches"]
        """How many values are an id, a symbol, an alias, ambiguous, unknown, ... (dict[str, int])."""
        self.biotypes = found["biotypes"]
        """How many of the found genes are of each biotype (dict[str, int])."""
        self.organisms = found["organisms"]
        """How many of the found genes are of each organism (dict[str, int])."""
        self.releases = found["releases"]
        """The releases that were looked into (list[str])."""

    def __repr__(self):
        return self._text

    def to_dataframe(self):
        """The findings, one per value, in order.

        Returns:
            pandas.DataFrame: indexed by value: match, ensembl_gene_id, symbol, biotype, organism, candidates.

        Example::

            bt.core.find_genes(["TP53"], organism="human").to_dataframe()
        """
        import pandas

        columns = ["match", "ensembl_gene_id", "symbol", "biotype", "organism", "candidates"]
        index = pandas.Index(self._values, name="value")
        return pandas.DataFrame(self._findings, columns=columns, index=index)


def find_genes(values, organism=None):
    """What values say about genes: ids of Ensembl (with or without version), NCBI and HGNC, symbols, aliases, retired ids.

    Nothing is guessed: of a value that several genes have, they are named. All values are looked up in one pass, in the
    releases that are in use; nothing is registered.

    Args:
        values (Iterable[str]): the values, such as the var names of a dataset.
        organism (str | Organism | list, optional): the organism or organisms; otherwise those that the values name
            (ENSMUSG..., mm10_...), and that of `bt.settings`.

    Returns:
        GeneReport: a finding for each value, and a summary by biotype.

    Raises:
        OrganismNotSet: neither the values nor you name an organism.
        LaminError: the genes are not here and cannot be downloaded; the message says what to do.

    Example::

        bt.core.find_genes(["ENSG00000141510.20", "P53"], organism="human")
    """
    values = [str(value) for value in ([values] if isinstance(values, str) else values)]
    asked = organism if isinstance(organism, (list, tuple)) else [organism]
    with organism_asked():
        found = _core.find_genes(_session.current(), values, [name for name in map(name_of, asked) if name])
    return GeneReport(values, found)
