"""What type checkers must report: each line that ends in `# wrong`, and no other."""
import bionty as bt
import lamindb as ln

ln.ULabel(nam="Lab")  # wrong
ln.ULabel(name=3)  # wrong
ln.ULabel.get("abc").nmae  # wrong
ln.Artifact.get("abc").cell_typs  # wrong
ln.ULabel.get(name="x").name.frobnicate()  # wrong
bt.CellType(ontologyid="CL:1")  # wrong
bt.CellType.ontologyid  # wrong
ln.ULabel.filter(name="x").one().descriptio  # wrong
ln.ULabel.filter(name="x").ones()  # wrong
ln.ULabel.filter(name="x").first().name  # wrong
ln.Artifact.get("abc").ulabels.add(bt.CellType.get("abc"))  # wrong
ln.Artifcat  # wrong
ln.ULabel.get("abc").describe()
