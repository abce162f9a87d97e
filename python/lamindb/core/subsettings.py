"""Parts of `ln.settings`."""

from lamindb._settings import AnnotationSettings, CreationSettings

__all__ = ["AnnotationSettings", "CreationSettings"]
