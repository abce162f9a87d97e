"""Terms of ontologies with all that is known of them, their surroundings, and the move from one release to another."""

import json
from collections import namedtuple
from html import escape

from .. import _core
from .._process import session as _session
from .._process.logger import logger
from ..errors import InvalidArgument
from .public import name_of, organism_asked

TermSynonym = namedtuple("TermSynonym", "text scope type sources")
TermLink = namedtuple("TermLink", "relation ontology_id name")
TermUse = namedtuple("TermUse", "registry count some")
FoundTerm = namedtuple("FoundTerm", "ontology_id name synonyms score is_registered")


class FoundTerms(list):
    """Terms that a search found, the best first: a list that is shown as a table."""

    def _cells(self):
        shown = 60
        cells = [("ontology_id", "name", "registered", "synonyms")]
        for term in self:
            synonyms = ", ".join(filter(None, (term.synonyms or "").split("|")))
            short = synonyms if len(synonyms) <= shown else synonyms[: shown - 1] + "…"
            cells.append((term.ontology_id, term.name, "yes" if term.is_registered else "", short))
        return cells

    def __repr__(self):
        if not self:
            return "[]"
        cells = self._cells()
        widths = [max(len(row[i]) for row in cells) for i in range(3)]
        return "\n".join("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths)), row[3]]).rstrip() for row in cells)

    def _repr_html_(self):
        rows = ["".join(f"<td>{escape(cell)}</td>" for cell in row) for row in self._cells()]
        head, *rest = (f"<tr>{row}</tr>" for row in rows)
        return f"<table><thead>{head.replace('td>', 'th>')}</thead><tbody>{''.join(rest)}</tbody></table>"


class OntologyTerm:
    """All that is known of a term of an ontology.

    Attributes:
        registry (str): the registry that it is for.
        ontology_id, name, definition, abbr (str): as its columns.
        source, version (str): the release that says so; "" for a term of your own.
        record (BioRecord | None): the registered term.
        is_registered, is_obsolete (bool): whether it is.
        synonyms (list[TermSynonym]): text, scope, type, sources; of every scope.
        definition_sources, xrefs, alt_ids, subsets (list[str]): as the release says.
        replaced_by, consider (list[TermLink]): of an obsolete term.
        relations, children (list[TermLink]): relation, ontology_id, name.
        properties (list[tuple[str, str]]): whatever else the release says.
        uses (list[TermUse]): registry, count, and the first few that use it.

    Example:

        >>> bt.CellType.get(name="T cell").ontology.is_obsolete
        False
    """

    def __init__(self, known):
        self._text, self._colours, self._html = (known.pop(form) for form in ("text", "colours", "html"))
        known["synonyms"] = [TermSynonym(*one) for one in known["synonyms"]]
        for name in ("replaced_by", "consider", "relations", "children"):
            known[name] = [TermLink(*one) for one in known[name]]
        known["uses"] = [TermUse(*one) for one in known["uses"]]
        self.__dict__.update(known)

    def __repr__(self):
        return self._text

    def _repr_html_(self):
        return self._html


class OntologyTree:
    """What is above and below a term: text where it is printed, a drawing in a notebook.

    Attributes:
        nodes (list[tuple]): (ontology_id, name, level, is_registered, how many more there are); the first is the term.
        edges (list[tuple[int, int]]): child and parent, as positions in `nodes`.

    Example:

        >>> len(bt.CellType.ontology_tree("lymphocyte", down=1).nodes)
        3
    """

    def __init__(self, known):
        self._text, self._svg = known["text"], known["svg"]
        self.nodes, self.edges = known["nodes"], known["edges"]

    def __repr__(self):
        return self._text

    def _repr_html_(self):
        return self._svg

    def to_svg(self):
        """The drawing (str), to be written to a file.

        Example:

            >>> bt.CellType.ontology_tree("lymphocyte").to_svg().startswith("<svg")
            True
        """
        return self._svg


class Upgrade:
    """An upgrade that was applied.

    Attributes:
        number (int): its number in this instance.
        registry, source, to (str): what was moved to which release.
        applied_at, undone_at (str): when, in UTC; undone_at is "" while it is in effect.
        rows (int): how many rows it changed.

    Example::

        bt.CellType.upgrade(to="2026-03-26").apply().undo()
    """

    def __init__(self, known):
        self._text, self._html = known.pop("text"), known.pop("html")
        self.__dict__.update({name: value for name, value in known.items() if name != "from"})
        self.from_versions = known["from"]

    def __repr__(self):
        return self._text

    def _repr_html_(self):
        return self._html

    def undo(self):
        """Restores every row that it changed to what it was.

        Returns:
            Upgrade: the same, with the time of the undoing.

        Raises:
            IntegrityError: a row was changed since, or an added one is in use; the message says which.

        Example::

            bt.CellType.upgrade(to="2026-03-26").apply().undo()
        """
        return Upgrade(_core.undo_upgrade(_session.current(), self.registry, self.number))


class UpgradePlan:
    """What moving a registry to another release would do.

    Attributes:
        changes (list[dict]): action, id, name, uses and so on, one for each row that changes.
        uses (list[dict]): the datasets, features and schemas that the changes touch.
        notes (list[str]): what to know or to decide.
        diffs (list[dict]): what differs between the releases.

    Example::

        plan = bt.CellType.upgrade(to="2026-03-26")
        plan.apply()
    """

    def __init__(self, plan):
        self._plan = plan
        self._known = json.loads(plan.json())
        for name in ("changes", "uses", "notes", "diffs"):
            setattr(self, name, self._known[name])

    def __repr__(self):
        return self._plan.text(False, 20)

    def _repr_html_(self):
        return self._plan.html(20)

    def to_text(self):
        """The whole plan as text (str).

        Example::

            bt.CellType.upgrade(to="2026-03-26").to_text()
        """
        return self._plan.text(False, 0)

    def to_html(self):
        """The whole plan as HTML (str).

        Example::

            bt.CellType.upgrade(to="2026-03-26").to_html()
        """
        return self._plan.html(0)

    def to_dict(self):
        """The whole plan (dict).

        Example::

            bt.CellType.upgrade(to="2026-03-26").to_dict()["changes"]
        """
        return json.loads(self._plan.json())

    def to_json(self):
        """The whole plan as JSON (str).

        Example::

            bt.CellType.upgrade(to="2026-03-26").to_json()
        """
        return self._plan.json()

    def apply(self):
        """Does it, in one transaction.

        Returns:
            Upgrade: which can be undone.

        Raises:
            IntegrityError: the registry is not as it was planned for: plan again.

        Example::

            bt.CellType.upgrade(to="2026-03-26").apply()
        """
        return Upgrade(self._plan.apply())


def term_of(record):
    """What is known of a registered term."""
    return OntologyTerm(_core.term_info_of(record))


def term_called(registry, text):
    """What is known of a term by what people call it."""
    return OntologyTerm(_core.term_info(_session.current(), registry.__registry__, text))


def tree_of(registry, text, up, down, relation):
    """What is above and below a term."""
    for name, levels in (("up", up), ("down", down)):
        if not isinstance(levels, int) or levels < 0:
            raise InvalidArgument(f"{name} is {levels!r}, but it is a number of levels: 0, 1, 2, ...")
    return OntologyTree(_core.term_graph(_session.current(), registry.__registry__, text, up, down, relation or ""))


def release_of(registry, to, organism=None):
    """The release that a user means by a record, a version, or nothing."""
    if to is not None and not isinstance(to, str):
        return to
    organism = name_of(organism) if organism is not None or registry.require_organism() else ""
    with organism_asked():
        return _core.release(_session.current(), registry.__registry__, organism, "", to or "", False)


def found_terms(registry, text, limit, fuzzy):
    """Terms that match a text, registered or not."""
    found, only_registered, only_near = _core.search_terms(_session.current(), registry.__registry__, text, limit, fuzzy)
    if only_registered:
        logger.warning(f"only registered terms: {only_registered}")
    if only_near:
        logger.warning(f"no term contains {text!r}: these have something like it")
    return FoundTerms(FoundTerm(*one) for one in found)


def planned_upgrade(registry, to, choose, from_version, organism):
    """What moving a registry to a release would do."""
    release = release_of(registry, to, organism)
    return UpgradePlan(_core.plan_upgrade(_session.current(), registry.__registry__, release, dict(choose or {}), from_version or ""))


def undone_upgrade(registry, to, from_version):
    """Undoes the move to a version, or the last one."""
    session = _session.current()
    number = 0 if to is None else _core.find_upgrade(session, registry.__registry__, to, from_version or "")
    return Upgrade(_core.undo_upgrade(session, registry.__registry__, number))


def upgrades_of(registry):
    """The moves of a registry, the last one first."""
    return [Upgrade(known) for known in _core.upgrades(_session.current(), registry.__registry__)]
