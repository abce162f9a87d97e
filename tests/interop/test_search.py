"""Our search index while LaminDB writes: LaminDB works as if there were none, and we find what it wrote."""
import json

MADE = """
import lamindb as ln
ln.settings.verbosity = 'error'
ln.save([ln.ULabel(name=f"{'kidney' if i % 3 else 'liver'} sample {i}") for i in range(12_000)])
assert ln.ULabel.search('liver sample 3').first().name == 'liver sample 3'
"""
ASKED = ("kidney sample 11", "sample 119", "spleen", "taken over", "liver sample 3", "from theirs", "SAMPLE 77", "e 5", "zzz")
OURS = f"""
import json, lamindb as ln
ln.settings.verbosity = 'error'
print(json.dumps([[r.name for r in ln.ULabel.search(text, limit=None)] for text in {ASKED}]))
"""
# Without filter(), theirs also finds rows in the trash.
THEIRS = f"""
import json
print(json.dumps([[r.name for r in ln.ULabel.filter().search(text, limit=100_000)] for text in {ASKED}]))
"""


def ranked(text):
    return [sorted(names) for names in json.loads(text.splitlines()[-1])]


def test_ours_finds_what_theirs_writes_deletes_and_renames(instance, ours, real, invariants):
    folder, db = instance
    ours(MADE, folder)
    real("""
label = ln.ULabel.get(name='liver sample 3')
label.name = 'spleen sample 3'
label.save()
ln.ULabel.filter(name='kidney sample 11').update(name='taken over')
ln.ULabel.get(name='kidney sample 119').delete(permanent=True)
ln.ULabel.get(name='kidney sample 1190').delete()
ln.save([ln.ULabel(name=f'from theirs {i}') for i in range(1_500)])
""", folder)
    first = ours(OURS, folder)
    assert ranked(first) == ranked(real(THEIRS, folder))
    names = json.loads(first.splitlines()[-1])
    assert names[2] == ["spleen sample 3"] and names[3] == ["taken over"] and names[4][0] != "liver sample 3"
    assert len(names[5]) == 1_500 and not {"kidney sample 119", "kidney sample 1190"} & set(names[1])
    real("""
ln.ULabel.filter(name__startswith='from theirs').delete(permanent=True)
ln.ULabel.filter(name='taken over').update(name='liver sample 3')
ln.ULabel.get(name='kidney sample 1190', branch_id=-1).restore()
""", folder)
    second = ours(OURS, folder)
    assert ranked(second) == ranked(real(THEIRS, folder))
    names = json.loads(second.splitlines()[-1])
    assert names[3] == [] and names[4][0] == "liver sample 3" and names[5] == [] and "kidney sample 1190" in names[1]
    invariants(folder, db)


def test_both_rank_alike(instance, ours, real):
    folder, db = instance
    ours("""
import lamindb as ln
ln.settings.verbosity = 'error'
ln.save([ln.ULabel(name=name, description=about) for name, about in (
    ('cell', None), ('T cell', 'a cell of the thymus'), ('cells', None), ('cell|x', None), ('stem,cell', None), ('my cells', None),
    ('Cell line', 'cell'), ('x.cell:y', None), ('subcellular', None), ('cellar', 'cell|CELL'), ('none', 'none'))])
""", folder)
    code = "print(json.dumps([[r.name for r in ln.ULabel.search(text)] for text in ('cell', 'CELL', 'e', 'l l', 'cell|x', 'thymus')]))"
    mine = ours("import json, lamindb as ln\nln.settings.verbosity = 'error'\n" + code, folder)
    theirs = real("import json\n" + code, folder)
    if db:  # there LaminDB does not define the order of rows with the same rank
        assert ranked(mine) == ranked(theirs)
        assert [names[0] for names in json.loads(mine.splitlines()[-1])] == [names[0] for names in json.loads(theirs.splitlines()[-1])]
    else:
        assert json.loads(mine.splitlines()[-1]) == json.loads(theirs.splitlines()[-1])
