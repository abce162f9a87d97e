"""From a local file to an object in memory."""

_SUFFIXES = {
    "load_csv": ".csv", "load_tsv": ".tsv", "load_parquet": ".parquet", "load_h5ad": ".h5ad", "load_h5mu": ".h5mu",
    "load_zarr": ".zarr", "load_json": ".json", "load_yaml": ".yaml", "load_txt": ".txt",
}  # fmt: skip


def _loader(name):
    def load(path, **kwargs):
        """Loads a file of this kind."""
        import os

        from lamindb._loaders import load_file

        return load_file(os.fspath(path), _SUFFIXES[name], **kwargs)

    load.__name__ = load.__qualname__ = name
    return load


def load_to_memory(filepath, **kwargs):
    """Loads a file by its suffix."""
    import os

    from lamindb._loaders import load_file

    return load_file(os.fspath(filepath), **kwargs)


def __getattr__(name):
    if name in _SUFFIXES:
        globals()[name] = _loader(name)
        return globals()[name]
    if name == "logger":
        from lamindb._logger import logger

        return logger
    from lamindb._missing import module_attribute

    return module_attribute(__name__, name)
