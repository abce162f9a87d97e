"""Parents that the real LaminDB changes: what we answer about a hierarchy is what its links say."""

# Each way in which LaminDB changes parents, at random; the links are as sparse as an ontology's.
EDITS = """
import random
import bionty as bt
random.seed({seed})
terms = list(bt.CellType.filter().order_by("id").all())
for edit in range({edits}):
    child, parent = random.sample(terms, 2)
    kind = random.randrange(6)
    if kind < 3:
        child.parents.add(parent)
    elif kind == 3:
        child.parents.remove(parent)
    elif kind == 4:
        child.parents.set(random.sample(terms, 2))
    else:
        parent.children.clear()
    if edit % 20 == 19:
        terms.remove(child)
        child.delete(permanent=True)
        terms.append(bt.CellType(name=f"cell {seed} {{edit}}").save())
print("edited", bt.CellType.parents.through.objects.count())
"""

CHECK = """
import bionty as bt, lamindb as ln
parents = [(pair.from_celltype_id, pair.to_celltype_id) for pair in bt.CellType.parents.through.objects.all()]
children = {}
for child, parent in parents:
    children.setdefault(parent, set()).add(child)
wrong = []
terms = list(bt.CellType.filter().order_by("id").all())
for term in terms:
    below, open_ = set(), {term.id}
    while open_:
        open_ = set().union(*(children.get(one, set()) for one in open_)) - below
        below |= open_
    below.discard(term.id)
    found = {row.id for row in bt.CellType.filter(ancestors=term.name)}
    if found != below:
        wrong.append((term.name, sorted(found ^ below)))
print("checked", len(terms), len(parents), "wrong", wrong)
"""


def test_the_closure_follows_what_lamindb_does(instance, ours, real):
    folder, _ = instance
    ours("import bionty as bt, lamindb as ln\nln.save([bt.CellType(name=f'cell {i}') for i in range(30)])", folder)
    ours(CHECK, folder)
    for seed, edits in ((1, 5), (2, 60), (3, 300)):
        assert "edited" in real(EDITS.format(seed=seed, edits=edits), folder)
        assert "wrong []" in ours(CHECK, folder)
