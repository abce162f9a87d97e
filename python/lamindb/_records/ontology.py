"""Registries of public ontologies: terms from a source, with synonyms and parents."""

import os

from .. import _core
from .._process import session as _session
from .._process.logger import logger
from .._process.settings import settings
from .._queries.conditions import field_name
from .._surface.former import keywords
from .._surface.missing import Missing
from ..errors import FileDoesNotExist
from .record import SQLRecord


class HasSource:
    """Rows that record which release of an ontology they came from.

    Example:

        >>> bt.CellType.get(name="T cell").source is None
        True
    """


class HasOntologyId:
    """Rows with a public identifier, such as CL:0000084.

    Example:

        >>> bt.CellType.get(name="T cell").ontology_id
        'CL:0000084'
    """


class BioRecord(SQLRecord, HasSource, HasOntologyId, abstract=True):
    """The base of bionty's registries: terms of public ontologies, and terms of your own.

    Args:
        *args: none: values have keywords.
        **kwargs: values of fields; `organism` by name or as a record, otherwise that of `bt.settings`.

    Raises:
        FieldValidationError: a keyword is not a field, or a required one is missing.

    Example:

        >>> bt.CellType(ontology_id="CL:0000084").name
        'T cell'
    """

    _positional_message = "must provide ontology_id or name as a keyword"

    def __init__(self, *args, **kwargs):
        cls = type(self)
        names = cls._names
        if "organism" in names and "organism_id" not in kwargs:
            organism = kwargs.get("organism")
            if organism is None:
                organism = settings._organism_name
            if isinstance(organism, str):
                organism = _core.organism(_session.current(), organism)
            if organism is not None:
                kwargs["organism"] = organism
        if not args and kwargs.get("name") is None and kwargs.get("ontology_id") is not None and "name" in names:
            kwargs = _from_registered(cls, kwargs)
        super().__init__(*args, **kwargs)

    @classmethod
    def require_organism(cls, field=None):
        """Whether rows belong to an organism (bool).

        Args:
            field (FieldAttr, optional): the field by which rows are meant: one that is unique needs no organism.

        Example:

            >>> bt.Gene.require_organism(), bt.CellType.require_organism()
            (True, False)
        """
        if "organism" not in cls._names:
            return False
        columns = {column["name"]: column for column in cls._description["columns"]}
        return field is None or not columns[field_name(field)].get("unique", False)

    @classmethod
    def import_source(cls, source=None, update_records=False, *, organism=None, ignore_conflicts=True, path=None,
                      version=None):  # fmt: skip
        """Imports all terms of a source, with synonyms and parents, in one transaction.

        Args:
            source (Source, optional): the release of the ontology that the file is; otherwise as the file says.
            update_records (bool): rewrite terms that are registered and differ.
            organism (str | Organism, optional): of genes and proteins.
            ignore_conflicts (bool): terms that are registered stay as they are; False, which would refuse them, is not implemented.
            path (str | PathLike, optional): a local OBO file, or a table (.csv, .parquet, .tsv).
            version (str, optional): the release; otherwise as the file says.

        Raises:
            InvalidArgument: the file is none of these, or does not say which ontology or release it is.
            NotImplementedError: there is no path: terms are not downloaded yet.

        Example::

            bt.CellType.import_source(path="cl.obo")
        """
        if path is None:
            raise NotImplementedError(
                f"the download of ontologies is not implemented in lamindb-native yet: {cls.__name__}.import_source(path='file.obo') imports a file"
            )
        if not ignore_conflicts:
            raise NotImplementedError(f"{cls.__name__}.import_source(ignore_conflicts=False) is not implemented in lamindb-native yet")
        if not os.path.exists(path):
            raise FileDoesNotExist(os.path.abspath(path))
        if source is not None and not isinstance(source, (SQLRecord, str)):
            raise TypeError(f"source must be a Source or the name of one, not a {type(source).__name__}")
        options = {"update": bool(update_records)}
        if organism is not None:
            options["organism"] = organism if isinstance(organism, str) else organism.name
        if isinstance(source, str):
            options["source"] = source
        elif source is not None:
            options.update(source=source.name, version=source.version)
            options.setdefault("organism", source.organism)
        if version is not None:
            options["version"] = str(version)
        report = _core.import_terms(_session.current(), cls.__registry__, os.fspath(path), options)
        logger.important(
            f"imported {report['created']} new {cls.__name__} records of {report['terms']} terms from {os.path.basename(os.fspath(path))}"
        )

    @classmethod
    def from_source(cls, **kwargs):
        """Not implemented yet: raises NotImplementedError.

        Args:
            **kwargs: as in LaminDB: `name` or `ontology_id` of the term.

        Example::

            bt.CellType.from_source(name="T cell")
        """
        Missing(f"{cls.__name__}.from_source")()

    @classmethod
    @keywords
    def public(cls, organism=None, source=None):
        """Not implemented yet: raises NotImplementedError.

        Args:
            organism (str | Organism, optional): as in LaminDB.
            source (Source, optional): as in LaminDB.

        Example::

            bt.CellType.public()
        """
        Missing(f"{cls.__name__}.public")()

    @classmethod
    def add_source(cls, source, **kwargs):
        """Not implemented yet: raises NotImplementedError.

        Args:
            source (Source | str): as in LaminDB.
            **kwargs: as in LaminDB.

        Example::

            bt.CellType.add_source("cl")
        """
        Missing(f"{cls.__name__}.add_source")()


def _from_registered(cls, kwargs):
    """`CellType(ontology_id=...)` without a name: the row registered under the identifier."""
    known = cls.filter(ontology_id=kwargs["ontology_id"]).one_or_none()
    return kwargs if known is None else {**kwargs, "name": known.name}
