"""Notebooks: which one runs, and what is in one."""

from lamindb._surface.lazy import later

_notebook = later("lamindb._tracking.where", "notebook")


def notebook_path(return_env=False):
    """The path of the running notebook.

    Args:
        return_env (bool): also who runs it: "lab", "notebook", "vs_code", "nbconvert", "papermill", "nbclient".

    Returns:
        str | tuple[str, str]: the path; with `return_env` also who runs it.

    Raises:
        RuntimeError: nobody tells its kernel.

    Example::

        ln.integrations.jupyter.notebook_path()
    """
    place = _notebook()
    return (place.path, place.runner) if return_env else place.path


def read_notebook(filepath):
    """The content of a notebook, as nbformat has it.

    Args:
        filepath (str | PathLike): the file.

    Returns:
        NotebookNode: its cells and metadata.

    Raises:
        ImportError: nbformat is not installed.

    Example::

        ln.integrations.jupyter.read_notebook("analysis.ipynb").cells
    """
    try:
        import nbformat
    except ImportError as missing:
        raise ImportError("nbformat reads notebooks: pip install nbformat") from missing
    return nbformat.read(filepath, as_version=4)
