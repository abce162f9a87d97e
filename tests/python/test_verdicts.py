"""One table of what fits a dtype: data frames, values set by hand and sheets come to the same verdict."""

import datetime as dt
from pathlib import PurePosixPath

import numpy as np
import pandas as pd
import pytest

NAIVE, AWARE = dt.datetime(2024, 1, 1, 10), dt.datetime(2024, 1, 1, 10, tzinfo=dt.timezone.utc)

# dtype: (a value that fits, others that fit, values that do not)
VERDICTS = {
    "int": (1, [np.int64(3), np.uint8(3)], [1.5, True, "1", {"a": 1}, NAIVE]),
    "float": (1.5, [1, np.float32(0.5), np.int16(2)], [True, "1.5", NAIVE]),
    "num": (1, [1.5, np.float32(0.5)], [True, "1"]),
    "str": ("a", ["", np.str_("b")], [1, 1.5, True, b"x", {"x": 1}, dt.date(2024, 1, 1), NAIVE]),
    "bool": (True, [np.bool_(False)], [1, 0.0, "True"]),
    "date": (dt.date(2024, 1, 1), [dt.date(1900, 2, 28)], [1, "x", NAIVE, AWARE, True]),
    "datetime": (NAIVE, [pd.Timestamp("2024-01-01")], [AWARE, 1, "x", pd.Timestamp("2024-01-01", tz="Europe/Berlin")]),
    "datetime64[ns, UTC]": (AWARE, [pd.Timestamp("2024-01-01", tz="Europe/Berlin")], [NAIVE, pd.Timestamp("2024-01-01"), 1]),
    "dict": ({"a": 1}, [{}, {"b": [1, {"c": None}]}], ["x", 1, [1], True]),
    "path": ("/a", [PurePosixPath("/b/c")], [1, True, NAIVE, {"a": 1}]),
    "url": ("https://a.org", [], [1, True, NAIVE]),
    "list[int]": ([1], [[2, 3], (4,), np.array([5, 6])], [["b"], [1.5], [True], {"a": 1}]),
    "list[float]": ([1.5], [[2.5, 1]], [["b"], [True]]),
    "list[str]": (["a"], [["b", "c"]], [[1], [{"a": 1}], [None, 2]]),
    "list[cat[bionty.DevelopmentalStage]]": (["T cell"], [["T cell", "B cell"]], [["nope"], ["T cell", "nope"], [1]]),
    "cat[bionty.DevelopmentalStage]": ("T cell", ["B cell"], ["nope", 1, True]),
}
CASES = [(dtype, good, value, True) for dtype, (good, fits, _) in VERDICTS.items() for value in [good, *fits]]
CASES += [(dtype, good, value, False) for dtype, (good, _, others) in VERDICTS.items() for value in others]


def _named(case):
    return f"{case[0]}-{type(case[2]).__name__}-{case[2]!r}"[:60] if isinstance(case, tuple) else str(case)


@pytest.fixture(scope="module")
def places(ln, bt):
    """{dtype: (feature, schema, sheet)}, and an artifact that takes values."""
    for name in ("T cell", "B cell"):
        bt.DevelopmentalStage(name=name).save()
    found = {}
    for i, dtype in enumerate(VERDICTS):
        feature = ln.Feature(name=f"verdict_{i}", dtype=dtype).save()
        schema = ln.Schema([feature], name=f"verdict_{i}").save()
        found[dtype] = feature, schema, ln.Record(name=f"verdict_{i}", is_type=True, schema=schema).save()
    return found


@pytest.fixture(scope="module")
def artifact(ln, workplace):
    (workplace / "verdicts.txt").write_text("values")
    return ln.Artifact(str(workplace / "verdicts.txt"), key="verdicts.txt").save()


def _refused(ln, call):
    """Whether it is refused, as invalid and for nothing else."""
    try:
        call()
    except ln.errors.ValidationError:
        return True
    return False


@pytest.mark.parametrize(("dtype", "good", "value", "fits"), CASES, ids=[_named(case) for case in CASES])
def test_a_value_gets_the_same_verdict_by_every_door(ln, places, artifact, dtype, good, value, fits):
    feature, schema, sheet = places[dtype]
    series = pd.Series([None, None], dtype=object)
    series[0], series[1] = good, value
    frame = pd.DataFrame({feature.name: series.infer_objects()})  # numbers in a column of numbers
    verdicts = {
        "frame": not _refused(ln, lambda: ln.curators.DataFrameCurator(frame, schema).validate()),
        "by hand": not _refused(ln, lambda: artifact.features.set_values({feature.name: value})),
        "sheet": not _refused(ln, lambda: ln.Record.from_dataframe(frame, type=sheet).save()),
    }
    assert verdicts == dict.fromkeys(verdicts, fits)


@pytest.mark.parametrize(("dtype", "value"), [("int", [1]), ("float", [1.5]), ("str", ["b"]), ("bool", [True])])
def test_a_list_is_no_single_value(ln, places, dtype, value):
    # By hand, a list of values sets several values of the feature.
    feature, schema, sheet = places[dtype]
    for cells in ([value, value], [value[0], value]):
        frame = pd.DataFrame({feature.name: pd.Series(cells, dtype=object)})
        with pytest.raises(ln.errors.ValidationError):
            ln.curators.DataFrameCurator(frame, schema).validate()
        with pytest.raises(ln.errors.ValidationError):
            ln.Record.from_dataframe(frame, type=sheet).save()


def test_a_misfit_is_named_with_its_row(ln, places):
    feature, schema, _ = places["str"]
    frame = pd.DataFrame({feature.name: pd.Series(["a", 7], dtype=object)})
    with pytest.raises(ln.errors.ValidationError, match=f"Column '{feature.name}' failed dtype check for 'str': got 7 in row 1"):
        ln.curators.DataFrameCurator(frame, schema).validate()
    with pytest.raises(ln.errors.ValidationError, match="got str, not lists"):
        feature, schema, _ = places["list[int]"]
        ln.curators.DataFrameCurator(pd.DataFrame({feature.name: ["a"]}), schema).validate()


def test_whole_numbers_with_a_gap_are_integers_in_a_sheet(ln, places):
    feature = places["int"][0]
    schema = ln.Schema([feature.with_config(optional=True), places["str"][0]], name="gaps").save()
    sheet = ln.Record(name="gaps", is_type=True, schema=schema).save()
    frame = pd.DataFrame({feature.name: [1, None, 3], places["str"][0].name: ["a", "b", "c"]})
    rows = ln.Record.from_dataframe(frame, type=sheet).save()
    assert [row.features.get_values().get(feature.name) for row in rows] == [1, None, 3]


def test_labels_in_lists_are_labels_of_the_dataset(ln, bt, places):
    feature, schema, _ = places["list[cat[bionty.DevelopmentalStage]]"]
    frame = pd.DataFrame({feature.name: [["T cell"], ["B cell", "T cell"]]})
    artifact = ln.Artifact.from_dataframe(frame, key="lists.parquet", schema=schema).save()
    assert {label.name for label in artifact.developmental_stages.all()} == {"T cell", "B cell"}
    frame.iloc[::-1].to_parquet("lists.parquet")
    from_file = ln.Artifact.from_dataframe("lists.parquet", key="lists2.parquet", schema=schema)
    assert {label.name for label in from_file.save().developmental_stages.all()} == {"T cell", "B cell"}
    wrong = pd.DataFrame({feature.name: [["T cell"], ["nope"]]})
    with pytest.raises(ln.errors.ValidationError, match="'nope'"):
        ln.Artifact.from_dataframe(wrong, key="wrong.parquet", schema=schema).save()
    assert ln.Artifact.filter(key="wrong.parquet").count() == 0


@pytest.mark.parametrize("value", [np.float32(0.5), np.int64(3), np.bool_(True), [np.int64(1), 2.5], {"a": (1, 2)}])
def test_parameters_keep_their_types(ln, value):
    from lamindb._tracking.context import params_json

    import json

    stored = json.loads(params_json({"x": value}))["x"]
    plain = {"a": [1, 2]} if isinstance(value, dict) else value.item() if hasattr(value, "item") else [1, 2.5]
    assert stored == plain and type(stored) is type(plain)


@pytest.mark.parametrize(("params", "place"), [({"loss": float("nan")}, "params\\['loss'\\]"), ({"a": {"b": [1, float("inf")]}}, "params\\['a'\\]\\['b'\\]\\[1\\]")])
def test_a_parameter_that_is_no_json_is_named(ln, params, place):
    from lamindb._tracking.context import params_json

    with pytest.raises(ln.errors.ValidationError, match=place):
        params_json(params)


def test_an_infinite_value_names_its_feature(ln, places, artifact):
    feature = places["float"][0]
    with pytest.raises(ln.errors.ValidationError, match=f"feature '{feature.name}'"):
        artifact.features.set_values({feature.name: float("inf")})


def test_tables_of_files_keep_lists_dicts_and_what_no_field_holds(ln, workplace):
    import decimal

    import pyarrow

    from lamindb import _core

    table = pyarrow.table({
        "struct": pyarrow.array([{"a": 1, "b": "x"}, None, {"a": None, "b": "y"}]),
        "map": pyarrow.array([[("k", 1)], [], None], type=pyarrow.map_(pyarrow.string(), pyarrow.int64())),
        "numbered": pyarrow.array([[(1, 1)], [], None], type=pyarrow.map_(pyarrow.int64(), pyarrow.int64())),
        "nested": pyarrow.array([[[1], []], None, [[2, 3]]]),
        "large": pyarrow.array([["x"], [], None], type=pyarrow.large_list(pyarrow.string())),
        "bytes": pyarrow.array([b"x", None, b"y"]),
        "decimal": pyarrow.array([decimal.Decimal("1.5"), None, None]),
    })  # fmt: skip
    for frame in (_core.Frame.from_arrow(table), _core.Frame.from_arrow(pyarrow.concat_tables([table, table]).combine_chunks().slice(3))):
        assert frame.column("struct") == [{"a": 1, "b": "x"}, None, {"b": "y"}]
        assert frame.column("map") == [{"k": 1}, {}, None]
        assert frame.column("nested") == [[[1], []], None, [[2, 3]]] and frame.column("large") == [["x"], [], None]
        for name, what in (("numbered", "a map whose keys are not text"), ("bytes", "bytes"), ("decimal", "Arrow type 'd:")):
            assert frame.kind(name) == "object"
            with pytest.raises(ln.errors.ValidationError, match=what):
                frame.column(name)
