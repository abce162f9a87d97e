"""What the core has to know of a SpatialData object to check how it is, or will be, stored: `schema.formats.zarr`."""

from lamindb import _core
from lamindb.errors import ValidationError


def check_conventions(sdata, path, schema):
    """Raises ValidationError, listing all violations of the conventions of a schema.

    Args:
        sdata (SpatialData): the dataset.
        path (PathLike, optional): where it is stored, if the object does not know.
        schema (Schema): its conventions are checked.

    Raises:
        ValidationError: it lists each violation and what to do about it.
        InvalidArgument: a convention is unknown.
    """
    path = getattr(sdata, "path", None) or path
    found = _core.zarr_violations(schema, {
        "path": str(path or ""), "zarr_format": _zarr_format(path),
        "images": [_image(name, image) for name, image in sdata.images.items()],
        "layers": {name: {layer: _encoding(matrix) for layer, matrix in table.layers.items()} for name, table in sdata.tables.items()},
    })  # fmt: skip
    if found:
        raise ValidationError("the SpatialData object does not follow the zarr conventions of its schema:\n" + "\n".join(found))


def _zarr_format(path):
    """2 or 3; 0 for data in memory only, whose format is decided when they are written."""
    if path is None:
        return 0
    import zarr

    return zarr.open_group(str(path), mode="r").metadata.zarr_format


def _image(name, image):
    """(name, axes, [(scale, shape, chunks)]), the finest scale first."""
    scales = _scales(image)
    axes = [str(axis) for axis in scales[0][1].dims]
    return name, axes, [(scale, [array.sizes[axis] for axis in array.dims], list(getattr(array.data, "chunksize", ()))) for scale, array in scales]


def _scales(image):
    """(name, array) of each scale; one without a name of an image without a pyramid."""
    if not hasattr(image, "children"):
        return [("", image)]
    names = sorted(image.children, key=lambda name: int("".join(filter(str.isdigit, name)) or 0))
    return [(name, next(iter(image[name].ds.data_vars.values()))) for name in names]


def _encoding(matrix):
    """As anndata calls it: "csr_matrix", "csc_matrix" or "array"."""
    return f"{matrix.format}_matrix" if hasattr(matrix, "tocsr") else "array"
