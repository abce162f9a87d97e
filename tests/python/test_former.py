"""Names of 2024 (LaminDB 0.70 to 0.72): code that uses them keeps running, with a warning that gives the current name."""

import warnings

import pytest


@pytest.fixture
def pair(ln, tmp_path):
    """Two versions of an artifact and a collection."""
    import pandas as pd

    def frame(*values):
        return pd.DataFrame({"former": values})

    with pytest.warns(DeprecationWarning):
        one = ln.Artifact.from_df(frame(1, 2), key="former.parquet").save()
        two = ln.Artifact.from_df(frame(3, 4), key="former.parquet", is_new_version_of=one).save()
        both = ln.Collection([one, two], name="former").save()
    yield one, two, both
    both.delete(permanent=True)
    for artifact in (two, one):
        artifact.delete(permanent=True)


def test_records(ln, pair):
    one, two, both = pair
    one = ln.Artifact.get(one.uid)
    with pytest.warns(DeprecationWarning, match="is called otype today"):
        assert one.accessor == one.otype == "DataFrame"
    with pytest.warns(DeprecationWarning):
        assert one.stem_uid == two.stem_uid and one.type == "dataset" and one.visibility == 1 and one.n_objects is None
        assert one.stage() == one.cache() and one.backed().count_rows() == 2
        assert both.name == both.key == "former" and set(both.unordered_artifacts.list("uid")) == {one.uid, two.uid}
        two.visibility = -1
        two.save()
        assert ln.Artifact.filter(key="former.parquet", visibility=-1).one() == two
        assert ln.Artifact.filter(key="former.parquet", visibility=None).count() == 2
        assert ln.Artifact.filter(ln.Q(visibility=1), type="dataset", accessor="DataFrame", key="former.parquet").list() == [one]
        assert ln.Collection.filter(name="former").order_by("name").one() == both
        two.visibility = 1
        two.save()


def test_transforms_features_and_managers(ln, labels):
    with pytest.warns(DeprecationWarning):
        transform = ln.Transform(name="former.py", type="script").save()
        assert transform.key == transform.name == "former.py" and transform.kind == transform.type == "script"
        assert ln.Transform.filter(name="former.py", type="script").one() == transform and transform.parents.list() == []
        described = ln.Transform(key="former2.py", name="what it is called", type="script")
        assert described.key == "former2.py" and described.description == "what it is called"
        child, parent = labels(name="child").save(), labels(name="parent").save()
        child.parents.add(parent)
        assert child.parents.list("name") == ["parent"] and labels.filter(name="child").list() == [child]
        assert labels.filter().df().shape[0] == 2
    assert ln.Feature(name="former", type="float").dtype_as_str == "float"
    assert ln.Feature(name="former", dtype="number").dtype_as_str == "num"
    transform.delete(permanent=True)


def test_modules(ln, bt):
    with pytest.warns(DeprecationWarning, match="is called lamindb.Schema today"):
        vars(ln).pop("FeatureSet", None)
        assert ln.FeatureSet is ln.Schema
    with pytest.warns(DeprecationWarning):
        for module, former, today in ((bt, "PublicSource", bt.Source), (ln.models, "CanValidate", ln.models.CanCurate), (ln.setup, "load", ln.connect)):
            vars(module).pop(former, None)
            assert getattr(module, former) is today


def test_a_name_of_today_wins(ln, pair):
    one, two, _ = pair
    kind = ln.Feature(name="type", dtype=str).save()
    two.features.add_values({"type": "dataset"})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert ln.Artifact.filter(type="dataset").to_list() == [two]
    two.features.remove_values("type")
    kind.delete(permanent=True)
    with pytest.raises(ln.errors.FieldError, match="Unknown field 'stage'"):
        ln.Artifact.filter(stage=1)
    with pytest.raises(ln.errors.FieldValidationError, match="stagee"):
        ln.Artifact("x", stagee=1)


def test_rows_through_objects(ln, labels):
    made = labels.objects.create(name="made")
    assert labels.objects.get_or_create(name="made") == (made, False)
    many = labels.objects.bulk_create([labels(name="many 1"), labels(name="many 2")])
    assert [row.id for row in many] == [labels.get(name=f"many {i}").id for i in (1, 2)]
    other, created = labels.objects.get_or_create(name="other", defaults={"description": "d"})
    assert created and other.description == "d"
    assert labels.objects.update_or_create(name="other", defaults={"description": "e"}) == (other, False)
    assert labels.get(name="other").description == "e"
    with pytest.raises(NotImplementedError, match="QuerySet.annotate"):
        labels.filter().annotate(n=1)
