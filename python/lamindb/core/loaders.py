"""From a local file to an object in memory."""

import os

from lamindb._datasets.loaders import LOADERS, load_file
from lamindb._surface.lazy import public


def _loader(name):
    load = LOADERS.get(name.removeprefix("load_"))
    if load is None:
        return None

    def loads(path, **kwargs):
        """Loads a file of this format."""
        return load(os.fspath(path), **kwargs)

    loads.__name__ = loads.__qualname__ = name
    return loads


def load_to_memory(filepath, **kwargs):
    """Loads a file by its suffix."""
    return load_file(os.fspath(filepath), **kwargs)


__getattr__, __dir__ = public(__name__, {"logger": "lamindb._process.logger", "UPath": "lamindb._process.paths"}, find=_loader)
