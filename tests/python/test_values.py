"""Values, labels and schemas as LaminDB's users know them: what is refused, what is said, what is shown."""

import datetime

import pytest

pandas = pytest.importorskip("pandas")


@pytest.fixture
def host(ln, workplace):
    path = workplace / "host.txt"
    path.write_text("host of values")
    artifact = ln.Artifact(str(path), key="vals/host.txt", skip_hash_lookup=True).save()
    yield artifact
    artifact.delete(permanent=True)


# -- values -----------------------------------------------------------------------------------------------------------


def test_a_dictionary_may_be_given_as_text(ln, host):
    ln.Feature(name="vals notes", dtype=dict).save()
    host.features.set_values({"vals notes": "{'external': True, 'missing': None}"})
    assert host.features["vals notes"] == {"external": True, "missing": None}
    for wrong in ("{invalid", "[1, 2]", "42", '"text"', "null"):
        with pytest.raises(ln.errors.ValidationError, match="strings representing dicts"):
            host.features.set_values({"vals notes": wrong})


def test_what_is_wrong_with_a_record_is_said(ln, bt, host):
    new = bt.CellType(name="vals unsaved cell")
    with pytest.raises(ln.errors.ValidationError, match=r"dtype='cat\[bionty.CellType\]'"):
        host.features.add_values({"vals cell": new})
    ln.Feature(name="vals cell", dtype=bt.CellType).save()
    with pytest.raises(ln.errors.ValidationError) as error:
        host.features.add_values({"vals cell": new})
    assert str(error.value).endswith("CellType vals unsaved cell is not saved.")
    of_a, of_b = (ln.Record(name=f"Vals{name}", is_type=True).save() for name in "AB")
    feature = ln.Feature(name="vals sample", dtype=of_a).save()
    for given in (ln.Record(name="vals b", type=of_b), ln.Record(name="vals b saved", type=of_b).save()):
        with pytest.raises(ln.errors.ValidationError, match="Expected a record of type 'ValsA'"):
            host.features.set_values({feature: [given]})


def test_a_number_is_no_label(ln, host):
    ln.Feature(name="vals label", dtype=ln.ULabel).save()
    with pytest.raises(TypeError, match="identifiers are 'numeric'") as error:
        host.features.add_values({"vals label": 27.2})
    assert isinstance(error.value, ln.errors.InvalidArgument) and error.exconly().startswith("TypeError: ")


def test_what_is_not_registered_is_said_as_of_a_dataset(ln, host):
    ln.ULabel(name="vals known label").save()
    feature = ln.Feature(name="vals label", dtype=ln.ULabel).save()
    with pytest.raises(ln.errors.ValidationError) as error:
        host.features.add_values({"vals label": "vals knwon label"})
    of_value = str(error.value)
    schema = ln.Schema([feature], name="vals labels").save()
    with pytest.raises(ln.errors.ValidationError) as error:
        ln.curators.DataFrameCurator(pandas.DataFrame({"vals label": pandas.Categorical(["vals knwon label"])}), schema).validate()
    assert str(error.value) in of_value and "did you mean 'vals known label'" in of_value


def test_a_name_that_is_neither_field_nor_feature(ln):
    ln.Feature(name="vals_score", dtype=int).save()
    with pytest.raises(ln.errors.InvalidArgument) as error:
        ln.Artifact.filter(vals_scroe=1)
    assert str(error.value).startswith("You can query either by available fields: ") and "vals_scroe" in str(error.value)
    assert "Did you mean the feature 'vals_score'" in str(error.value)
    with pytest.raises(ln.errors.FieldError, match="Unknown field"):
        ln.Artifact.get(vals_scroe=1)
    with pytest.raises(ln.errors.FieldError):
        ln.ULabel.filter(vals_scroe=1)


def test_features_named_like_fields_have_their_own_columns(ln, host):
    for name, dtype in (("id", int), ("uid", str)):
        ln.Feature(name=name, dtype=dtype).save()
    host.features.add_values({"id": 7, "uid": "theirs"})
    df = ln.Artifact.filter(id=host.id).to_dataframe(include=["features", "description"])
    assert df.index.name == "__lamindb_artifact_id__" and df.index.tolist() == [host.id]
    assert df.columns.tolist() == ["__lamindb_artifact_uid__", "key", "id", "uid", "description"]
    assert df.iloc[0].to_dict() == {
        "__lamindb_artifact_uid__": host.uid, "key": host.key, "id": 7, "uid": "theirs", "description": None
    }  # fmt: skip
    host.features.remove_values()
    ln.Feature.filter(name__in=["id", "uid"]).delete(permanent=True)


def test_dtypes_are_inferred_alike(ln):
    values = {
        "vals a": 1, "vals b": 2.5, "vals c": True, "vals d": "text", "vals e": "2024-01-01", "vals f": "2024-01-01T10:00:00",
        "vals g": datetime.date(2024, 1, 1), "vals h": [1, 2.5], "vals i": ["x", "y"], "vals j": {"a": 1}, "vals k": [],
        "vals l": datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc),
    }  # fmt: skip
    dtypes = {feature.name: feature.dtype_as_str for feature in ln.Feature.from_dict(values, mute=True)}
    assert list(dtypes.values()) == [
        "int", "float", "bool", "str", "date", "datetime", "date", "list[float]", "list[str]", "dict", "list[str]", "datetime64[ns, UTC]",
    ]  # fmt: skip
    with pytest.raises(ln.errors.ValidationError, match="'vals mixed': .* a list that holds cat . str, int"):
        ln.Feature.from_dict({"vals mixed": [1, "x"]}, mute=True)
    label = ln.ULabel(name="vals item").save()
    dtypes = [feature.dtype_as_str for feature in ln.Feature.from_dict({"vals m": ["2024-01-01"], "vals n": [label, label]}, mute=True)]
    assert dtypes == ["list[str]", "list[cat[ULabel]]"]
    for wrong in (None, [1, None], [label, 1], float("nan")):
        with pytest.raises(ln.errors.ValidationError, match="^feature 'vals nothing': a dtype cannot be inferred") as error:
            ln.Feature.from_dict({"vals nothing": wrong}, mute=True)
        assert "nanobind" not in str(error.value) and "arguments" not in str(error.value)


def test_unknown_keys_are_listed_in_the_order_given(ln, host):
    keys = ["vals z9", "vals b3", "vals a1", *(f"vals many {n}" for n in range(20, 0, -1))]
    strict = ln.Schema([ln.Feature(name="vals known", dtype=int).save()], name="vals ordered").save()
    row = ln.Record(name="vals ordered").save()
    for call in (
        lambda: host.features.add_values(dict.fromkeys(keys, 1)),
        lambda: row.features.set_values(dict.fromkeys(keys, 1)),
        lambda: row.features.set_values({**dict.fromkeys(keys, 1), "vals known": 1}, schema=strict),
        lambda: ln.Record(name="vals unknown keys", features=dict.fromkeys(keys, 1)).save(),
    ):
        with pytest.raises(ln.errors.ValidationError) as error:
            call()
        at = [str(error.value).index(f"'{key}'") for key in keys]
        assert at == sorted(at), str(error.value)


def test_a_time_that_was_coerced_keeps_its_zone(ln, host):
    ln.Feature(name="vals coerced", dtype="datetime", coerce=True).save()
    zoned = datetime.datetime(2024, 1, 1, 10, tzinfo=datetime.timezone(datetime.timedelta(hours=2)))
    row = ln.Record(name="vals coerced").save()
    for one in (row, host):
        for given, kept in ((zoned, zoned), (zoned.isoformat(), zoned), ("2024-01-01 10:00", datetime.datetime(2024, 1, 1, 10))):
            one.features.set_values({"vals coerced": given})
            found = one.features.get_values()["vals coerced"]
            assert found == kept and (found.tzinfo is None) == (kept.tzinfo is None)
        one.features.set_values({})


# -- schemas ----------------------------------------------------------------------------------------------------------


def test_a_schema_need_not_be_saved_to_check_a_dictionary(ln):
    from lamindb.curators.core import DictCurator

    when = ln.Feature(name="vals when", dtype=datetime.datetime).save()
    schema = ln.Schema([when])
    for value in (None, pandas.NaT, datetime.datetime(2024, 1, 1)):
        assert DictCurator({when.name: value}, schema).validate() is None
    with pytest.raises(ln.errors.ValidationError, match="WRONG_DATATYPE"):
        DictCurator({when.name: "2024-01-01"}, schema).validate()
    when.nullable = False
    with pytest.raises(ln.errors.ValidationError, match="null"):
        DictCurator({when.name: None}, schema).validate()
    with pytest.raises(ValueError, match="Schema must be saved before curation"):
        ln.curators.DataFrameCurator(pandas.DataFrame({when.name: [datetime.datetime(2024, 1, 1)]}), schema)


def test_features_of_one_name_in_a_dictionary(ln):
    from lamindb.curators.core import DictCurator

    scopes = [ln.Feature(name=f"ValsScope{name}", is_type=True).save() for name in "AB"]
    shared = [ln.Feature(name="vals shared", dtype=int, type=scope).save() for scope in scopes]
    schema = ln.Schema(shared, name="vals clash").save()
    with pytest.raises(ln.errors.ValidationError, match="share a name"):
        DictCurator({"vals shared": 1}, schema).validate()
    one = ln.Schema(shared[:1], name="vals one").save()
    assert DictCurator({"vals shared": 1}, one, members=list(one.members), index=one.index).validate() is None


def test_a_column_of_objects_is_no_column_of_numbers(ln):
    flag, count = ln.Feature(name="vals flag", dtype=bool).save(), ln.Feature(name="vals count", dtype=int).save()
    schema = ln.Schema([flag, count], name="vals numbers").save()
    typed = {"vals flag": pandas.array([True, None], dtype="boolean"), "vals count": pandas.array([1, None], dtype="Int64")}
    ln.curators.DataFrameCurator(pandas.DataFrame(typed), schema).validate()
    untyped = {"vals flag": [True, None], "vals count": pandas.Series([1, None], dtype=object)}
    with pytest.raises(ln.errors.ValidationError) as error:
        ln.curators.DataFrameCurator(pandas.DataFrame(untyped), schema).validate()
    assert "Column 'vals flag' failed dtype check for 'bool': got object" in str(error.value)
    assert "expected series 'vals count' to have type int, got object" in str(error.value)


def test_a_slot_has_one_schema(ln, bt):
    whole = ln.Schema(itype=ln.Feature, name="vals whole", flexible=True, coerce=True).save()
    one, two = (ln.Schema(name=f"vals {name}", itype=itype).save() for name, itype in (("one", bt.Gene.symbol), ("two", bt.CellMarker)))
    whole.components.add(one, through_defaults={"slot": "var"})
    whole.components.add(one, through_defaults={"slot": "var"})
    with pytest.raises(ln.errors.IntegrityError, match="(?i)unique"):
        whole.components.add(two, through_defaults={"slot": "var"})
    assert whole.components.one() == one


def test_hidden_features_are_shown_on_request(ln):
    shown, hidden = (ln.Feature(name=f"vals_{name}", dtype=str).save() for name in ("shown", "hidden"))
    schema = ln.Schema([shown, hidden], name="vals view").save()
    schema._aux = {"af": {"2": [shown.uid, hidden.uid], "4": [hidden.uid]}}
    schema.save()
    text = schema.describe(return_str=True)
    assert "vals_hidden" not in text and "(1, 1 hidden)" in text
    text = schema.describe(return_str=True, include="hidden")
    assert "vals_hidden" in text and "(2, 1 hidden)" in text
    with pytest.raises(ValueError, match="'comments' or 'hidden'"):
        schema.describe(return_str=True, include="hiden")


# -- what is shown ----------------------------------------------------------------------------------------------------


def test_tables_are_as_wide_as_the_terminal(ln, monkeypatch):
    features = [ln.Feature(name=f"vals {'long ' * 8}{i}", dtype=str).save() for i in range(3)]
    schema = ln.Schema(features, name="vals wide").save()
    df = pandas.DataFrame({feature.name: ["a"] for feature in features})
    artifact = ln.Artifact.from_dataframe(df, key="vals/wide.parquet", schema=schema).save()
    for width in (60, 80):
        monkeypatch.setenv("COLUMNS", str(width))
        rows = [line for line in artifact.features.describe(return_str=True).splitlines() if "long" in line]
        assert len(rows) == 3 and all("…" in row and len(row) <= width for row in rows)
    monkeypatch.setenv("COLUMNS", "200")
    assert "        vals long long long long long…  str" in artifact.features.describe(return_str=True)
    text = artifact.features.describe(return_str=True)
    few = artifact.describe(return_str=True, n_max_features=2)
    assert text.count("vals long") == 3 and few.count("vals long") == 2 and "…" in few.splitlines()[-1]
    with pytest.raises(ValueError, match="n_max_features"):
        artifact.describe(n_max_features=0)


def test_values_beside_a_dataset_are_external(ln, host, workplace):
    note = ln.Feature(name="vals note", dtype=str).save()
    host.features.set_values({"vals note": "x"})
    assert "\n└── Features\n" in host.features.describe(return_str=True)
    external = ln.Schema(slots={"__external__": ln.Schema([note], name="vals noted").save()}, name="vals external").save()
    path = workplace / "reads.fastq"
    path.write_text("@r\nACGT\n+\n!!!!\n")
    with pytest.raises(ln.errors.ValidationError, match="no external features were provided"):
        ln.Artifact(str(path), key="vals/reads.fastq", schema=external)
    artifact = ln.Artifact(str(path), key="vals/reads.fastq", schema=external, features={"vals note": "y"}).save()
    assert "\n└── External features\n" in artifact.features.describe(return_str=True)


# -- rows -------------------------------------------------------------------------------------------------------------


def test_single_fields_are_saved_alone(ln):
    label = ln.ULabel(name="vals label of two").save()
    again = ln.ULabel.get(label.uid)
    label.reference = "elsewhere"
    label.save()
    again.name, again.description = "vals not this", "this"
    again.save(update_fields=["description"])
    stored = ln.ULabel.get(label.uid)
    assert (stored.name, stored.description, stored.reference) == ("vals label of two", "this", "elsewhere")
    assert again.name == "vals not this"
    with pytest.raises(ln.errors.FieldError, match="descripton"):
        again.save(update_fields=["descripton"])
    with pytest.raises(ln.errors.InvalidArgument, match="is not saved"):
        ln.ULabel(name="vals unsaved").save(update_fields=["name"])


def test_a_type_says_in_which_space_its_rows_are(ln):
    space = ln.Space(name="vals lab").save()
    samples = ln.Record(name="ValsSamples", is_type=True).save()
    samples.settings.single_space = space
    samples.save()
    assert ln.Record.get(samples.uid).settings.single_space == space
    row = ln.Record(name="vals in lab", type=samples)
    assert row.space == space and row.save().space == space
    everywhere = ln.Space.get(name="all")
    with pytest.raises(ln.errors.ValidationError, match="must be in the space 'vals lab'"):
        ln.Record(name="vals elsewhere", type=samples, space=everywhere)
    row.space = everywhere
    with pytest.raises(ln.errors.ValidationError, match="must be in the space 'vals lab'"):
        row.save()
    samples.settings.single_space = False
    samples.save()
    row.save()
    assert samples.settings.single_space is False
    with pytest.raises(ln.errors.InvalidArgument, match="setting of types"):
        row.settings.single_space = True
    with pytest.raises(ln.errors.InvalidArgument, match="must be a bool or a Space"):
        samples.settings.single_space = "lab"


def test_the_remedy_for_unknown_terms_leads_on(ln, bt, said):
    assert bt.CellType.from_values(["vals no such cell"]) == []
    assert "did not create CellType record for 1 non-validated name: 'vals no such cell'; if it is right, pass create=True" in said()
    assert len(bt.CellType.from_values(["vals no such cell"], create=True)) == 1


def test_a_new_row_follows_what_is_not_yet_saved_of_its_type(ln):
    space = ln.Space(name="vals unsaved space").save()
    kind = ln.Record(name="vals unsaved kind", is_type=True).save()
    kind.space = space
    kind.settings.single_space = True
    kind.emoji = "🧫"
    row = ln.Record(name="vals row of it", type=kind)
    assert (row.space_id, row.emoji) == (space.id, "🧫")
    kind.settings.single_space = False
    assert ln.Record(name="vals row of it", type=kind).space_id != space.id


def test_no_values_are_no_change_unless_a_schema_requires_some(ln, host):
    cells = ln.Feature(name="vals nothing cell", dtype="list[str]").save()
    sheet = ln.Record(name="vals nothing sheet", is_type=True, schema=ln.Schema([cells]).save()).save()
    row = ln.Record(name="vals nothing row", type=sheet, features={cells: ["a"]}).save()
    host.features.set_values({"vals nothing cell": ["b"]})
    host.features.add_values({})
    for record, value in ((row, ["a"]), (host, ["b"])):
        record.features.update_values({})
        assert record.features.get_values() == {"vals nothing cell": value}
    for write in (row.features.add_values, row.features.set_values):
        with pytest.raises(ln.errors.ValidationError, match="COLUMN_NOT_IN_DATAFRAME"):
            write({})
    row.delete(permanent=True)
