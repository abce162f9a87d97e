"""Parts of `ln.settings`."""

from lamindb._process.settings import AnnotationSettings, CreationSettings, TransformSettings

__all__ = ["AnnotationSettings", "CreationSettings", "TransformSettings"]
