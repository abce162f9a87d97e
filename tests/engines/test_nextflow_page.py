"""docs/nextflow.md, as it is written, with the real Nextflow."""


def test_the_page_runs(nextflow_world):
    said = nextflow_world.page("nextflow.md")
    assert "main.nf/JOIN" in said[1] and "+  sort -r $counts" in "".join(said)
