"""Schemas that come with the library, by name."""

from lamindb._process.classes import class_of
from lamindb._process.logger import logger
from lamindb.errors import InvalidArgument

__all__ = ["anndata_ensembl_gene_ids_and_valid_features_in_obs", "valid_features"]


def _schema(**given):
    """Saved; whether it was there already is of no interest to who names it."""
    with logger._quietly():
        return class_of("Schema")(**given).save()


def valid_features():
    """A DataFrame whose columns are any registered features; saved on return.

    Example:

        >>> ln.examples.schemas.valid_features().itype
        'Feature'
    """
    return _schema(name="valid_features", itype="Feature", flexible=True)


def anndata_ensembl_gene_ids_and_valid_features_in_obs():
    """An AnnData with Ensembl gene ids in var and registered features in obs; saved on return.

    Example:

        >>> sorted(ln.examples.schemas.anndata_ensembl_gene_ids_and_valid_features_in_obs().slots)
        ['obs', 'var.T']
    """
    var = _schema(name="valid_ensembl_gene_ids", itype="bionty.Gene.ensembl_gene_id")
    return _schema(name="anndata_ensembl_gene_ids_and_valid_features_in_obs", otype="AnnData", slots={"obs": valid_features(), "var.T": var})


def schema_of(schema):
    """A schema, or the one with this name."""
    if not isinstance(schema, str):
        return schema
    known = {
        "valid_features": valid_features,
        "ensembl_gene_ids_and_valid_features_in_obs": anndata_ensembl_gene_ids_and_valid_features_in_obs,
    }
    if schema not in known:
        raise InvalidArgument(
            f"schema argument must be a Schema record, or one of {', '.join(known)}, not {schema!r}: ln.Schema.get(name={schema!r}) is the "
            "one of this name"
        )
    return known[schema]()
