"""Datasets for examples and tests: small ones are made on the spot, real ones are downloaded when they are asked for."""

from lamindb._surface.lazy import public

_FILES = ("file_mini_csv", "file_fastq", "file_bam", "dir_scrnaseq_cellranger")
_SMALL = ("anndata_with_obs", "small_dataset1", "small_dataset2")
_CELLXGENE = ("dict_cellxgene_uns", "small_dataset3_cellxgene", "spatialdata_blobs")
_DOWNLOADS = (
    "anndata_file_pbmc68k_test", "anndata_human_immune_cells", "anndata_mouse_sc_lymph_node", "anndata_pbmc3k_processed",
    "anndata_pbmc68k_reduced", "anndata_suo22_Visium10X", "anndata_visium_mouse_cellxgene", "df_iris", "df_iris_in_meter",
    "df_iris_in_meter_study1", "df_iris_in_meter_study2", "dir_iris_images", "file_fcs", "file_fcs_alpert19", "file_jpg_paradisi05",
    "file_tiff_suo22", "file_tsv_rnaseq_nfcore_salmon_merged_gene_counts", "mudata_papalexi21_subset", "schmidt22_crispra_gws_IFNG",
    "schmidt22_perturbseq",
)  # fmt: skip
_WHERE = {
    **dict.fromkeys(_FILES, "lamindb.examples.datasets._files"),
    **dict.fromkeys(_SMALL, "lamindb.examples.datasets._small"),
    **dict.fromkeys(_CELLXGENE, "lamindb.examples.datasets._cellxgene"),
    **dict.fromkeys(_DOWNLOADS, "lamindb.examples.datasets._downloads"),
    "fake_bio_notebook_titles": "lamindb.examples.datasets._titles",
}
__getattr__, __dir__ = public(__name__, _WHERE, modules=("mini_immuno",))
