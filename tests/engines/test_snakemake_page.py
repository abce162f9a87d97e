"""docs/snakemake.md, as it is written, with the real Snakemake."""
import shutil


def test_the_page_runs(world, root):
    shutil.copy(root / "examples" / "data" / "pbmc68k_reduced.h5ad", world.folder / "pbmc.h5ad")
    said = world.page("snakemake.md")
    assert "Snakefile/report" in said[1] and "count.py" in said[1]
