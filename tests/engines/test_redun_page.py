"""docs/redun.md, as it is written, with the real redun."""


def test_the_page_runs(world):
    said = world.page("redun.md")
    assert "workflow.py/reads.join" in said[1]
