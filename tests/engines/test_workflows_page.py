"""docs/workflows.md: its trace is imported as it is written, and its script tracks itself."""
import re


def test_the_page_runs(world, root):
    page = (root / "docs" / "workflows.md").read_text()
    [trace] = re.findall(r"```json\n(.*?)```", page, re.S)
    [script] = re.findall(r"```sh\n(.*?)```", page, re.S)
    world.write("trace.json", trace)
    world.write("reads.fq", "@r1\nACGT\n+\nIIII\n")
    world.write("counts.tsv", "1\n")
    world.write("aligned.bam", "aligned")
    world.sh("lamin init --storage ./lab; lamin save reads.fq --key reads.fq; touch -d 2026-01-01 counts.tsv reads.fq")
    world.sh("lamin import-run trace.json")
    world.sh(script)
    world.python("""
counts = ln.Artifact.get(key="counts.tsv")
assert counts.run.transform.key == "count/COUNT" and counts.run.name == "COUNT (donor 1)"
assert [a.key for a in counts.run.input_artifacts.all()] == ["reads.fq"]
assert counts.run.initiated_by_run.params == {"least": 20}
aligned = ln.Artifact.get(key="aligned.bam")
assert aligned.run.transform.key == "align.sh" and [a.key for a in aligned.run.input_artifacts.all()] == ["reads.fq"]
""")
    runs = world.python("print(*[run.uid for run in ln.Run.filter(transform__key__startswith='count').order_by('id').all()])").split()[-2:]
    assert "count/COUNT" in world.sh(f"lamin diff run {runs[0]} {runs[1]}")
    assert "reads.fq" in world.sh(f"lamin describe run --uid {runs[1]}")
