"""Artifacts, collections, features, schemas and curators."""

import re

import pytest

pandas = pytest.importorskip("pandas")


@pytest.fixture
def table():
    return pandas.DataFrame({"sample": pandas.Categorical(["a", "b", "a"]), "n": [1, 2, 3]})


def test_a_data_frame_is_saved_and_loaded(ln, table):
    artifact = ln.Artifact.from_dataframe(table, key="tables/one.parquet", description="d")
    assert artifact.id is None and artifact.uid.endswith("0000") and artifact.n_observations == 3
    artifact.save()
    assert (artifact.suffix, artifact.kind, artifact.otype) == (".parquet", "dataset", "DataFrame") and artifact.is_latest
    assert artifact.path.exists() and artifact.path.name == f"{artifact.uid}.parquet" and artifact.cache() == artifact.path
    pandas.testing.assert_frame_equal(artifact.load(), table)
    assert ln.Artifact.get(key="tables/one.parquet") == artifact
    assert ln.Artifact.from_dataframe(table, key="tables/one.parquet") == artifact, "the same content is the same artifact"


def test_another_content_is_another_version(ln, table, said):
    first = ln.Artifact.from_dataframe(table, key="versions.csv").save()
    said()
    second = ln.Artifact.from_dataframe(table[:2], key="versions.csv").save()
    assert "creating new artifact version for key 'versions.csv'" in said()
    assert second.uid == first.stem_uid + "0001" and second.version == "0001"
    assert [(v.uid, v.is_latest) for v in second.versions.order_by("uid")] == [(first.uid, False), (second.uid, True)]
    assert ln.Artifact.get(first.stem_uid) == second and ln.Artifact.get(key="versions.csv") == second
    second.delete()
    assert ln.Artifact.get(first.uid).is_latest is True
    place = second.path
    assert place.exists()
    second.delete(permanent=True)
    assert second.id is None and not place.exists()


@pytest.mark.parametrize("path, arguments, error, match", [
    ("none.txt", {"key": "a.txt"}, FileNotFoundError, "none.txt"),
    ("f.txt", {}, ValueError, "Pass one of key, run or description"),
    ("f.txt", {"key": "a.csv"}, ValueError, "must match the passed key's suffix"),
    ("f.txt", {"key": "../a.txt"}, ValueError, r"\.\."),
    ("f.txt", {"key": "a.txt", "foo": 1}, AttributeError, "you passed: {'foo': 1}"),
])  # fmt: skip
def test_bad_arguments(ln, workplace, path, arguments, error, match):
    (workplace / "f.txt").write_text("some text")
    with pytest.raises(error, match=match):
        ln.Artifact(workplace / path, **arguments).save()
    assert not ln.Artifact.filter(key=arguments.get("key", "-")).exists()


def test_data_in_memory_may_take_the_place_of_a_path(ln, table, said):
    artifact = ln.Artifact(table, key="in memory.parquet").save()
    assert artifact.otype == "DataFrame" and artifact.load().equals(table) and "from_dataframe()" in said()
    artifact.delete(permanent=True)
    with pytest.raises(ln.errors.InvalidArgument, match="dataset in memory"):
        ln.Artifact([1, 2], key="x.parquet")
    with pytest.raises(ValueError, match="not a DataFrame"):
        ln.Artifact.from_dataframe([1, 2], key="x.parquet")


def test_many_files_in_one_commit(ln, workplace):
    folder = workplace / "many"
    folder.mkdir()
    for i in range(5):
        (folder / f"{i}.txt").write_text(f"content {i}")
    (folder / "same.txt").write_text("content 1")
    artifacts = ln.Artifact.from_dir(folder, key="many")
    assert [a.key for a in artifacts] == [f"many/{i}.txt" for i in range(5)]
    ln.save(artifacts)
    assert ln.Artifact.filter(key__startswith="many/").count() == 5
    assert {a.load() for a in ln.Artifact.filter(key__startswith="many/")} == {f"content {i}" for i in range(5)}
    loaded = ln.Artifact.filter(key__startswith="many/").to_list()
    assert loaded[0].created_by is loaded[1].created_by, "what rows of one result share is read once"


def test_an_artifact_is_found_by_its_path(ln, workplace):
    file = workplace / "by_path.txt"
    file.write_text("found by its path")
    artifact = ln.Artifact(file, key="by_path.txt").save()
    assert ln.Artifact.get(path=artifact.path) == ln.Artifact.get(path=str(artifact.path)) == artifact
    with pytest.raises(ln.Artifact.DoesNotExist, match="by_path.txt"):
        ln.Artifact.get(path=file)
    with pytest.raises(ln.errors.InvalidArgument, match="nothing else"):
        ln.Artifact.get(path=artifact.path, key="by_path.txt")
    artifact.key = "by_path.csv"
    with pytest.raises(ln.errors.InvalidArgument, match="suffix '.csv' of the provided key is incorrect, it should be '.txt'"):
        artifact.save()
    assert artifact.path.read_text() == "found by its path"


def test_labels_and_features(ln, labels, table):
    artifact = ln.Artifact.from_dataframe(table.assign(x=1), key="labelled.parquet").save()
    label = labels(name="good").save()
    artifact.ulabels.add(label)
    assert ln.Artifact.filter(ulabels=label).one() == artifact and ln.Artifact.filter(ulabels__name="good").one() == artifact
    assert artifact.ulabels.to_list("name") == ["good"]
    with pytest.raises(ln.errors.ValidationError, match="ln.Feature"):
        artifact.features.set_values({"temperature_py": 21.5})
    ln.Feature(name="temperature_py", dtype=float).save()
    ln.Feature(name="quality_py", dtype=ln.ULabel).save()
    artifact.features.set_values({"temperature_py": 21.5, "quality_py": "good"})
    assert artifact.features.get_values() == {"temperature_py": 21.5, "quality_py": "good"}
    assert artifact.features["quality_py"] == label
    assert ln.Artifact.filter(temperature_py__gt=21, quality_py="good").one() == artifact
    assert not ln.Artifact.filter(temperature_py__gt=22).exists()
    assert ln.Artifact.filter(ln.Feature.get(name="temperature_py") > 21).one() == artifact
    labels(name="poor").save()
    warm, good = ln.Feature.get(name="temperature_py") > 21, ln.Feature.get(name="quality_py")
    for condition in (warm & (good == label), warm & ~(good == "poor"), ln.Q(quality_py=label) | ~warm, good == label):
        assert ln.Artifact.filter(condition, key="labelled.parquet").one() == artifact
    assert ln.Artifact.filter(key__startswith="label").filter(quality_py__in=[label]).exclude(temperature_py=3).one() == artifact
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="Did not find a ULabel matching `name='bad'`"):
        ln.Artifact.filter(quality_py="bad").count()
    with pytest.raises(ln.errors.ValidationError, match="feature 'quality_py' takes rows of ULabel, not rows of Artifact"):
        ln.Artifact.filter(quality_py=artifact)
    with pytest.raises(ln.errors.ValidationError, match="temperature_py needs a categorical dtype for label annotation"):
        artifact.labels.add(label, feature=ln.Feature.get(name="temperature_py"))
    assert list(ln.Artifact.filter(quality_py__in=labels.filter(name="good"))) == [artifact]
    assert list(ln.Artifact.filter(quality_py__in=labels.filter(name="good").values("name"))) == [artifact]
    with pytest.raises(ln.errors.InvalidArgument, match="Did you mean the feature 'quality_py'"):
        ln.Artifact.filter(qualty_py="good")
    with pytest.raises(TypeError, match="cannot be used as booleans"):
        bool(warm)
    df = ln.Artifact.filter(key="labelled.parquet").to_dataframe(features=["temperature_py", "quality_py"])
    assert list(df.columns) == ["uid", "key", "temperature_py", "quality_py"] and df["temperature_py"].iloc[0] == 21.5
    artifact.features.remove_values("temperature_py", value=3.0)
    artifact.features.remove_values({"quality_py": label})
    assert artifact.features.get_values() == {"temperature_py": 21.5}
    artifact.features.add_values({"quality_py": "good"})
    with pytest.raises(ValueError, match="not both"):
        artifact.features.remove_values({"quality_py": label}, value=label)
    artifact.features.remove_values(["temperature_py"])
    assert artifact.features.get_values() == {"quality_py": "good"}
    artifact.features.remove_values()
    artifact.ulabels.clear()


def test_dtypes_of_features(ln, bt):
    texts = {int: "int", ln.ULabel: "cat[ULabel]", bt.CellType: "cat[bionty.CellType]", list[float]: "list[float]",
             bt.CellType.ontology_id: "cat[bionty.CellType.ontology_id]", list[bt.CellLine]: "list[cat[bionty.CellLine]]"}  # fmt: skip
    for i, (dtype, text) in enumerate(texts.items()):
        assert ln.Feature(name=f"dtype {i}", dtype=dtype)._dtype_str == text
    union = ln.Feature(name="union", dtype=[bt.Tissue.ontology_id, bt.CellType.ontology_id])
    assert union._dtype_str == "cat[bionty.Tissue.ontology_id|bionty.CellType.ontology_id]"
    with pytest.raises(ln.errors.ValidationError, match="Please pass dtype"):
        ln.Feature(name="no dtype")
    with pytest.raises(ln.errors.ValidationError, match="foo"):
        ln.Feature(name="no dtype", dtype="foo")
    kept = ln.Feature(name="kept", dtype=int).save()
    with pytest.raises(ln.errors.ValidationError, match="already exists with dtype int, you passed float"):
        ln.Feature(name="kept", dtype=float)
    assert kept.dtype_as_object is int


def test_a_data_frame_is_curated(ln, labels):
    sample = ln.Feature(name="sample_c", dtype=ln.ULabel).save()
    size = ln.Feature(name="size_c", dtype=int).save()
    schema = ln.Schema([sample, size], name="samples").save()
    assert ln.Schema([size, sample]) == schema, "the same members are the same schema"
    ln.Schema([size, sample], name="samples and sizes").save()
    assert ln.Schema.get(schema.uid).name == "samples and sizes", "the latest name is the one that holds"
    assert [f.name for f in schema.members] == ["sample_c", "size_c"]
    ln.save([labels(name=n) for n in ("s one", "s two")])
    df = pandas.DataFrame({"sample_c": pandas.Categorical(["s one", "s tow"]), "size_c": [1, 2]})
    curator = ln.curators.DataFrameCurator(df, schema)
    with pytest.raises(ln.errors.ValidationError, match="s tow"):
        curator.validate()
    assert curator.cat.non_validated == {"sample_c": ["s tow"]}
    with pytest.raises(ln.errors.ValidationError):
        ln.Artifact.from_dataframe(df, key="curated.parquet", schema=schema)
    df["sample_c"] = df["sample_c"].cat.rename_categories({"s tow": "s two"})
    artifact = ln.curators.DataFrameCurator(df, schema).save_artifact(key="curated.parquet")
    assert artifact.schema == schema and set(artifact.ulabels.to_list("name")) == {"s one", "s two"}
    again = ln.Artifact.from_dataframe(df.assign(size_c=[3, 4]), key="curated.parquet", schema=schema).save()
    assert again.schema == schema and again.version == "0001"
    missing = ln.curators.DataFrameCurator(df[["sample_c"]], schema)
    with pytest.raises(ln.errors.ValidationError, match="size_c"):
        missing.validate()
    other = df.copy()
    other["sample_c"] = pandas.Categorical(["s one", "s three"])
    fixing = ln.curators.DataFrameCurator(other, schema)
    fixing.cat.add_new_from("sample_c")
    fixing.validate()
    assert labels.filter(name="s three").exists()
    ln.Artifact.filter(key="curated.parquet").delete(permanent=True)


def test_collections(ln, workplace):
    artifacts = []
    for i in range(3):
        (workplace / f"part{i}.csv").write_text(f"x\n{i}\n")
        artifacts.append(ln.Artifact(workplace / f"part{i}.csv", key=f"parts/{i}.csv").save())
    collection = ln.Collection(artifacts[::-1][:2], key="parts").save()
    assert [a.key for a in collection.ordered_artifacts] == ["parts/2.csv", "parts/1.csv"]
    assert ln.Collection([artifacts[1], artifacts[2]], key="parts") == collection
    longer = collection.append(artifacts[0]).save()
    assert longer.uid == collection.stem_uid + "0001" and longer.artifacts.count() == 3
    assert ln.Collection.get(collection.uid).is_latest is False
    assert list(longer.load()["x"]) == [2, 1, 0]
    assert longer.append(artifacts[1]) == longer, "the same set is the same collection"
    described = ln.Collection(artifacts, key="parts", description="all of them").save()
    assert described == longer and ln.Collection.get(longer.uid).description == "all of them"
    with pytest.raises(ln.errors.ValidationError, match="Artifact schemas do not match the collection schema"):
        schema = ln.Schema(features=[ln.Feature(name="x_of_parts", dtype=int).save()]).save()
        ln.Collection(artifacts[:1], key="checked", schema=schema)
    with pytest.raises(ValueError, match="Not all artifacts are yet saved"):
        (workplace / "new.csv").write_text("y\n1\n")
        ln.Collection([ln.Artifact(workplace / "new.csv", key="new.csv")], key="x")


def test_a_label_in_the_trash_is_no_value_of_a_feature(ln, tmp_path):
    kept, gone = ln.ULabel(name="kept label").save(), ln.ULabel(name="gone label").save()
    feature = ln.Feature(name="what it is", dtype="cat[ULabel]").save()
    number = ln.Feature(name="how much", dtype="float").save()
    path = tmp_path / "labelled.txt"
    path.write_text("labelled")
    artifact = ln.Artifact(path, key="labelled.txt").save()
    artifact.ulabels.add(kept)
    artifact.features.add_values({"what it is": "gone label", "how much": 3.0})
    rows = ln.Artifact.filter(key="labelled.txt")
    frame = rows.to_dataframe(include=["ulabels__name", "features"])
    assert frame.iloc[0][["what it is", "how much"]].tolist() == ["gone label", 3.0]
    gone.delete()
    frame = rows.to_dataframe(include=["ulabels__name", "features"])
    assert "what it is" not in frame.columns and frame.iloc[0]["how much"] == 3.0
    assert frame.iloc[0]["ulabels__name"] == {"kept label", "gone label"}  # labels are never hidden here
    assert artifact.features.get_values() == {"how much": 3.0}
    gone.restore()
    assert artifact.features.get_values() == {"what it is": "gone label", "how much": 3.0}
    several = ln.Feature(name="several", dtype=list[str]).save()
    artifact.features.add_values({"several": []})
    assert "several" not in artifact.features.get_values() and "several" not in rows.to_dataframe(features=True).columns
    for row in (artifact, feature, number, several, kept, gone):
        row.delete(permanent=True)


def test_values_of_features_as_a_tree(ln, labels, capsys):
    labels(name="good").save()
    for name, dtype in {"aa number": float, "bb label": ln.ULabel, "cc list": list[str], "dd labels": list[ln.ULabel]}.items():
        ln.Feature(name=name, dtype=dtype).save()
    record = ln.Record(name="in a tree").save()
    assert repr(record.features) == "Record: in a tree" and record.features["aa number"] == {}
    record.features.set_values({"aa number": 1.5, "bb label": "good", "cc list": ["p", "q"], "dd labels": ["good"]})
    assert list(record.features.get_values()) == ["bb label", "dd labels", "aa number", "cc list"]
    head, title, *rows = repr(record.features).splitlines()
    assert (head, title) == ("Record: in a tree", "└── Features")
    assert [re.split("  +", row.strip("└─ ")) for row in rows] == [
        ["bb label", "ULabel", "good"], ["dd labels", "list[ULabel]", "['good']"], ["aa number", "float", "1.5"],
        ["cc list", "list[str]", "['p', 'q']"],
    ]  # fmt: skip
    assert record.features.describe() is None and capsys.readouterr().out.startswith("Record: in a tree\n└── Features\n")
    with pytest.raises(ln.errors.ValidationError, match="Feature with name zzz not found"):
        _ = record.features["zzz"]
    record.features.set_values({})


def test_labels_of_another_dataset_are_added_with_their_features(ln, labels, table):
    good, poor = labels(name="good").save(), labels(name="poor").save()
    project = ln.Project(name="of labels").save()
    quality, size = ln.Feature(name="quality copied", dtype=ln.ULabel).save(), ln.Feature(name="size copied", dtype=float).save()
    one, other = (ln.Artifact.from_dataframe(table.assign(y=n), key=f"copied {n}.parquet").save() for n in range(2))
    one.labels.add(good, feature=quality)
    one.labels.add([poor, project])
    for _ in range(2):
        assert other.labels.add_from(one) is None
    assert [(link.ulabel, link.feature) for link in other.links_ulabel.all()] == [(good, quality), (poor, None)]
    assert other.projects.one() == project and other.labels.get(quality).one() == good
    collection = ln.Collection([one], key="copied").save()
    collection.ulabels.add(poor)
    other.ulabels.clear()
    other.labels.add_from(collection)
    assert other.ulabels.one() == poor
    with pytest.raises(ValueError, match="save the artifact"):
        ln.Artifact.from_dataframe(table.assign(y=3), key="copied 3.parquet").labels.add_from(one)
    with pytest.raises(ValueError, match="feature 'size copied' has no labels"):
        one.labels.get(size)
    for record in (collection, one, other, project, quality, size):
        record.delete(permanent=True)


def test_artifacts_are_loaded_together(ln, said):
    anndata = pytest.importorskip("anndata")
    numpy = pytest.importorskip("numpy")
    tables = [ln.Artifact.from_dataframe(pandas.DataFrame({"a": [n], f"b{n}": [n]}), key=f"together/{n}.parquet").save() for n in range(2)]
    cells = [
        ln.Artifact.from_anndata(
            anndata.AnnData(numpy.ones((1, 1)), obs=pandas.DataFrame(index=[f"cell {n}"]), var=pandas.DataFrame(index=["gene"])), key=f"together/{n}.h5ad"
        ).save()
        for n in range(2)
    ]
    rows = ln.Artifact.filter(key__startswith="together/", suffix=".parquet")
    said()
    assert list(rows.order_by("key").load().columns) == ["a", "b0", "b1"] and "order" not in said()
    assert list(rows.load(join="inner").columns) == ["a"] and "put .order_by()" in said()
    assert rows.order_by("key").open().to_table(columns=["a"]).column("a").to_pylist() == [0, 1]
    both = ln.Collection(tables[::-1], key="together").save()
    assert both.load()["a"].tolist() == both.open().to_table(columns=["a"]).column("a").to_pylist() == [1, 0]
    assert both.ordered_artifacts.ordered and list(both.ordered_artifacts.reverse()) == tables
    loaded = ln.Artifact.filter(uid__in=[cell.uid for cell in cells]).order_by("key").load()
    assert list(loaded.obs["artifact_uid"]) == [cell.uid for cell in cells] and loaded.shape == (2, 1)
    with pytest.raises(ValueError, match="all artifacts have the same suffix.*h5ad"):
        ln.Artifact.filter(key__startswith="together/").load()
    obs = ln.Artifact.filter(key__startswith="together/", suffix=".h5ad").order_by("key").open()
    assert obs.to_table(columns=["obs_names"]).column(0).to_pylist() == ["cell 0", "cell 1"]
    both.delete(permanent=True)
    for artifact in (*tables, *cells):
        artifact.delete(permanent=True)


def test_the_object_in_a_zarr_folder_is_seen_by_its_content(ln, workplace):
    import json

    found = {}
    for name, version, attributes in [
        ("anndata", 2, {"encoding-type": "anndata"}), ("mudata", 2, {"encoding-type": "MuData"}), ("three", 3, {"encoding-type": "anndata"}),
        ("spatial", 3, {"spatialdata_attrs": {"version": "0.1"}}), ("other", 2, {"encoding-type": "dataframe"}), ("broken", 2, None),
    ]:  # fmt: skip
        folder = workplace / f"otype_{name}.zarr"
        folder.mkdir()
        text = "{" if attributes is None else json.dumps(attributes if version == 2 else {"zarr_format": 3, "node_type": "group", "attributes": attributes})
        (folder / (".zattrs" if version == 2 else "zarr.json")).write_text(text)
        found[name] = ln.Artifact(folder, key=f"otype/{name}.zarr").otype
    assert found == {"anndata": "AnnData", "mudata": "MuData", "three": "AnnData", "spatial": "SpatialData", "other": None, "broken": None}
    (workplace / "x.h5mu").write_text("no matter")
    assert ln.Artifact(workplace / "x.h5mu", key="otype/x.h5mu").otype == "MuData"


def test_what_is_open_closes_at_the_end_of_a_with(ln, workplace):
    import anndata
    import numpy
    import pandas

    frame = ln.Artifact.from_dataframe(pandas.DataFrame({"a": [1, 2, 3]}), key="with.parquet").save()
    with frame.open(engine="polars") as lazy:
        assert lazy.collect().shape == (3, 1)
    assert frame.open(engine="polars").select("a").collect().height == 3
    adata = anndata.AnnData(numpy.ones((3, 2), "f4"), obs=pandas.DataFrame({"l": ["x", "y", "x"]}, index=list("abc")))
    artifact = ln.Artifact.from_anndata(adata, key="with.h5ad").save()
    with artifact.open() as backed:
        assert backed[:2].to_memory().shape == (2, 2) and backed.obs["l"].to_list() == ["x", "y", "x"]
    assert backed.closed
