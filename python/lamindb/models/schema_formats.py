"""What a schema says of the storage of a dataset, format by format; not part of its hash."""

from lamindb import _core


class FormatConstraints:
    """Storage conventions of a schema: `schema.formats`.

    Args:
        schema (Schema): the schema.

    Example:

        >>> ln.Schema([ln.Feature.get(name="n_genes")], name="counted cells").formats.zarr is None
        True
    """

    def __init__(self, schema):
        self._schema = schema

    @property
    def zarr(self):
        """Conventions of a zarr store (dict), checked by :class:`lamindb.curators.SpatialDataCurator`; None if there are none.

        The keys are `zarr_format` (2 or 3), `chunk_shape` ({axis: extent or [least, most]}), `multiscales` ({"scale": 2,
        "axes": ["y", "x"], "coarsest_single_chunk": True}) and `layers` ({layer: encoding}); each is optional. Save the schema
        to keep them.
        """
        return _core.zarr_conventions(self._schema)

    @zarr.setter
    def zarr(self, conventions):
        if conventions is not None and not isinstance(conventions, dict):
            raise TypeError(f"zarr conventions must be a dict or None, not a {type(conventions).__name__}")
        _core.set_zarr_conventions(self._schema, conventions)
