"""Files as a lab has them, with next to nothing in them."""

from pathlib import Path

from lamindb import _core
from lamindb._process.settings import settings

_CELLRANGER = (
    "web_summary.html", "metrics_summary.csv", "possorted_genome_bam.bam", "possorted_genome_bam.bam.bai", "molecule_info.h5",
    "cloupe.cloupe", "analysis/analysis.csv",
    *(f"{kind}_feature_bc_matrix{part}" for kind in ("raw", "filtered")
      for part in (".h5", "/barcodes.tsv.gz", "/features.tsv.gz", "/matrix.mtx.gz")),
)  # fmt: skip


def _file(name, text, in_storage_root):
    """The path of a new file in the working directory or in the default storage."""
    path = (Path(settings.storage.root_as_str) if in_storage_root else Path()) / name
    path.write_text(text)
    return path


def file_mini_csv(in_storage_root=False):
    """A CSV file with one column, `test`, and three rows.

    Args:
        in_storage_root (bool): create it in the default storage rather than in the working directory.

    Returns:
        Path: where it is.

    Example:

        >>> ln.examples.datasets.file_mini_csv().name
        'mini.csv'
    """
    return _file("mini.csv", "test\n1\n2\n3\n", in_storage_root)


def file_fastq(in_storage_root=False):
    """A file named like reads of a sequencer.

    Args:
        in_storage_root (bool): create it in the default storage rather than in the working directory.

    Returns:
        Path: where it is.

    Example:

        >>> ln.examples.datasets.file_fastq().name
        'input.fastq.gz'
    """
    return _file("input.fastq.gz", "Not really a fastq file.", in_storage_root)


def file_bam(in_storage_root=False):
    """A file named like aligned reads.

    Args:
        in_storage_root (bool): create it in the default storage rather than in the working directory.

    Returns:
        Path: where it is.

    Example:

        >>> ln.examples.datasets.file_bam().name
        'output.bam'
    """
    return _file("output.bam", "Not really a bam file.", in_storage_root)


def dir_scrnaseq_cellranger(sample_name, basedir="./", output_only=True):
    """A folder with files named like the output of Cell Ranger, each with random content.

    Args:
        sample_name (str): the name of the folder.
        basedir (str | PathLike): where it is created.
        output_only (bool): without it, a folder `fastq` with two files of reads is created too.

    Returns:
        Path: the folder.

    Example:

        >>> ln.examples.datasets.dir_scrnaseq_cellranger("sample_001").name
        'sample_001'
    """
    base = Path(basedir)
    names = [f"{sample_name}/{name}" for name in _CELLRANGER]
    if not output_only:
        names += [f"fastq/{sample_name}_R{read}_001.fastq.gz" for read in (1, 2)]
    for name in names:
        path = base / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_core.random_uid(6))
    return base / sample_name
