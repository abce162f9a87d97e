"""Saving many records together, and checks in constructors; branches from Python."""

from pathlib import Path

import pytest


def test_records_that_refer_to_each_other_are_saved_together(ln, bt, labels):
    kind = labels(name="Kind", is_type=True)
    one, two = labels(name="one", type=kind), labels(name="two", type=kind)
    child = bt.CellType(name="child of one save", parents=[bt.CellType(name="parent of one save")])
    known = ln.Project(name="known").save()
    known.description = "changed"
    Path("together.txt").write_text("together")
    artifact = ln.Artifact("together.txt", key="together.txt")
    transform = ln.Transform(key="together.py", source_code="1")
    ln.save([one, two, kind, child, known, artifact, transform])
    assert one.type == two.type == kind and labels.filter(type=kind).count() == 2
    assert child.parents.get().name == "parent of one save"
    assert ln.Project.get(name="known").description == "changed"
    assert ln.Artifact.get(key="together.txt").path.read_text() == "together"
    assert ln.Transform.get(key="together.py").source_code == "1"


def test_one_that_cannot_be_saved_keeps_all_out(ln, labels):
    Path("kept_out.txt").write_text("kept out")
    artifact, label, bad = ln.Artifact("kept_out.txt", key="kept_out.txt"), labels(name="fine"), labels(name="x" * 200)
    transform = ln.Transform(key="kept_out.py", source_code="kept out")
    with pytest.raises(ln.errors.ValidationError, match="at most 150 characters"):
        ln.save([artifact, label, transform, bad])
    assert label.id is None and labels.filter().count() == 0
    assert ln.Artifact.filter(key="kept_out.txt").count() == ln.Transform.filter(key="kept_out.py").count() == 0
    bad.name = "short"
    ln.save([artifact, label, transform, bad])
    assert ln.Artifact.filter(key="kept_out.txt").count() == ln.Transform.filter(key="kept_out.py").count() == 1
    assert labels.filter().count() == 2


def test_a_failure_of_a_transform_undoes_the_others(ln, labels):
    label, transform = labels(name="undone"), ln.Transform(key="undone.py", source_code="undone")
    transform.key = "../undone.py"
    with pytest.raises(ln.errors.InvalidArgument, match=r"\.\."):
        ln.save([label, transform])
    assert label.id is None and transform.id is None and labels.filter().count() == 0
    transform.key = "undone.py"
    ln.save([label, transform])
    assert labels.filter(name="undone").one() == label and ln.Transform.get(key="undone.py") == transform


def test_a_transform_in_the_trash_is_another_until_it_is_saved(ln):
    first = ln.Transform(key="thrown.py", source_code="thrown").save()
    assert ln.Transform(key="thrown.py", source_code="thrown") == first
    first.delete()
    again = ln.Transform(key="thrown.py", source_code="thrown")
    assert again != first
    assert again.save() == first and again.branch_id == 1


def test_a_reference_outside_the_list_must_be_saved(ln, labels):
    with pytest.raises(ln.errors.InvalidArgument, match="'type' of ULabel.* refers to a ULabel that is not saved"):
        ln.save([labels(name="lonely", type=labels(name="T", is_type=True))])


def test_what_is_there_becomes_the_row_that_is_there(ln, bt, labels, said):
    first = bt.CellType(name="first", ontology_id="CL:8888881").save()
    again, other = bt.CellType(name="again", ontology_id="CL:8888881"), labels(name="beside it")
    ln.save([again, other])
    assert again == first and again.name == "first" and other.id is not None
    assert "returning CellType with same uid" in said()
    first.delete()
    back = bt.CellType(name="back", ontology_id="CL:8888881").save()
    assert back == first and back.name == "back" and back.branch_id == 1
    assert "returning CellType from trash with same uid" in said()
    ignored = bt.CellType(name="ignored", ontology_id="CL:8888881")
    ln.save([ignored], ignore_conflicts=True)
    assert ignored.id is None and bt.CellType.filter(ontology_id="CL:8888881").one().name == "back"


def test_what_a_constructor_refuses(ln, labels):
    with pytest.raises(ln.errors.FieldValidationError, match=r"Only name, .* are valid keyword arguments; got nme \(did you mean name\?\)"):
        labels(nme="x")
    with pytest.raises(ValueError, match="Do not pass both Branch and its id at the same time"):
        labels(name="x", branch=ln.Branch.get(1), branch_id=1)
    with pytest.raises(ln.errors.ValidationError, match="`uid` must be exactly 8 characters long"):
        labels(name="x", uid="abc").save()
    with pytest.raises(ln.errors.ValidationError, match="Enter a valid URL"):
        ln.Project(name="bad address", url="nope").save()
    with pytest.raises(ln.errors.ValidationError, match="Must be a DOI"):
        ln.Reference(name="bad doi", doi="nope").save()


def test_renaming_says_which_datasets_no_longer_agree(ln, labels, said):
    import pandas as pd

    tissue = ln.Feature(name="tissue renamed", dtype=ln.ULabel).save()
    lung = labels(name="lung").save()
    schema = ln.Schema([tissue], name="renaming").save()
    frame = pd.DataFrame({"tissue renamed": pd.Categorical(["lung"])})
    artifact = ln.Artifact.from_dataframe(frame, key="renaming.parquet", schema=schema).save()
    said()
    lung.name = "Lung"
    lung.save()
    assert f"by renaming label from 'lung' to 'Lung' 1 artifact no longer matches the label name in storage: ['{artifact.uid}']" in said()
    tissue.name = "organ renamed"
    tissue.save()
    assert "by renaming feature from 'tissue renamed' to 'organ renamed' 1 artifact no longer matches" in said()


def test_branches(ln, labels):
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="Branch 'dev' does not exist.*lamin switch -c dev"):
        ln.setup.switch("dev")
    ln.setup.switch("dev", create=True)
    try:
        assert ln.setup.settings.branch.name == "dev"
        label = labels(name="of dev").save()
        assert label.branch == label.created_on == ln.Branch.get(name="dev")
        with pytest.raises(ln.errors.BranchAlreadyExists):
            ln.setup.switch("dev", create=True)
    finally:
        ln.setup.switch("main")
    assert labels.filter().count() == 0 and labels.filter(branch__name="dev").count() == 1
    ln.setup.merge("dev")
    assert labels.filter().one() == label and ln.Branch.get(name="dev").status == "merged"
    branch = ln.Branch.get(name="dev")
    branch.status = "review"
    branch.save()
    assert ln.Branch.filter(status="review").one() == branch
    with pytest.raises(ValueError, match="status"):
        branch.status = "open"
    ln.setup.switch("all", space=True)
    assert ln.setup.settings.space.name == "all"
    for target in ("dev", branch):
        ln.setup.settings.branch = target
        assert ln.setup.settings.branch == branch
        ln.setup.settings.branch = "main"
    ln.setup.settings.space = ln.Space.get(name="all")
    assert ln.setup.settings.space.name == "all"


@pytest.mark.parametrize("together", [True, False])
def test_values_of_features_are_saved_with_their_records_or_nothing_is(ln, tmp_path, together):
    ln.Feature(name="saved_with", dtype=int).save()
    file = tmp_path / "with.txt"
    file.write_text(f"saved with values, together: {together}")
    save = ln.save if together else lambda records: [record.save() for record in records]
    for values in ({"saved_with": 7, "nobody registered this": 1}, {"saved_with": "no number"}):
        row = ln.Record(name="saved with", features=values)
        artifact = ln.Artifact(file, key=f"with/{together}.txt", features=values)
        for records in ([row, artifact],) if together else ([row], [artifact]):
            with pytest.raises(ln.errors.ValidationError):
                save(records)
        assert not ln.Record.filter(name="saved with").exists()
        assert not ln.Artifact.filter(key=f"with/{together}.txt").exists()
    row = ln.Record(name="saved with", features={"saved_with": 7})
    artifact = ln.Artifact(file, key=f"with/{together}.txt", features={"saved_with": 8})
    save([row, artifact])
    assert row.features.get_values() == {"saved_with": 7} and artifact.features.get_values() == {"saved_with": 8}
    assert ln.Artifact.get(key=f"with/{together}.txt").path.read_text() == file.read_text()
    row.delete(permanent=True)
    artifact.delete(permanent=True)
    ln.Feature.get(name="saved_with").delete(permanent=True)


def test_some_fields_of_many_rows_are_written_together(ln, labels):
    kind = labels(name="Kind", is_type=True).save()
    a, b = (labels(name=name, type=None).save() for name in "ab")
    a.name, a.description, b.description, b.type = "not written", "first", "second", kind
    assert labels.objects.bulk_update([a, b], ["description", "type"], batch_size=1) == 2
    assert [(row.name, row.description, row.type) for row in labels.filter(name__in=["a", "b"]).order_by("name")] == [
        ("a", "first", None), ("b", "second", kind)]  # fmt: skip
    assert labels.objects.bulk_update([], ["name"]) == 0 and labels.filter(name="b").bulk_update([a, b], ["description"]) == 1
    for rows, fields, error in [([a], [], "names of fields"), ([a], ["parents"], "parents"), ([a], ["id"], "id"), ([a], ["nme"], "nme"),
                                ([labels(name="new")], ["name"], "saved")]:  # fmt: skip
        with pytest.raises(ValueError, match=error):
            labels.objects.bulk_update(rows, fields)
    a.description, b.uid = "gone again", a.uid
    with pytest.raises(ln.errors.IntegrityError):
        labels.objects.bulk_update([a, b], ["description", "uid"])
    assert labels.get(a.id).description == "first", "all of them or none"


def test_rows_are_found_or_made(labels):
    first, made = labels.objects.get_or_create(name__iexact="First", defaults={"name": "first", "description": lambda: "called"})
    assert made and (first.name, first.description) == ("first", "called")
    assert labels.objects.get_or_create(name__iexact="FIRST") == (first, False)
    second, made = labels.objects.update_or_create(name="second", defaults={"description": "x"}, create_defaults={"description": "new"})
    assert made and second.description == "new"
    assert labels.objects.update_or_create(name="second", defaults={"description": "x"})[0].description == "x"


def test_related_rows_are_made(ln, labels, workplace):
    transform = ln.Transform(key="related.py", kind="script").save()
    run = transform.runs.create(name="made")
    assert run.transform == transform and transform.runs.get_or_create(name="made") == (run, False)
    assert transform.runs.update_or_create(name="another", defaults={"description": "d"})[0].transform == transform
    (workplace / "related.txt").write_text("related")
    artifact = ln.Artifact(workplace / "related.txt", key="related.txt").save()
    feature = ln.Feature(name="related", dtype=labels).save()
    label = artifact.ulabels.create(name="one", through_defaults={"feature": feature})
    assert artifact.links_ulabel.get(ulabel=label).feature == feature
    two, made = artifact.ulabels.get_or_create(name="two", through_defaults={"feature": feature})
    assert made and artifact.links_ulabel.get(ulabel=two).feature == feature
    assert artifact.ulabels.update_or_create(name="three", defaults={"description": "d"})[1]
    assert sorted(artifact.ulabels.to_list("name")) == ["one", "three", "two"]
    artifact.delete(permanent=True)
    feature.delete(permanent=True)
    transform.delete(permanent=True)
