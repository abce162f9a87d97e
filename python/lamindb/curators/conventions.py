"""Conventions of how a SpatialData object is stored, `schema.formats.zarr`: pyramids of images, chunks, encodings of layers.

The names are those of the specifications: `zarr_format` and `chunk_shape` of zarr, `multiscales` of OME-NGFF, the
`encoding-type` of AnnData.
"""

from lamindb.errors import InvalidArgument, ValidationError

# Extents are rounded down at each scale: their ratio is only nearly the factor.
_TOLERANCE = 0.05


def check_conventions(sdata, path, conventions):
    """Raises ValidationError, listing all violations of the conventions, a dict.

    Args:
        sdata (SpatialData): the dataset.
        path (PathLike, optional): where it is stored, if the object does not know.
        conventions (dict): what is checked, by name.

    Raises:
        ValidationError: it lists each violation and what to do about it.
        InvalidArgument: a convention is unknown.
    """
    unknown = [name for name in conventions if name not in _CHECKS]
    if unknown:
        raise InvalidArgument(f"schema.formats.zarr has no convention {unknown[0]!r}: there are {', '.join(_CHECKS)}")
    found = []
    for name, check in _CHECKS.items():
        if name in conventions:
            found += check(sdata, path, conventions[name])
    if found:
        raise ValidationError("the SpatialData object does not follow the zarr conventions of its schema:\n" + "\n".join(found))


def _zarr_format(sdata, path, wanted):
    path = getattr(sdata, "path", None) or path
    if path is None:  # in memory only: its format is decided when it is written
        return
    import zarr

    held = zarr.open_group(str(path), mode="r").metadata.zarr_format
    if held != wanted:
        yield f"the store at '{path}' is zarr v{held}, expected v{wanted}: write it anew, with zarr_format={wanted}"


def _scales(image):
    """(name, array) of each scale, the finest first; one without a name of an image without a pyramid."""
    if not hasattr(image, "children"):
        return [("", image)]
    names = sorted(image.children, key=lambda name: int("".join(filter(str.isdigit, name)) or 0))
    return [(name, next(iter(image[name].ds.data_vars.values()))) for name in names]


def _chunks(array):
    """{dimension: extent of a chunk}; empty for an array in memory."""
    return dict(zip(array.dims, getattr(array.data, "chunksize", ())))


def _multiscales(sdata, _, wanted):
    factor, axes = float(wanted.get("scale", 2)), wanted.get("axes", ("y", "x"))
    for name, image in sdata.images.items():
        scales = _scales(image)
        if len(scales) == 1:
            yield f"Image '{name}' is single-scale: parse it with scale_factors=[{factor:g}, ...] for a pyramid"
            continue
        for (fine_name, fine), (coarse_name, coarse) in zip(scales, scales[1:]):
            for axis in axes:
                if axis not in fine.sizes or axis not in coarse.sizes:
                    continue
                ratio = fine.sizes[axis] / coarse.sizes[axis]
                if abs(ratio - factor) > _TOLERANCE * factor:
                    yield f"Image '{name}': '{fine_name}' to '{coarse_name}' downscales '{axis}' by {ratio:.2f}x, expected {factor:g}x"
        if wanted.get("coarsest_single_chunk", True):
            yield from _coarsest(name, *scales[-1], axes)


def _coarsest(name, scale, array, axes):
    chunks = _chunks(array)
    for axis in axes:
        extent = array.sizes.get(axis, 0)
        if axis in chunks and extent > chunks[axis]:
            yield (
                f"Image '{name}': coarsest scale '{scale}' spans {extent} along '{axis}' in chunks of {chunks[axis]}: "
                "add scales until one chunk holds the coarsest"
            )


def _chunk_shape(sdata, _, wanted):
    for name, image in sdata.images.items():
        for scale, array in _scales(image):
            chunks = _chunks(array)
            for axis, bounds in wanted.items():
                least, most = (bounds, bounds) if isinstance(bounds, int) else bounds
                chunk, extent = chunks.get(axis), array.sizes.get(axis)
                # One chunk is as large as an axis that is smaller than the least chunk can be.
                if chunk is None or least <= chunk <= most or (chunk == extent and extent < least):
                    continue
                label = f"{name}/{scale}" if scale else name
                yield (
                    f"Image '{label}': chunk of {chunk} along '{axis}' (extent {extent}), expected between {least} and {most}: "
                    f"parse it with chunks of {least}"
                )


def _layers(sdata, _, wanted):
    for name, table in sdata.tables.items():
        for layer, encoding in wanted.items():
            if layer not in table.layers:
                yield f"Table '{name}' has no layer '{layer}', expected as '{encoding}': set table.layers['{layer}']"
                continue
            matrix = table.layers[layer]
            held = f"{matrix.format}_matrix" if hasattr(matrix, "tocsr") else "array"
            if held != encoding:
                yield f"Table '{name}': layer '{layer}' is '{held}', expected '{encoding}'"


_CHECKS = {"zarr_format": _zarr_format, "multiscales": _multiscales, "chunk_shape": _chunk_shape, "layers": _layers}
