"""Sheets from files and to files: `lamin import record`, `lamin export`, `lamin rows`, and the same in Python."""
import json
import os
import subprocess
import sys
import zipfile
from xml.sax.saxutils import escape

import pytest

VALID, MISUSED, INVALID, NOT_FOUND, CONFLICT, CORRUPT, UNSUPPORTED = 0, 2, 4, 5, 7, 12, 13

SETUP = """
import lamindb as ln, bionty as bt
for name in ["T cell", "B cell", "monocyte"]: bt.CellType(name=name).save()
bt.CellType.get(name="T cell").add_synonym("T lymphocyte")
f = {name: ln.Feature(name=name, dtype=dtype, nullable=name != "cells").save() for name, dtype in {
    "sample": str, "cell_type": bt.CellType, "dose": float, "cells": int, "taken": "date", "seen": "datetime", "fresh": bool, "note": str,
    "marks": list[int], "kinds": list[bt.CellType]}.items()}
optional = [f[name].with_config(optional=True) for name in ("seen", "fresh", "note", "marks", "kinds")]
schema = ln.Schema([f["cell_type"], f["dose"], f["cells"], f["taken"], *optional], index=f["sample"], name="samples").save()
ln.Record(name="Samples", is_type=True, schema=schema).save()
plain = ln.Schema([f["dose"], f["note"].with_config(optional=True)], name="doses").save()
ln.Record(name="Doses", is_type=True, schema=plain).save()
strict = ln.Schema([f["dose"]], name="strict doses", maximal_set=True).save()
ln.Record(name="Strict", is_type=True, schema=strict).save()
"""

HEADER = "sample,cell_type,dose,cells,taken"
GOOD = f"{HEADER}\ns1,T cell,0.5,100,2024-03-01\ns2,B cell,1,7,2024-03-02\n"
BAD = f"""{HEADER}
s1,T cel,"0,5",100,2024-03-01
,B cell,1,7,1.3.2024
s3,T lymphocyte,2,many,2024-03-03
s3,qqqqqq,2,,2024-13-03
s5,monocyte,3,9,2024-03-05
"""


@pytest.fixture(scope="module")
def world(tmp_path_factory, lamin):
    """A folder with an instance that has three sheets."""
    folder = tmp_path_factory.mktemp("sheets")
    home = folder / "home"
    home.mkdir()
    env = {**os.environ, "HOME": str(home), "LAMIN_SETTINGS_DIR": str(home), "LAMIN_OFFLINE": "1"}

    def run(*words, status=VALID):
        done = subprocess.run([str(word) for word in (lamin, *words)], cwd=folder, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == status, f"{words}: {done.returncode}, not {status}: {done.stdout}{done.stderr}"
        run.said = done.stderr
        return done.stdout

    def python(code):
        done = subprocess.run([sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run.folder, run.python, run.lamin, run.env = folder, python, lamin, env
    run("init", "--storage", "st", "--name", "sheets", "--modules", "bionty")
    python(SETUP)
    return run


@pytest.fixture
def samples(world):
    """The sheet with an index, without rows before and after."""
    empty = "import lamindb as ln\nfor name in ('Samples', 'Doses', 'Strict'): ln.Record.get(name=name).records.all().delete(permanent=True)"
    world.python(empty)
    yield world
    world.python(empty)


def write(world, name, text):
    (world.folder / name).write_text(text)
    return name


def rows(world, sheet="Samples"):
    return [json.loads(line) for line in world("rows", sheet, "--limit", "all", "--json").splitlines()]


def errors(world, path, sheet="Samples", *more, status=INVALID):
    out = world("import", "record", path, "--type", sheet, "--check", "--json", *more, status=status)
    return [json.loads(line) for line in out.splitlines()]


# -- a workbook by hand, as Excel and others write them ----------------------------------------------------------------


def letters(column):
    return (chr(64 + column // 26) if column >= 26 else "") + chr(65 + column % 26)


def workbook(path, sheets, since_1904=False, merged=(), prefix=""):
    """`sheets`: {name: rows of cells}; a cell is None, a value, or raw XML after its place: ("t=\"e\"", "<v>#REF!</v>")."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    texts = []
    p = f"{prefix}:" if prefix else ""
    declared = f'xmlns{":" + prefix if prefix else ""}="{main}"'

    def cell(place, value):
        if value is None:
            return ""
        if isinstance(value, tuple):
            return f'<{p}c r="{place}" {value[0]}>{value[1].replace("<", "<" + p).replace("<" + p + "/", "</" + p)}</{p}c>'
        if isinstance(value, bool):
            return f'<{p}c r="{place}" t="b"><{p}v>{int(value)}</{p}v></{p}c>'
        if isinstance(value, str):
            texts.append(value)
            return f'<{p}c r="{place}" t="s"><{p}v>{len(texts) - 1}</{p}v></{p}c>'
        return f'<{p}c r="{place}"><{p}v>{value}</{p}v></{p}c>'

    parts = {}
    for number, table in enumerate(sheets.values(), 1):
        body = "".join(
            f'<{p}row r="{r}">' + "".join(cell(f"{letters(c)}{r}", value) for c, value in enumerate(row)) + f"</{p}row>"
            for r, row in enumerate(table, 1) if row
        )  # fmt: skip
        joined = "".join(f'<{p}mergeCell ref="{one}"/>' for one in merged)
        joined = f"<{p}mergeCells>{joined}</{p}mergeCells>" if merged else ""
        parts[f"xl/worksheets/sheet{number}.xml"] = f"<{p}worksheet {declared}><{p}sheetData>{body}</{p}sheetData>{joined}</{p}worksheet>"
    named = "".join(f'<{p}sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1))
    date1904 = f'<{p}workbookPr date1904="1"/>' if since_1904 else ""
    parts["xl/workbook.xml"] = f'<{p}workbook {declared} xmlns:r="{office}">{date1904}<{p}sheets>{named}</{p}sheets></{p}workbook>'
    shared = "".join(f'<{p}si><{p}r><{p}t xml:space="preserve">{escape(text)}</{p}t></{p}r></{p}si>' for text in texts)
    parts["xl/sharedStrings.xml"] = f"<{p}sst {declared}>{shared}</{p}sst>"
    # Styles: 1 a built-in date, 2 a date of its own, 3 a number with a "d" in quotes, 4 hours.
    formats = '<numFmt numFmtId="170" formatCode="dd/mm/yyyy hh:mm"/><numFmt numFmtId="171" formatCode="0.0&quot; d&quot;"/>'
    styles = "".join(f'<xf numFmtId="{number}"/>' for number in (0, 14, 170, 171, 46))
    parts["xl/styles.xml"] = f'<styleSheet xmlns="{main}"><numFmts>{formats}</numFmts><cellXfs>{styles}</cellXfs></styleSheet>'
    links = {f"r{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)}
    links |= {"s": ("sharedStrings", "sharedStrings.xml"), "t": ("styles", "/xl/styles.xml")}

    def relations(all_):
        body = "".join(f'<Relationship Id="{i}" Type="{office}/{kind}" Target="{target}"/>' for i, (kind, target) in all_.items())
        return f'<Relationships xmlns="{package}">{body}</Relationships>'

    parts["xl/_rels/workbook.xml.rels"] = relations(links)
    parts["_rels/.rels"] = relations({"r1": ("officeDocument", "xl/workbook.xml")})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return path.name


DAY = ('s="1"', "<v>45352</v>")  # 2024-03-01


# -- import ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["good.csv", "good.tsv", "good.xlsx", "good.parquet"])
def test_rows_come_from_every_kind_of_table(samples, name):
    if name.endswith("xlsx"):
        table = [[None], [None, "sample", "cell_type", "dose", "cells", "taken"], [None, "s1", "T cell", 0.5, 100, DAY], [],
                 [None, "s2", "B cell", 1, 7, "2024-03-02"]]  # fmt: skip
        workbook(samples.folder / name, {"A": table})
    elif name.endswith("parquet"):
        samples.python(f"import io, pandas; pandas.read_csv(io.StringIO({GOOD!r})).to_parquet({name!r})")
    else:
        write(samples, name, GOOD if name.endswith("csv") else GOOD.replace(",", "\t"))
    samples("import", "record", name, "--type", "Samples")
    assert "saved: 2 records of 'Samples'" in samples.said
    found = rows(samples)
    assert [(row["sample"], row["cell_type"], row["dose"], row["cells"], row["taken"]) for row in found] == [
        ("s1", "T cell", 0.5, 100, "2024-03-01"), ("s2", "B cell", 1.0, 7, "2024-03-02"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["bad.csv", "bad.xlsx"])
def test_every_bad_cell_is_told_and_nothing_is_saved(samples, name):
    if name.endswith("xlsx"):
        lines = [HEADER.split(","), ["s1", "T cel", "0,5", 100, DAY], [None, "B cell", 1, 7, "1.3.2024"],
                 ["s3", "T lymphocyte", 2, "many", DAY], ["s3", "qqqqqq", 2, None, "2024-13-03"], ["s5", "monocyte", 3, 9, DAY]]  # fmt: skip
        workbook(samples.folder / name, {"A": lines})
    else:
        write(samples, name, BAD)
    found = {(one["row"] + 2, one["column"]): one for one in errors(samples, name)}
    rules = {place: one["rule"] for place, one in found.items()}
    assert rules == {
        (2, "cell_type"): "not_registered", (2, "dose"): "wrong_type", (3, "sample"): "null", (3, "taken"): "wrong_type",
        (4, "cell_type"): "not_registered", (4, "cells"): "wrong_type", (5, "sample"): "repeated_name", (5, "cell_type"): "not_registered",
        (5, "cells"): "null", (5, "taken"): "wrong_type",
    }  # fmt: skip
    assert found[2, "cell_type"]["value"] == "T cel" and found[2, "cell_type"]["candidates"][0] == "T cell"
    assert found[4, "cell_type"]["candidates"] == ["T cell"] and found[5, "cell_type"]["candidates"] == []
    assert found[2, "dose"]["candidates"] == ["0.5"] and set(found[3, "taken"]["candidates"]) == {"2024-03-01", "2024-01-03"}
    place = "B2" if name.endswith("xlsx") else "row 2"
    assert found[2, "cell_type"]["place"] == place and "not validated in feature 'cell_type'" in found[2, "cell_type"]["why"]
    out = samples("import", "record", name, "--type", "Samples", status=INVALID)
    assert "10 errors: nothing was saved" in samples.said and "T cel" in out and place in out
    assert "lamin create bionty.CellType" in samples.said
    assert rows(samples) == []


def test_the_right_rows_only_if_asked_for(samples):
    out = samples("import", "record", write(samples, "some.csv", BAD), "--type", "Samples", "--valid-rows", status=INVALID)
    assert "saved: 1 record of 'Samples'" in samples.said and "qqqqqq" in out
    assert [row["sample"] for row in rows(samples)] == ["s5"]


def test_columns_that_are_missing_extra_or_misspelt(samples):
    path = write(samples, "columns.csv", "sample,cell_type,Dose,cells,taken,remark\ns1,T cell,1,2,2024-03-01,x\n")
    (found,) = errors(samples, path)
    assert (found["row"], found["column"], found["rule"], found["candidates"]) == (-1, "dose", "missing_column", ["Dose"])
    assert "COLUMN_NOT_IN_DATAFRAME" in found["why"]
    samples("import", "record", path, "--type", "Samples", "--valid-rows", status=INVALID)
    assert rows(samples) == []
    path = write(samples, "extra.csv", "dose,remark\n1,x\n")
    samples("import", "record", path, "--type", "Doses")
    assert "left out, because they are not features of the sheet: 'remark'" in samples.said
    (found,) = errors(samples, path, "Strict")
    assert (found["rule"], found["column"]) == ("extra_column", "remark")


def test_texts_lists_times_and_missing_words(samples):
    more = f"{HEADER},seen,fresh,note,marks,kinds"
    line = "s1,NA,0.5,100,2024-03-01,2024-03-01 13:05,TRUE,007,\"[1, 2]\",\"['T cell', 'B cell']\""
    samples("import", "record", write(samples, "all.csv", f"{more}\n{line}\n"), "--type", "Samples")
    code = "import lamindb as ln; print(ln.Record.get(name='s1').features.get_values())"
    said = samples.python(code)
    for part in ("'note': '007'", "'marks': [1, 2]", "'T cell'", "'B cell'", "'fresh': True", "'cell_type': None", "datetime.datetime(2024, 3, 1, 13, 5)"):
        assert part in said, said
    path = write(samples, "zone.csv", f"{HEADER},seen\ns2,T cell,1,2,2024-03-01,2024-03-01T10:00:00Z\n")
    (found,) = errors(samples, path)
    assert found["column"] == "seen" and "remove the time zone" in found["why"]


def test_rows_that_are_there_are_updated_if_asked_for(samples):
    samples("import", "record", write(samples, "first.csv", GOOD), "--type", "Samples")
    again = write(samples, "again.csv", GOOD.replace("0.5", "0.75") + "s3,monocyte,2,3,2024-03-03\n")
    found = errors(samples, again)
    assert [one["rule"] for one in found] == ["existing_row", "existing_row"]
    samples("import", "record", again, "--type", "Samples", "--update")
    assert [(row["sample"], row["dose"]) for row in rows(samples)] == [("s1", 0.75), ("s2", 1.0), ("s3", 2.0)]
    samples("import", "record", write(samples, "d.csv", "dose,note\n1,a\n2,b\n"), "--type", "Doses")
    samples("export", "Doses", "doses.csv", "--replace")
    text = (samples.folder / "doses.csv").read_text()
    samples("import", "record", "doses.csv", "--type", "Doses", status=INVALID)
    write(samples, "doses.csv", text.replace('"b"', '""') + '3,"c","",""\n')
    samples("import", "record", "doses.csv", "--type", "Doses", "--update")
    assert [(row["dose"], row["note"]) for row in rows(samples, "Doses")] == [(1.0, "a"), (2.0, None), (3.0, "c")]
    write(samples, "doses.csv", text.replace("__lamindb_record_uid__", "x").replace("x", "__lamindb_record_uid__", 1))
    uid = rows(samples, "Doses")[0]["__lamindb_record_uid__"]
    write(samples, "doses.csv", text.replace(uid, "nobody"))
    found = errors(samples, "doses.csv", "Doses", "--update")
    assert [(one["rule"], one["value"]) for one in found] == [("not_registered", "nobody")]


@pytest.mark.parametrize("name", ["round.csv", "round.xlsx", "round.parquet"])
def test_what_is_exported_comes_back(samples, name):
    more = f"{HEADER},seen,fresh,note,marks,kinds"
    lines = ["s1,T cell,0.5,100,2024-03-01,2024-03-01 13:05,TRUE,\"a <b> & \"\"c\"\"\",\"[1, 2]\",\"['T cell', 'B cell']\"",
             "s2,B cell,1,7,1890-01-02,,,  x_x0041_,[],"]  # fmt: skip
    samples("import", "record", write(samples, "in.csv", "\n".join([more, *lines]) + "\n"), "--type", "Samples")
    before = rows(samples)
    samples("export", "Samples", name)
    assert "already exists" in (samples("export", "Samples", name, status=CONFLICT), samples.said)[1]
    samples.python("import lamindb as ln; ln.Record.get(name='Samples').records.all().delete(permanent=True)")
    samples("import", "record", name, "--type", "Samples")
    assert rows(samples) == before and before[0]["note"] == 'a <b> & "c"'
    samples("export", "Samples", name, "--replace")
    assert "cannot be written" in (samples("export", "Samples", "x.txt", status=UNSUPPORTED), samples.said)[1]


# -- spreadsheets ------------------------------------------------------------------------------------------------------


def dated(*cells):
    return [["sample", "cell_type", "dose", "cells", "taken"], *([f"s{n}", "T cell", 1, 1, cell] for n, cell in enumerate(cells, 1))]


def test_an_export_keeps_the_old_file_until_the_new_one_is_whole(samples):
    long = "n" * 30_000
    write(samples, "long.csv", f"{HEADER},note\n" + "".join(f"s{n},T cell,1,1,2024-03-01,{long}{n}\n" for n in range(10)))
    samples("import", "record", "long.csv", "--type", "Samples")
    folder = samples.folder / "exports"
    folder.mkdir()
    for suffix in (".csv", ".parquet", ".xlsx"):
        path = folder / f"kept{suffix}"
        path.write_text("the old one")
        samples("export", "Samples", path, status=CONFLICT)
        assert "already exists" in samples.said and path.read_text() == "the old one"
        # A file may have 100 KB: as on a disk that is nearly full.
        done = subprocess.run(
            ["sh", "-c", 'ulimit -f 200; trap "" XFSZ; exec "$@"', "-", str(samples.lamin), "export", "Samples", str(path), "--replace"],
            cwd=samples.folder, env=samples.env, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        if suffix == ".csv":  # the others are compressed
            assert done.returncode not in (0, 1) and f"kept{suffix}'" in done.stderr, done.stderr
            assert path.read_text() == "the old one"
        samples("export", "Samples", path, "--replace")
        assert path.read_bytes() != b"the old one"
    assert sorted(one.name for one in folder.iterdir()) == ["kept.csv", "kept.parquet", "kept.xlsx"]
    (folder / "link.csv").symlink_to("kept.csv")
    (folder / "kept.csv").chmod(0o600)
    samples("export", "Samples", folder / "link.csv", "--replace")
    assert (folder / "link.csv").is_symlink() and (folder / "kept.csv").stat().st_mode & 0o777 == 0o600


def test_options_that_mean_nothing_for_a_table_are_refused(samples):
    write(samples, "good.csv", GOOD)
    for option in (["--source", "cl"], ["--version", "1"], ["--organism", "human"]):
        samples("import", "record", "good.csv", "--type", "Samples", *option, status=MISUSED)
        assert option[0] in samples.said and "not for tables of records" in samples.said
    write(samples, "more.csv", "sample,cell_type,dose,cells,taken,remark\ns1,T cell,1,1,2024-03-01,x\n")
    samples("import", "record", "more.csv", "--type", "Samples", "--strict", status=INVALID)
    assert "'remark'" in samples("import", "record", "more.csv", "--type", "Samples", "--strict", "--check", "--json", status=INVALID)
    assert rows(samples) == []
    samples("import", "record", "more.csv", "--type", "Samples")
    assert len(rows(samples)) == 1


def test_an_update_says_which_rows_it_means(samples):
    write(samples, "doses.csv", "name,dose\na,1\n")
    samples("import", "record", "doses.csv", "--type", "Doses")
    samples("import", "record", "doses.csv", "--type", "Doses", "--update", status=MISUSED)
    assert "__lamindb_record_uid__" in samples.said and len(rows(samples, "Doses")) == 1


def test_worksheets_are_chosen_by_name(samples):
    workbook(samples.folder / "two.xlsx", {"first": [["x"], [1]], "Samples & more": dated(DAY)}, prefix="x")
    samples("import", "record", "two.xlsx", "--type", "Samples", "--worksheet", "Samples & more")
    assert rows(samples)[0]["taken"] == "2024-03-01"
    samples("import", "record", "two.xlsx", "--type", "Samples", "--worksheet", "third", status=NOT_FOUND)
    assert "'first', 'Samples & more'" in samples.said
    samples("import", "record", write(samples, "one.csv", GOOD), "--type", "Samples", "--worksheet", "first", status=MISUSED)
    assert "leave out the worksheet 'first'" in samples.said


@pytest.mark.parametrize("since_1904, serial", [(False, 45352), (True, 43890)])
def test_days_are_counted_as_the_file_says(samples, since_1904, serial):
    cells = [(f's="{style}"', f"<v>{serial}</v>") for style in (1, 2)]
    workbook(samples.folder / "days.xlsx", {"A": dated(*cells)}, since_1904)
    samples("import", "record", "days.xlsx", "--type", "Samples")
    assert [row["taken"] for row in rows(samples)] == ["2024-03-01", "2024-03-01"]


def test_numbers_that_are_no_days(samples):
    cells = [('s="1"', "<v>60</v>"), ('s="3"', "<v>45352</v>"), ('s="2"', "<v>45352.5</v>"), ('s="1"', "<v>59</v>")]
    workbook(samples.folder / "none.xlsx", {"A": dated(*cells)})
    found = errors(samples, "none.xlsx")
    assert [(one["place"], one["rule"]) for one in found] == [("E2", "bad_cell"), ("E3", "wrong_type"), ("E4", "wrong_type")]
    assert "the number 60 formatted as a date" in found[0]["value"]


def test_formulas_errors_and_booleans(samples):
    lines = [["dose", "note", "fresh"],
             [("", "<f>1+1</f><v>2</v>"), ('t="str"', '<f>"a"</f><v>a</v>'), True],
             [("", "<f>1+1</f>"), None, None], [('t="e"', "<v>#REF!</v>"), "x", None], [('t="e"', "<v>#N/A</v>"), None, False]]  # fmt: skip
    workbook(samples.folder / "formulas.xlsx", {"A": lines})
    found = errors(samples, "formulas.xlsx", "Doses")
    assert [(one["place"], one["value"]) for one in found] == [("A3", "a formula that was never calculated"), ("A4", "the error #REF!")]
    samples("import", "record", "formulas.xlsx", "--type", "Doses", "--valid-rows", status=INVALID)
    assert [(row["dose"], row["note"]) for row in rows(samples, "Doses")] == [(2.0, "a"), (None, None)]


def test_worksheets_that_are_no_tables(samples):
    def refused(sheets, part, status=CORRUPT, **given):
        workbook(samples.folder / "odd.xlsx", sheets, **given)
        samples("import", "record", "odd.xlsx", "--type", "Samples", status=status)
        assert part in samples.said, samples.said

    refused({"A": dated(DAY)}, "merged cells (A2:B3)", merged=["A2:B3"])
    refused({"A": [["a", "b", "a"], [1, 2, 3]]}, "columns A and C are both called 'a': rename one")
    refused({"A": [["a", None, "b"], [1, 2, 3]]}, "cell B2 has a value, but its column has no name in row 1")
    refused({"A": []}, "it is empty: it has no row with column names")
    refused({"A": [["a"], [('t="s"', "<v>99</v>")]]}, "cell A2 refers to text 99, which does not exist")
    refused({"A": [["a"], [("", "<v>x</v>")]]}, "cell A2 holds 'x', which is not a number")


def test_files_that_are_no_spreadsheets(samples):
    def refused(content, part, status=CORRUPT):
        (samples.folder / "foreign.xlsx").write_bytes(content)
        samples("import", "record", "foreign.xlsx", "--type", "Samples", status=status)
        assert part in samples.said, samples.said

    workbook(samples.folder / "whole.xlsx", {"A": dated(DAY)})
    whole = (samples.folder / "whole.xlsx").read_bytes()
    refused(b"", "is empty")
    refused(whole[: len(whole) // 2], "damaged or was cut short")
    refused(GOOD.encode(), "not a whole .xlsx file")
    refused(b"\xd0\xcf\x11\xe0" + bytes(600), "old .xls file", UNSUPPORTED)
    with zipfile.ZipFile(samples.folder / "foreign.zip", "w") as file:
        file.writestr("a.txt", "x")
    refused((samples.folder / "foreign.zip").read_bytes(), "no part '_rels/.rels'")
    damaged = bytearray(whole)
    at = whole.index(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml")
    damaged[at + 10] ^= 0xFF
    refused(bytes(damaged), "sheet1.xml")
    samples("import", "record", "nowhere.xlsx", "--type", "Samples", status=NOT_FOUND)
    samples("import", "record", write(samples, "t.xyz", "x"), "--type", "Samples", status=UNSUPPORTED)
    assert ".xlsx" in samples.said


def test_a_few_bytes_do_not_take_all_memory(samples):
    with zipfile.ZipFile(samples.folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("_rels/.rels", " " * 300_000_000)
    samples("import", "record", "bomb.xlsx", "--type", "Samples", status=CORRUPT)
    assert "its part '_rels/.rels'" in samples.said
    far = [["a"], [1]]
    workbook(samples.folder / "far.xlsx", {"A": far})
    with zipfile.ZipFile(samples.folder / "far.xlsx") as file:
        parts = {name: file.read(name).decode() for name in file.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace("A2", "ZZZ2")
    with zipfile.ZipFile(samples.folder / "far.xlsx", "w") as file:
        for name, text in parts.items():
            file.writestr(name, text)
    samples("import", "record", "far.xlsx", "--type", "Samples", status=CORRUPT)
    assert "'ZZZ2', which is outside of any worksheet" in samples.said

    def refused(**changed):
        with zipfile.ZipFile(samples.folder / "far.xlsx", "w", zipfile.ZIP_DEFLATED) as file:
            for name, text in {**parts, **changed}.items():
                file.writestr(name, text)
        samples("import", "record", "far.xlsx", "--type", "Samples", status=CORRUPT)
        assert "memory" in samples.said and "far.xlsx" in samples.said, samples.said
        return samples.said

    # one text that a worksheet has 300 times
    cells = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, 301))
    said = refused(**{
        "xl/sharedStrings.xml": f"<sst><si><t>{'x' * 1_000_000}</t></si></sst>",
        "xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{cells}</sheetData></worksheet>",
    })  # fmt: skip
    assert "its cells" in said
    # elements of four bytes, each of which becomes a node of 64
    said = refused(**{"xl/worksheets/sheet1.xml": f"<worksheet><sheetData>{'<c/>' * 3_000_000}</sheetData></worksheet>"})
    assert "its part 'xl/worksheets/sheet1.xml'" in said


# -- Python and the shell's own errors -----------------------------------------------------------------------------------


def test_the_same_in_python(samples):
    write(samples, "bad.csv", BAD)
    write(samples, "good.csv", GOOD)
    said = samples.python("""
import lamindb as ln, pandas as pd
sheet = ln.Record.get(name="Samples")
found = sheet.check_rows("bad.csv")
print(list(found.columns), len(found), found["candidates"][1] if found["column"][1] == "cell_type" else found["candidates"][0])
for table in ("bad.csv", pd.DataFrame({"sample": ["a"], "cell_type": ["T cel"], "dose": [1.0], "cells": [1], "taken": ["2024-03-01"]})):
    try: sheet.import_rows(table)
    except ln.errors.ValidationError as error: print(error)
print(sheet.import_rows("good.csv").to_list("name"), sheet.import_rows("bad.csv", valid_rows=True).to_list("name"))
sheet.export_rows("python.xlsx")
print(sheet.import_rows("python.xlsx", update=True).to_list("name"), len(sheet.to_dataframe()))
try: sheet.check_rows("python.xlsx", worksheet="none")
except ln.errors.ObjectDoesNotExist as error: print(error)
""")
    for part in ("['row', 'column', 'place', 'value', 'rule', 'why', 'candidates'] 10", "10 errors in the table for 'Samples':",
                 "row 2, column 'cell_type': 'T cel' not validated in feature 'cell_type'; did you mean 'T cell'", "['s1', 's2'] ['s5']",
                 "objects = bionty.CellType.from_values(['T cel'", "row 0, column 'cell_type': 'T cel'", "3\n", "no worksheet 'none'"):  # fmt: skip
        assert part in said, (part, said)


def test_a_new_sheet_and_names_that_are_ambiguous(samples):
    write(samples, "New doses.csv", "name,dose,other\na,1,x\nb,2,y\n")
    samples("import", "record", "New doses.csv")
    assert samples.said.count("left out") == 1 and [row["dose"] for row in rows(samples, "New doses")] == [1.0, 2.0]
    samples("rows", "nowhere", status=NOT_FOUND)
    assert "'nowhere'" in samples.said
    samples("import", "record", "New doses.csv", "--type", "nowhere", "--check", status=NOT_FOUND)
    samples("import", "cell_type", "cl.obo", "--worksheet", "x", status=MISUSED)
    assert "--worksheet is for tables of records" in samples.said
    assert samples("rows", "New doses", "--limit", "1", "--csv").splitlines()[0].startswith("dose,")
    assert "first 1 of 2 rows" in samples.said
    assert samples("rows", "New doses", "--limit", "1", "--json").count("\n") == 1 and "first 1 of 2 rows" in samples.said
    assert len(samples("rows", "New doses", "--limit", "2", "--json").splitlines()) == 2 and "first" not in samples.said
    shown = samples("rows", "New doses")
    assert "dose" in shown and "1" in shown
    for command in (["export"], ["rows"], ["import"]):
        assert "Example" in samples(*command, "--help") or "lamin " + command[0] in samples(*command, "--help")
