"""Runs in queries: by status, parameters, features, and what they made."""

import pytest


@pytest.fixture(scope="module")
def runs(ln):
    """Three runs of one transform: parameters and features differ."""
    ln.Feature(name="runs_loss", dtype=float).save()
    ln.Feature(name="runs_model", dtype=str).save()
    transform = ln.Transform(key="runs/train.py", kind="script", source_code="train").save()
    made = []
    for i, status in enumerate((0, 1, -1)):
        run = ln.Run(transform, params={"epochs": 10 * i, "opt": {"name": f"adam{i}"}}, status="started").save()
        run.features.add_values({"runs_loss": i / 10, "runs_model": "line" if i else "plane"})
        run._status_code = status
        made.append(run.save())
    return made


def test_by_parameters(ln, runs):
    of = ln.Run.filter(transform__key="runs/train.py")
    assert of.filter(params__epochs=10).one() == runs[1]
    assert set(of.filter(params__epochs__gte=10)) == set(runs[1:])
    assert of.filter(params__opt__name="adam2").one() == runs[2]
    assert of.filter(params__opt__name__startswith="adam").count() == 3
    assert of.filter(params__missing=1).count() == 0


def test_by_features(ln, runs):
    loss, model = ln.Feature.get(name="runs_loss"), ln.Feature.get(name="runs_model")
    assert ln.Run.filter(runs_loss=0.2).one() == runs[2]
    assert set(ln.Run.filter(loss < 0.15)) == set(runs[:2])
    assert set(ln.Run.filter(model == "line", loss > 0.1)) == {runs[2]}
    assert ln.Run.get(runs_model="plane") == runs[0]
    frame = ln.Run.filter(transform__key="runs/train.py").to_dataframe(features=["runs_loss"])
    assert sorted(frame["runs_loss"]) == [0.0, 0.1, 0.2]


def test_by_status(ln, runs):
    of = ln.Run.filter(transform__key="runs/train.py")
    assert of.filter(status="completed").one() == runs[0] and of.filter(status="errored").one().status == "errored"
    assert set(of.exclude(status="completed")) == set(runs[1:])
    with pytest.raises(ValueError, match="finished"):
        of.filter(status="finished").count()


def test_the_latest_run_and_what_it_made(ln, runs, workplace):
    transform = ln.Transform.get(key="runs/train.py")
    assert transform.latest_run == runs[-1]
    (workplace / "model.txt").write_text("weights")
    model = ln.Artifact(workplace / "model.txt", key="runs/model.txt", run=runs[0]).save()
    again = ln.Artifact(workplace / "model.txt", key="runs/model.txt", run=runs[1]).save()
    assert again == model
    assert runs[1].query_output_artifacts().one() == model and runs[1].query_output_artifacts(include_recreated=False).count() == 0
    assert runs[0].query_output_artifacts(include_recreated=False).one() == model
    newer = ln.Transform(key="runs/train.py", kind="script", source_code="train better").save()
    assert newer.latest_run is None and newer.versions.count() == 2


def test_a_page_as_report_is_named_and_not_read(ln, runs, workplace):
    (workplace / "report.html").write_text("<html><body>report</body></html>")
    report = ln.Artifact(workplace / "report.html", kind="__lamindb_run__", description="page", run=False).save()
    run = ln.Run(ln.Transform.filter(key="runs/train.py").first(), report=report).save()
    text = run.describe(return_str=True)
    assert f"report: {report.uid[:7]}" in text and "<body>" not in text
    run.delete(permanent=True)
