"""Examples of Croissant, the format of MLCommons for what is known of a dataset."""

import json
from pathlib import Path

from lamindb._surface.lazy import later
from .datasets._files import file_mini_csv

get_dataset1 = later("lamindb.examples.datasets.mini_immuno", "get_dataset1")

__all__ = ["mini_immuno"]

_DATASET = "mini_immuno.anndata.zarr"
_ABOUT = {
    "@context": {"@vocab": "https://schema.org/", "sc": "https://schema.org/", "cr": "http://mlcommons.org/croissant/"},
    "@type": "Dataset",
    "name": "Mini immuno dataset",
    "description": "A few samples from the immunology dataset",
    "cr:projectName": "Mini Immuno Project",
    "datePublished": "2025-07-16",
    "version": "1.0",
    "license": "https://creativecommons.org/licenses/by/4.0/",
}


def mini_immuno(n_files=1, filepath_prefix=None, strip_version=False):
    """Writes a small dataset, and a Croissant file about it, to the working directory.

    Args:
        n_files (int): 2 adds a CSV file to the dataset.
        filepath_prefix (str, optional): the folder in which the dataset is written.
        strip_version (bool): the file says nothing of the version.

    Returns:
        list[Path]: the Croissant file, then the files of the dataset.

    Example::

        about, dataset = ln.examples.croissant.mini_immuno()
    """
    folder = Path(filepath_prefix or "")
    dataset = folder / _DATASET
    get_dataset1(otype="AnnData").write_zarr(dataset)
    files = [{"@type": "cr:FileSet", "@id": dataset.as_posix(), "name": _DATASET, "encodingFormat": "zarr"}]
    paths = [dataset]
    if n_files == 2:
        table = file_mini_csv().replace(folder / "mini.csv")
        files.append({"@type": "cr:FileObject", "@id": table.as_posix(), "name": table.name, "encodingFormat": "text/csv"})
        paths.append(table)
    about = {key: value for key, value in _ABOUT.items() if not (strip_version and key == "version")}
    path = Path(f"{_DATASET}_metadata.json")
    path.write_text(json.dumps(about | {"distribution": files}, indent=2))
    return [path, *paths]
