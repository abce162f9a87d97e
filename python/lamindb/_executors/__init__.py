"""The same work on many artifacts: on the cores of this machine, or on a Dask or Ray cluster that the user runs."""
