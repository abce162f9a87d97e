"""Changing schemas, and sheets: their rows, their index, and data frames in and out."""

import datetime

import pandas as pd
import pytest


@pytest.fixture(scope="module")
def made(ln):
    """Features by name; the names are not used in other tests."""
    dtypes = {"sh_score": float, "sh_n": int, "sh_code": str, "sh_lab": ln.ULabel, "sh_day": datetime.date, "sh_list": list[float]}
    features = {name: ln.Feature(name=name, dtype=dtype).save() for name, dtype in dtypes.items()}
    for name in ("sh u0", "sh u1"):
        ln.ULabel(name=name).save()
    return features


def test_a_schema_of_the_same_name_asks_for_something_else_from_now_on(ln, made, said):
    schema = ln.Schema([made["sh_score"]], name="sh same").save()
    said()
    again = ln.Schema([made["sh_score"], made["sh_n"]], name="sh same")
    assert "returning schema with same name" in said()
    assert again.id == schema.id and schema.hash != again.hash
    again.save()
    assert ln.Schema.get(name="sh same").members.to_list("name") == ["sh_score", "sh_n"]
    assert ln.Schema.get(name="sh same").n_members == 2


def test_the_hash_of_a_schema_follows_its_changes(ln, made):
    schema = ln.Schema([made["sh_score"], made["sh_n"]], name="sh hashed").save()
    seen = {schema.hash}

    def changed():
        assert schema.hash not in seen and ln.Schema.get(schema.id).hash == schema.hash
        seen.add(schema.hash)

    schema.coerce = True
    schema.save()
    changed()
    schema.features.add(made["sh_code"])
    schema.save()
    changed()
    assert schema.n_members == 3
    schema.remove(made["sh_code"])
    assert schema.n_members == 2
    schema.add(made["sh_code"])
    changed()
    assert schema.optionals.get().to_list("name") == ["sh_code"]
    schema.optionals.add(made["sh_n"])
    schema.optionals.remove([made["sh_code"]])
    schema.save()
    changed()
    assert schema.optionals.get().to_list("name") == ["sh_n"]
    with pytest.raises(ValueError, match="sh_day"):
        schema.optionals.add(made["sh_day"])
    with pytest.raises(TypeError, match="Feature"):
        schema.add("sh_day")
    schema.index = made["sh_code"]
    ln.save([schema, ln.ULabel(name="sh with a schema")])
    changed()
    assert ln.Schema.get(schema.id).index == made["sh_code"]
    other = ln.Schema([made["sh_day"]], name="sh other").save()
    other.features.set([made["sh_score"], made["sh_n"], made["sh_code"]])
    other.coerce, other.index, other._aux = True, made["sh_code"], schema._aux
    with pytest.raises(ln.errors.ValidationError, match="Another schema already has this hash"):
        other.save()


@pytest.fixture
def sheet(ln, made):
    """A sheet whose rows need a score, and a code that becomes their name."""
    schema = ln.Schema([made["sh_score"], made["sh_lab"].with_config(optional=True)], index=made["sh_code"], name="sh sheet").save()
    sheet = ln.Record(name="sh sheet", is_type=True, schema=schema).save()
    yield sheet
    ln.Record.filter(type=sheet).delete(permanent=True)


def test_a_row_has_what_its_sheet_requires(ln, sheet):
    with pytest.raises(ln.errors.ValidationError, match="'sh_code'"):
        ln.Record(type=sheet, features={"sh_score": 1.0}).save()
    with pytest.raises(ln.errors.ValidationError, match="'sh_score'"):
        ln.Record(name="a", type=sheet).save()
    with pytest.raises(ln.errors.ValidationError, match=r"not in the provided schema: \['sh_n'\]"):
        ln.Record(name="a", type=sheet, features={"sh_score": 1.0, "sh_n": 1}).save()
    row = ln.Record(type=sheet, features={"sh_score": 1.0, "sh_code": "a"}).save()
    assert row.name == "a" and row.features.get_values() == {"sh_score": 1.0, "sh_code": "a"}
    row.features.set_values({"sh_score": 2.0, "sh_code": "b", "sh_lab": pd.NA})
    assert row.name == "b" and ln.Record.filter(sh_code="b").one() == row
    with pytest.raises(ln.errors.ValidationError, match="to-one features"):
        row.features.add_values({"sh_score": 3.0})
    row.features.update_values({"sh_score": 3.0})
    assert row.features.get_values()["sh_score"] == 3.0
    free = ln.Record(name="sh free").save()
    with pytest.raises(ln.errors.ValidationError, match="sh free"):
        free.type = sheet
    free.type_id = sheet.id
    with pytest.raises(ln.errors.ValidationError, match="sh free"):
        free.save()
    assert ln.Record.get(free.id).type is None


def test_a_data_frame_becomes_rows_and_rows_a_data_frame(ln, made, sheet):
    df = pd.DataFrame({"sh_score": [1.0, 2.0], "sh_lab": ["sh u1", None]}, index=pd.Index(["y", "x"], name="sh_code"))
    rows = ln.Record.from_dataframe(df, type=sheet)
    assert len(rows) == 2 and rows.type == sheet and ln.Record.filter(type=sheet).count() == 0
    assert rows.save().to_list("name") == ["y", "x"]
    shown = sheet.to_dataframe()
    assert shown.index.tolist() == ["x", "y"] and shown.index.name == "sh_code"
    assert list(shown.columns) == ["sh_score", "sh_lab"] and shown["sh_lab"].tolist()[1] == "sh u1"
    with pytest.raises(ln.errors.ValidationError, match="sh u9"):
        ln.Record.from_dataframe(df.assign(sh_lab="sh u9").rename(index={"x": "z"}), type=sheet).save()
    assert ln.Record.filter(type=sheet).count() == 2
    artifact = sheet.to_artifact()
    assert (artifact.key, artifact.schema) == ("lamindb_record_exports/sh sheet.csv", sheet.schema)
    assert open(artifact.cache()).read() == "sh_code,sh_score,sh_lab\nx,2.0,\ny,1.0,sh u1\n"
    assert artifact.run.transform.key == "__lamindb_record_export__"
    assert set(artifact.run.input_records.to_list("name")) == {"sh sheet", "x", "y"}
    with pytest.raises(ValueError, match="one of key and suffix"):
        sheet.to_artifact(key="a.csv", suffix=".csv")
    with pytest.raises(TypeError, match="not a type"):
        ln.Record.get(name="x").to_artifact()


def test_a_data_frame_makes_a_sheet_of_its_own(ln, made):
    df = pd.DataFrame({"__lamindb_record_name__": ["r1", None], "sh_n": [1, 2], "sh_list": [[1.0], [2.0, 3.0]]})
    rows = ln.Record.from_dataframe(df, type="sh imported")
    assert (rows.type.type.name, rows.type.type.uid) == ("Imports", "W3WdiFRZTvTJajNp")
    assert rows.type.schema.members.to_list("name") == ["sh_n", "sh_list"]
    saved = rows.save()
    assert [(row.name, row.features.get_values()) for row in saved] == [
        ("r1", {"sh_n": 1, "sh_list": [1.0]}), (None, {"sh_n": 2, "sh_list": [2.0, 3.0]}),
    ]  # fmt: skip
    with pytest.raises(ValueError, match="already exists under 'Imports'"):
        ln.Record.from_dataframe(df, type="sh imported")
    with pytest.raises(ValueError, match="no column"):
        ln.Record.from_dataframe(pd.DataFrame({"nobody": [1]}), type="sh nothing")
    with pytest.raises(TypeError, match="DataFrame"):
        ln.Record.from_dataframe([1], type="sh nothing")


def test_a_new_sheet_leaves_other_schemas_as_they_are(ln, made, said):
    mine = ln.Schema([made["sh_n"], made["sh_day"]], name="sh mine").save()
    namesake = ln.Schema([made["sh_code"]], name="sh taken").save()
    said()
    same = ln.Record.from_dataframe(pd.DataFrame({"sh_n": [1], "sh_day": [datetime.date(2024, 1, 1)]}), type="sh same members").type
    other = ln.Record.from_dataframe(pd.DataFrame({"sh_score": [1.0], "sh_code": ["a"]}), type="sh taken").type
    assert same.schema == mine and other.schema != namesake
    mine, namesake = ln.Schema.get(mine.id), ln.Schema.get(namesake.id)
    assert (mine.name, mine.type_id, namesake.type_id) == ("sh mine", None, None) and other.schema.name == "sh taken"
    assert namesake.members.to_list("name") == ["sh_code"] and mine.updated_at == mine.created_at
    assert said() == ""


def test_which_rows_an_update_means(ln, made):
    optional = [made[name].with_config(optional=True) for name in ("sh_n", "sh_lab", "sh_list")]
    indexed = ln.Record(name="sh updated", schema=ln.Schema([made["sh_score"], *optional], index=made["sh_code"], name="sh updated").save()).save()
    plain = ln.Record(name="sh not updated", schema=ln.Schema([made["sh_score"]], name="sh not updated").save()).save()
    old = {"sh_n": [7, 8, 9], "sh_lab": ["sh u0", "sh u1", "sh u0"], "sh_list": [[1.0], [2.0], [3.0]]}
    first = indexed.import_rows(pd.DataFrame({"sh_code": ["a", "b", "c"], "sh_score": [1.0, 2.0, 3.0], **old}))
    new = pd.DataFrame({"sh_code": ["b", "d", "a"], "sh_score": [20.0, 40.0, 10.0], "sh_lab": ["sh u0", "sh u1", None]})
    for table in (new, new.set_index("sh_code")):  # twice: nothing is there twice
        rows = indexed.import_rows(table, update=True)
        assert [row.uid for row in rows][::2] == [first[1].uid, first[0].uid]
    values = {row.name: row.features.get_values() for row in indexed.query_records().order_by("name")}
    assert list(values) == ["a", "b", "c", "d"]
    assert values["b"] == {"sh_code": "b", "sh_score": 20.0, "sh_n": 8, "sh_lab": "sh u0", "sh_list": [2.0]}
    assert values["a"] == {"sh_code": "a", "sh_score": 10.0, "sh_n": 7, "sh_list": [1.0]}
    assert values["c"] == {"sh_code": "c", "sh_score": 3.0, "sh_n": 9, "sh_lab": "sh u0", "sh_list": [3.0]}
    with pytest.raises(ln.errors.InvalidArgument, match="'sh not updated': the table does not say which.*__lamindb_record_uid__"):
        plain.import_rows(pd.DataFrame({"sh_score": [1.0], "name": ["x"]}), update=True)
    assert not plain.query_records().exists()
    indexed.import_rows(pd.DataFrame({"sh_code": ["d"], "sh_score": [4.0]}))  # as Record.from_dataframe: another row
    found = indexed.check_rows(new, update=True)
    assert found["rule"].to_list() == ["ambiguous"] and "2 rows of the sheet have this name" in found["why"][0]
    twice = indexed.check_rows(pd.DataFrame({"sh_code": ["a", "a"], "sh_score": [1.0, 2.0]}), update=True)
    assert twice["rule"].to_list() == ["repeated_name"]
    indexed.query_records().delete(permanent=True)


def test_columns_called_name(ln, made, said):
    indexed = ln.Record(name="sh named", schema=ln.Schema([made["sh_score"]], index=made["sh_code"], name="sh named").save()).save()
    said()
    rows = indexed.import_rows(pd.DataFrame({"sh_code": ["a"], "sh_score": [1.0], "name": ["dropped"]}))
    assert rows[0].name == "a" and "left out, because they are not features of the sheet: 'name'" in said()
    plain = ln.Record(name="sh unnamed", schema=ln.Schema([made["sh_score"]], name="sh unnamed").save()).save()
    said()
    rows = plain.import_rows(pd.DataFrame({"name": ["x"], "sh_score": [1.0]}))
    assert rows[0].name == "x" and said() == ""
    rows = plain.import_rows(pd.DataFrame({"name": ["x"], "__lamindb_record_name__": ["y"], "sh_score": [1.0]}))
    assert rows[0].name == "y" and "'name'" in said()
    with pytest.raises(ln.errors.ValidationError, match="'name'"):
        ln.Record.from_dataframe(pd.DataFrame({"sh_code": ["b"], "sh_score": [1.0], "name": ["x"]}), type=indexed).save()
    made_so = ln.Record.from_dataframe(pd.DataFrame({"donor": ["d1"], "sh_score": [1.0], "name": ["x"]}), type="sh by donor", name_field="donor")
    assert "'name'" in said() and made_so.save(using="default")[0].name == "d1"
    with pytest.raises(ln.errors.InvalidArgument, match="'lab/other'"):
        made_so.save(using="lab/other")


def test_an_export_does_not_overwrite_unasked(ln, sheet, tmp_path):
    for suffix in (".csv", ".parquet", ".xlsx"):
        path = tmp_path / f"rows{suffix}"
        sheet.export_rows(path)
        before = path.read_bytes()
        with pytest.raises(ln.errors.IntegrityError, match=f"rows{suffix}' already exists"):
            sheet.export_rows(path)
        assert path.read_bytes() == before
        sheet.export_rows(path, replace=True)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["rows.csv", "rows.parquet", "rows.xlsx"]


def test_rows_that_a_run_reads_are_its_inputs(ln, made, sheet, said):
    rows = [ln.Record(name=f"sh input {n}", type=sheet, features={"sh_score": 1.0, "sh_code": f"c{n}"}).save() for n in range(3)]
    transform = ln.Transform(key="sh inputs", kind="pipeline").save()
    run = ln.Run(transform).save()
    before, ln.settings.annotation.n_max_records = ln.settings.annotation.n_max_records, 2
    try:
        sheet.to_dataframe(is_run_input=run)
    finally:
        ln.settings.annotation.n_max_records = before
    assert set(run.input_records.to_list("uid")) == {sheet.uid, rows[0].uid, rows[1].uid}
    assert "linking only the first 2 of 3 rows" in said()
    made_here = ln.Run(transform).save()
    own = ln.Record(name="sh own", type=sheet, features={"sh_score": 1.0, "sh_code": "own"})
    own.run = made_here
    own.save()
    sheet.to_dataframe(is_run_input=made_here)
    assert own.uid not in made_here.input_records.to_list("uid") and made_here.input_records.count() == 4
    for row in (*rows, own):
        row.delete(permanent=True)


def test_names_and_values_move_when_the_index_changes(ln, made):
    schema = ln.Schema([made["sh_n"], made["sh_code"]], name="sh moving").save()
    sheet = ln.Record(name="sh moving", is_type=True, schema=schema).save()
    for n in range(2):
        ln.Record(name=f"n{n}", type=sheet, features={"sh_n": n, "sh_code": f"k{n}"}).save()
    schema.index = made["sh_code"]
    with pytest.raises(ln.errors.ValidationError, match="keep_feature"):
        schema.save()
    schema.save(index_name_conflict="keep_feature")
    assert ln.Record.filter(type=sheet).order_by("id").to_list("name") == ["k0", "k1"]
    schema.index = None
    schema.save()
    assert ln.Record.filter(type=sheet).to_list("name") == [None, None]
    assert ln.Record.filter(sh_code="k1", type=sheet).one().features.get_values() == {"sh_n": 1, "sh_code": "k1"}


def test_records_are_ordered_by_a_feature(ln, made):
    for name, n in (("ten", 10), ("nine", 9), ("none", None)):
        ln.Record(name=f"sh ordered {name}", features={"sh_n": n}).save()
    rows = ln.Record.filter(name__startswith="sh ordered")
    assert rows.order_by(made["sh_n"]).to_list("name") == ["sh ordered nine", "sh ordered ten"]
    assert rows.order_by(-made["sh_n"]).first().name == "sh ordered ten"
    assert rows.order_by("-sh_n", "name").to_dataframe()["name"].tolist() == ["sh ordered ten", "sh ordered nine"]
    with pytest.raises(ValueError, match="order by feature 'sh_lab'"):
        list(rows.order_by(made["sh_lab"]))
    with pytest.raises(ln.errors.FieldError):
        ln.ULabel.filter().order_by(made["sh_n"])
    with pytest.raises(TypeError, match="order"):
        bool(-made["sh_n"])


def test_rows_of_another_registry_are_not_taken_for_others(ln, made, tmp_path):
    label = ln.ULabel.get(name="sh u0")
    transform = ln.Transform(key="sh transform").save()
    for wrong in ({"ulabels": transform}, {"ulabels__in": [transform]}, {"created_by": label}, {"run": transform}):
        with pytest.raises(ValueError, match="compared with rows of"):
            ln.Artifact.filter(**wrong).count()
    with pytest.raises(ValueError, match="of one registry"):
        ln.Artifact.filter(ulabels__in=[label, transform])
    file = tmp_path / "a.txt"
    file.write_text("sh text")
    with pytest.raises(ValueError, match="expected a Run, got a Transform"):
        ln.Artifact(file, key="sh.txt", run=transform)
    artifact = ln.Artifact(file, key="sh.txt").save()
    with pytest.raises(ValueError, match="expected a Run"):
        ln.Collection([artifact], key="sh", run=label)


def test_a_new_version_inherits(ln, tmp_path):
    file = tmp_path / "v.txt"
    file.write_text("sh one")
    first = ln.Artifact(file, description="sh described", version="1").save()
    file.write_text("sh two")
    with pytest.raises(ValueError, match="already taken"):
        ln.Artifact(file, revises=first, version="1")
    second = ln.Artifact(file, revises=first).save()
    assert (second.uid[-4:], second.description, second.key) == ("0001", "sh described", None)
    assert ln.Artifact.get(second.uid[:-4]) == second and ln.Artifact.get(first.uid) == first
    with pytest.raises(ln.errors.MultipleObjectsReturned, match="Give more characters"):
        ln.Artifact.get(first.uid[:-1])
    transform = ln.Transform(key="sh revised", description="sh td").save()
    again = ln.Transform(key="sh renamed", revises=transform).save()
    assert (again.uid[-4:], again.key, again.description) == ("0001", "sh renamed", "sh td")
    assert again.stem_uid == transform.stem_uid and again.is_latest and not ln.Transform.get(transform.id).is_latest


def test_what_is_unique_and_no_identity_is_not_taken_for_the_same(ln, bt):
    bt.CellType(name="sh first", abbr="SHAB").save()
    with pytest.raises(ln.errors.IntegrityError, match="abbr='SHAB'"):
        bt.CellType(name="sh second", abbr="SHAB").save()
    assert bt.CellType.filter(name="sh second").count() == 0
    first = bt.CellType.get(name="sh first")
    first.add_synonym("sh only here", save=False)
    assert first.synonyms == "sh only here" and bt.CellType.get(name="sh first").synonyms is None


def test_a_storage_with_artifacts_stays(ln, tmp_path):
    file = tmp_path / "s.txt"
    file.write_text("sh stored")
    storage = ln.Artifact(file, key="sh/s.txt").save().storage
    with pytest.raises(ln.errors.ProtectedError, match="it holds"):
        storage.delete()
    assert ln.Storage.filter(id=storage.id).count() == 1 and ln.Storage.get(storage.id).branch_id == 1


def test_values_of_times_and_lists_are_found_as_what_they_are(ln, tmp_path):
    at = datetime.datetime(2024, 1, 2, 3, 4, 5)
    ln.Feature(name="sh_at", dtype=datetime.datetime).save()
    ln.Feature(name="sh_words", dtype=list[str]).save()
    file = tmp_path / "t.txt"
    file.write_text("sh times")
    artifact = ln.Artifact(file, key="sh/t.txt", features={"sh_at": at, "sh_words": ["Lung", "liver"]}).save()
    record = ln.Record(name="sh times", features={"sh_at": at, "sh_words": ["Lung", "liver"]}).save()
    for rows, row in ((ln.Artifact, artifact), (ln.Record, record)):
        later = at + datetime.timedelta(hours=2)
        for found in ({"sh_at": at}, {"sh_at": pd.Timestamp(at)}, {"sh_at__lt": later}, {"sh_at__lte": at}, {"sh_at__in": [at]},
                      {"sh_at": "2024-01-02 03:04:05"}, {"sh_words__contains": "ive"}, {"sh_words__icontains": "LUNG"}):  # fmt: skip
            assert rows.filter(**found).one() == row, found
        for missed in ({"sh_at__gt": later}, {"sh_at": later}, {"sh_words__contains": "LUNG"}, {"sh_words__startswith": "ung"}):
            assert not rows.filter(**missed).exists(), missed


def test_a_feature_that_is_called_like_a_field_leaves_the_field(ln, tmp_path):
    ln.Feature(name="suffix", dtype=str).save()
    file = tmp_path / "c.txt"
    file.write_text("sh clash")
    artifact = ln.Artifact(file, key="sh/c.txt", features={"suffix": "mine"}).save()
    frame = ln.Artifact.filter(id=artifact.id).to_dataframe(include=["suffix"], features=["suffix"])
    assert frame["suffix"].tolist() == ["mine"] and frame["__lamindb_artifact_suffix__"].tolist() == [".txt"]
    ln.Feature.get(name="suffix").delete()
    artifact.delete(permanent=True, storage=True)
    user = ln.Feature(name="sh_user", dtype=ln.User).save()
    record = ln.Record(name="sh with a user", features={"sh_user": ln.User.filter().first()}).save()
    assert record.features.get_values() == {"sh_user": "anonymous"} and user.dtype_as_str == "cat[User]"


def test_several_synonyms_are_added_or_none(ln, bt):
    cell = bt.CellType(name="sh synonyms", synonyms="sh s").save()
    with pytest.raises(ln.errors.ValidationError, match="separates synonyms"):
        cell.add_synonym(["sh good", "sh a|b"])
    assert cell.synonyms == bt.CellType.get(name="sh synonyms").synonyms == "sh s"
    source = bt.Source(entity="bionty.Tissue", organism="all", name="sh source", version="1").save()
    assert len(source.uid) == 8


def test_a_schema_of_values_is_that_of_their_rows(ln, made):
    schema = ln.Schema.from_values(["sh_score", "sh_n"], ln.Feature.name).save()
    assert schema.itype == "Feature" and schema == ln.Schema([made["sh_score"], made["sh_n"]])
    assert ln.Schema.from_values(["sh zz"], ln.Feature.name, raise_validation_error=False) is None
    strict = ln.Schema([made["sh_score"], made["sh_code"]], maximal_set=True, name="sh strict").save()
    with pytest.raises(NotImplementedError, match="maximal_set"):
        strict.remove(made["sh_code"])
    with pytest.raises(ValueError, match=r"\.\."):
        ln.Transform(key="../sh.py").save()
    assert ln.ULabel(name="sh later a type").save() and ln.ULabel(name="sh later a type", is_type=True).save().is_type


def test_a_second_readme_is_the_next_version(ln):
    record = ln.Record(name="sh with notes").save()
    first, second = (ln.models.RecordBlock(record=record, content=text, kind="readme").save() for text in ("one", "two"))
    assert (first.uid[-4:], second.uid[-4:], first.stem_uid) == ("0000", "0001", second.stem_uid)
    assert second.is_latest and not ln.models.RecordBlock.get(first.id).is_latest and record.notes == "two"
    comments = [ln.models.RecordBlock(record=record, content=text, kind="comment").save() for text in ("a", "b")]
    assert comments[0].stem_uid != comments[1].stem_uid and record.notes == "two"


def test_an_export_knows_which_of_several_namesakes_is_meant(ln, made):
    above = ln.Record(name="sh donors", is_type=True).save()
    donors = [ln.Record(name="sh donor", type=ln.Record(name=f"sh batch {n}", is_type=True, type=above).save()).save() for n in range(2)]
    donor = ln.Feature(name="sh_donor", dtype=above).save()
    plain = ln.Record(name="sh plain", schema=ln.Schema([donor, made["sh_n"]], name="sh plain").save()).save()
    indexed = ln.Record(name="sh indexed", schema=ln.Schema([donor], index=made["sh_code"], name="sh indexed").save()).save()
    for n, one in enumerate(donors):
        ln.Record(type=plain, features={donor: one, "sh_n": n}).save()
        ln.Record(type=indexed, features={donor: one, "sh_code": f"c{n}"}).save()
    for sheet in (plain, indexed):
        artifact = sheet.to_artifact()
        assert set(artifact.records.filter(name="sh donor").to_list("uid")) == {one.uid for one in donors}
        assert artifact.run.finished_at is not None
    with pytest.raises(ln.errors.ValidationError, match="Ambiguous match for Record 'sh donor'"):
        ln.curators.DataFrameCurator(pd.DataFrame({"sh_donor": ["sh donor"], "sh_n": [1]}), plain.schema).validate()


def test_an_export_of_an_older_program_is_continued(ln, made, sheet):
    key = "__lamindb_record_export__"
    sheet.to_artifact().delete(permanent=True)
    transform = ln.Transform.get(key=key)
    transform.uid = "LeGaCyUid1230000"
    transform.save()
    artifact = sheet.to_artifact()
    assert artifact.run.transform.id == transform.id and ln.Transform.get(transform.id).uid == "v6KpQx9mRt2B0000"
    assert ln.Transform.filter(key=key).count() == 1


def test_what_the_schema_says_of_its_set_is_inferred_too(ln, made):
    strict = ln.Schema([made["sh_code"]], name="sh all of it", maximal_set=True).save()
    artifact = ln.Artifact.from_dataframe(pd.DataFrame({"sh_code": ["a"]}), key="sh/strict.csv", schema=strict).save()
    assert artifact.schemas.one() == strict


def test_collections_have_the_schema_of_their_artifacts(ln, made):
    schemas = [ln.Schema([made[name]], name=f"sh of {name}").save() for name in ("sh_n", "sh_score")]
    frame = pd.DataFrame({"sh_n": [1], "sh_score": [1.0]})
    artifacts = [ln.Artifact.from_dataframe(frame * n, key=f"sh/c{n}.parquet", schema=schemas[n // 2]).save() for n in range(3)]
    collection = ln.Collection(artifacts[:2], key="sh checked", schema=schemas[0]).save()
    collection.verify_schema()
    assert collection.data_artifact == artifacts[0]
    match = "Artifact schemas do not match the collection schema"
    with pytest.raises(ln.errors.ValidationError, match=match):
        ln.Collection(artifacts, key="sh mixed", schema=schemas[0])
    with pytest.raises(ln.errors.ValidationError, match=match):
        collection.append(artifacts[2])
    mixed = ln.Collection(artifacts, key="sh mixed").save()
    with pytest.raises(ValueError, match="First set a schema"):
        mixed.verify_schema()
    mixed.schema = schemas[1]
    with pytest.raises(ln.errors.ValidationError, match=match):
        mixed.save()


def test_reading_a_collection_notes_the_collection(ln, tmp_path):
    file = tmp_path / "i.csv"
    file.write_text("sh,input\n1,2\n")
    artifact = ln.Artifact(file, key="sh/i.csv").save()
    collection = ln.Collection([artifact], key="sh read").save()
    ln.track(transform=ln.Transform(key="sh reader").save())
    collection.cache()
    collection.load()
    assert ln.context.run.input_collections.one() == collection and ln.context.run.input_artifacts.count() == 0
    ln.finish()


def test_rows_follow_the_space_and_the_emoji_of_their_type(ln):
    space = ln.Space(name="sh space").save()
    kind = ln.Record(name="sh of a space", is_type=True, space=space)
    kind.emoji = "🧬"
    kind.settings.single_space = True
    kind.save()
    assert kind._aux["ss"] == 1 and kind.settings.single_space is True
    row = ln.Record(name="sh in it", type=kind)
    assert (row.space_id, row.emoji) == (space.id, "🧬")
    with pytest.raises(ln.errors.ValidationError, match="must be in the space 'sh space'"):
        ln.Record(name="sh elsewhere", type=kind, space=ln.Space.get(1))
    kind.settings.single_space = ln.Space.get(1)
    assert kind._aux["ss"] == ln.Space.get(1).uid and kind.settings.single_space == ln.Space.get(1)
    kind.settings.single_space = False
    assert "ss" not in kind._aux
    with pytest.raises(AssertionError, match="must be a bool or a Space"):
        kind.settings.single_space = "all"
    with pytest.raises(AssertionError, match="must be saved"):
        kind.settings.single_space = ln.Space(name="sh unsaved")
