"""Parts of `ln.settings`."""

from lamindb._process.settings import AnnotationSettings, CreationSettings

__all__ = ["AnnotationSettings", "CreationSettings"]
