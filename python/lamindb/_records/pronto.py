"""The terms of a release as an ontology of the package pronto."""

import re
from importlib.util import find_spec

from .._process.logger import logger


def _opened(path):
    """The file of an ontology, uncompressed, if pronto knows its syntax."""
    found = re.search(r"\.(obo|owl)(\.gz|\.zst)?$", path)
    if found is None:
        return None
    if found[2] is None:
        return open(path, "rb")
    import io

    import pyarrow

    with pyarrow.input_stream(path, compression={".gz": "gzip", ".zst": "zstd"}[found[2]]) as stream:
        return io.BytesIO(stream.read())


def _built(frame):
    """An ontology of the terms alone: names, definitions, exact synonyms, parents."""
    import pronto

    ontology = pronto.Ontology()
    for row in frame.itertuples():
        term = ontology.create_term(row.Index)
        term.name = row.name
        if isinstance(row.definition, str):
            term.definition = pronto.Definition(row.definition)
        for synonym in (row.synonyms or "").split("|") if isinstance(row.synonyms, str) else ():
            term.add_synonym(synonym, scope="EXACT")
    for row in frame.itertuples():
        above = ontology[row.Index].superclasses()
        for parent in row.parents:
            if parent in ontology:
                above.add(ontology[parent])
    return ontology


def to_pronto(public, path, mute):
    """From the file, otherwise from the terms; None for what is no ontology."""
    if find_spec("pronto") is None:
        raise ImportError("the package pronto is not installed: pip install pronto")
    frame = public.to_dataframe()
    if frame.index.name != "ontology_id" or "parents" not in frame.columns:
        if not mute:
            logger.error(f"{public._record.entity.rpartition('.')[2]} has no Pronto Ontology object!")
        return None
    file = _opened(path())
    if file is not None:
        import pronto

        try:
            with file:
                return pronto.Ontology(file)
        except Exception as error:  # whatever a syntax that pronto does not fully support makes it raise
            logger.warning(f"pronto cannot read the file of {public.source} {public.version} ({error}): its terms have no more than the table")
    return _built(frame)
