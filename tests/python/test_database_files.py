"""All registries as files, and back: `ln.setup.io` and what it refuses. LaminDB's side is in tests/interop."""

import pandas as pd
import pytest


def exported(ln, folder, form="lamindb"):
    assert ln.setup.io.export(folder, form)["lamindb_user"] == ln.User.objects.all().count()
    return folder


def table(ln, folder, **columns):
    """A folder with a file that another program wrote."""
    folder.mkdir()
    pd.DataFrame(columns).to_parquet(folder / "lamindb_ulabel.parquet", index=False)
    return folder


def imported(ln, folder, if_exists="append"):
    ln.setup.io.import_db(input_dir=folder, if_exists=if_exists)


@pytest.mark.parametrize("form", ["lamindb", "parquet", "ducklake"])
def test_there_and_back(ln, labels, tmp_path, form):
    kept, gone, changed = (labels(name=name, description="").save() for name in ("kept", "gone", "changed"))
    labels(name="None", description=None).save()  # a name that is a word for nothing
    folder, ids = exported(ln, tmp_path / "out", form), [row.id for row in (kept, gone, changed)]
    gone.delete(permanent=True)
    changed.description = "another"
    changed.save()
    new = labels(name="new").save()
    imported(ln, folder, "replace")
    now = {row.name: (row.id, row.uid, row.description) for row in labels.filter()}
    assert now == {
        "kept": (ids[0], kept.uid, ""), "gone": (ids[1], gone.uid, ""), "changed": (ids[2], changed.uid, ""), "None": (now["None"][0], now["None"][1], None)
    }  # fmt: skip
    assert labels(name="later").save().id > new.id


def test_append_keeps_other_rows(ln, labels, tmp_path):
    one = labels(name="one").save()
    folder = exported(ln, tmp_path / "out")
    labels(name="two").save()
    one.delete(permanent=True)
    imported(ln, folder)
    assert sorted(row.name for row in labels.filter()) == ["one", "two"]
    with pytest.raises(ln.errors.IntegrityError, match="already contains data"):
        imported(ln, folder, "fail")


def test_contents_go_with_their_artifacts(ln, tmp_path):
    (tmp_path / "a.txt").write_text("as exported")
    artifact = ln.Artifact(tmp_path / "a.txt", key="io/a.txt").save()
    folder = exported(ln, tmp_path / "out")
    (tmp_path / "b.txt").write_text("replaced later")
    artifact.replace(tmp_path / "b.txt")
    artifact.save()
    imported(ln, folder)
    with pytest.raises((ln.errors.CorruptData, ln.errors.ObjectDoesNotExist)):  # the row says what the bytes should be
        ln.Artifact.get(artifact.uid).load()
    ln.Artifact.get(artifact.uid).delete(permanent=True)


def test_what_is_wrong_is_named_and_nothing_is_lost(ln, labels, tmp_path):
    labels(name="here").save()
    for name, columns, problem in (
        ("unknown", {"id": [1], "colour": ["red"]}, "has a column 'colour'"),
        ("no id", {"uid": ["12345678"]}, "has no column 'id'"),
        ("type", {"id": [1], "uid": ["12345678"], "name": ["x"], "is_type": ["perhaps"]}, r"'perhaps' is not of type boolean(.|\n)*in row 1 of column 'is_type'"),
        ("twice", {"id": [7, 7], "uid": ["12345678", "12345679"], "name": ["x", "y"]}, "have the id 7"),
        ("missing", {"id": [7], "uid": ["12345678"], "name": [None]}, "name"),
        ("refers", {"id": [7], "uid": ["12345678"], "name": ["x"], "type_id": [4711]}, "Row 7 of lamindb_ulabel refers to a row of lamindb_ulabel that is missing"),
    ):
        with pytest.raises(ln.errors.LaminError, match=problem):
            imported(ln, table(ln, tmp_path / name, **columns), "replace")
        assert [row.name for row in labels.filter()] == ["here"], name
    with pytest.raises(ln.errors.LaminError, match="does not exist"):
        imported(ln, tmp_path / "nothing")
    with pytest.raises(ln.errors.LaminError, match="holds no table"):
        (tmp_path / "empty").mkdir()
        imported(ln, tmp_path / "empty")
    with pytest.raises(ValueError, match="fail, replace or append"):
        imported(ln, tmp_path / "type", "merge")
    with pytest.raises(ln.errors.LaminError, match="'wetlab' is not a module"):
        ln.setup.io.export(tmp_path / "x", modules=["wetlab"])


def test_words_of_another_program(ln, labels, tmp_path):
    folder = table(ln, tmp_path / "theirs", id=["41"], uid=["abcdefgh"], name=["theirs"], description=["None"], is_type=["t"], branch_id=["1"], type_id_old=[""])
    imported(ln, folder)
    row = labels.get("abcdefgh")
    assert (row.id, row.description, row.is_type, row.branch_id) == (41, None, True, 1)


def test_names_of_lamindb(ln, tmp_path, monkeypatch):
    from lamindb_setup.io import export_db, import_db

    monkeypatch.chdir(tmp_path)
    export_db(["lamindb"], max_workers=2, chunk_size=10)
    files = sorted(path.name for path in (tmp_path / "tests_export").glob("*.parquet"))
    assert "lamindb_artifact.parquet" in files and not any(name.startswith("bionty") for name in files)
    import_db(["lamindb"], input_dir="tests_export", if_exists="append")
