"""Runs the examples of all docstrings in an instance that has what they mention; exits with 1 if one is wrong."""
import contextlib
import doctest
import inspect
import io
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools"))

from public_surface import surface  # noqa: E402


def world():
    """The names that examples use."""
    import bionty as bt
    import lamindb as ln
    import pandas as pd

    ln.setup.init(storage="./storage", name="examples", modules="bionty,pertdb")
    lymphocyte = bt.CellType(name="lymphocyte", ontology_id="CL:0000542").save()
    for name, ontology_id, synonyms in (("T cell", "CL:0000084", "T lymphocyte|T-cell"), ("B cell", "CL:0000236", None)):
        bt.CellType(name=name, ontology_id=ontology_id, synonyms=synonyms).save().parents.add(lymphocyte)
    features = [ln.Feature(name="cell_type", dtype=bt.CellType).save(), ln.Feature(name="n_genes", dtype=int).save()]
    ln.Feature(name="temperature", dtype=float, unit="°C").save()
    typed = ln.Schema(features, name="typed cells").save()
    df = pd.DataFrame({"cell_type": ["T cell", "B cell"], "n_genes": [700, 765]})
    artifact = ln.Artifact.from_dataframe(df, key="blood/cells.parquet", schema=typed).save()
    label = ln.ULabel(name="pilot").save()
    sample = ln.Record(name="sample 1", type=ln.Record(name="Samples", is_type=True).save()).save()
    return {"ln": ln, "bt": bt, "df": df, "typed": typed, "artifact": artifact, "label": label, "sample": sample}


def files():
    """The files that examples read."""
    import pathlib

    pathlib.Path("reads.txt").write_text("ACGT\n")
    pathlib.Path("count.py").write_text("print(len(open('reads.txt').read()))\n")
    pathlib.Path("plates").mkdir()
    for name in "ab":
        pathlib.Path(f"plates/{name}.txt").write_text(name)


def main():
    files()
    names = world()
    parser, runner = doctest.DocTestParser(), doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    failed = examples = 0
    for name, thing in surface().items():
        names["ln"].settings.verbosity = "error"
        test = parser.get_doctest(inspect.getdoc(thing) or "", dict(names), name, name, 0)
        if not test.examples:
            continue
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            result = runner.run(test, out=out.write, clear_globs=False)
        examples += result.attempted
        if result.failed:
            failed += 1
            print(out.getvalue())
        # Examples leave the world as it was: one that registers what another counts would make both depend on their order.
        left = names["ln"].ULabel.filter().to_list("name")
        if left != ["pilot"]:
            failed += 1
            print(f"{name} leaves labels behind: {left}")
            names["ln"].ULabel.filter().exclude(name="pilot").delete(permanent=True)
    print(f"{examples} examples, {failed} docstrings failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
