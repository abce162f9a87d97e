"""Both programs on one database: ours creates it, theirs opens it and writes, ours reads that and writes; the rules always hold."""
import json

from interop_support import KIT, run

OURS_WRITE = """
import lamindb as ln, bionty as bt, pandas as pd, pathlib, json
ln.settings.verbosity = 'error'
transform = ln.Transform(key='ours.py', kind='pipeline', source_code='print(1)').save()
ln.track(transform=transform, params={'threshold': 0.5})
kind = ln.ULabel(name='Experiment', is_type=True).save()
label = ln.ULabel(name='experiment 1', type=kind).save()
ln.save([ln.ULabel(name=f'experiment {i}', type=kind) for i in range(2, 20)])
frame = pd.DataFrame({'cell_type': ['T cell', 'B cell'], 'dose': [0.5, 1.5]})
first = ln.Artifact.from_dataframe(frame, key='ours/table.parquet').save()
frame['dose'] += 1
second = ln.Artifact.from_dataframe(frame, key='ours/table.parquet').save()
assert second.uid[:16] == first.uid[:16] and second.uid.endswith('0001')
pathlib.Path('note.txt').write_text('ours')
ln.Artifact('note.txt', description='a note of ours').save()
pathlib.Path('many').mkdir(exist_ok=True)
[pathlib.Path('many', name).write_text(name) for name in 'abc']
ln.Artifact('many', key='ours/many').save()
second.ulabels.add(label)
parent = bt.CellType(name='our parent', ontology_id='CL:9999998').save()
child = bt.CellType(name='our cell', ontology_id='CL:9999999').save()
child.parents.add(parent)
second.cell_types.add(child)
ln.Feature(name='dose_ours', dtype=float).save()
ln.finish()
print(json.dumps({'uid': second.uid, 'labels': ln.ULabel.filter().count()}))
"""


def test_theirs_opens_ours_and_writes(instance, theirs, invariants):
    folder, db = instance
    run([theirs, KIT / "theirs_reads_ours.py", theirs, folder, "--in-place", *(["--db", db] if db else [])], folder)
    assert invariants(folder, db) > 400


def test_what_ours_writes_keeps_their_rules(instance, ours, invariants):
    folder, db = instance
    empty = invariants(folder, db)
    ours(OURS_WRITE, folder)
    assert invariants(folder, db) > empty + 300


def test_theirs_reads_what_ours_wrote_and_ours_reads_what_theirs_wrote(instance, ours, real, invariants):
    folder, db = instance
    wrote = json.loads(ours(OURS_WRITE, folder).splitlines()[-1])
    seen = json.loads(real(f"""
import json, bionty as bt, pandas as pd
a = ln.Artifact.get({wrote['uid']!r})
assert a.load().shape == (2, 2) and a.is_latest and a.versions.count() == 2
assert [c.name for c in a.cell_types.all()] == ['our cell'] and a.ulabels.get().type.name == 'Experiment'
assert [c.name for c in bt.CellType.get(name='our cell').parents.all()] == ['our parent']
assert a.run.params == {{'threshold': 0.5}} and a.run.transform.source_code == 'print(1)' and a.run.finished_at is not None
assert ln.Artifact.get(key='ours/many').n_files == 3
c = ln.Artifact.from_dataframe(pd.DataFrame({{'z': [1]}}), key='ours/table.parquet').save()
ln.ULabel(name='their label', type=ln.ULabel.get(name='Experiment')).save()
bt.CellType(name='their cell').save().parents.add(bt.CellType.get(name='our parent'))
print(json.dumps({{'uid': c.uid, 'labels': ln.ULabel.filter().count()}}))
""", folder).splitlines()[-1])
    assert seen["uid"] == wrote["uid"][:16] + "0002"
    assert seen["labels"] == wrote["labels"] + 1
    ours(f"""
import lamindb as ln, bionty as bt
latest = ln.Artifact.get(key='ours/table.parquet')
assert latest.uid == {seen['uid']!r}, latest.uid
assert list(latest.load().columns) == ['z'] and latest.versions.count() == 3
assert ln.ULabel.filter(type__name='Experiment').count() == 20
assert sorted(c.name for c in bt.CellType.get(name='our parent').query_children()) == ['our cell', 'their cell']
assert ln.ULabel.search('their label').first().name == 'their label'
""", folder)
    invariants(folder, db)


def test_ours_opens_an_instance_that_theirs_made(folder, theirs, ours, real, lamin, invariants):
    run([theirs, "-W", "ignore", "-c",
         "import lamindb_setup; lamindb_setup.init(storage='st', name='theirs', modules='bionty')"], folder)
    real("ln.ULabel(name='from theirs').save()", folder)
    assert "anonymous/theirs" in run([lamin, "info"], folder)
    ours("import lamindb as ln; assert ln.ULabel.get(name='from theirs').id == 1; ln.ULabel(name='from ours').save()", folder)
    real("assert sorted(u.name for u in ln.ULabel.filter()) == ['from ours', 'from theirs']", folder)
    assert invariants(folder, "") > 100
