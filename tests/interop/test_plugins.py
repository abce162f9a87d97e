"""LaminDB does not see the tables of a plug-in, and they do not disturb it."""
import json

from interop_support import run

LAB = {"name": "lab", "needs": ["bionty"], "registries": [
    {"name": "Sample", "doc": "A sample.", "mixins": ["SQLRecord", "TracksRun", "TracksUpdates"], "traits": ["curatable"],
     "labels": ["Artifact", "Record"], "name_field": "name", "fields": [
         {"name": "uid", "size": 12, "unique": True, "fill": "random_uid", "doc": "Id."},
         {"name": "name", "size": 50, "unique": True, "doc": "Name."},
         {"name": "tissue", "kind": "ref", "to": "bionty.Tissue", "optional": True, "inverse": "samples", "doc": "Where from."}]}]}


def test_theirs_opens_writes_and_deletes(instance, ours, real, lamin, invariants):
    folder, db = instance
    (folder / "lab.json").write_text(json.dumps(LAB))
    run([lamin, "migrate", "apply", "--modules", "./lab.json"], folder)
    uids = json.loads(ours("""
import lamindb as ln, pandas as pd, json
ln.settings.verbosity = 'error'
sample = ln.DB('interop').lab.Sample
ln.models.class_of('lab.Sample')(name='S1').save()
feature = ln.Feature(name='sample', dtype='cat[lab.Sample]').save()
kept, gone = [ln.Artifact.from_dataframe(pd.DataFrame({'n': [i]}), key=f'{i}.parquet').save() for i in range(2)]
kept.samples.add(sample.get(name='S1'))
gone.samples.add(sample.get(name='S1'))
print(json.dumps([kept.uid, gone.uid]))
""", folder).splitlines()[-1])
    real(f"""
import pandas as pd
assert ln.Feature.get(name='sample').dtype_as_str == 'cat[lab.Sample]'
assert ln.Artifact.get({uids[0]!r}).load().n[0] == 0
ln.Artifact.get({uids[1]!r}).delete(permanent=True, storage=False)
ln.ULabel(name='theirs').save()
ln.Artifact.from_dataframe(pd.DataFrame({{'z': [1]}}), key='theirs.parquet').save()
assert ln.setup.migrate.check()
""", folder)
    seen = ours("""
import lamindb as ln
ln.settings.verbosity = 'error'
links = ln.models.class_of('lab.ArtifactSample')
assert [link.artifact.key for link in links.filter()] == ['0.parquet'], 'the link went with what LaminDB deleted'
assert ln.ULabel.filter(name='theirs').exists() and ln.setup.migrate.check()
print('fine')
""", folder)
    assert "fine" in seen
    invariants(folder, db)
