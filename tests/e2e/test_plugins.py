"""examples/plugin from the outside: installed, in a new and an existing instance, used, migrated, served without its code."""
import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "examples" / "plugin"
NOT_FOUND, INVALID, CONFLICT = 5, 2, 7  # exit statuses


def install(source, site):
    """What `pip install` creates: the package and its metadata."""
    project = tomllib.loads((source / "pyproject.toml").read_text())["project"]
    shutil.copytree(source / project["name"], site / project["name"], dirs_exist_ok=True)
    info = site / f"{project['name']}-{project['version']}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n")
    groups = [(group, entries) for group, entries in project["entry-points"].items()]
    (info / "entry_points.txt").write_text("".join(f"[{g}]\n" + "".join(f"{k} = {v}\n" for k, v in e.items()) for g, e in groups))


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site"
    install(PLUGIN, folder)
    return folder


@pytest.fixture
def shell(tmp_path, home, monkeypatch, lamin):
    """Runs lamin, with or without access to the package; returns all its output."""
    monkeypatch.setenv("LAMIN_PYTHON", sys.executable)

    def run(*words, status=0, path=()):
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
        done = subprocess.run([lamin, *map(str, words)], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


@pytest.fixture
def python(tmp_path):
    def run(script, path=()):
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))}
        done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


USE = """
import lamindb as ln, bionty as bt, pandas as pd, wetbench
ln.settings.verbosity = 'error'
donor = wetbench.Donor(name='D1', age=41).save()
again = wetbench.Donor(name='D1 once more')
again.uid = donor.uid
assert again.save() == donor and again.name == 'D1', 'a known uid is its row, in a registry of a plug-in too'
sample = wetbench.Biosample(name='S1', donor=donor, volume=0.5).save()
assert type(sample) is wetbench.Biosample and len(sample.uid) == 12
assert wetbench.Biosample(name='S1').save() == sample
sample.tissues.add(bt.Tissue(name='lung').save())
treatment = wetbench.Treatment(name='heat', kind='physical').save()
experiment = wetbench.Experiment(name='E1').save()
well = wetbench.Well(position='A01', experiment=experiment, biosample=sample).save()
well.treatments.add(treatment)
assert [t.name for t in well.treatments.all()] == ['heat'] and treatment.wells.one() == well
assert wetbench.Biosample.filter(donor__age__gt=40, tissues__name='lung').one() == sample
assert donor.biosamples.one() == sample and experiment.wells.count() == 1
try:
    wetbench.Treatment(name='x', kind='magic').save()
except ln.errors.ValidationError as error:
    assert 'magic' in str(error)
else:
    raise AssertionError('kind is one of three')
feature = ln.Feature(name='sample', dtype=wetbench.Biosample).save()
schema = ln.Schema(features=[feature]).save()
good = pd.DataFrame({'sample': ['S1', 'S1']})
artifact = ln.Artifact.from_dataframe(good, key='good.parquet', schema=schema).save()
assert artifact.biosamples.get().name == 'S1' and artifact.links_biosample.get().feature == feature
assert [link.feature for link in wetbench.ArtifactBiosample.filter(artifact=artifact)] == [feature]
try:
    ln.Artifact.from_dataframe(pd.DataFrame({'sample': ['S1', 'S2']}), key='bad.parquet', schema=schema).save()
except ln.errors.ValidationError as error:
    assert 'S2' in str(error)
else:
    raise AssertionError('S2 is not registered')
artifact.treatments.add(treatment)
assert ln.Artifact.filter(biosamples__donor__name='D1', treatments=treatment).one() == artifact
assert 'S1' in artifact.describe(return_str=True)
print(wetbench.Biosample.to_dataframe().to_string())
"""


def test_a_package_in_a_new_instance(shell, python, site, db):
    shell("init", "--storage", "lab", "--modules", "bionty,wetbench", *(["--db", db] if db else []), path=[site])
    assert "wetbench" in shell("info")
    assert "S1" in python(USE, path=[site])
    # Without the package, the database knows the registries.
    assert "S1" in shell("list", "biosample") and "volume" in shell("get", "biosample", "--name", "S1")
    assert "class Biosample(SQLRecord, CanCurate):" in shell("stubs", "wetbench")
    assert "no module 'wetbnch'" in shell("stubs", "wetbnch", status=NOT_FOUND)
    shell("create", "biosample", "S7", "--set", "volume=2.5", "--set", "donor=D1")
    shell("create", "well", "--set", "position=B01", "--set", "experiment=E1")
    assert "has no name" in shell("create", "well", "W", status=INVALID)
    assert "age: 41" in shell("describe", "donor", "--name", "D1")
    assert "tissues: lung" in shell("describe", "biosample", "--name", "S1")
    out = python("import lamindb as ln; a = ln.Artifact.get(key='good.parquet'); print([type(b).__name__ for b in a.biosamples.all()])")
    assert "['Biosample']" in out
    python("import wetbench; assert wetbench.Biosample.get(name='S7').donor.age == 41 and wetbench.Well.get(position='B01').experiment.name == 'E1'",
           path=[site])
    assert "is up to date" in shell("migrate", "plan", path=[site])
    assert "wetbench is not installed here" in shell("migrate", "plan")


VERSION_2 = [
    ('volume: float | None = FloatField(null=True)', 'volume_ml: float = FloatField(default=1.0, was="volume")'),
    ('age: int | None = IntegerField(null=True)', 'age: int = IntegerField(default=18)\n    site: str | None = CharField(null=True, db_index=True)'),
    ('max_length=4', 'max_length=8'),
    ('class Experiment(', 'class Room(SQLRecord):\n    name: str = CharField(unique=True)\n\n\nclass Experiment('),
    ('day = DateField(null=True)', 'day = DateField(null=True)\n    room: Room | None = ForeignKey("Room", null=True, related_name="experiments")'),
]


def test_from_one_version_to_the_next(shell, python, site, db, tmp_path):
    shell("init", "--storage", "lab", "--modules", "bionty,wetbench", *(["--db", db] if db else []), path=[site])
    python(USE, path=[site])
    shell("create", "biosample", "S9")
    models = site / "wetbench" / "models.py"
    first = models.read_text()
    second = first
    for old, new in VERSION_2:
        assert old in second
        second = second.replace(old, new, 1)
    models.write_text(second)
    plan = shell("migrate", "plan", "--sql", path=[site])
    for line in ("renames wetbench.Biosample.volume to volume_ml", "requires wetbench.Biosample.volume_ml, 1.0 where there is none",
                 "adds wetbench.Room", "adds wetbench.Experiment.room", "adds wetbench.Donor.site", "ALTER TABLE"):
        assert line in plan, plan
    shell("migrate", "check", status=1, path=[site])
    assert "S1" in shell("list", "biosample"), "a plan changes nothing"
    said = shell("migrate", "apply", path=[site])
    backups = list((tmp_path / "lab" / ".lamindb").glob("lamin.db.before-*"))
    assert len(backups) == (0 if db else 1) and (db or "the database as it was" in said)
    shell("migrate", "check", path=[site])
    out = python("""
import lamindb as ln, wetbench
assert {b.name: b.volume_ml for b in wetbench.Biosample.filter()} == {'S1': 0.5, 'S9': 1.0}
assert wetbench.Donor.get(name='D1').age == 41
room = wetbench.models.Room(name='R1').save()
experiment = wetbench.Experiment.get(name='E1')
experiment.room = room
experiment.save()
assert room.experiments.one() == experiment and experiment.wells.one().biosample.name == 'S1'
assert ln.Artifact.get(key='good.parquet').biosamples.one().volume_ml == 0.5
assert ln.setup.migrate.check()
print('fine')
""", path=[site])
    assert "fine" in out
    # The older version is not applied to the newer database; the error says what would be lost.
    models.write_text(first)
    refused = shell("migrate", "apply", status=CONFLICT, path=[site])
    assert "wetbench.Donor.site is not declared any more" in refused and "DROP COLUMN" in refused
    assert "the table of wetbench.Room" in refused
    assert "S1" in shell("list", "biosample", path=[site])


def test_into_an_instance_that_exists(shell, python, site, db):
    shell("init", "--storage", "lab", "--modules", "bionty", *(["--db", db] if db else []))
    assert "adds wetbench.Biosample" in shell("migrate", "plan", "--modules", "wetbench", path=[site])
    shell("migrate", "deploy", "--modules", "wetbench", path=[site])
    assert "bionty,wetbench" in shell("info")
    assert "S1" in python(USE, path=[site])


def test_what_was_dropped_by_hand_is_given_up(shell, tmp_path):
    module = {"name": "lab", "registries": [{"name": "Cup", "doc": "d", "name_field": "name", "fields": [
        {"name": "name", "size": 20, "doc": "d"}, {"name": "colour", "size": 9, "optional": True, "doc": "d"}]}]}
    file = tmp_path / "lab.json"
    file.write_text(json.dumps(module))
    shell("init", "--storage", "s", "--modules", file)
    shell("create", "cup", "a", "--set", "colour=red")
    module["registries"][0]["fields"].pop()
    file.write_text(json.dumps(module))
    refused = shell("migrate", "plan", "--modules", file, status=CONFLICT)
    statement = refused.partition("drop it by hand: ")[2].splitlines()[0]
    assert statement == 'ALTER TABLE "lab_cup" DROP COLUMN "colour"'
    import sqlite3

    with sqlite3.connect(tmp_path / "s" / ".lamindb" / "lamin.db") as database:
        database.execute(statement)
    shell("migrate", "apply", "--modules", file)
    assert "colour" not in shell("list", "cup")
    assert "is up to date" in shell("migrate", "plan", "--modules", file)


BAD = {
    "target": ({"fields": [{"name": "of", "kind": "ref", "to": "Saucer", "doc": "d"}]}, "'Cup.of' is not sound"),
    "doc": ({"fields": [{"name": "of"}]}, "'Cup.of' is not sound: a field has a doc"),
    "misspelt": ({"feilds": []}, "'feilds' is none of name, doc"),
    "initial": ({"fields": [{"name": "n", "kind": "integer", "fill": "constant", "initial": "x", "doc": "d"}]}, "'Cup.n' is not sound"),
    "label": ({"labels": ["Storage"]}, "'Storage' cannot be labelled"),
    "column": ({"table": "lamindb_artifact"}, "its table 'lamindb_artifact' is that of Artifact already"),
    "mixin": ({"mixins": ["SQLRecrd"]}, "'Cup.SQLRecrd' is not sound: there is no such mixin"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_not_sound_is_refused_by_name(shell, tmp_path, case):
    change, why = BAD[case]
    file = tmp_path / "lab.json"
    file.write_text(json.dumps({"name": "lab", "registries": [{"name": "Cup", "doc": "d", **change}]}))
    assert why in shell("init", "--storage", "s", "--modules", file, status=INVALID)
    assert not (tmp_path / "s" / ".lamindb" / "lamin.db").exists()


def test_names_that_are_unknown_or_taken(shell, tmp_path, site):
    assert "there is no module 'nosuch'" in shell("init", "--storage", "s", "--modules", "nosuch", status=NOT_FOUND)
    assert "nofile.json" in shell("init", "--storage", "s", "--modules", "./nofile.json", status=NOT_FOUND)
    broken = tmp_path / "broken.json"
    broken.write_text('{"name": "lab", ')
    shell("init", "--storage", "s", "--modules", broken, status=INVALID)
    taken = tmp_path / "taken.json"
    taken.write_text(json.dumps({"name": "bionty", "registries": []}))
    assert "'bionty' is not sound: the name is that of a module of the library" in shell(
        "init", "--storage", "s", "--modules", taken, status=INVALID)
    twin = tmp_path / "twin.json"
    twin.write_text(json.dumps({"name": "twin", "table_prefix": "wetbench", "registries": [{"name": "Donor", "doc": "d"}]}))
    said = shell("init", "--storage", "s", "--modules", f"bionty,wetbench,{twin}", status=INVALID, path=[site])
    assert "its table 'wetbench_donor' is that of wetbench.Donor already" in said
    shell("init", "--storage", "s", "--modules", "bionty,wetbench", path=[site])
    said = shell("migrate", "apply", "--modules", twin, status=INVALID, path=[site])
    assert "is that of" in said
    assert "is up to date" in shell("migrate", "plan", path=[site])


def test_a_package_that_cannot_be_imported_says_why(shell, site):
    (site / "wetbench" / "models.py").write_text("raise RuntimeError('no coffee')")
    assert "no coffee" in shell("init", "--storage", "s", "--modules", "wetbench", status=INVALID, path=[site])
