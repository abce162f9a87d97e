"""Features and their values: dtypes, what a schema asks of values, values that are stored elsewhere, namesakes."""

import datetime

import pytest


@pytest.fixture(scope="module")
def types(ln):
    """Two record types with a record each, and one below the first."""
    a, b = (ln.Record(name=f"Fv{name}", is_type=True).save() for name in "AB")
    below = ln.Record(name="FvBelow", is_type=True, type=a).save()
    return {"a": a, "b": b, "in a": ln.Record(name="fv in a", type=a).save(), "in b": ln.Record(name="fv in b", type=b).save(),
            "below": ln.Record(name="fv below", type=below).save()}  # fmt: skip


@pytest.fixture
def record(ln):
    record = ln.Record(name="fv host").save()
    yield record
    record.delete(permanent=True)


@pytest.mark.parametrize("value", [None, "", " ", [], 0])
def test_a_condition_on_labels_has_a_value(ln, bt, value):
    with pytest.raises(ln.errors.ValidationError, match="Empty value in filter source__uid"):
        ln.Feature(name="fv x", dtype=bt.CellType, cat_filters={"source__uid": value})


def test_conditions_on_labels_are_part_of_the_dtype(ln, bt, types):
    def dtype(of, filters):
        return ln.Feature(name="fv x", dtype=of, cat_filters=filters).dtype_as_str

    a, b = types["a"], types["b"]
    assert dtype(ln.Record, {"type": a}) == dtype(a, {"type": a.uid}) == f"cat[Record[{a.uid}]]"
    assert dtype(a, {"is_type": False, "description": "x, y"}) == f'cat[Record[{a.uid}, is_type=False, description="x, y"]]'
    assert dtype(bt.Gene.ensembl_gene_id, {"source__uid": "abc"}) == "cat[bionty.Gene.ensembl_gene_id[source__uid=abc]]"
    user = ln.User.get(ln.setup.settings.user.id)
    assert dtype(ln.Artifact, {"created_by": user}) == f"cat[Artifact[created_by__uid={user.uid}]]"
    for of, filters, why in (
        (a, {"type": b}, "Conflicting typed dtype and cat_filters type selector"),
        (ln.Record, {"type": a.uid, "type__uid": b.uid}, "Conflicting type selectors in cat_filters: 'type' and 'type__uid'"),
        ("cat[Record|bionty.CellType]", {"source": "x"}, "incompatible with union dtypes"),
        (list[ln.Record], {"source": "x"}, "incompatible with nested dtypes"),
        (int, {"source": "x"}, "not of labels"),
        (bt.CellType, {"source__nonsense": bt.Source.filter().first()}, "has no attribute 'nonsense' in filter source__nonsense"),
    ):
        with pytest.raises(ln.errors.ValidationError, match=why):
            dtype(of, filters)


def test_a_dtype_is_what_it_says(ln, types):
    unsaved = ln.Record(name="FvUnsaved", is_type=True)
    with pytest.raises(ln.errors.InvalidArgument, match="Cannot serialize unsaved objects"):
        ln.Feature(name="fv x", dtype=unsaved)
    with pytest.raises(ln.errors.InvalidArgument, match="Cannot serialize non-type Record 'fv in a'"):
        ln.Feature(name="fv x", dtype=types["in a"])
    with pytest.raises(ln.errors.InvalidArgument, match="Cannot create a union dtype"):
        ln.Feature(name="fv x", dtype=[types["a"], types["b"]])
    with pytest.raises(ValueError, match="one of the two"):
        ln.Feature(name="fv x", dtype="cat ? str")
    uid = types["a"].uid
    assert ln.Feature(name="fv x", dtype=f"cat[Record[{uid}].uid]").dtype_as_object == types["a"]
    with pytest.warns(DeprecationWarning, match="Use dtype_as_str instead of dtype"):
        assert ln.Feature(name="fv x", dtype=types["below"].type).dtype == "cat[Record[FvA[FvBelow]]]"
    with pytest.warns(DeprecationWarning, match="`coerce_dtype` argument was renamed to `coerce`"):
        assert ln.Feature(name="fv x", dtype=str, coerce_dtype=True).coerce is True


def test_a_comparison_is_a_condition(ln, types):
    feature = ln.Feature(name="fv compared", dtype=types["a"])
    above = feature >= 1
    assert isinstance(above, ln.models.feature.FeaturePredicate) and (above.comparator, above.value) == ("__gte", 1)
    assert (feature != types["in a"]).comparator == "__ne" and (feature == ln.User.filter().first()) is False
    with pytest.raises(TypeError, match="Feature predicates cannot be used as booleans"):
        bool(feature == "x")
    with pytest.raises(TypeError, match="Feature order expressions cannot be used as booleans"):
        bool(-feature)
    with pytest.raises(TypeError, match="expects a bool"):
        feature.is_null("false")


def test_a_label_is_found_once_or_named(ln, record, types):
    only = types["a"]
    one = ln.Feature(name="fv one", dtype=only).save()
    many = ln.Feature(name="fv many", dtype=list[only]).save()
    with pytest.raises(ln.errors.ValidationError, match="Expected a record of type 'FvA'.*fv in b.*type 'FvB'"):
        record.features.set_values({many: [types["in a"], types["in b"]]})
    with pytest.raises(ln.errors.ValidationError) as error:
        record.features.set_values({one: "fv in", many: []})
    said = str(error.value)
    assert said.startswith("Failed to set features on Record 'fv host'") and f"'fv one' (cat[Record[{types['a'].uid}]])='fv in'" in said
    assert "1 term not validated in feature 'fv one': 'fv in'" in said and "Record.from_values(['fv in']" in said
    with pytest.raises(ln.errors.ValidationError, match="identifiers are 'numeric'.* 123 is not validated in feature 'fv one'"):
        record.features.set_values({one: 123})
    record.features.set_values({many: ["fv below", types["in a"]]})  # rows of the types below count, in the order given
    assert record.features["fv many"] == [types["below"], types["in a"]]
    namesake = ln.Record(name="fv in a", type=types["below"].type).save()
    for write in (record.features.set_values, record.features.add_values):
        with pytest.raises(ln.errors.ValidationError, match="Cannot unambiguously resolve 'fv in a' for feature 'fv many'"):
            write({many: ["fv in a"]})
    record.features.set_values({many: [namesake]})
    assert record.features["fv many"] == namesake
    record.features.remove_values(many)
    namesake.delete(permanent=True)


def test_a_key_is_a_feature_or_says_how_to_make_one(ln, record):
    with pytest.raises(ln.errors.ValidationError) as error:
        record.features.add_values({"fv day": "2024-12-01", "fv free": "x"})
    assert str(error.value) == (
        "These keys could not be validated: ['fv day', 'fv free']\nHere is how to create a feature:\n\n"
        "  ln.Feature(name='fv day', dtype='date').save()\n  ln.Feature(name='fv free', dtype='cat ? str').save()"
    )
    labs = [ln.Feature(name=f"FvLab{name}", is_type=True).save() for name in "AB"]
    own = [ln.Feature(name="fv shared", dtype=str, type=lab).save() for lab in labs]
    with pytest.raises(ln.errors.ValidationError, match=r"Ambiguous match for Feature 'fv shared': found 2 features at depth 1 \(under types: \['FvLabA', 'FvLabB'\]\)"):
        record.features.set_values({"fv shared": "x"})
    schema = ln.Schema([own[1]], name="fv lab b").save()
    record.features.set_values({"fv shared": "x"}, schema=schema)
    assert ln.models.RecordJson.filter(record=record).one().feature == own[1]
    record.features.remove_values("fv shared")  # the one that it has
    assert record.features.get_values() == {}


def test_no_value_is_none_an_empty_list_and_an_empty_dict(ln, record):
    numbers = ln.Feature(name="fv numbers", dtype=list[int]).save()
    data = ln.Feature(name="fv data", dtype=dict).save()
    record.features.set_values({numbers: [1], data: {"a": 1}})
    record.features.update_values({numbers: [], data: {}})
    assert record.features.get_values() == {}
    strict = ln.Feature(name="fv strict", dtype=list[int], nullable=False).save()
    with pytest.raises(ln.errors.ValidationError, match="takes no missing values"):
        record.features.set_values({strict: []})


def test_a_record_takes_further_values_of_lists_only(ln, record):
    score, numbers = (ln.Feature(name=f"fv {n}", dtype=d).save() for n, d in (("score", int), ("numbers", list[int])))
    why = r"Cannot use add_values\(\) for to-one features on a Record: \['fv score'\]"
    with pytest.raises(ln.errors.ValidationError, match=why):
        record.features.add_values({score: 1, numbers: [1]})
    record.features.add_values({score: None, numbers: [1]})
    assert record.features.get_values() == {"fv numbers": [1]}


def test_a_list_is_no_value_of_a_feature_of_single_values(ln):
    run = ln.Run(ln.Transform(key="fv listed").save()).save()
    for dtype in (int, float, str, bool, "date"):
        feature = ln.Feature(name=f"fv single {dtype}", dtype=dtype).save()
        with pytest.raises(ln.errors.ValidationError, match=f"expected series '{feature.name}' to have type .*, got object: 2 values were given"):
            run.features.add_values({feature: ["2024-01-01", "2024-01-02"] if dtype == "date" else [dtype(1), dtype(0)]})
    for value in (1, 2):  # one after the other they are several values
        run.features.add_values({"fv single <class 'int'>": value})
    assert run.features.get_values() == {"fv single <class 'int'>": {1, 2}}


def test_values_against_a_schema(ln, record):
    needed, other = (ln.Feature(name=f"fv {name}", dtype=int).save() for name in ("needed", "other"))
    schema = ln.Schema([needed, other.with_config(optional=True)], name="fv asked").save()
    with pytest.raises(ln.errors.ValidationError, match="COLUMN_NOT_IN_DATAFRAME: column 'fv needed' not in dataframe"):
        record.features.set_values({other: 1}, schema=schema)
    with pytest.raises(ln.errors.ValidationError, match=r"These feature keys are not in the provided schema: \['fv score'\]"):
        record.features.set_values({needed: 1, "fv score": 1}, schema=schema)
    assert record.features.get_values() == {}
    record.features.set_values({needed: 1}, schema=schema)
    record.features.update_values({other: 2}, schema=schema)
    assert record.features.get_values() == {"fv needed": 1, "fv other": 2}
    with pytest.raises(ln.errors.InvalidArgument, match="names of features"):
        record.features.set_values({needed: 1}, feature_field=ln.Record.name)


def test_the_schema_of_an_artifact_without_data_is_about_its_values(ln, tmp_path):
    needed, other = (ln.Feature(name=f"fv {name}", dtype=int).save() for name in ("needed", "other"))
    (tmp_path / "a.txt").write_text("external")
    artifact = ln.Artifact(tmp_path / "a.txt", key="fv.txt").save()
    artifact.schema = ln.Schema([needed], name="fv external", otype=None).save()
    artifact.save()
    with pytest.raises(ValueError, match="Cannot add values if artifact has external schema"):
        artifact.features.add_values({needed: 1})
    with pytest.raises(ln.errors.ValidationError, match="not in the provided schema"):
        artifact.features.set_values({other: 1})
    artifact.features.set_values({needed: 1})
    with pytest.raises(ValueError, match="external schema"):
        artifact.features.remove_values(needed)
    assert artifact.features.get_values() == {"fv needed": 1}
    artifact.delete(permanent=True, storage=True)


def test_values_that_are_fields_of_the_record(ln, record):
    note = ln.Feature(name="fv note", dtype=str, values_through="description").save()
    maker = ln.Feature(name="fv maker", dtype=ln.User, values_through="created_by").save()
    assert ln.Feature.get(note.uid).values_through == "description" and note.related_feature is None
    user = ln.User.get(ln.setup.settings.user.id)
    record.features.set_values({note: "in the field", maker: user})
    assert record.description == "in the field" and ln.Record.get(record.uid).description == "in the field"
    assert record.features.get_values() == {"fv note": "in the field", "fv maker": user.handle}
    assert record.features["fv note"] == "in the field" and "in the field" in record.describe(return_str=True)
    assert ln.models.RecordJson.filter(feature=note).count() == 0
    record.features.update_values({note: None})
    assert record.description is None and record.features["fv note"] == {}
    with pytest.raises(ValueError, match="field description of the record"):
        record.features.remove_values(note)
    for dtype, field, why in (
        (str, "extra_data", "Unsupported feature field mapping 'extra_data'"), (str, "run", "requires a non-list categorical dtype"),
        (ln.User, "run", "requires a categorical dtype pointing to Run"), (int, "name", "requires feature dtype 'str'"),
        (str, "created_at", r"requires feature dtype 'datetime' or 'datetime64\[ns, UTC\]'"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=why):
            ln.Feature(name="fv elsewhere", dtype=dtype, values_through=field)
    again = ln.Feature(name="fv note 2", dtype=str, values_through="description").save()
    with pytest.raises(ValueError, match="Multiple features map to record field 'description'"):
        ln.Schema([note, again])
    for feature in (note, maker, again):
        feature.delete(permanent=True)


def test_values_that_are_read_backwards(ln):
    author = ln.Feature(name="fv author", dtype=ln.Record).save()
    books = ln.Feature(name="fv books", dtype=list[ln.Record], values_through=author).save()
    assert books.values_through == author and author.related_feature == books and books.related_feature == author
    schema = ln.Schema([books.with_config(optional=True)], name="fv people").save()
    people = ln.Record(name="fv people", is_type=True, schema=schema).save()
    ann, bob = (ln.Record(name=f"fv {name}", type=people).save() for name in ("ann", "bob"))
    first, second = (ln.Record(name=f"fv {name}").save() for name in ("first", "second"))
    first.features.set_values({author: ann})
    assert ann.features.get_values() == {"fv books": ["fv first"]} and bob.features["fv books"] == []
    ann.features.set_values({books: ["fv first", second]})
    assert second.features["fv author"] == ann and ln.models.RecordRecord.filter(feature=books).count() == 0
    bob.features.add_values({books: [second]})  # a book has one author
    assert ann.features["fv books"] == ["fv first"] and bob.features["fv books"] == ["fv second"]
    frame = people.to_dataframe(features=["fv books"])
    assert frame["fv books"].tolist() == [["fv first"], ["fv second"]]
    third = ln.Feature(name="fv third", dtype=list[ln.Record]).save()
    for feature, source, why in ((third, third, "cannot point to itself"), (third, author, "already related to another feature"),
                                 (third, books, "already has a values_through relationship")):  # fmt: skip
        with pytest.raises(AssertionError, match=why):
            feature.values_through = source
    with pytest.raises(AssertionError, match="requires a saved Feature object"):
        ln.Feature(name="fv fourth", dtype=list[ln.Record], values_through=ln.Feature(name="fv fifth", dtype=ln.Record))
    first.features.update_values({third: [ann]})
    with pytest.raises(ValueError, match="can only be set when no RecordRecord links exist"):
        third.values_through = ln.Feature(name="fv sixth", dtype=ln.Record).save()
    with pytest.raises(TypeError, match="expects a Feature"):
        third.values_through = 1
    books.values_through = None
    books.save()
    assert author.related_feature is None and "rf" not in (ln.Feature.get(author.uid)._aux or {})


def test_a_record_joins_a_sheet_with_what_it_requires(ln):
    needed = ln.Feature(name="fv needed", dtype=int).save()
    lab = ln.Feature(name="fv lab", dtype=str).save()
    sheet = ln.Record(name="FvSheet", schema=ln.Schema([needed, lab], name="fv sheet").save()).save()
    assert sheet.is_frame and not sheet.is_page and not sheet.is_data and sheet.is_type
    with pytest.raises(ln.errors.ValidationError, match="Cannot set type to 'FvSheet' on the record 'fv new': missing required features 'fv needed'"):
        ln.Record(name="fv new", type=sheet, features={lab: "x"})
    free = ln.Record(name="fv free", features={lab: "x"}).save()
    with pytest.raises(ln.errors.ValidationError, match="missing required features 'fv needed'"):
        free.type = sheet
    assert free.type is None
    free.features.update_values({needed: 1})
    free.type = sheet
    free.save()
    row = ln.Record(name="fv row", type=sheet, features={needed: 1, lab: None}).save()
    assert ln.Record.get(row.uid).features.get_values() == {"fv needed": 1, "fv lab": None}
    exported = ln.Record.filter(type=sheet, name="fv row").to_artifact()
    assert exported.key == "record_exports/FvSheet_subset.csv" and set(exported.run.input_records.to_list("name")) == {"FvSheet", "fv row"}
    plain = ln.Record.filter(type=sheet).to_dataframe(include="features", record_metadata=False)
    assert list(plain.columns) == ["fv needed", "fv lab"]
    types = [ln.Feature(name=f"FvScope{name}", is_type=True).save() for name in "AB"]
    same = [ln.Feature(name="fv twice", dtype=int, type=type).save() for type in types]
    clash = ln.Record(name="FvClash", is_type=True, schema=ln.Schema(same, name="fv clash").save()).save()
    with pytest.raises(ln.errors.ValidationError, match="'fv twice' share a name"):
        ln.Record(name="fv x", type=clash, features={same[0]: 1})


def test_a_json_value_is_made_once(ln):
    feature = ln.Feature(name="fv json", dtype=str).save()
    row, existed = ln.models.JsonValue.get_or_create(feature, "kept")
    again, known = ln.models.JsonValue.get_or_create(feature, "kept")
    assert (existed, known) == (False, True) and again.pk == row.pk and row.feature == feature
    assert ln.models.JsonValue.get_or_create(feature, {"a": 1})[0].value == {"a": 1}


def test_features_of_a_dataset_are_made_quietly(ln, said):
    import pandas

    ln.Feature(name="fv quiet feature", dtype=int).save()
    said()
    ln.Feature.from_dataframe(pandas.DataFrame({"fv quiet features": [1]}), mute=True)
    assert said() == ""
    ln.Feature.from_dict({"fv quiet features": 1, "fv when": datetime.date(2024, 1, 1)})
    assert "similar name" in said()
    with pytest.raises(ValueError, match="field must be a Feature FieldAttr"):
        ln.Feature.from_dict({"a": 1}, field=ln.Record.name)
