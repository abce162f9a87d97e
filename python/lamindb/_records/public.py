"""Public ontologies to look things up in, without registering anything: `bt.CellType.public()`."""

from contextlib import contextmanager
from typing import NamedTuple

from .. import _core
from .._process import session as _session
from .._process.classes import class_of
from .._process.settings import settings
from .._queries import validation
from .._queries.frames import shown_columns
from .._queries.lookup import make_lookup
from .._queries.queryset import QuerySet
from .._surface.lazy import later
from ..errors import CurrentInstanceNotConfigured, OrganismNotSet

to_pronto = later("lamindb._records.pronto", "to_pronto")

_HIDDEN = {"uid", "abbr", "is_locked", "created_at", "version_tag", "is_latest", "is_type"}


@contextmanager
def organism_asked():
    """What the core says of a missing organism, as LaminDB's exception."""
    try:
        yield
    except CurrentInstanceNotConfigured as error:
        raise OrganismNotSet(str(error)) from None


def name_of(organism):
    """The name of an organism that is given as a record, by name or not at all; then that of `bt.settings`."""
    if organism is None:
        return settings._organism_name or ""
    return organism if isinstance(organism, str) else organism.name


class PublicOntologyField(str):
    """A field of a public ontology: `public.name`.

    Args:
        name (str): the column.

    Example:

        >>> str(bt.base.PublicOntologyField("name"))
        'name'
    """

    def __new__(cls, name):
        return super().__new__(cls, name)

    @property
    def name(self):
        """The name of the field (str)."""
        return str(self)


class PublicOntology:
    """The terms of a release of a public ontology.

    Args:
        registry (Registry): the registry that the terms are for; `bt.CellType.public()` passes it.
        source (str | Source, optional): the name of a source, or a release; otherwise the one in use.
        version (str, optional): of the source.
        organism (str | Organism, optional): for sources that have one release for each.

    Raises:
        OrganismNotSet: the registry needs an organism.
        ObjectDoesNotExist: there is no such source.
        LaminError: the terms are not here and cannot be downloaded; the message says what to do.

    Example::

        public = bt.CellType.public()
        public.validate(["T cell", "T-cell"])
        public.lookup().t_cell
    """

    _shown_as = "PublicOntology"

    def __init__(self, registry, source=None, version=None, organism=None):
        self._registry = registry
        session = _session.current()
        if source is None or isinstance(source, str):
            organism = "" if organism is None and not registry.require_organism() else name_of(organism)
            with organism_asked():
                found = _core.release(session, self._feeds(), organism, source or "", version or "", False)
            source = found if version is not None else _core.readable_release(session, found)
        self._record = source
        empty = source.url is None and source.dataframe_artifact_id is None
        self._session = None if empty and not _core.release_at_hand(session, source) else _core.open_release(session, source)
        self._frame = None

    def _feeds(self):
        """What its sources are for."""
        return self._registry.__registry__

    @property
    def source(self):
        """The name of the source (str)."""
        return self._record.name

    @property
    def version(self):
        """The release (str)."""
        return self._record.version

    @property
    def organism(self):
        """The organism that the terms are of, or "all" (str)."""
        return self._record.organism

    @property
    def fields(self):
        """The names of the columns (set[str])."""
        return set(self._columns())

    def __getattr__(self, name):
        if not name.startswith("_") and name in self._columns():
            return PublicOntologyField(name)
        raise AttributeError(f"{type(self).__name__} of {self._registry.__name__} has no field {name!r}")

    def __repr__(self):
        n = 0 if self._session is None else self._rows().count()
        return (
            f"{self._shown_as}\nEntity: {self._record.entity.rpartition('.')[2]}\nOrganism: {self.organism}\n"
            f"Source: {self.source}, {self.version}\n#terms: {n}\n"
        )

    def _rows(self):
        return QuerySet(self._registry, _core.Query(self._registry.__registry__), self._session)

    def _columns(self):
        """{name shown: field of the registry}, in order."""
        model = self._registry
        references = {column["column"] for column in model._description["columns"] if column["kind"] == "ref"}
        names = [name for name in shown_columns(model) if name not in _HIDDEN and name not in references]
        shown = {"definition" if name == "description" and "ontology_id" in names else name: name for name in names}
        if "ontology_id" in names:
            shown = {"ontology_id": "ontology_id", **shown}
        return {**shown, "parents": "parents__ontology_id"} if "parents" in model._names else shown

    def _table(self):
        import pandas

        if self._frame is None:
            columns = self._columns()
            if self._session is None:
                return pandas.DataFrame(columns=list(columns))
            frame = self._rows().order_by("id").to_dataframe(include=list(columns.values()), limit=None)
            frame = frame[list(columns.values())].set_axis(list(columns), axis="columns").reset_index(drop=True)
            if "parents" in columns:
                frame["parents"] = [sorted(filter(None, ids)) if isinstance(ids, (set, list, tuple)) else [] for ids in frame["parents"]]
            self._frame = frame
        return self._frame

    def to_dataframe(self):
        """All terms, one per row.

        Returns:
            pandas.DataFrame: indexed by ontology id where the terms have one; organisms by name.

        Example::

            bt.CellType.public().to_dataframe()
        """
        frame = self._table()
        index = "name" if "scientific_name" in frame.columns else "ontology_id"
        return frame.set_index(index) if index in frame.columns else frame.copy()

    def df(self):
        """The former name of `to_dataframe`.

        Example::

            bt.CellType.public().df()
        """
        return self.to_dataframe()

    def _within(self):
        """Where the core looks."""
        organism = self.organism if self._registry.require_organism() else None
        return {"session": self._session, "organism": organism}

    def _field(self, field):
        """In the registry; None stays None."""
        return None if field is None else self._columns().get(str(field), str(field))

    def validate(self, values, field=None, *, mute=False):
        """Which values are terms, exactly.

        Args:
            values (str | Iterable[str]): the values.
            field (str, optional): the field to compare with; otherwise the name.
            mute (bool): print nothing.

        Returns:
            numpy.ndarray: a bool per value.

        Example::

            bt.CellType.public().validate(["T cell", "Tcell"])
        """
        import numpy

        if self._session is None:
            return numpy.zeros(len(list(values)), dtype=bool)
        values = [values] if isinstance(values, str) else values
        return validation.validate(self._registry, values, self._field(field), mute=mute, **self._within())

    def inspect(self, values, field=None, *, standardize=True, mute=False):
        """Which values are terms, which are synonyms, and what the others may mean.

        Args:
            values (str | Iterable[str]): the values.
            field (str, optional): the field to compare with; otherwise the name.
            standardize (bool): look for synonyms as well.
            mute (bool): print nothing.

        Returns:
            InspectResult: the findings.

        Example::

            bt.Gene.public(organism="human").inspect(["ABC1", "TNFRSF4"]).synonyms_mapper
        """
        found = validation.inspect(self._registry, values, self._field(field), mute=mute, **self._within())
        if not standardize:
            found.synonyms_mapper = {}
        return found

    def standardize(self, values, field=None, *, return_field=None, return_mapper=False, case_sensitive=False, mute=False,
                    keep="first", synonyms_field="synonyms"):  # fmt: skip
        """Standard names of values, which stay as they are if they are not known.

        Other arguments as in :meth:`CanCurate.standardize`.

        Example::

            bt.CellType.public().standardize(["T-cell"])
        """
        return validation.standardize(
            self._registry, values, self._field(field), return_field=self._field(return_field), return_mapper=return_mapper,
            case_sensitive=case_sensitive, mute=mute, keep=keep, synonyms_field=str(synonyms_field), **self._within(),
        )  # fmt: skip

    def search(self, string, *, field=None, limit=None, case_sensitive=False):
        """Terms that contain a text, best first.

        Args:
            string (str): the text.
            field (str | list[str], optional): where to look; otherwise in every text.
            limit (int | None): the most terms.
            case_sensitive (bool): tell upper and lower case apart.

        Returns:
            pandas.DataFrame: the terms.

        Example::

            bt.CellType.public().search("gamma delta T cell", limit=3)
        """
        fields = None if field is None else [self._field(f) for f in ([field] if isinstance(field, str) else field)]
        found = self._rows().search(string, field=fields, limit=limit, case_sensitive=case_sensitive)
        frame = self._table_of(found)
        return frame.set_index("ontology_id") if "ontology_id" in frame.columns else frame

    def _table_of(self, found):
        """The rows of the table for terms that were found, in their order."""
        ids = self._rows().order_by("id").to_list("id")
        places = dict(zip(ids, range(len(ids))))
        return self._table().iloc[[places[row.id] for row in found]]

    def lookup(self, field=None):
        """The terms as attributes of an object, for auto-completion.

        Args:
            field (str, optional): the field that names them; otherwise the name.

        Returns:
            Lookup: named tuples by name; several where a name is not unique.

        Example::

            bt.CellType.public().lookup().t_cell
        """
        import keyword

        name = str(field) if field is not None else self._registry._name_field
        by_value, by_key = {}, {}
        for row in self._table().itertuples(index=False, name=self._record.entity.rpartition(".")[2]):
            value = getattr(row, name)
            if not isinstance(value, str) or not value:
                continue
            by_value.setdefault(value, []).append(row)
            key = _core.lookup_key(value, "bt_")
            by_key.setdefault(key + "_" if keyword.iskeyword(key) else key, []).append(row)
        return make_lookup(by_key, by_value, None, False)

    def diff(self, compare_to, **kwargs):
        """Terms that only one of two releases of a source has, and those that changed.

        Args:
            compare_to (PublicOntology): another release.
            **kwargs: passed to `pandas.DataFrame.compare`.

        Returns:
            tuple[pandas.DataFrame, pandas.DataFrame]: rows that are in one only; what differs in the others.

        Raises:
            ValueError: they are not two releases of one source.

        Example::

            bt.CellType.public().diff(bt.CellType.public(source=older))
        """
        import pandas

        if self._registry is not compare_to._registry:
            raise ValueError("Both PublicOntology objects must be of the same class.")
        if self.source != compare_to.source:
            raise ValueError("Both PublicOntology objects must use the same source.")
        if self.version == compare_to.version:
            raise ValueError("The versions of the PublicOntology objects must differ.")
        one, other = (part.to_dataframe() for part in (self, compare_to))
        for frame in (one, other):
            if "parents" in frame.columns:
                frame["parents"] = [tuple(ids) for ids in frame["parents"]]
        shared = one.index.intersection(other.index)
        changed = one.loc[shared].compare(other.loc[shared], **kwargs)
        return pandas.concat([one, other]).drop_duplicates(keep=False), changed

    def to_pronto(self, mute=False):
        """The terms as an ontology of the package pronto, which must be installed.

        It is read from the file of the release; of a table it has what the table has.

        Args:
            mute (bool): say nothing about terms that are no ontology, such as genes.

        Returns:
            pronto.Ontology: None for terms that are no ontology.

        Raises:
            ImportError: pronto is not installed.

        Example::

            bt.CellType.public().to_pronto()["CL:0000084"].superclasses()
        """
        return to_pronto(self, lambda: _core.release_path(_session.current(), self._record), mute)


class MappingResult(NamedTuple):
    """What became of identifiers that Ensembl retired.

    Example::

        bt.Gene.public(organism="human").map_legacy_ids(["ENSG00000280710"]).mapped
    """

    mapped: dict
    """Those with one successor (dict[str, str])."""
    ambiguous: dict
    """Those with several (dict[str, list[str]])."""
    unmapped: list
    """The others (list[str])."""


class PublicGenes(PublicOntology):
    """The genes of a release: a :class:`PublicOntology` that knows what became of identifiers that Ensembl retired."""

    def map_legacy_ids(self, values):
        """The identifiers in this release of genes that had other identifiers in earlier ones.

        Args:
            values (str | Iterable[str]): identifiers of Ensembl, of any release, with or without a version.

        Returns:
            MappingResult: those with one successor, with several, and without any.

        Raises:
            LaminError: there is no table of retired identifiers for this release; the message says what to bring.

        Example::

            bt.Gene.public(organism="human").map_legacy_ids(["ENSG00000280710"]).mapped
        """
        values = [values] if isinstance(values, str) else list(values)
        return MappingResult(*_core.map_retired_ids(_session.current(), self._record, values))


def _to_pandas(table):
    import pyarrow

    return pyarrow.record_batch(table).to_pandas()


class PublicTable(PublicOntology):
    """Public terms for which there is no registry: a :class:`PublicOntology` with all columns of the release's table.

    Args:
        entity (str): "Drug", "BioSample" or "BFXPipeline".
        source (str | Source, optional): the name of a source, or a release; otherwise the one in use.
        version (str, optional): of the source.
        organism (str | Organism, optional): for sources that have one release for each.

    Example::

        bt.base.Drug(source="chebi").to_dataframe()
    """

    def __init__(self, entity, source=None, version=None, organism=None):
        self._entity = entity
        super().__init__(class_of(_core.registry_for_release(entity)), source, version, organism)

    def _feeds(self):
        return self._entity

    def _table(self):
        if self._frame is None:
            table = _core.release_table(_session.current(), self._record)
            self._frame = super()._table() if table is None else _to_pandas(table)
        return self._frame

    def _table_of(self, found):
        # The table may have rows that no registry can hold.
        by_name = self._table().drop_duplicates("name").set_index("name", drop=False)
        return by_name.loc[[row.name for row in found]].reset_index(drop=True)

    @property
    def fields(self):
        """The names of the columns (set[str])."""
        return set(self._table().columns)


class StaticReference(PublicOntology):
    """Terms from a table that was added to a source: what `public()` returns where a release has one.

    Args:
        source_record (Source): the release.

    Example::

        bt.Gene.public(source=source)
    """

    _shown_as = "StaticReference"

    def __init__(self, source_record):
        super().__init__(class_of(source_record.entity), source_record)
