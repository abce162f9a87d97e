"""Small datasets for examples and tests, made on the spot. LaminDB's that are downloaded are not implemented yet."""

from lamindb._surface.lazy import public

_FILES = ("file_mini_csv", "file_fastq", "file_bam", "dir_scrnaseq_cellranger")
_SMALL = ("anndata_with_obs", "small_dataset1", "small_dataset2")
_WHERE = dict.fromkeys(_FILES, "lamindb.examples.datasets._files") | dict.fromkeys(_SMALL, "lamindb.examples.datasets._small")
__getattr__, __dir__ = public(__name__, _WHERE, modules=("mini_immuno",))
