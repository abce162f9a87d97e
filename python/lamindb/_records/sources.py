"""Releases of public ontologies: which is in use, and adding further ones."""

import os
import tempfile

from .. import _core
from .._process import session as _session
from .._process.logger import logger
from .public import PublicGenes, PublicOntology, StaticReference, name_of, organism_asked


def release_in_use(registry, organism=None):
    """The release (a Source) that look-ups in a registry use."""
    needed = registry.require_organism()
    organism = name_of(organism) if needed or organism is not None else ""
    with organism_asked():
        return _core.release(_session.current(), registry.__registry__, organism, "", "", True)


def public_of(registry, organism, source):
    """What `Registry.public()` returns."""
    if source is None:
        source = _core.readable_release(_session.current(), release_in_use(registry, organism))
    if source.dataframe_artifact_id is not None:
        return StaticReference(source)
    return (PublicGenes if "ensembl_gene_id" in registry._names else PublicOntology)(registry, source)


def _named_release(registry, name, version, organism):
    """Of a source by name; for a registry that bionty's sources are not for, such as pertdb's, the source itself counts."""
    if organism is None and registry.require_organism():
        raise ValueError("organism must be provided for organism-specific entities.")
    of_organism = "" if organism is None else name_of(organism)
    return _core.release(_session.current(), registry.__registry__, of_organism, name, version or "", False)


def added_source(registry, source, df, version, organism):
    """What `Registry.add_source()` returns."""
    if isinstance(source, PublicOntology):
        source = source._record
    elif isinstance(source, str):
        source = _named_release(registry, source, version, organism)
    with tempfile.TemporaryDirectory() as folder:
        path = ""
        if df is not None:
            path = f"{folder}/terms.parquet"
            (df if df.index.name is None else df.reset_index()).to_parquet(path)
        row = _core.add_source(_session.current(), registry.__registry__, source, path)
    logger.success(f"Added source '{row.name}' of version '{row.version}' for organism '{row.organism}'.")
    return row


def display_sources():
    """The newest release of each public source that this version knows; no instance is needed.

    Returns:
        pandas.DataFrame: by entity: name, organism, version, url, description, source_website.

    Example:

        >>> "chebi" in bt.base.display_sources().loc["Drug", "name"].tolist()
        True
    """
    import pandas

    columns = ["entity", "name", "organism", "version", "url", "description", "source_website"]
    rows = [(entity.rpartition(".")[2], *others) for entity, *others, _ in _core.known_sources()]
    return pandas.DataFrame(rows, columns=columns).set_index("entity")


def display_currently_used_sources(mute=False):
    """The release of each public source that is the default of a new instance.

    `bt.Source.filter(currently_used=True)` are those of the connected instance.

    Args:
        mute (bool): do not say so.

    Returns:
        pandas.DataFrame: by entity: organism, name, version.

    Example:

        >>> "pato" in bt.base.display_currently_used_sources(mute=True)["name"].tolist()
        True
    """
    import pandas

    if not mute and _session.current_or_bare().is_open:
        logger.warning("these are the defaults of a new instance; of this one: bt.Source.filter(currently_used=True).to_dataframe()")
    rows = [(entity.rpartition(".")[2], organism, name, version) for entity, name, organism, version, *_, used in _core.known_sources() if used]
    return pandas.DataFrame(rows, columns=["entity", "organism", "name", "version"]).set_index("entity")


def sync_public_sources(update_currently_used=False):
    """Adds the releases of public sources that this version knows to the registry of sources.

    Args:
        update_currently_used (bool): also put the latest of each source in use.

    Example::

        bt.core.sync_public_sources()
    """
    for row in _core.sync_sources(_session.current(), bool(update_currently_used)):
        logger.success(f"added new source: {row.name} {row.version} for {row.entity}, {row.organism}")
    logger.success("synced up Source registry with the latest public sources")


def bring_release(path, source=None, version=None, organism=None):
    """Puts the file of a release into the cache, where no network is needed to find it.

    Args:
        path (str | Path): the file as its publisher offers it, or a folder of such files.
        source (str, optional): the name of the source, such as "cl"; otherwise as the file says.
        version (str, optional): its release; otherwise as the file says.
        organism (str, optional): of a file of genes or proteins; otherwise as the file says.

    Returns:
        list[pathlib.Path]: where the files are now.

    Raises:
        NotFound: there is no such file.
        InvalidArgument: the file does not say which release it is.
        Corrupt: the file cannot be read.

    Example::

        bt.core.bring_release("cl.obo")
    """
    return _core.bring_releases(os.fspath(path), source or "", version or "", organism or "")


def release_files():
    """The files of releases that are at hand: your own, those in the cache, and what comes with the program.

    Returns:
        pandas.DataFrame: source, version, organism, registry, where and path.

    Example::

        bt.core.release_files()
    """
    import pandas

    columns = ["source", "version", "organism", "registry", "where", "path"]
    return pandas.DataFrame(_core.release_files(), columns=columns)
