"""Versions, trash and branches: the same script has the same result in either program, and both write in turn on one database."""
import json

# What both programs report about an instance; families are named by their order of creation.
DUMP = """
import json
def rows(cls, *fields):
    return [[str(getattr(row, field)) for field in fields] for row in cls.objects.order_by('id')]
def state(full=True):
    stems = {}
    def short(uid):
        return uid if full else f"{stems.setdefault(uid[:-4], len(stems))}:{uid[-4:]}"
    def versioned(cls):
        found = rows(cls, 'uid', 'key', 'is_latest', 'branch_id', 'created_on_id', 'hash', 'version', 'version_tag', 'description')
        return [[short(row[0]), *row[1:6], row[6], *row[7:]] for row in found]
    latest = ln.Artifact.filter(key='k.txt', is_latest=True).order_by('-id').first()
    return {
        'artifacts': versioned(ln.Artifact), 'transforms': versioned(ln.Transform),
        'labels': rows(ln.ULabel, 'name', 'branch_id', 'created_on_id', 'type_id', 'description'),
        'branches': rows(ln.Branch, 'id', 'name', '_status_code', 'status'),
        'seen': [sorted(short(a.uid) for a in ln.Artifact.filter()), sorted(u.name for u in ln.ULabel.filter())],
        'latest': latest and short(latest.uid), 'versions': latest and sorted(short(v.uid) for v in latest.versions),
        'content': latest and latest.cache().read_text(), 'branch': ln.setup.settings.branch.name}
"""

HELP = DUMP + """
from pathlib import Path
def save(text, key='k.txt', **more):
    Path('w.txt').write_text(text)
    return ln.Artifact('w.txt', key=key, **more).save()
def source(text, key='t.py'):
    return ln.Transform(key=key, kind='script', source_code=text).save()
"""

SCRIPT = HELP + """
steps = []
def step():
    steps.append(state(full=False))
first = save('1'); save('2', version='2.0'); source('1'); source('2'); step()
ln.setup.switch('dev', create=True)
kind = ln.ULabel(name='Kind', is_type=True).save(); ln.ULabel(name='of dev', type=kind).save()
save('3'); save('4'); source('3'); save('new', key='new.txt'); step()
ln.setup.switch('main'); step()
save('5'); ln.ULabel(name='of main').save(); step()
ln.setup.merge('dev'); step()
latest = ln.Artifact.get(key='k.txt'); latest.delete(); step()
latest.restore(); step()
save('6'); Path('w.txt').write_text('7'); ln.Artifact('w.txt', revises=ln.Artifact.objects.get(id=first.id)).save(); step()
ln.Artifact.get(key='k.txt').delete(permanent=True); step()
ln.Artifact.filter(key='k.txt').order_by('id')[1].delete(); step()
save('2'); step()
[a.delete() for a in ln.Artifact.filter(key='k.txt').order_by('id')]; step()
save('8'); step()
ln.Transform.filter(key='t.py', is_latest=True).one().delete(); source('4'); source('1'); step()
kind.delete(); step()
ln.Branch(name='other', description='x').save(); other = ln.Branch.get(name='other')
save('9', branch=other); save('10'); step()
other.status = 'review'; other.save(); step()
ln.setup.switch('other'); step(); save('11'); step(); ln.setup.switch('main'); ln.setup.merge('other', target='dev'); step()
print(json.dumps(steps))
"""

OURS_FIRST = HELP + """
save('1'); save('2'); trashed = save('3'); trashed.delete(); source('1'); source('2')
ln.setup.switch('dev', create=True)
save('4'); source('3'); ln.ULabel(name='of dev').save()
"""
THEIRS_THEN = HELP + """
assert ln.setup.settings.branch.name == 'dev'
assert save('5').uid[-4:] == '0004'
ln.setup.switch('main')
assert save('6').uid[-4:] == '0005' and source('4').uid[-4:] == '0003'
ln.Artifact.objects.filter(key='k.txt', branch_id=-1).one().restore()
ln.Artifact.get(key='k.txt').delete()
ln.setup.switch('theirs', create=True)
save('7'); ln.ULabel(name='of theirs').save()
"""
OURS_LAST = HELP + """
assert ln.setup.settings.branch.name == 'theirs'
ln.setup.switch('main'); ln.setup.merge('dev'); ln.setup.merge('theirs')
assert save('8').uid[-4:] == '0007'
ln.Artifact.objects.filter(key='k.txt', branch_id=-1).one().restore()
source('1'); source('5')
"""


def show(program, code, folder):
    program_head = "" if "import lamindb as ln" in code else "import lamindb as ln\nln.settings.verbosity = 'error'\n"
    return json.loads(program(program_head + code, folder).splitlines()[-1])


def test_the_same_script_ends_the_same(tmp_path, home, lamin, ours, real, theirs, db):
    """Side by side, each on its own instance; SQLite for LaminDB, since it behaves the same on both."""
    from interop_support import run

    here, there = tmp_path / "mine", tmp_path / "other"
    for folder in (here, there):
        folder.mkdir()
    run([lamin, "init", "--storage", "st", "--name", "mine", *(["--db", db] if db else [])], here)
    run([theirs, "-W", "ignore", "-c", "import lamindb_setup; lamindb_setup.init(storage='st', name='other')"], there)
    got, expected = show(ours, SCRIPT, here), show(real, SCRIPT, there)
    assert len(got) == len(expected)
    for number, (mine, other) in enumerate(zip(got, expected)):
        for what in other:
            different = [pair for pair in zip(mine[what], other[what]) if pair[0] != pair[1]] if isinstance(other[what], list) else []
            assert mine[what] == other[what], f"step {number}: {what}: {different}"


def test_both_write_in_turn_and_read_the_same(instance, ours, real, invariants):
    folder, db = instance
    seen = []
    for program, code in ((ours, OURS_FIRST), (real, THEIRS_THEN), (ours, OURS_LAST)):
        last = "\nprint(json.dumps(state()))"
        assert show(program, code + last, folder) == show(ours, DUMP + last, folder)
        assert show(real, DUMP + last, folder) == show(ours, DUMP + last, folder)
        seen.append(invariants(folder, db))
    assert seen == sorted(seen)
