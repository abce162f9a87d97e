"""What `artifact.features` could do in 2024: feature sets by slot."""

from .. import _core
from .._process.classes import class_of
from .._surface.former import warn


class FormerFeatures:
    """Feature sets are schemas today, and validated datasets get theirs by themselves.

    Example::

        artifact.features.add_values({"temperature": 4.0})  # what features.add() did
    """

    def add(self, values, slot=None):
        """Former name of `add_values`; in 0.70 and 0.71 of relating the features themselves.

        Args:
            values (dict | Feature | Iterable[Feature]): values of features, or features.
            slot (str, optional): of features: what they describe, such as "obs"; otherwise "external".

        Example::

            artifact.features.add({"temperature": 4.0})
        """
        if isinstance(values, dict):
            warn("features.add()", "features.add_values()")
            self.add_values(values)
            return
        features = list(values) if isinstance(values, (list, tuple)) or hasattr(values, "model") else [values]
        self.add_feature_set(class_of("Schema")(features), slot or "external")

    def add_feature_set(self, feature_set, slot):
        """Relates a schema under a slot: the former name of `schemas.add(schema, through_defaults={"slot": slot})`.

        Args:
            feature_set (Schema): the schema; it is saved.
            slot (str): what it describes, such as "obs".

        Example::

            artifact.features.add_feature_set(ln.Schema([ln.Feature.get(name="n_genes")]), slot="obs")
        """
        warn("features.add_feature_set()", "schemas.add(schema, through_defaults={'slot': slot})")
        self._add_schema(feature_set, slot)

    def add_from_df(self, field=None, organism=None):
        """Relates the registered columns of the dataset; `Artifact.from_dataframe(df, schema=...)` does so today.

        Args:
            field (FieldAttr, optional): what the columns are names of; otherwise of features.
            organism (str | Organism, optional): of registries that keep the organism.

        Example::

            artifact.features.add_from_df()
        """
        warn("features.add_from_df()", "Artifact.from_dataframe(df, schema=...)")
        self._add_schema(class_of("Schema").from_dataframe(self._host.load(is_run_input=False), **_given(field, organism)), "columns")

    def add_from_anndata(self, var_field, obs_field=None, uns_field=None, organism=None):
        """Relates the registered variables and the registered columns of obs; `Artifact.from_anndata(adata, schema=...)` does so
        today.

        Args:
            var_field (FieldAttr): what the names of the variables are, such as `bt.Gene.ensembl_gene_id`.
            obs_field (FieldAttr, optional): what the columns of obs are names of; otherwise of features.
            uns_field (FieldAttr, optional): what the keys of uns are names of; without it they are left out.
            organism (str | Organism, optional): of registries that keep the organism.

        Example::

            artifact.features.add_from_anndata(var_field=bt.Gene.ensembl_gene_id)
        """
        warn("features.add_from_anndata()", "Artifact.from_anndata(adata, schema=...)")
        adata, schema = self._host.load(is_run_input=False), class_of("Schema")
        self._add_schema(schema.from_values(list(adata.var_names), **_given(var_field, organism)), "var")
        if len(adata.obs.columns):
            self._add_schema(schema.from_dataframe(adata.obs, **_given(obs_field, organism)), "obs")
        if uns_field is not None and len(adata.uns):
            self._add_schema(schema.from_values(list(adata.uns), **_given(uns_field, organism)), "uns")

    def get_feature_set(self, slot):
        """The schema of a slot: the former name of `features.slots[slot]`.

        Args:
            slot (str): what it describes, such as "obs".

        Raises:
            KeyError: there is no such slot.

        Example::

            artifact.features.get_feature_set("obs")
        """
        warn("features.get_feature_set()", "features.slots[slot]")
        return self.slots[slot]

    def _add_schema(self, schema, slot):
        if not _core.saved(self._host):
            raise ValueError("Please save the artifact or collection before adding a feature set!")
        if schema is not None:
            self._host.schemas.add(schema.save(), through_defaults={"slot": slot})

    def _of_slot(self, name):
        """The members of a slot, of `artifact.features["obs"]`; None if there is no such slot."""
        schema = self.slots.get(name) if "schemas" in self._host._names else None
        if schema is not None:
            warn(f"features[{name!r}]", f"features.slots[{name!r}].members")
        return None if schema is None else schema.members


def _given(field, organism):
    return {name: value for name, value in (("field", field), ("organism", organism)) if value is not None}
