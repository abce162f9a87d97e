"""Curators of tables of every library, dictionaries and values: what is checked, what is said, what is changed, what is saved."""

import datetime

import pytest

pandas = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")


@pytest.fixture(scope="module")
def cells(ln, bt):
    bt.CellType(name="curated T cell", ontology_id="CL:7000001", synonyms="curated T-cell").save()
    bt.CellType(name="curated B cell", ontology_id="CL:7000002").save()
    return bt.CellType


@pytest.fixture(scope="module")
def schema_of(ln):
    """A saved schema of features, {name: dtype or (dtype, options)}."""

    def make(features, **given):
        made = []
        for name, dtype in features.items():
            dtype, options = dtype if isinstance(dtype, tuple) else (dtype, {})
            made.append(ln.Feature(name=name, dtype=dtype, **options).save())
        return ln.Schema(made, **given).save()

    return make


KINDS = {
    "pandas": lambda df: df.assign(**{name: df[name].astype("category") for name in df.columns if name.endswith("_cell")}),
    "polars": lambda df: pl.from_pandas(df),
    "lazy": lambda df: pl.from_pandas(df).lazy(),
    "arrow": lambda df: __import__("pyarrow").Table.from_pandas(df, preserve_index=False),
}
polars_kinds = pytest.mark.parametrize("lazy", [False, True])


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


def values(table, column):
    if isinstance(table, pl.LazyFrame):
        table = table.collect()
    found = table[column]
    return found.to_pylist() if hasattr(found, "to_pylist") else list(found)


def curated(ln, table, schema, **given):
    return ln.curators.DataFrameCurator(table, schema, **given)


# -- tables of every library ------------------------------------------------------------------------------------------


def test_a_valid_table_of_any_kind_is_saved_with_its_labels(ln, cells, schema_of, kind):
    schema = schema_of({"kind_cell": cells, "kind_n": int}, name="kinds")
    df = pandas.DataFrame({"kind_cell": ["curated T cell", "curated B cell", "curated T cell"], "kind_n": [1, 2, 3]})
    table = kind(df)
    curator = curated(ln, table, schema)
    assert curator.validate() is None and type(curator.dataset) is type(table)
    artifact = curator.save_artifact(key=f"curated/{type(table).__module__}.parquet")
    assert artifact.schema == schema and artifact.n_observations == 3
    assert set(artifact.cell_types.to_list("name")) == {"curated T cell", "curated B cell"}
    assert artifact.load()["kind_n"].to_list() == [1, 2, 3]
    artifact.delete(permanent=True)


def test_everything_that_is_wrong_is_said_at_once(ln, cells, schema_of, kind):
    schema = schema_of({"all_cell": cells, "all_n": int, "all_note": str}, name="all wrong")
    curator = curated(ln, kind(pandas.DataFrame({"all_cell": ["curated T cel", "zzzz"], "all_n": [1.5, 2.5]})), schema)
    with pytest.raises(ln.errors.ValidationError) as error:
        curator.validate()
    said = str(error.value)
    assert "COLUMN_NOT_IN_DATAFRAME: column 'all_note' not in dataframe" in said
    assert "WRONG_DATATYPE: expected series 'all_n' to have type int, got float64" in said
    assert "Hint: Consider setting `feature.coerce = True`" in said
    assert "2 terms not validated in feature 'all_cell': 'curated T cel', 'zzzz'" in said
    assert "'curated T cel': did you mean 'curated T cell'" in said
    assert curator.cat.non_validated == {"all_cell": ["curated T cel", "zzzz"]}
    assert "unvalidated" in repr(curator)


def test_synonyms_are_standardized_and_new_values_registered(ln, cells, schema_of, kind):
    schema = schema_of({"syn_cell": cells}, name="synonyms")
    curator = curated(ln, kind(pandas.DataFrame({"syn_cell": ["curated T-cell", "curated new cell"]})), schema)
    with pytest.raises(ln.errors.ValidationError, match=r'curator.cat.standardize\("syn_cell"\)'):
        curator.validate()
    with pytest.raises(ln.errors.ValidationError, match="standardize"):
        curator.cat.add_new_from("syn_cell")
    curator.cat.standardize("syn_cell")
    assert values(curator.dataset, "syn_cell") == ["curated T cell", "curated new cell"]
    curator.cat.add_new_from("syn_cell", description="from a table")
    assert cells.get(name="curated new cell").description == "from a table"
    curator.validate()
    assert curator.cat.lookup()["syn_cell"].curated_t_cell.name == "curated T cell"
    cells.get(name="curated new cell").delete(permanent=True)


def test_what_is_converted_is_saved_as_converted(ln, schema_of, kind):
    schema = schema_of({"conv_n": int, "conv_x": float, "conv_day": datetime.date}, coerce=True, name="converted")
    df = pandas.DataFrame({"conv_n": ["1", "2"], "conv_x": ["0.5", "1"], "conv_day": ["2024-01-01", "2024-01-02"]})
    table = kind(df)
    artifact = ln.Artifact.from_dataframe(table, key="curated/converted.parquet", schema=schema).save()
    assert values(table, "conv_n") == ["1", "2"], "what was passed stays as it was"
    stored = pl.read_parquet(artifact.path)
    assert stored["conv_n"].to_list() == [1, 2] and stored["conv_x"].to_list() == [0.5, 1.0]
    assert stored["conv_day"].to_list() == [datetime.date(2024, 1, 1), datetime.date(2024, 1, 2)]
    artifact.delete(permanent=True)


def test_nothing_is_lost_by_converting(ln, schema_of, kind):
    schema = schema_of({"loss_n": (int, {"coerce": True})}, name="lossless")
    for wrong in ([1.5, 2.0], ["1", "two"]):
        with pytest.raises(ln.errors.ValidationError, match="loss_n"):
            curated(ln, kind(pandas.DataFrame({"loss_n": wrong})), schema).validate()


@pytest.mark.parametrize("dtype,wrong", [(bool, [1, 0]), (str, [1, 2]), ("path", [1, 2]), ("url", [1, 2]), ("num", ["1", "2"])])
def test_these_dtypes_take_values_only_as_they_are(ln, schema_of, kind, dtype, wrong):
    name = f"as_is_{dtype if isinstance(dtype, str) else dtype.__name__}"
    schema = schema_of({name: (dtype, {"coerce": True})}, name=name)
    with pytest.raises(ln.errors.ValidationError, match=f"Column '{name}' failed dtype check for"):
        curated(ln, kind(pandas.DataFrame({name: wrong})), schema).validate()


def test_missing_columns_and_values_are_filled_in(ln, schema_of, kind):
    schema = schema_of(
        {"fill_note": (str, {"default_value": "none"}), "fill_n": (int, {"nullable": True}), "fill_day": (datetime.date, {"nullable": True})},
        name="filled",
    )
    curator = curated(ln, kind(pandas.DataFrame({"fill_note": ["a", None]})), schema)
    curator.standardize()
    assert values(curator.dataset, "fill_note") == ["a", "none"]
    assert pandas.isna(pandas.Series(values(curator.dataset, "fill_n"))).all()
    curator.validate()
    strict = schema_of({"fill_strict": (int, {"nullable": False})}, name="filled strictly")
    with pytest.raises(ln.errors.ValidationError, match="fill_strict"):
        curated(ln, kind(pandas.DataFrame({"other": [1]})), strict).standardize()


def test_names_of_columns_are_standardized_too(ln, schema_of, kind):
    feature = ln.Feature(name="column_name", dtype=int).save()
    feature.add_synonym("colname")
    schema = ln.Schema([feature], name="column names").save()
    curator = curated(ln, kind(pandas.DataFrame({"colname": [1]})), schema)
    curator.cat.standardize("columns")
    curator.validate()
    assert values(curator.dataset, "column_name") == [1]


def test_values_that_are_missing_where_none_may_be(ln, schema_of, kind):
    schema = schema_of({"must_note": (str, {"nullable": False})}, name="not nullable")
    with pytest.raises(ln.errors.ValidationError, match="non-nullable series 'must_note' contains null values: 2 of"):
        curated(ln, kind(pandas.DataFrame({"must_note": ["a", None, None]})), schema).validate()


def test_maximal_and_ordered_sets(ln, schema_of, kind):
    schema = schema_of({"set_a": int, "set_b": int}, maximal_set=True, ordered_set=True, name="sets")
    curated(ln, kind(pandas.DataFrame({"set_a": [1], "set_b": [1], "__lamindb_record_uid__": ["x"]})), schema).validate()
    with pytest.raises(ln.errors.ValidationError, match="COLUMN_NOT_IN_SCHEMA.*'extra'"):
        curated(ln, kind(pandas.DataFrame({"set_a": [1], "set_b": [1], "extra": [1]})), schema).validate()
    with pytest.raises(ln.errors.ValidationError, match="COLUMN_NOT_ORDERED"):
        curated(ln, kind(pandas.DataFrame({"set_b": [1], "set_a": [1]})), schema).validate()


# -- polars -----------------------------------------------------------------------------------------------------------


def test_a_lazy_frame_is_never_collected(ln, cells, schema_of, monkeypatch, tmp_path):
    schema = schema_of({"lazy_cell": cells, "lazy_n": int, "lazy_note": str}, name="lazy")
    path = tmp_path / "lazy.parquet"
    pl.DataFrame({"lazy_cell": ["curated T cell"] * 1000, "lazy_n": range(1000), "lazy_note": ["x"] * 1000}).write_parquet(path)
    monkeypatch.setattr(pl.LazyFrame, "collect", lambda *_, **__: pytest.fail("the frame was collected"))
    read = []
    real = pl.collect_all

    def spy(queries, **given):
        found = real(queries, **given)
        read.extend(found)
        return found

    monkeypatch.setattr(pl, "collect_all", spy)
    curator = curated(ln, pl.scan_parquet(path), schema)
    curator.validate()
    assert isinstance(curator.dataset, pl.LazyFrame) and max(len(df) for df in read) == 1


@polars_kinds
def test_types_of_polars_that_pandas_has_not(ln, cells, schema_of, lazy):
    schema = schema_of({"pl_cells": list[cells], "pl_dict": dict, "pl_floats": list[float], "pl_cat": cells}, name="types of polars")
    df = pl.DataFrame({
        "pl_cells": pl.Series([["curated T-cell"], None], dtype=pl.List(pl.Enum(["curated T-cell"]))),
        "pl_dict": [{"a": 1}, {"a": 2}],
        "pl_floats": pl.Series([[1.0], []], dtype=pl.List(pl.Float32)),
        "pl_cat": pl.Series(["curated T-cell", "curated B cell"], dtype=pl.Categorical),
    })  # fmt: skip
    curator = curated(ln, df.lazy() if lazy else df, schema)
    with pytest.raises(ln.errors.ValidationError):
        curator.validate()
    curator.cat.standardize("pl_cells")
    curator.cat.standardize("pl_cat")
    curator.validate()
    types = curator.dataset.collect_schema()
    assert list(types["pl_cells"].inner.categories) == ["curated T-cell", "curated T cell"]
    assert types["pl_cat"] == pl.Categorical and types["pl_floats"] == pl.List(pl.Float32)
    assert values(curator.dataset, "pl_cat") == ["curated T cell", "curated B cell"]


@polars_kinds
def test_frames_without_index_and_attrs_say_so(ln, schema_of, lazy):
    df = pl.DataFrame({"no_index": [1]})
    df = df.lazy() if lazy else df
    index = ln.Feature(name="pl_row", dtype=str).save()
    with pytest.raises(ln.errors.InvalidArgument, match="do not have an index"):
        curated(ln, df, ln.Schema(itype=ln.Feature, index=index).save())
    attrs = schema_of({"no_attr": int}, name="no attrs")
    with pytest.raises(ln.errors.InvalidArgument, match="do not have an attrs slot"):
        curated(ln, df, schema_of({"no_index": int}, slots={"attrs": attrs}, otype="DataFrame"))


def test_files_are_validated_in_place_and_written_anew_only_when_converted(ln, schema_of, tmp_path):
    schema = schema_of({"in_file": (int, {"coerce": True})}, name="in a file")
    right, text, wrong = (tmp_path / name for name in ("right.parquet", "text.parquet", "wrong.csv"))
    pl.DataFrame({"in_file": [1, 2]}).write_parquet(right)
    pl.DataFrame({"in_file": ["1", "2"]}).write_parquet(text)
    wrong.write_text("in_file\none\n")
    kept = ln.Artifact.from_dataframe(right, key="curated/right.parquet", schema=schema).save()
    assert kept.path.read_bytes() == right.read_bytes() and kept.n_observations == 2 and kept.schema == schema
    converted = ln.Artifact.from_dataframe(text, key="curated/text.parquet", schema=schema).save()
    assert pl.read_parquet(converted.path)["in_file"].to_list() == [1, 2]
    with pytest.raises(ln.errors.ValidationError, match="in_file"):
        ln.Artifact.from_dataframe(wrong, key="curated/wrong.csv", schema=schema)
    for artifact in (kept, converted):
        artifact.delete(permanent=True)


def test_dictionaries(ln, cells, schema_of):
    from lamindb.curators.core import DictCurator

    schema = schema_of({"dict_x": float, "dict_cell": cells, "dict_when": (datetime.datetime, {"nullable": True})}, name="of a dict")
    DictCurator({"dict_x": 1.5, "dict_cell": cells.get(name="curated T cell"), "dict_when": None}, schema).validate()
    with pytest.raises(ln.errors.ValidationError) as error:
        DictCurator({"dict_x": "x", "dict_cell": "zzzz", "dict_when": "2024-01-01"}, schema).validate()
    assert str(error.value).count("WRONG_DATATYPE") == 2 and "'zzzz'" in str(error.value)
    with pytest.raises(ln.errors.InvalidArgument, match="must be a dict"):
        DictCurator([1], schema)


# -- values that people say of an artifact ----------------------------------------------------------------------------


def test_external_features_are_checked_and_set(ln, schema_of):
    external = schema_of({"ext_note": str}, name="external")
    schema = schema_of({"ext_n": int}, slots={"__external__": external}, otype="DataFrame", name="with external")
    df = pandas.DataFrame({"ext_n": [1]})
    with pytest.raises(ln.errors.ValidationError, match="External features slot is defined in schema but no external features were provided"):
        ln.Artifact.from_dataframe(df, key="curated/external.parquet", schema=schema)
    with pytest.raises(ln.errors.ValidationError, match="ext_note"):
        curated(ln, df, schema, features={"ext_note": 1}).validate()
    artifact = curated(ln, df, schema, features={"ext_note": "x"}).save_artifact(key="curated/external.parquet")
    assert artifact.features.get_values()["ext_note"] == "x"
    again = curated(ln, artifact, schema)
    again.validate()
    artifact.delete(permanent=True)


def test_a_schema_of_content_is_not_attached_unseen(ln, schema_of, tmp_path):
    schema = schema_of({"seen_note": str}, name="about content")
    table, text = tmp_path / "table.csv", tmp_path / "notes.txt"
    table.write_text("other\n1\n")
    text.write_text("notes")
    with pytest.raises(ln.errors.InvalidArgument, match="about content.*from_dataframe"):
        ln.Artifact(table, key="curated/table.csv", schema=schema)
    with pytest.raises(ln.errors.ValidationError, match="no feature values were provided"):
        ln.Artifact(text, key="curated/notes.txt", schema=schema)
    artifact = ln.Artifact(text, key="curated/notes.txt", schema=schema, features={"seen_note": "x"}).save()
    assert artifact.schema == schema and artifact.features.get_values() == {"seen_note": "x"}
    artifact.delete(permanent=True)


def test_the_suffix_that_a_schema_asks_for(ln, tmp_path):
    schema = ln.Schema(itype=ln.Feature, suffix=".h5ad", maximal_set=True).save()
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(ln.errors.ValidationError, match="suffix '.txt' does not match schema suffix '.h5ad'"):
        ln.Artifact(tmp_path / "a.txt", key="curated/a.txt", schema=schema).save()


# -- rules of types ---------------------------------------------------------------------------------------------------


def test_of_records_with_the_same_name_the_topmost_is_meant(ln, schema_of):
    root = ln.Record(name="same name").save()
    kind = ln.Record(name="kind of it", is_type=True).save()
    ln.Record(name="same name", type=kind).save()
    schema = schema_of({"same_of": ln.Record}, name="topmost")
    df = pandas.DataFrame({"same_of": pandas.Categorical(["same name"])})
    artifact = curated(ln, df, schema).save_artifact(key="curated/same.parquet")
    assert artifact.records.one() == root
    artifact.delete(permanent=True)
    root.delete(permanent=True)
    other = ln.Record(name="other kind of it", is_type=True).save()
    ln.Record(name="same name", type=other).save()
    with pytest.raises(ln.errors.ValidationError) as error:
        curated(ln, df, schema).validate()
    assert "Ambiguous match for Record 'same name': found 2 records at depth 1 (under types: ['kind of it', 'other kind of it'])" in str(
        error.value
    )


def test_all_labels_of_a_small_type_are_shown(ln, labels, schema_of):
    kind = labels(name="dose", is_type=True).save()
    for name in ("low", "high"):
        labels(name=name, type=kind).save()
    schema = schema_of({"shown_dose": kind}, name="doses")
    with pytest.raises(ln.errors.ValidationError) as error:
        curated(ln, pandas.DataFrame({"shown_dose": pandas.Categorical(["hihg"])}), schema).validate()
    assert str(error.value) == (
        "1 term not validated in feature 'shown_dose': 'hihg'\n"
        "    → fix typos, remove non-existent values, or create objects via:\n\n"
        "  objects = ULabel.from_values(['hihg'], field='name', create=True).save()\n"
        "    → a valid label for subtype 'dose' has to be one of ['low', 'high']"
    )
    schema.delete(permanent=True)
    ln.Feature.get(name="shown_dose").delete(permanent=True)


def test_what_holds_integers_with_a_gap_must_say_so(ln, schema_of):
    schema = schema_of({"flag": (bool, {"nullable": True}), "count": (int, {"nullable": True})}, name="nullable")
    good = pandas.DataFrame({"flag": pandas.array([True, None], dtype="boolean"), "count": pandas.array([1, None], dtype="Int64")})
    curated(ln, good, schema).validate()
    with pytest.raises(ln.errors.ValidationError, match="expected series 'count' to have type int, got float64"):
        curated(ln, good.assign(count=[1, None]), schema).validate()


def test_what_is_no_schema_or_not_saved(ln):
    df = pandas.DataFrame({"a": [1]})
    with pytest.raises(ln.errors.InvalidArgument, match="schema argument must be a Schema"):
        curated(ln, df, "not-a-schema")
    with pytest.raises(ValueError, match="Schema must be saved before curation"):
        curated(ln, df, ln.Schema([ln.Feature(name="unsaved_of", dtype=int).save()], name="never saved"))
    with pytest.raises(ln.errors.InvalidArgument, match="takes a DataFrame"):
        curated(ln, [1], ln.examples.schemas.valid_features())


def test_at_most_so_many_labels_are_linked(ln, labels, schema_of):
    labels.from_values(["many 1", "many 2", "many 3"], create=True).save()
    schema = schema_of({"many_labels": labels}, name="many labels")
    before, ln.settings.annotation.n_max_records = ln.settings.annotation.n_max_records, 2
    try:
        df = pandas.DataFrame({"many_labels": pandas.Categorical(["many 1", "many 2", "many 3"])})
        artifact = ln.Artifact.from_dataframe(df, key="curated/many.parquet", schema=schema).save()
        assert artifact.ulabels.count() == 0 and artifact.schema == schema
    finally:
        ln.settings.annotation.n_max_records = before
    artifact.delete(permanent=True)
    schema.delete(permanent=True)
    ln.Feature.get(name="many_labels").delete(permanent=True)


def test_a_slot_for_messages_and_the_current_instance_by_name(ln, cells, schema_of):
    schema = schema_of({"slotted_cell": cells})
    curator = ln.curators.DataFrameCurator(pandas.DataFrame({"slotted_cell": ["nobody knows"]}), schema, slot="obs", using="default")
    with pytest.raises(ln.errors.ValidationError, match="in slot 'obs'"):
        curator.validate()
    own = ln.setup.settings.instance.slug
    ln.curators.core.DictCurator({"slotted_cell": "curated T cell"}, schema, using=own)
    with pytest.raises(NotImplementedError, match="'lab/other'"):
        ln.save([], using="lab/other")
    ln.save([], using=own)
