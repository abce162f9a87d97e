"""Schemas that come with the library, by name."""

from lamindb._process.classes import class_of
from lamindb.errors import InvalidArgument


def valid_features():
    """A DataFrame whose columns are any registered features."""
    return class_of("Schema")(name="valid_features", itype="Feature", flexible=True).save()


def anndata_ensembl_gene_ids_and_valid_features_in_obs():
    """An AnnData with Ensembl gene ids in var and registered features in obs."""
    var = class_of("Schema")(name="valid_ensembl_gene_ids", itype="bionty.Gene.ensembl_gene_id").save()
    return class_of("Schema")(name="anndata_ensembl_gene_ids_and_valid_features_in_obs", otype="AnnData",
                  slots={"obs": valid_features(), "var.T": var}).save()  # fmt: skip


def schema_of(schema):
    """A schema, or the one with this name."""
    if not isinstance(schema, str):
        return schema
    known = {
        "valid_features": valid_features,
        "ensembl_gene_ids_and_valid_features_in_obs": anndata_ensembl_gene_ids_and_valid_features_in_obs,
    }
    if schema not in known:
        raise InvalidArgument(f"no schema is called {schema!r}: pass a Schema, or one of {', '.join(known)}")
    return known[schema]()
