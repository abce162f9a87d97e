"""Lineage that either program wrote is the same graph in both."""
import json

# The same steps with the names of both programs: raw -> four results, of which some are used, put together, made again.
WRITE = """
from pathlib import Path
def artifact(key, run, text=None):
    Path('lineage.txt').write_text(text or key)
    return ln.Artifact('lineage.txt', key=key, run=run).save()
def run(key, *inputs):
    run = ln.Run(ln.Transform(key=key, kind='script', source_code=key).save()).save()
    for one in inputs:
        one.cache(is_run_input=run)
    return run
def chain(name, *first):
    raw = artifact(f'{name}/raw.txt', run(f'{name}/load.py', *first))
    clean = run(f'{name}/clean.py', raw)
    parts = [artifact(f'{name}/part{i}.txt', clean) for i in range(4)]
    parts[0].cache(is_run_input=clean)  # its own result: no input
    both = ln.Collection(parts[:2], key=f'{name}/both', run=run(f'{name}/collect.py')).save()
    report = run(f'{name}/report.py', both, parts[2])
    fig = artifact(f'{name}/fig.txt', report)
    again = run(f'{name}/again.py', raw)
    assert artifact(f'{name}/part1.txt', again).uid == parts[1].uid
    gone = artifact(f'{name}/gone.txt', run(f'{name}/gone.py', fig))
    last = artifact(f'{name}/last.txt', run(f'{name}/last.py', gone, fig))
    gone.delete()
    circle = run(f'{name}/circle.py')
    round_ = artifact(f'{name}/circle.txt', circle)
    circle.input_artifacts.add(round_)
    return last
"""

# {uid: edges above it, and edges above and below it if no other result of its run may lead elsewhere}
READ = """
import json, re
def edges(artifact, children):
    graph = artifact.view_lineage(with_children=children, return_graph=True)
    found = set() if graph is None else set(re.findall(r'(\\w+) -> (\\w+)', '\\n'.join(graph.body).replace('"', '')))
    # What a run both read and wrote it shows as output only, but above, not below.
    return sorted((a, b) for a, b in found if a.startswith('run_') or (b, a) not in found)
found = {}
for artifact in ln.Artifact.filter().order_by('id'):
    if artifact.run is None: continue
    alone = artifact.run.output_artifacts.count() + artifact.run.output_collections.count() == 1
    found[artifact.uid] = [edges(artifact, False), edges(artifact, True) if alone else None]
print(json.dumps(found))
"""

# Ours, in the names of theirs; which of them shows no records.
OURS = """
import json
def edges(lineage):
    names = [f'{node.kind}_{node.uid}' for node in lineage.nodes]
    return sorted({(names[edge.source], names[edge.target]) for edge in lineage.edges if edge.kind in ('input', 'output')})
found = {}
for artifact in ln.Artifact.filter().order_by('id'):
    if artifact.run is None: continue
    alone = artifact.run.output_artifacts.count() + artifact.run.output_collections.count() == 1
    from lamindb._records.lineage import lineage_of
    found[artifact.uid] = [edges(lineage_of(artifact, None, 0)), edges(lineage_of(artifact, None, None)) if alone else None]
print(json.dumps(found))
"""


def test_both_show_the_same_graph(instance, ours, real):
    folder, db = instance
    connect = "import lamindb as ln\nln.settings.verbosity = 'error'\n"
    ours(connect + WRITE + "chain('ours')", folder)
    real(WRITE + "chain('theirs', ln.Artifact.get(key='ours/last.txt'))", folder)
    ours(connect + WRITE + "chain('again', ln.Artifact.get(key='theirs/fig.txt'))", folder)
    mine = json.loads(ours(connect + OURS, folder).splitlines()[-1])
    theirs = json.loads(real(READ, folder).splitlines()[-1])
    assert len(mine) == len(theirs) == 3 * 8
    for uid, graph in theirs.items():
        assert mine[uid] == graph, uid
    assert max(len(above) for above, _ in mine.values()) > 25, "lineages go from one program's rows into the other's"
