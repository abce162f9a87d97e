"""Creating, finding, changing and deleting records."""

import datetime
import pickle

import pytest


def test_a_new_label_has_a_uid_and_is_stamped_on_save(labels):
    label = labels(name="T cells", description="d")
    assert len(label.uid) == 8 and label.id is None and label.created_by.handle == "anonymous"
    uid = label.uid
    assert label.save() is label
    assert (label.uid, label.branch_id, label.space_id, label.run) == (uid, 1, 1, None)
    assert label.created_at.tzinfo is datetime.timezone.utc
    assert labels.get(uid) == label and labels.get(label.id) == label and labels.get(uid[:5]) == label


def test_repr_is_that_of_lamindb(labels):
    label = labels(name="it's", description=None).save()
    assert repr(label).startswith(
        f"ULabel(uid='{label.uid}', is_type=False, name='it's', description=None, reference=None, reference_type=None, "
        "branch_id=1, created_on_id=1, space_id=1, created_by_id=1, run_id=None, type_id=None, created_at="
    )
    assert repr(label).endswith(" UTC, is_locked=False)")


def test_the_same_name_is_the_same_label(labels, said):
    label = labels(name="a label").save()
    again = labels(name="a label", description="new")
    assert again == label and again.description == "new" and labels.get(label.uid).description is None
    assert "returning ulabel with same name: 'a label'" in said()
    again.save()
    assert labels.filter().count() == 1 and labels.get(label.uid).description == "new"


def test_a_similar_name_is_warned_about(labels, said):
    labels(name="monocyte of blood").save()
    said()
    other = labels(name="monocyte of bloods")
    assert other.id is None
    assert "a record with similar name exists: 'monocyte of blood'" in said()


def test_names_are_unique_within_a_type_only(labels):
    one, two = labels(name="One", is_type=True).save(), labels(name="Two", is_type=True).save()
    a, b = labels(name="x", type=one).save(), labels(name="x", type=two).save()
    assert a != b and [t.name for t in a.query_types()] == ["One"]
    assert labels(name="x", type=two) == b
    assert set(one.query_ulabels().to_list("name")) == {"x"}
    with pytest.raises(ValueError, match="is_type=True"):
        labels(name="y", type=a)


@pytest.mark.parametrize("arguments, match", [
    ({"nme": "x"}, "Only name, type, is_type, .* are valid keyword arguments"),
    ({}, r"\['name'\] are required"),
])  # fmt: skip
def test_wrong_arguments(ln, labels, arguments, match):
    with pytest.raises(ln.errors.FieldValidationError, match=match):
        labels(**arguments)
    with pytest.raises(ValueError, match="Only one non-keyword arg allowed"):
        labels("x")


def test_a_value_of_the_wrong_type_is_refused(ln, labels):
    with pytest.raises(ln.errors.ValidationError):
        labels(name=7).save()
    with pytest.raises(ln.errors.ValidationError):
        labels(name="x" * 151).save()
    with pytest.raises(ln.errors.ValidationError, match="must be of class User, not str"):
        labels(name="x").created_by = "ada"
    assert labels.filter().count() == 0


def test_delete_moves_to_the_trash_and_restore_brings_back(ln, labels, said):
    label = labels(name="a").save()
    said()
    assert label.delete() is None and label.branch_id == -1
    assert "moved record to trash: ULabel('" in said()
    assert labels.filter(name="a").one_or_none() is None
    assert labels.filter(name="a", branch_id=-1).one() == label and labels.filter(name="a", branch=None).one() == label
    with pytest.raises(ln.errors.InvalidArgument, match="permanent=True"):
        label.delete()
    label.restore()
    assert labels.filter(name="a").one() == label
    assert label.delete(permanent=True) == (1, {"lamindb.ULabel": 1})
    assert not labels.objects.filter(name="a").exists()
    assert label.delete() is None and "not yet saved" in said()


def test_a_record_that_others_need_is_protected(ln, labels):
    kind = labels(name="Kind", is_type=True).save()
    labels(name="x", type=kind).save()
    with pytest.raises(ln.errors.ProtectedError):
        kind.delete(permanent=True)
    assert labels.get(kind.uid) == kind


def test_pickling_and_hashing(labels):
    label = labels(name="a").save()
    copy = pickle.loads(pickle.dumps(label))
    assert copy == label and copy.name == "a" and copy.created_at == label.created_at and len({copy, label}) == 1
    with pytest.raises(TypeError):
        hash(labels(name="unsaved"))
    assert labels(name="u1") != labels(name="u2")


def test_references_follow_what_is_assigned(ln, labels):
    kind = labels(name="Kind", is_type=True)
    label = labels(name="x")
    label.type = kind
    with pytest.raises(ln.errors.InvalidArgument, match="not saved"):
        label.save()
    kind.save()
    assert label.save().type is kind and label.type_id == kind.id
    label.type_id = None
    assert label.type is None
    fresh = labels.get(label.uid)
    assert fresh.type == kind and fresh.type is fresh.type


def test_a_document_can_be_changed_in_place(ln):
    transform = ln.Transform(key="documents").save()
    run = ln.Run(transform, params={"a": 1}).save()
    run.params["b"] = [1, {"c": "ä"}]
    run.save()
    assert ln.Run.get(run.uid).params == {"a": 1, "b": [1, {"c": "ä"}]}
    run.params = None
    assert ln.Run.get(run.save().uid).params is None


def test_refresh_reads_again(labels):
    label = labels(name="a").save()
    labels.filter(uid=label.uid).update(description="other")
    assert label.description is None
    label.refresh_from_db()
    assert label.description == "other"


def test_parents_and_children(labels):
    a, b, c = (labels(name=n).save() for n in "abc")
    b.parents.add(a)
    c.parents.set([b])
    assert a.children.to_list("name") == ["b"] and c.parents.one() == b
    assert set(a.query_children().to_list("name")) == {"b", "c"} and set(c.query_parents().to_list("name")) == {"a", "b"}
    c.parents.remove(b)
    assert c.parents.count() == 0 and a.query_children().to_list("name") == ["b"]
    b.parents.clear()
    assert not a.children.exists()
    with pytest.raises(ValueError, match="unsaved ULabel object"):
        labels(name="unsaved").parents.all()
    with pytest.raises(TypeError):
        a.parents.add("b")


def test_save_many(ln, labels):
    made = [labels(name=f"label {i}") for i in range(50)]
    ln.save(made)
    assert all(label.id for label in made) and labels.filter().count() == 50
    with pytest.raises(ValueError, match="record.save"):
        ln.save(made[0])
    double = labels(name="other")
    double.uid = made[0].uid
    ln.save([labels(name="fine"), double], ignore_conflicts=True)
    assert labels.filter().count() == 51 and double.id is None
    ln.save([labels(name="finer"), double])
    assert labels.filter().count() == 52 and double == made[0] and double.name == "label 0"


def test_the_status_of_a_project(ln, labels):
    project = ln.Project(name="status of a project", abbr="SOAP")
    assert project.status == "planned" and project.save()._status_code == -3
    project.status = "active"
    project.save()
    assert ln.Project.get(name="status of a project").status == "active" and ln.Project(name="status of a project").status == "active"
    assert ln.Project.filter(status="active").one() == project and project not in ln.Project.filter(status="planned")
    assert ln.Project.filter(status__in=["active", "paused"]).one() == project
    for wrong in ("zzz", None, -1):
        with pytest.raises(ValueError, match="Expected one of: 'planned', 'up-next', 'active'"):
            project.status = wrong
    with pytest.raises(ValueError, match="Expected one of"):
        ln.Project.filter(status="zzz")
    project.delete(permanent=True)


def test_statuses_of_runs_and_branches_can_be_asked_for_together(ln):
    run = ln.Run(ln.Transform(key="with a status").save(), status="started").save()
    assert ln.Run.filter(status__in=["started", "aborted"], transform__key="with a status").one() == run
    assert {branch.name for branch in ln.Branch.filter(status__in=["standalone"])} >= {"main"}


def test_digits_are_a_number_of_pubmed(ln):
    reference = ln.Reference(name="by digits", pubmed_id=" 123 ").save()
    assert reference.pubmed_id == 123 and ln.Reference.get(pubmed_id=123) == reference
    with pytest.raises(ln.errors.ValidationError, match="pubmed_id"):
        ln.Reference(name="by letters", pubmed_id="abc").save()
    reference.delete(permanent=True)


def test_emoji(labels):
    label = labels(name="a sign", is_type=True)
    assert label.emoji is None
    label.emoji = " 🧬 "
    assert label.save().emoji == "🧬" and labels.get(name="a sign")._aux == {"ei": "🧬"}
    label._aux = {"other": 1, "ei": "x"}
    label.emoji = None
    assert label.emoji is None and label._aux == {"other": 1}
    label._aux = None
    label.emoji = "  "
    assert label._aux is None
    with pytest.raises(ValueError, match="emoji must be a str or None, not 3"):
        label.emoji = 3


def test_where_the_rows_of_a_type_belong(ln, labels):
    kind = labels(name="of one space", is_type=True).save()
    assert kind.settings.single_space is False
    for said, means in ((1, True), (ln.Space.get(name="all").uid, ln.Space.get(name="all"))):
        kind._aux = {"ss": said}
        assert kind.save().settings.single_space == means
    kind.emoji = "🧫"
    assert labels(name="of one space, below", type=kind.save()).emoji == "🧫"
    with pytest.raises(ln.errors.InvalidArgument, match="setting of types"):
        _ = labels(name="no type").settings.single_space


def test_notes_are_the_latest_readme(ln, labels, workplace):
    import sqlite3

    label = labels(name="noted").save()
    assert label.notes is None and labels(name="not saved").notes is None and ln.Branch.get(name="main").notes is None
    file = workplace / "storage" / ".lamindb" / "lamin.db"
    with sqlite3.connect(file) as db:
        for n, (kind, content) in enumerate([("readme", "first"), ("readme", "second"), ("comment", "third")]):
            db.execute(
                "INSERT INTO lamindb_ulabelblock (uid, content, kind, ulabel_id, created_by_id, created_at, is_latest) "
                "VALUES (?, ?, ?, ?, 1, ?, ?)",
                (f"{n:020}", content, kind, label.id, f"2026-01-0{n + 1} 00:00:00", n > 0),
            )
    db.close()
    assert label.notes == "second" and labels.get(name="noted").notes == "second"
    label.ablocks.all().delete()


def test_a_type_is_recommended_once(ln, labels, said, monkeypatch):
    from lamindb._records import record

    monkeypatch.setattr(record, "_tipped", set())
    labels(name="with", type=None)
    assert said() == ""
    labels(name="without 0")
    assert said() == "! tip: pass `type` to map ulabel into a type hierarchy\n"
    labels(name="without 1")
    assert said() == ""


def test_a_text_in_place_of_a_label_is_told_to_who_asks_for_the_values(ln):
    species = ln.Record(name="species of texts", is_type=True).save()
    human = ln.Record(name="human of texts", type=species).save()
    feature = ln.Feature(name="species of texts", dtype=species).save()
    sample = ln.Record(name="sample of texts").save()
    ln.models.RecordJson(record=sample, feature=feature, value="human of texts").save()
    with pytest.raises(ln.errors.ValidationError, match=f"'species of texts' is a text, \"human of texts\".*cat.Record.{species.uid}"):
        sample.features.get_values()
    ln.models.RecordJson.filter(record=sample).delete(permanent=True)
    sample.features.set_values({"species of texts": "human of texts"})
    assert sample.features.get_values() == {"species of texts": "human of texts"}
    for one in (sample, feature, human, species):
        one.delete(permanent=True)
