"""What a schema has besides its members: which of them may be missing, and rules for formats."""

import json

from lamindb import _core
from lamindb._process.classes import class_of
from lamindb._surface.missing import instance_attribute


class FormatConstraints:
    """What files of a format must be besides: `schema.formats`.

    Args:
        schema (Schema): the schema.

    Example::

        schema.formats.zarr = {"zarr_format": 3}
        schema.save()
    """

    def __init__(self, schema):
        self._schema = schema

    @property
    def zarr(self):
        """What a zarr store must be (dict): `zarr_format`, `chunk_shape`, `multiscales`, `layers`; None for anything. Assigning
        it takes effect when the schema is saved; it is not part of the hash.
        """
        return self._rules("zarr")

    @zarr.setter
    def zarr(self, rules):
        self._set_rules("zarr", rules)

    @property
    def anndata(self):
        """What an AnnData must have besides the columns of its slots (dict), by part: `obs`, `var`, `uns`, `obsm`; None for
        anything. Assigning it takes effect when the schema is saved; it is not part of the hash.
        """
        return self._rules("anndata")

    @anndata.setter
    def anndata(self, rules):
        self._set_rules("anndata", rules)

    def _rules(self, format):
        rules = _core.format_rules(self._schema, format)
        return json.loads(rules) if rules else None

    def _set_rules(self, format, rules):
        if rules is not None and not isinstance(rules, dict):
            raise TypeError(f"{format} constraints must be a dict or None, not {rules!r}")
        _core.set_format_rules(self._schema, format, "" if rules is None else json.dumps(rules))

    __getattr__ = instance_attribute


class SchemaOptionals:
    """Members of a schema that may be missing: `schema.optionals`.

    Args:
        schema (Schema): the schema.

    Example:

        >>> ln.Schema([ln.Feature.get(name="n_genes")], name="counted cells").save().optionals.get_uids()
        []
    """

    def __init__(self, schema):
        self._schema = schema

    def get_uids(self):
        """Their uids (a list of str).

        Example::

            schema.optionals.get_uids()
        """
        return _core.schema_roles(self._schema)[0]

    def get(self):
        """The features (a query set).

        Example::

            schema.optionals.get().to_list("name")
        """
        return class_of("Feature").objects.filter(uid__in=self.get_uids())

    def set(self, features):
        """Makes exactly these optional, once the schema is saved.

        Args:
            features (Feature | list[Feature]): members.

        Example::

            schema.optionals.set([feature])
        """
        self._set([feature.uid for feature in features_of(features)])

    def add(self, features):
        """Makes these optional too, once the schema is saved. Without `minimal_set` all are.

        Args:
            features (Feature | list[Feature]): members.

        Example::

            schema.optionals.add(feature)
        """
        _core.make_optional(self._schema, features_of(features))

    def remove(self, features):
        """Makes these required, once the schema is saved.

        Args:
            features (Feature | list[Feature]): members.

        Example::

            schema.optionals.remove(feature)
        """
        uids = {feature.uid for feature in features_of(features)}
        self._set([uid for uid in self.get_uids() if uid not in uids])

    def _set(self, uids):
        _, index = _core.schema_roles(self._schema)
        _core.set_schema_roles(self._schema, uids, index)

    __getattr__ = instance_attribute


def features_of(given):
    """One or several features as a list."""
    features = list(given) if isinstance(given, (list, tuple)) or hasattr(given, "model") else [given]
    if not all(isinstance(feature, class_of("Feature")) for feature in features):
        raise TypeError(f"features must be a list of Feature records! Not {given!r}")
    return features
