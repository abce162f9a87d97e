"""What is said of data that is nearly right: which value, why, and what to do."""

import pytest

pandas = pytest.importorskip("pandas")


@pytest.fixture(scope="module")
def schema(ln, bt):
    for name in ("messaged dendritic cell", "messaged T cell"):
        bt.CellType(name=name).save()
    features = [
        ln.Feature(name="msg cell", dtype=bt.CellType).save(), ln.Feature(name="msg day", dtype="date", coerce=True).save(),
        ln.Feature(name="msg count", dtype=int).save(),
    ]  # fmt: skip
    return ln.Schema(features, name="messages").save()


def table(**columns):
    columns = {name.replace("_", " "): values for name, values in columns.items()}
    return pandas.DataFrame({"msg cell": ["messaged T cell", "messaged T cell"], "msg day": ["2024-01-01", "2024-02-01"], "msg count": [1, 2]} | columns)


def refused(ln, data, schema):
    with pytest.raises(ln.errors.ValidationError) as error:
        ln.curators.DataFrameCurator(data, schema).validate()
    return str(error.value)


def test_the_value_that_cannot_be_converted_is_named(ln, schema):
    said = refused(ln, table(msg_day=["2024-01-01", "2024-02-30"]), schema)
    assert "expected series 'msg day' to have type date, got str: '2024-02-30' in row 1 cannot be converted" in said
    assert "coerce" not in said, "it is to be converted already"
    assert "set `feature.coerce = True`" in refused(ln, table(msg_count=["1", "2"]), schema)


def test_a_column_that_is_called_nearly_right(ln, schema):
    for name in ("Msg Count", "msg_count", "msg  count", "msg counts"):
        said = refused(ln, table().rename(columns={"msg count": name}), schema)
        assert f"COLUMN_NOT_IN_DATAFRAME: column 'msg count' not in dataframe: rename {name!r} if that is meant, add it, or make" in said
    assert "rename" not in refused(ln, table().rename(columns={"msg count": "total"}), schema)


@pytest.mark.parametrize("value", [" messaged dendritic cell", "messaged dendritic cell ", "messaged\u00a0dendritic cell", "messaged dendritic\tcell"])
def test_white_space_that_nobody_sees(ln, schema, value, tmp_path):
    data = table(msg_cell=[value, "messaged T cell"])
    assert f"{value!r}: did you mean 'messaged dendritic cell' (it differs in white space)?".replace("\\xa0", "\u00a0").replace("\\t", "\t") in refused(ln, data, schema)
    data.to_csv(tmp_path / "spaces.csv", index=False)
    report = ln.curators.curate_files(tmp_path / "spaces.csv", schema)
    (bad,) = report.to_dict()["files"][0]["problems"][0]["values"]
    assert bad["fix"] == "messaged dendritic cell" and "differs in white space or case only" in str(report)
    assert ln.curators.curate_files(tmp_path / "spaces.csv", schema, fix=True).valid


def test_empty_texts_are_not_passed_over_in_silence(ln, schema, said):
    ln.curators.DataFrameCurator(table(msg_cell=["", "messaged T cell"]), schema).validate()
    assert "empty texts in column 'msg cell' count as missing labels" in said()


def test_columns_of_one_name(ln, schema):
    data = pandas.concat([table(), table()[["msg count"]]], axis=1)
    with pytest.raises(ln.errors.ValidationError, match=r"more than once cannot be told apart: \['msg count'\]: rename or drop"):
        ln.curators.DataFrameCurator(data, schema).validate()


def test_a_file_is_complained_about_as_the_object_is(ln, schema, tmp_path):
    data = table(msg_cell=["messaged T cel", "messaged T cell"]).drop(columns="msg count")
    data.to_csv(tmp_path / "bad.csv", index=False)
    with pytest.raises(ln.errors.ValidationError) as of_file:
        ln.Artifact.from_dataframe(tmp_path / "bad.csv", key="bad.csv", schema=schema)
    assert str(of_file.value) == refused(ln, data, schema)
    for name, separator, advice in (("semi.csv", ";", "separated by ';'"), ("tab.csv", "\t", "separated by tabs; call it .tsv")):
        data.to_csv(tmp_path / name, index=False, sep=separator)
        with pytest.raises(ln.errors.CorruptData, match=advice):
            ln.Artifact.from_dataframe(tmp_path / name, key=name, schema=schema)


def test_a_registry_without_rows_is_named_once(ln, bt, said):
    markers = ln.Schema(itype=bt.CellMarker.name, name="messaged markers").save()
    outer = ln.Schema(otype="AnnData", slots={"var.T": markers}, name="messaged outer").save()
    anndata = pytest.importorskip("anndata")
    said()
    ln.curators.AnnDataCurator(anndata.AnnData(var=pandas.DataFrame(index=["HEK"])), outer).validate()
    assert said().count("registry bionty.CellMarker has no rows") <= 1
