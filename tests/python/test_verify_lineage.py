"""`ln.core.verify_lineage`: scripts, and what is missing in each."""

import pytest

HEAD = "import lamindb as ln\nfrom pathlib import Path\nimport os\n"
TRACKED = "ln.track()\n{}\nln.finish()\n"
CASES = [
    ("", ["Missing ln.track() call", "Missing ln.finish() call"]),
    ("ln.track()", ["Missing ln.finish() call"]),
    (TRACKED.format("open('in.csv').read()"), ["in.csv (line 5)"]),
    (TRACKED.format("open('in.csv').read()\nopen('in.csv').read()"), ["in.csv (line 5, line 6)"]),
    (TRACKED.format("open('out.csv', 'w')\nln.Artifact('out.csv', key='a/out.csv').save()"), []),
    (TRACKED.format("open('./out.csv', 'w')\nln.Artifact(Path('out.csv')).save()"), []),
    (TRACKED.format("folder = Path('out')\n(folder / 'a.csv').write_text('a')"), ["out/a.csv"]),
    (TRACKED.format("folder = Path('out')\n(folder / 'a.csv').write_text('a')\nln.Artifact(os.path.join('out', 'a.csv')).save()"), []),
    (TRACKED.format("path = 'a.csv'\npath = None\nprint(path)\nos.makedirs('a/b')"), []),
    (TRACKED.format("def write(to):\n    open(to, 'w')\nwrite('a.csv')"), ["a.csv"]),
    (TRACKED.format("def keep(what):\n    ln.Artifact(what).save()\nopen('a.csv', 'w')\nkeep('a.csv')"), []),
    (TRACKED.format("def twice(what, n):\n    if n: twice(what, n - 1)\ntwice('a.csv', 2)"), ["a.csv"]),
    ("@ln.flow()\ndef main():\n    open('a.csv')\nmain()", ["a.csv"]),
    ("@ln.flow()\ndef main():\n    print('a.csv')\nmain()", []),
    ("@ln.step()\ndef main():\n    pass\nmain()", ["Missing ln.track() call", "Missing ln.finish() call"]),
]


@pytest.mark.parametrize(("script", "missing"), CASES)
def test_what_is_missing(ln, tmp_path, script, missing):
    file = tmp_path / "script.py"
    file.write_text(HEAD + script)
    report = ln.core.verify_lineage(file)
    assert report.is_fully_tracked is (not missing) and len(report.missing_lineage) == len(missing), report
    for expected, found in zip(missing, report.missing_lineage):
        assert expected in found


def test_what_is_no_script(ln, tmp_path):
    assert ln.core.verify_lineage("none.py").missing_lineage == ("File not found: none.py",)
    (tmp_path / "wrong.py").write_text("def")
    with pytest.raises(SyntaxError):
        ln.core.verify_lineage(tmp_path / "wrong.py")
