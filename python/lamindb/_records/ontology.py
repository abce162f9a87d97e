"""Registries of public ontologies: terms from a source, with synonyms and parents."""

import os

from .. import _core
from .._process import session as _session
from .._process.logger import logger
from .._process.settings import settings
from .._queries.conditions import field_name
from .._surface.former import keywords
from .._surface.lazy import later
from ..errors import FileDoesNotExist, InvalidArgument
from .record import SQLRecord

from_values = later("lamindb._records.from_values", "from_values")
term_of, term_called, tree_of, planned_upgrade, found_terms, upgrades_of, undone_upgrade = later(
    "lamindb._records.terms", "term_of", "term_called", "tree_of", "planned_upgrade", "found_terms", "upgrades_of", "undone_upgrade"
)
public_of, added_source, release_in_use = later("lamindb._records.sources", "public_of", "added_source", "release_in_use")


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

    @property
    def ontology(self):
        """All that is known of the term: synonyms of every scope, relations, cross-references, who uses it (OntologyTerm).

        Example:

            >>> [link.name for link in bt.CellType.get(name="T cell").ontology.relations]
            ['lymphocyte']
        """
        return term_of(self)

    @classmethod
    def ontology_term(cls, text):
        """A term of the ontology, whether it is registered or not.

        Args:
            text (str): its identifier, its name, a synonym, or the identifier of a term that was merged into it.

        Returns:
            OntologyTerm: all that is known of it.

        Raises:
            ObjectDoesNotExist: there is no such term; the message names the nearest.

        Example:

            >>> bt.CellType.ontology_term("T-cell").ontology_id
            'CL:0000084'
        """
        return term_called(cls, text)

    @classmethod
    def ontology_tree(cls, text, *, down=2, up=0, relation=None):
        """What is above and below a term, as a tree; in a notebook as a drawing.

        Args:
            text (str): the term, as for `ontology_term`.
            down (int): levels below it.
            up (int): levels above it.
            relation (str, optional): another relation than that of `parents`, such as "part_of".

        Returns:
            OntologyTree: prints as text.

        Raises:
            ObjectDoesNotExist: there is no such term, or no term has such a relation.

        Example:

            >>> print(bt.CellType.ontology_tree("lymphocyte", down=1))
            CL:0000542 lymphocyte
            ├── CL:0000236 B cell
            └── CL:0000084 T cell
        """
        return tree_of(cls, text, up, down, relation)

    @classmethod
    def ontology_search(cls, text, *, limit=20, fuzzy=False):
        """Terms that match a text, registered or of the release in use; the best come first.

        Args:
            text (str): what their names, synonyms or definitions contain.
            limit (int): the maximum number.
            fuzzy (bool): also those that contain it with a wrong letter; otherwise only if none contains it.

        Returns:
            list[FoundTerm]: ontology_id, name, synonyms, score, is_registered.

        Example:

            >>> [term.name for term in bt.CellType.ontology_search("lymphocyte", limit=1)]
            ['lymphocyte']
        """
        return found_terms(cls, text, limit, fuzzy)

    @classmethod
    def upgrades(cls):
        """The moves to other releases that were applied, the last one first; each can be undone.

        Returns:
            list[Upgrade]: with the number, the versions, and when it was applied and undone.

        Example:

            >>> bt.CellType.upgrades()
            []
        """
        return upgrades_of(cls)

    @classmethod
    def undo_upgrade(cls, to=None, *, from_version=None):
        """Restores every row that a move to another release changed.

        Args:
            to (str, optional): the version that it led to; otherwise the last one that is in effect.
            from_version (str, optional): the version that terms were of before.

        Returns:
            Upgrade: with the time of the undoing.

        Raises:
            ObjectDoesNotExist: no such move is in effect.
            IntegrityError: a row was changed since, or an added one is in use; the message says which.

        Example::

            bt.CellType.undo_upgrade("2026-03-26")
        """
        return undone_upgrade(cls, to, from_version)

    @classmethod
    def upgrade(cls, to=None, *, choose=None, from_version=None, organism=None):
        """Plans the move of all registered terms to another release; nothing is changed before `apply()`.

        Args:
            to (Source | str, optional): the release, or its version; otherwise the one in use.
            choose (dict[str, str], optional): what replaces an obsolete term, by id, where the release names several or none.
            from_version (str, optional): the version that registered terms must be of.
            organism (str | Organism, optional): of genes and proteins; otherwise that of `bt.settings`.

        Returns:
            UpgradePlan: what changes, and which datasets, features and schemas it touches; as text, HTML and JSON.

        Raises:
            ObjectDoesNotExist: there is no such release, or no term is of `from_version`.
            OrganismNotSet: the registry needs an organism.
            InvalidArgument: a choice is not a term of the release.
            LaminError: the terms are not here and cannot be downloaded; the message says what to do.

        Example::

            plan = bt.CellType.upgrade(to="2026-03-26")
            print(plan)
            upgrade = plan.apply()
            upgrade.undo()
        """
        return planned_upgrade(cls, to, choose, from_version, organism)


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
        """Whether a look-up by a field needs an organism (bool).

        Args:
            field (str, optional): the field; one that is unique needs none. Without it: whether rows belong to organisms.

        Example:

            >>> bt.Gene.require_organism(), bt.Gene.require_organism(bt.Gene.ensembl_gene_id), bt.CellType.require_organism()
            (True, False, False)
        """
        if "organism" not in cls._names:
            return False
        columns = {column["name"]: column for column in cls._description["columns"]}
        return field is None or not columns[field_name(field)]["unique"]

    @classmethod
    def import_source(cls, source=None, update_records=False, *, organism=None, ignore_conflicts=True, path=None,
                      version=None, strict=False):  # fmt: skip
        """Imports all terms of a source, with synonyms and parents, in one transaction.

        Args:
            source (Source, optional): the release; otherwise the one in use.
            update_records (bool): rewrite terms that are registered and differ.
            organism (str | Organism, optional): of genes and proteins.
            ignore_conflicts (bool): terms that are registered stay as they are; False refuses a source that has any, unless they are
                updated.
            path (str | PathLike, optional): a local file (OBO, OWL, JSON), or a table (.csv, .parquet, .tsv), instead of a download.
            version (str, optional): the release that the file is; otherwise as the file says.
            strict (bool): refuse a file of which anything would be left out with a warning: a clause that cannot be understood, a
                term without a name, a column that no field takes.

        Raises:
            OrganismNotSet: the registry needs an organism.
            IntegrityError: terms are registered already, with `ignore_conflicts=False`.
            ValidationError: with `strict`; the message names what would be left out, with its line.
            TypeError: the source is a name: pass a record.
            InvalidArgument: the file is none of these, or does not say which ontology or release it is.
            LaminError: the terms are not here and cannot be downloaded; the message says what to do.

        Example::

            bt.CellType.import_source()
            bt.CellType.import_source(path="cl.obo")
        """
        options = {"update": bool(update_records), "strict": bool(strict), "refuse_known": not ignore_conflicts and not update_records}
        if path is not None:
            report, name = cls._import_file(source, organism, path, version, options), os.path.basename(os.fspath(path))
        else:
            if isinstance(source, str):
                raise TypeError("import_source() expects a `bt.Source` object, not a str.")
            if source is None:
                source = _core.readable_release(_session.current(), release_in_use(cls, organism))
            if source.entity != cls.__registry__:
                raise ValueError(f"the source is for {source.entity}, not for {cls.__registry__}")
            report, name = _core.import_release(_session.current(), source, *options.values()), f"{source.name} {source.version}"
        logger.important(f"imported {report['created']} new {cls.__name__} records of {report['terms']} terms from {name}")

    @classmethod
    def _import_file(cls, source, organism, path, version, options):
        if not os.path.exists(path):
            raise FileDoesNotExist(os.path.abspath(path))
        if source is not None and not isinstance(source, (SQLRecord, str)):
            raise TypeError(f"source must be a Source or the name of one, not a {type(source).__name__}")
        if organism is not None:
            options["organism"] = organism if isinstance(organism, str) else organism.name
        if isinstance(source, str):
            options["source"] = source
        elif source is not None:
            options.update(source=source.name, version=source.version)
            options.setdefault("organism", source.organism)
        if version is not None:
            options["version"] = str(version)
        return _core.import_terms(_session.current(), cls.__registry__, os.fspath(path), options)

    @classmethod
    def from_source(cls, string=None, *, mute=False, organism=None, source=None, **kwargs):
        """The record of a public term: the registered one, or a new one to be saved, with everything above it.

        Args:
            string (str, optional): the name of the term, or a synonym.
            mute (bool): print nothing.
            organism (str | Organism, optional): of genes and proteins; otherwise that of `bt.settings`.
            source (Source, optional): the release; otherwise the one in use.
            **kwargs: instead of `string`, the exact value of one field: `ontology_id="CL:0000084"`.

        Returns:
            BioRecord | list[BioRecord]: several where a value is not unique.

        Raises:
            DoesNotExist: the source has no such term.
            InvalidArgument: not exactly one value is given.
            TypeError: a name and the value of a field are given.
            OrganismNotSet: the registry needs an organism.

        Example:

            >>> bt.CellType.from_source("T-cell").name
            'T cell'
        """
        kwargs = {field: value for field, value in kwargs.items() if value is not None}
        if string is not None:
            if kwargs:
                raise TypeError(f"from_source() takes the name of a term or the value of one field, not both: {', '.join(kwargs)}")
            field, value, asked = None, string, f"'{string}'"
        elif len(kwargs) != 1:
            raise InvalidArgument(
                "Only one field can be passed to generate records from source"
                if kwargs else "No field passed to generate records from source"
            )  # fmt: skip
        else:
            ((field, value),) = kwargs.items()
            asked = f"{field}='{value}'"
        known = cls.filter(**{field: value}).to_list() if field is not None else []
        found = known or list(from_values(cls, [value], field, False, organism, source, mute))
        found = [record for record in found if field is None or getattr(record, field) == value]
        if not found:
            if source is None and "organism" not in cls._names:
                release_in_use(cls)  # raises if no release is known, and says which may be added
            raise cls.DoesNotExist(f"no {cls.__name__} found in source for the given field value: {asked}")
        return found[0] if len(found) == 1 else found

    @classmethod
    @keywords
    def public(cls, organism=None, source=None):
        """The terms of a public ontology, to look things up in without registering them.

        Args:
            organism (str | Organism, optional): for sources that have one release for each; otherwise that of `bt.settings`.
            source (Source, optional): the release; otherwise the one in use.

        Returns:
            PublicOntology: the terms; the first call for a release downloads its file, or finds it in a folder that
            LAMIN_ONTOLOGIES names.

        Raises:
            OrganismNotSet: the registry needs an organism.
            LaminError: the terms are not here and cannot be downloaded; the message says what to do.

        Example::

            bt.CellType.public().validate(["T cell"])
        """
        return public_of(cls, organism, source)

    @classmethod
    def add_source(cls, source, *, df=None, version=None, organism=None):
        """Registers a release with its terms, which are kept as an artifact.

        Args:
            source (Source | PublicOntology | str): the release, or the name of a source.
            df (pandas.DataFrame, optional): terms of your own: columns are named like the fields of the registry.
            version (str, optional): of a source that is given by name; otherwise the one in use.
            organism (str | Organism, optional): of a source that is given by name.

        Returns:
            Source: the registered release.

        Raises:
            ObjectDoesNotExist: there is no source of this name.
            ValueError: the registry needs an organism.
            LaminError: the terms are not here and cannot be downloaded; the message says what to do.

        Example::

            bt.CellType.add_source("cl", version="2025-04-10")
        """
        return added_source(cls, source, df, version, organism)


def _from_registered(cls, kwargs):
    """`CellType(ontology_id=...)` without a name: the row registered under the identifier."""
    known = cls.filter(ontology_id=kwargs["ontology_id"]).one_or_none()
    return kwargs if known is None else {**kwargs, "name": known.name}
