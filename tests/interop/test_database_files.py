"""Whole databases as Parquet files: what one program exports, the other imports; rows keep their ids and values."""

import json

import pytest
from interop_support import run

OURS = "import lamindb as ln\n"
FILL = """
import datetime, pandas as pd
temperature, day = ln.Feature(name='temperature', dtype=float).save(), ln.Feature(name='day', dtype='date').save()
label, typed = ln.ULabel(name='treated').save(), ln.ULabel(name='Kind', is_type=True).save()
ln.ULabel(name='of a type', type=typed).save()
artifact = ln.Artifact.from_dataframe(pd.DataFrame({'x': [1]}), key='t.parquet').save()
artifact.ulabels.add(label)
artifact.features.add_values({'temperature': 21.5, 'day': datetime.date(2026, 1, 31)})
ln.Artifact.from_dataframe(pd.DataFrame({'x': [1, 2]}), key='t.parquet').save()
ln.ULabel(name='thrown away').save().delete()
transform = ln.Transform(key='a.py', kind='script').save()
ln.Run(transform, params={'n': 3, 'names': ['a', None]}).save()
"""
FIELDS = {
    "Artifact": "id uid key description suffix hash size n_observations is_latest branch_id run_id created_at storage_id created_by_id",
    "ULabel": "id uid name description is_type type_id branch_id created_at", "Feature": "id uid name dtype branch_id",
    "Transform": "id uid key kind is_latest", "Storage": "id uid root type", "User": "id uid handle name",
}  # fmt: skip
LOOK = f"""
import json, datetime
told = {{}}
for name, fields in {FIELDS!r}.items():
    narrowed = dict(branch_id__in=[-1, 1]) if 'branch_id' in fields else dict()
    rows = getattr(ln, name).filter(**narrowed).order_by('id')
    told[name] = [[value.isoformat()[:26].replace('+00:00', '') if isinstance(value, datetime.datetime) else value
                   for value in (getattr(row, field) for field in fields.split())] for row in rows]
told['params'] = [run.params for run in ln.Run.filter().order_by('id')]
artifact = ln.Artifact.filter(key='t.parquet').order_by('id').first()
told['features'] = {{k: str(v) for k, v in artifact.features.get_values().items()}}
told['labels'] = [label.name for label in artifact.ulabels.all()]
print(json.dumps(told))
"""
# export_db itself stops at the first class without a table on PostgreSQL.
THEIR_EXPORT = """
import importlib, pathlib
from lamindb_setup import io
for module in ('lamindb', 'bionty', 'pertdb'):
    models = importlib.import_module(module).models
    for name in io._get_registries(module):
        registry = getattr(models, name)
        if not registry._meta.abstract:
            for field in (None, *(field.name for field in registry._meta.many_to_many)):
                io._export_full_table((module, name, field), pathlib.Path('{folder}'), 500_000)
"""
MORE = "print(ln.ULabel(name='{}').save().id > 4)"


@pytest.fixture
def second(tmp_path, lamin, second_db):
    """An empty instance in another folder."""
    folder = tmp_path / "second"
    folder.mkdir()
    run([lamin, "init", "--storage", folder / "st", "--name", "second", "--modules", "bionty,pertdb", *(["--db", second_db] if second_db else [])], folder)
    return folder


def looked(say, folder, head=""):
    return json.loads(say(head + LOOK, folder).splitlines()[-1])


def test_ours_is_read_by_both(instance, second, second_db, lamin, ours, real, invariants):
    folder, _ = instance
    ours(OURS + FILL, folder)
    before = looked(ours, folder, OURS)
    run([lamin, "io", "exportdb", "--modules", "lamindb,bionty,pertdb", "--output-dir", folder / "out"], folder)
    real(f"from lamindb_setup.io import import_db; import_db(['lamindb', 'bionty', 'pertdb'], input_dir={str(folder / 'out')!r}, if_exists='append')", second)
    assert looked(real, second) == before
    assert looked(ours, second, OURS) == before
    run([lamin, "io", "importdb", "--input-dir", folder / "out", "--if-exists", "append"], second)  # again: nothing differs
    assert looked(ours, second, OURS) == before
    invariants(second, second_db)


def test_theirs_is_read_by_us(instance, second, second_db, lamin, ours, real, invariants):
    folder, _ = instance
    real(FILL, folder)
    before = looked(real, folder)
    (folder / "out").mkdir()
    real(THEIR_EXPORT.format(folder=folder / "out"), folder)
    run([lamin, "io", "importdb", "--input-dir", folder / "out"], second)
    assert looked(ours, second, OURS) == before
    assert looked(real, second) == before
    assert ours(OURS + MORE.format("ours"), second).splitlines()[-1] == "True"
    assert real(MORE.format("theirs"), second).splitlines()[-1] == "True"
    invariants(second, second_db)
