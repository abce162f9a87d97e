"""Data in place for engines: files of artifacts, obs and var of AnnData, and registries as tables, and SQL over them."""
