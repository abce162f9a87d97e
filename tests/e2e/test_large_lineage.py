"""A part of a large lineage, in a database that knows its statistics: SQLite must look up what it joins, not scan for it."""
import os
import subprocess
import sys

CODE = """
import sys, time
sys.path.insert(0, {bench!r})
import lineage as filled
import lamindb as ln
from lamindb import _core

ln.setup.init(storage="st", name="large")
run = ln.Run(ln.Transform(key="step.py", kind="script").save(), status="started").save()
open("made.txt", "w").write("made")
artifact = ln.Artifact("made.txt", key="made.txt", run=run).save()
filled.fill("sqlite", "st/.lamindb/lamin.db", 30_000, run.id, artifact.id)  # ends with ANALYZE
last = ln.Artifact.filter().order_by("-id").first()
_core.lineage_graph(last, -1, 0, True, False, 10)
began = time.perf_counter()
graph = _core.lineage_graph(last, -1, 0, True, False, 250)
print(len(graph.nodes()), time.perf_counter() - began)

everything = last.upstream().nodes
for depth in (60, 400):
    began = time.perf_counter()
    near = last.upstream(depth=depth).nodes
    print(time.perf_counter() - began)
    wanted = {{(node.kind, node.id) for node in everything if node.distance >= -2 * depth}}
    assert {{(node.kind, node.id) for node in near}} == wanted and 1000 < len(wanted) < len(everything), depth
assert {{node.id for node in last.upstream(depth=2**31 - 1).nodes}} == {{node.id for node in everything}}
"""


def test_a_part_of_it_is_found_at_once(tmp_path, home, root):
    done = subprocess.run([sys.executable, "-c", CODE.format(bench=str(root / "bench"))], cwd=tmp_path, env=os.environ, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    nodes, seconds, near, _ = done.stdout.split()[-4:]
    assert int(nodes) > 500 and float(seconds) < 1
    assert float(near) < 1  # what is up to 60 runs away is not found by asking for everything
