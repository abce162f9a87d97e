"""Reports of what is wrong in data, in memory and in files: for a notebook, as one page, as a dict."""

import pandas as pd
import pytest


@pytest.fixture
def schema(ln, labels):
    """A column of labels, of which two are registered."""
    ln.save([ln.ULabel(name="control"), ln.ULabel(name="treated")])
    feature = ln.Feature(name="condition of reports", dtype=ln.ULabel).save()
    schema = ln.Schema(name="conditions of reports", features=[feature]).save()
    yield schema
    schema.delete(permanent=True)
    feature.delete(permanent=True)


def frame(*conditions):
    return pd.DataFrame({"condition of reports": pd.Categorical(conditions)})


def test_a_notebook_shows_the_report(ln, schema):
    page = ln.curators.DataFrameCurator(frame("control", "Control", "treaded", "treaded"), schema)._repr_html_()
    assert page.startswith("<style>") and "<html" not in page and "<script" not in page
    for part in ("1 problem", "Control", "differs in case only", "treaded", "% alike", "width:70.0%"):
        assert part in page, part
    valid = ln.curators.DataFrameCurator(frame("control"), schema)._repr_html_()
    assert "These data are valid" in valid and "problem" not in valid.split("</style>")[1].replace('class="problem"', "")


def test_the_report_of_a_curator(ln, schema, tmp_path):
    report = ln.curators.DataFrameCurator(frame("treaded", "treaded", "treated"), schema).report()
    assert not report.valid and report.n_problems == 1
    (file,) = report.to_dict()["files"]
    (value,) = file["problems"][0]["values"]
    assert (value["value"], value["count"], value["row"], value["fix"]) == ("treaded", 2, 0, None)
    assert value["candidates"][0] == {"value": "treated", "why": "similar", "via": "", "score": value["candidates"][0]["score"]}
    assert "'treaded'" in repr(report) and "'treated'" in repr(report)
    assert report.to_html(tmp_path / "page.html") == (tmp_path / "page.html").read_text(encoding="utf-8")


def test_files(ln, schema, tmp_path):
    for name, condition in (("good", "control"), ("bad", "Control")):
        frame(condition).to_csv(tmp_path / f"{name}.csv", index=False)
    report = ln.curators.curate_files(tmp_path, schema)
    assert [file["valid"] for file in report.to_dict()["files"]] == [False, True]
    report = ln.curators.curate_files(str(tmp_path / "bad.csv"), schema, write=tmp_path / "mended.csv")
    assert report.valid and pd.read_csv(tmp_path / "mended.csv")["condition of reports"].to_list() == ["control"]
    assert pd.read_csv(tmp_path / "bad.csv")["condition of reports"].to_list() == ["Control"]
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="nowhere.csv"):
        ln.curators.curate_files(tmp_path / "nowhere.csv", schema)
