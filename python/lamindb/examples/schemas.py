"""Schemas that come with the library, by name."""

from lamindb.errors import InvalidArgument


def valid_features():
    """A DataFrame whose columns are registered features, whichever they are."""
    from lamindb.models import Schema

    return Schema(name="valid_features", itype="Feature", flexible=True).save()


def anndata_ensembl_gene_ids_and_valid_features_in_obs():
    """An AnnData with Ensembl gene ids in var and registered features in obs."""
    from lamindb.models import Schema

    var = Schema(name="valid_ensembl_gene_ids", itype="bionty.Gene.ensembl_gene_id").save()
    return Schema(name="anndata_ensembl_gene_ids_and_valid_features_in_obs", otype="AnnData",
                  slots={"obs": valid_features(), "var.T": var}).save()  # fmt: skip


def known_schema(name):
    """What a string stands for where a schema is asked for."""
    known = {
        "valid_features": valid_features,
        "ensembl_gene_ids_and_valid_features_in_obs": anndata_ensembl_gene_ids_and_valid_features_in_obs,
    }
    if name not in known:
        raise InvalidArgument(f"no schema is called {name!r}: pass a Schema, or one of {', '.join(known)}")
    return known[name]()
