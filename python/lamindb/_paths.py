"""Paths that know whether they are local; `UPath` is universal_pathlib's where that is installed."""

try:
    from upath import UPath
except ImportError:
    from pathlib import Path as UPath

__all__ = ["UPath"]
