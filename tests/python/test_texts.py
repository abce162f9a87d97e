"""Readmes, comments and pages; hierarchies as trees; what LaminDB calls errors."""

import pickle

import pytest


@pytest.fixture
def sample(ln):
    record = ln.Record(name="texts").save()
    yield record
    record.delete(permanent=True)


def test_a_readme_is_revised_and_the_same_text_is_the_same_row(ln, sample):
    block = ln.models.RecordBlock
    one = block(record=sample, content="one", kind="readme", version="1").save()
    assert one.version == "1" and one.hash == ln._core.md5_base64("one")
    assert block(record=sample, content="one", kind="readme") == one
    two = block(record=sample, content="two", kind="readme", revises=one)
    assert two.stem_uid == one.stem_uid and two.uid.endswith("0001") and one.is_latest
    two.save()
    assert not one.is_latest and sample.notes == "two"
    with pytest.raises(ValueError, match="already taken"):
        block(record=sample, content="three", kind="readme", version="1", revises=one)


def test_comments_are_shown_on_request(ln, sample):
    for _ in range(2):
        ln.models.RecordBlock(record=sample, content="same", kind="comment").save()
    assert sample.ablocks.count() == 2
    assert "comment by" in sample.describe(return_str=True, include="comments")
    assert "comment by" not in sample.describe(return_str=True)
    with pytest.raises(ValueError, match="include is 'jokes'"):
        sample.describe(include="jokes")


@pytest.mark.parametrize("given, why", [
    ({"x": 1, "kind": "readme"}, "can be passed.*x"),
    ({"content": "x", "kind": "readme"}, "record is required"),
    ({"content": "x"}, "kind is required"),
    ({"content": "x", "kind": "joke"}, "'readme' or 'comment'"),
])  # fmt: skip
def test_what_is_not_a_text_is_refused(ln, sample, given, why):
    with pytest.raises(ValueError, match=why):
        ln.models.RecordBlock(**given, **({} if "record is" in why else {"record": sample}))


def test_a_page_follows_its_key(ln):
    page = ln.models.Block
    one = page(key="README.md", content="v1", kind="readme").save()
    two = page(key="README.md", content="v2", kind="readme").save()
    one.refresh_from_db()
    assert two.stem_uid == one.stem_uid and not one.is_latest
    with pytest.raises(TypeError, match="`revises` has to be of type `Block`"):
        page(key="README.md", revises=ln.Record(name="x"), kind="readme")
    for block in (two, one):
        block.delete(permanent=True)


def test_a_hierarchy_is_printed_as_a_tree(ln, capsys):
    low, middle, high = (ln.Record(name=f"level {n}").save() for n in range(3))
    low.parents.add(middle)
    middle.parents.add(high)
    low.view_parents(ln.Record.name, distance=1)
    out = capsys.readouterr().out
    assert "level 1" in out and "level 2" not in out
    high.view_children()
    assert "level 0" in capsys.readouterr().out
    for record in (low, middle, high):
        record.delete(permanent=True)


def test_a_wrong_value_prints_as_a_value_error(ln):
    with pytest.raises(ln.errors.InvalidArgument) as refused:
        ln.Record(name="x", type=ln.Record(name="no type").save()).save()
    assert refused.exconly().startswith("ValueError: You can only assign a record with `is_type=True` as `type`")
    again = pickle.loads(pickle.dumps(refused.value))
    assert str(again) == str(refused.value) and again.code == "validation" and type(again) is type(refused.value)
    ln.Record.objects.filter(name="no type").delete(permanent=True)
    with pytest.raises(ln.errors.FieldValidationError, match="doi"):
        ln.Reference(name="x", doi="none")
    with pytest.raises(ln.errors.FieldValidationError, match="keyword arguments"):
        ln.User("name")


def test_a_transform_is_checked_when_it_is_made(ln):
    for given in ({"key": "a/../b"}, {"key": "a", "kind": "joke"}, {"key": "a", "uid": "short"}):
        with pytest.raises(ValueError):
            ln.Transform(**given)
    made = ln.Transform(key="texts.py", source_code="first text", version="1")
    uid = made.uid
    assert len(uid) == 16 and made.branch_id == 1 and made.save().uid == uid
    with pytest.raises(ValueError, match="'1' is already taken"):
        ln.Transform(key="texts.py", source_code="second text", version="1")
    branch = ln.Branch(name="texts").save()
    second = ln.Transform(revises=made, source_code="second text", branch_id=branch.id).save()
    assert second.branch == branch and made.is_latest  # the head of main stays
    third = ln.Transform(revises=made, source_code="third text").save()
    assert not made.is_latest and third.is_latest
    for row in (third, second, made):
        row.delete(permanent=True)
    branch.delete(permanent=True)


def test_messages_reach_handlers_of_logging(ln, caplog):
    ln.setup.logger.addHandler(caplog.handler)
    try:
        ln.setup.logger.error("heard")
    finally:
        ln.setup.logger.removeHandler(caplog.handler)
    ln.setup.logger.error("not heard")
    assert caplog.messages == ["heard"]


def test_the_example_datasets_are_made_on_the_spot(ln, workplace):
    datasets = ln.examples.datasets
    assert datasets.file_mini_csv().read_text().split() == ["test", "1", "2", "3"]
    assert (datasets.dir_scrnaseq_cellranger("s1", workplace) / "analysis/analysis.csv").is_file()
    one, two = datasets.mini_immuno.get_dataset1(), datasets.small_dataset2()
    assert one.shape == (3, 12) and one.attrs["temperature"] == 21.6 and list(two.index) == ["sample4", "sample5", "sample6"]


def test_a_named_run_is_the_one_that_reads(ln, workplace):
    (workplace / "read.txt").write_text("read by a run")
    artifact = ln.Artifact(workplace / "read.txt", key="read.txt").save()
    ln.Collection([artifact], key="read").save()
    run = ln.Run(ln.Transform(key="reader.py").save()).save()
    assert ln.Collection.get(key="read", is_run_input=run) in run.input_collections.all()
    artifact.cache(is_run_input=run)
    assert artifact in run.input_artifacts.all() and ln.context.run is None
    with pytest.raises(ValueError, match="only possible for artifacts"):
        ln.User.get(path="x")
    assert ln.Artifact.filter().get(path=artifact.path) == artifact
    run.transform.delete(permanent=True)


def test_a_schema_of_a_type_considers_its_features_only(ln):
    import pandas

    cells = ln.Feature(name="Cells of texts", is_type=True).save()
    inside = ln.Feature(name="texts_in", dtype=float, type=cells).save()
    outside = ln.Feature(name="texts_out", dtype=float).save()
    schema = ln.Schema(itype=cells).save()
    assert schema.itype == f"Feature[{cells.uid}]" and schema.flexible
    frame = pandas.DataFrame({"texts_in": [1.0], "texts_out": [2.0]})
    artifact = ln.Artifact.from_dataframe(frame, key="texts.parquet", schema=schema).save()
    assert artifact.schemas.one().members.to_list("name") == ["texts_in"]
    artifact.delete(permanent=True)
    ln.Schema.filter(itype=schema.itype).delete(permanent=True)
    for feature in (inside, outside, cells):
        feature.delete(permanent=True)


def test_features_of_one_name_are_told_apart(ln, workplace):
    one, two = (ln.Feature(name=f"Type {n} of texts", is_type=True).save() for n in "ab")
    text = ln.Feature(name="texts_shared", dtype=str, type=one).save()
    label = ln.Feature(name="texts_shared", dtype=ln.ULabel, type=two).save()
    ln.ULabel(name="a label of texts").save()
    (workplace / "shared.txt").write_text("shared feature names")
    artifact = ln.Artifact(workplace / "shared.txt", key="shared.txt").save()
    artifact.features.set_values({label: "a label of texts"})
    artifact.features.add_values({text: "plain"})
    assert artifact.features.get_values() == {"texts_shared": "a label of texts"}
    with pytest.raises(ValueError, match="Ambiguous feature names"):
        ln.Artifact.filter(id=artifact.id).to_dataframe(features=["texts_shared"])
    artifact.delete(permanent=True)
    for row in (text, label, one, two, ln.ULabel.get(name="a label of texts")):
        row.delete(permanent=True)
