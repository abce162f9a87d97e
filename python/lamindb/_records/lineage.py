"""What led to a record and what came of it: the graph, its forms, and the rows in it."""

import json
from collections import namedtuple

from .. import _core
from .._process.classes import class_of
from .._process.logger import show
from .._queries.queryset import QuerySet
from ..errors import InvalidArgument

LineageNode = namedtuple(
    "LineageNode", "kind uid name description entrypoint type suffix version status size at distance id"
)
LineageEdge = namedtuple("LineageEdge", "source target kind")

_ANY = -1
_DRAWN = 1000  # runs that `view_lineage` shows in each direction: nobody reads more


class Lineage:
    """What led to a record and what came of it: text where it is printed, a drawing in a notebook.

    Attributes:
        nodes (list[LineageNode]): kind ("artifact", "collection", "record", "run", "transform"), uid, name, description,
            entrypoint, type, suffix, version, status, size, at, distance (edges from the record asked for, negative for
            what led to it), id; the first is that record.
        edges (list[LineageEdge]): source and target, as positions in `nodes`, and kind: "input", "output", "recreated",
            "precedes".
        cut (bool): there is more than was read.

    Example:

        >>> artifact.upstream().nodes[0].kind
        'artifact'
    """

    def __init__(self, graph, session):
        self._graph, self._session = graph, session
        self.nodes = [LineageNode(*node) for node in graph.nodes()]
        self.edges = [LineageEdge(*edge) for edge in graph.edges()]
        self.cut = graph.cut

    def __repr__(self):
        return self._graph.text().rstrip("\n")

    def _repr_html_(self):
        return self._graph.html(8)

    def _rows(self, kind, registry):
        ids = [node.id for node in self.nodes[1:] if node.kind == kind]
        return QuerySet(class_of(registry), _core.Query(registry).where(None, {"id__in": ids}), self._session)

    @property
    def artifacts(self):
        """The artifacts in it, without the record asked for (a query set).

        Example:

            >>> artifact.downstream().artifacts.count()
            0
        """
        return self._rows("artifact", "Artifact")

    @property
    def collections(self):
        """The collections in it, without the record asked for (a query set)."""
        return self._rows("collection", "Collection")

    @property
    def records(self):
        """The records in it, without the record asked for (a query set)."""
        return self._rows("record", "Record")

    @property
    def runs(self):
        """The runs in it, without the record asked for (a query set)."""
        return self._rows("run", "Run")

    @property
    def transforms(self):
        """The transforms in it, or those of its runs, without the record asked for (a query set)."""
        if self.nodes[0].kind == "transform":
            return self._rows("transform", "Transform")
        ids = [node.id for node in self.nodes if node.kind == "run"]
        query = _core.Query("Transform").where(None, {"runs__id__in": ids})
        return QuerySet(class_of("Transform"), query, self._session).distinct()

    def to_svg(self, most_results=8):
        """The drawing (str), to be written to a file.

        Args:
            most_results (int): the results of one run that lead nowhere, before they are only counted; 0 for all.

        Example:

            >>> artifact.upstream().to_svg().startswith("<svg")
            True
        """
        return self._graph.svg(most_results)

    def to_mermaid(self):
        """A flowchart in Mermaid's language (str), for Markdown pages.

        Example:

            >>> artifact.upstream().to_mermaid().splitlines()[0]
            'flowchart LR'
        """
        return self._graph.mermaid()

    def to_json(self):
        """Nodes and edges as JSON (str).

        Example:

            >>> artifact.upstream().to_json()[:9]
            '{"focus":'
        """
        return self._graph.json()

    def to_dict(self):
        """Nodes and edges as `to_json` has them (dict).

        Example:

            >>> sorted(artifact.upstream().to_dict())
            ['cut', 'edges', 'focus', 'nodes']
        """
        return json.loads(self._graph.json())

    def to_graphviz(self):
        """The graph for graphviz (graphviz.Digraph), named as LaminDB names it.

        Raises:
            ImportError: the package graphviz is not installed.

        Example::

            artifact.upstream().to_graphviz().source
        """
        try:
            from graphviz import Digraph
        except ImportError as missing:
            raise ImportError("graphviz draws Digraphs: pip install graphviz") from missing
        names = [f"{node.kind}_{node.uid}" for node in self.nodes]
        graph = Digraph(names[0], node_attr={"shape": "box", "fontname": "Helvetica", "fontsize": "10"})
        for name, node in zip(names, self.nodes):
            title = f"{node.name}: {node.entrypoint}" if node.entrypoint else node.name
            graph.node(name, label=_plain(title), style="filled" if node.kind in ("run", "transform") else "rounded")
        for edge in self.edges:
            if edge.kind != "recreated":
                graph.edge(names[edge.source], names[edge.target])
        return graph


def _plain(text):
    """A label that graphviz takes as it is."""
    return text.replace("\\", "\\\\") if not text.startswith("<") else " " + text.replace("\\", "\\\\")


def lineage_of(record, up, down, siblings=True, recreated=False, **more):
    """The graph around a record; None is any distance."""
    for name, depth in (("up", up), ("down", down)):
        if depth is not None and (isinstance(depth, bool) or not isinstance(depth, int) or depth < 0):
            raise InvalidArgument(f"{name} is {depth!r}, but it is a number of runs: 0, 1, 2, ..., or None for any")
    depths = [_ANY if depth is None else min(depth, 2**31 - 1) for depth in (up, down)]
    return Lineage(_core.lineage_graph(record, *depths, siblings, recreated, **more), _core.session_of(record))


class HasLineage:
    """Rows that were made from others, or of which others were made.

    Example:

        >>> artifact.downstream().runs.count()
        0
    """

    def upstream(self, depth=None, *, siblings=False, recreated=False):
        """What led to it: runs, their inputs, the runs that made those, and so on.

        Args:
            depth (int, optional): only what is up to n runs away; for a transform, n transforms. None is any number.
            siblings (bool): also the other results of these runs.
            recreated (bool): also runs that made again what existed.

        Returns:
            Lineage: `artifacts`, `runs`, ... are query sets; shown as a drawing in a notebook.

        Example:

            >>> artifact.upstream(depth=2).artifacts.count()
            0
        """
        return lineage_of(self, depth, 0, siblings, recreated)

    def downstream(self, depth=None, *, siblings=False, recreated=False):
        """What came of it: the runs that used it, their results, the runs that used those, and so on.

        Arguments and result as in :meth:`HasLineage.upstream`.

        Example:

            >>> artifact.downstream().artifacts.filter(suffix=".h5ad").count()
            0
        """
        return lineage_of(self, 0, depth, siblings, recreated)

    def view_lineage(self, with_children=True, return_graph=False):
        """Shows what it was made from and what was made from it: as text, in a notebook as a drawing.

        Args:
            with_children (bool): also what was made from it.
            return_graph (bool): return a graphviz.Digraph instead.

        Raises:
            ImportError: return_graph without the package graphviz.

        Example::

            ln.Artifact.get(key="blood/pbmc.h5ad").view_lineage()
        """
        return shown(self, None, None if with_children else 0, return_graph)


def shown(record, up, down, return_graph=False):
    """Shows the graph around a record, or returns it as a Digraph."""
    if return_graph:
        return lineage_of(record, up, down).to_graphviz()

    def drawn(form):
        found = lineage_of(record, up, down, siblings=form == "html", most=_DRAWN)
        return found._repr_html_() if form == "html" else repr(found)

    show(drawn, False)
    return None
