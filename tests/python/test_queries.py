"""Query sets: conditions, order, results, data frames."""

import pytest


@pytest.fixture
def abc(labels, ln):
    ln.save([labels(name=n, description=d) for n, d in [("a", "first"), ("b", None), ("c", "third")]])
    return labels


def names(rows):
    return rows.to_list("name")


def test_conditions(ln, abc):
    q = ln.Q
    assert names(abc.filter(name="b")) == ["b"]
    assert names(abc.filter(name__in=["a", "c"]).order_by("-name")) == ["c", "a"]
    assert names(abc.filter(q(name="a") | q(name="b")).order_by("name")) == ["a", "b"]
    assert names(abc.filter(~q(name="a")).order_by("name")) == ["b", "c"]
    assert names(abc.filter(q(name="a") & ~q(description="x"))) == ["a"]
    assert names(abc.filter().exclude(name="a").exclude(name="b")) == ["c"]
    assert names(abc.filter(description=None)) == ["b"] and names(abc.filter(description__isnull=True)) == ["b"]
    assert names(abc.filter(created_by__handle="anonymous", name__startswith="c")) == ["c"]
    assert names(abc.filter(description__icontains="IR").order_by("name")) == ["a", "c"]
    assert names(abc.filter(q(name__in=["a", "b"]) ^ q(description="first"))) == ["b"]
    assert not q() and q(name="a") and q(name="a") == q(name="a") != ~q(name="a") and len({q(name="a"), q(name="a")}) == 1
    assert repr(q(name="a") | q(name="b")) == "(OR: ('name', 'a'), ('name', 'b'))"


@pytest.mark.parametrize("keyword, near", [("created_by__handel", "handle"), ("parents__nam__icontains", "name"), ("created_at__yaer", "year")])
def test_a_wrong_path_is_an_error_where_it_is_written(ln, abc, keyword, near):
    for write in (lambda: abc.filter(**{keyword: 1}), lambda: abc.filter(ln.Q(**{keyword: 1}) | ln.Q(name="a")), lambda: abc.filter().exclude(**{keyword: 1})):
        with pytest.raises(ln.errors.FieldError, match=near):
            write()


def test_rows_or_their_values_are_what_a_look_up_takes(ln, abc):
    some = abc.filter(name__in=["a", "c"])
    for ids in (some.values("id"), some.values_list("id"), some.values_list("id", flat=True), some.to_list("id")):
        assert names(abc.filter(id__in=ids).order_by("name")) == ["a", "c"]
    abc.get(name="b").parents.add(*some)
    assert names(abc.filter(parents__in=some).distinct()) == names(abc.filter(parents__name__in=some.values("name")).distinct()) == ["b"]
    with pytest.raises(TypeError, match="one field, not of 2: id, name"):
        abc.filter(id__in=some.values("id", "name"))


def test_results(ln, abc):
    rows = abc.filter().order_by("name")
    assert [r.name for r in rows] == ["a", "b", "c"] and len(rows) == rows.count() == 3 and rows.exists() and bool(rows)
    assert rows[1].name == "b" and rows[0] in rows and rows[1:] == list(rows)[1:]
    assert names(rows.all()[1:]) == ["b", "c"] and names(rows.all()[1:][:1]) == ["b"]
    assert rows.first().name == "a" and rows.last().name == "c" and rows.reverse().first().name == "c"
    assert abc.filter().first().name == "a"
    assert rows.values_list("name", flat=True) == ["a", "b", "c"]
    assert rows.values("name", "created_by__handle")[0] == {"name": "a", "created_by__handle": "anonymous"}
    assert abc.filter(name="z").one_or_none() is None and abc.filter(name="z").first() is None
    with pytest.raises(IndexError):
        rows[3]
    with pytest.raises(ValueError, match="Negative"):
        rows[-1]


def test_none_or_several_are_errors_of_the_class(ln, abc):
    with pytest.raises(abc.DoesNotExist, match="ULabel matching query does not exist"):
        abc.filter(name="z").one()
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="Did you forget a keyword as in ULabel.get"):
        abc.get("zzzzzzzz")
    with pytest.raises(ln.ULabel.DoesNotExist):
        abc.get(name="z")
    with pytest.raises(abc.MultipleObjectsReturned, match="it returned 3"):
        abc.get(created_by__handle="anonymous")
    with pytest.raises(ln.errors.MultipleResultsFound):
        abc.filter().one()
    with pytest.raises(abc.MultipleObjectsReturned):
        abc.filter().one_or_none()
    assert not issubclass(ln.Feature.DoesNotExist, ln.ULabel.DoesNotExist)


@pytest.mark.parametrize("ask", [
    lambda r: r.filter(nme="a"), lambda r: r.filter().order_by("nme"), lambda r: r.exclude(nme=1), lambda r: r.get(nme="a"),
    lambda r: r.to_dataframe(include="nme__x"), lambda r: r.filter().select_related("nme"), lambda r: r.filter().prefetch_related("nme"),
], ids=["filter", "order_by", "exclude", "get", "include", "select_related", "prefetch_related"])  # fmt: skip
def test_an_unknown_field_names_the_nearest(ln, abc, ask):
    if ask.__code__.co_names[0] == "exclude":
        abc = abc.filter()
    with pytest.raises(ln.errors.FieldError, match="Unknown field 'nme'.*name"):
        ask(abc)


def test_a_name_is_no_row(ln, abc):
    with pytest.raises(ln.errors.FieldError, match="Did you mean type__name"):
        abc.filter(type="a")
    with pytest.raises(TypeError, match="list"):
        abc.filter(name__in="abc")
    with pytest.raises(TypeError):
        abc.filter("name")


def test_data_frames_have_lamindbs_columns_and_types(abc, said):
    df = abc.to_dataframe()
    assert list(df.columns) == [
        "uid", "name", "description", "reference", "reference_type", "is_locked", "is_type", "created_at", "branch_id",
        "created_on_id", "space_id", "created_by_id", "run_id", "type_id",
    ]  # fmt: skip
    assert df.index.name == "id" and list(df["name"]) == ["c", "b", "a"]
    assert df["created_at"].dtype == "datetime64[ns, UTC]" and df["branch_id"].dtype == "int64" and df["is_type"].dtype == bool
    assert df["run_id"].dtype == object and df["run_id"].iloc[0] is None and df["description"].iloc[1] is None
    assert list(abc.filter(name="z").to_dataframe().columns) == list(df.columns)
    said()
    assert len(abc.to_dataframe(limit=2)) == 2 and "truncated query result to limit=2 ULabel objects" in said()
    wide = abc.to_dataframe(include=["created_by__handle", "parents__name"])
    assert list(wide.columns) == ["uid", "name", "created_by__handle", "parents__name"]
    assert wide["created_by__handle"].iloc[0] == "anonymous" and wide["parents__name"].iloc[0] == {None}


def test_search_is_ranked_and_keeps_its_order(labels, ln):
    ln.save([labels(name=n) for n in ("big T cell thing", "T cell", "B cell")])
    assert names(labels.search("t cell")) == ["T cell", "big T cell thing"]
    assert list(labels.search("t cell").to_dataframe()["name"]) == ["T cell", "big T cell thing"]
    assert names(labels.search("t cell", case_sensitive=True)) == []
    assert names(labels.filter(name="B cell").search("cell")) == ["B cell"]
    with pytest.raises(ValueError):
        labels.search(None)


def test_view_shows_the_newest_rows_of_what_users_name(labels, ln, capsys):
    ln.save([labels(name=f"viewed {i}") for i in range(3)])
    ln.Feature(name="viewed_feature", dtype=str).save()
    ln.Record(name="viewed_record").save().features.set_values({"viewed_feature": "x"})
    ln.view(limit=2, modules="core", registries=["ULabel", "Feature"])
    shown = capsys.readouterr().out
    assert "viewed 2" in shown and "viewed 1" in shown and "viewed 0" not in shown and "viewed_feature" in shown
    assert "module" not in shown and "viewed_record" not in shown
    ln.view()
    shown = capsys.readouterr().out.splitlines()
    assert "* module: core *" in shown and "Record" in shown and "RecordJson" not in shown and "JsonValue" not in shown


def test_lookup(labels, ln, said):
    ln.save([labels(name=n) for n in ("ADGB-DT", "1st", "class", "x y")])
    lookup = labels.lookup()
    assert lookup.adgb_dt.name == "ADGB-DT" and lookup.ln_1st.name == "1st" and lookup.class_.name == "class"
    assert lookup.dict()["x y"].name == "x y"
    assert labels.lookup(return_field="uid").x_y == labels.get(name="x y").uid


def test_update_and_delete_of_many(labels, ln):
    ln.save([labels(name=n) for n in "abc"])
    assert labels.filter(name__in=["a", "b"]).update(description="d") == 2
    assert labels.filter(description="d").count() == 2
    labels.filter(description="d").delete()
    assert names(labels.filter()) == ["c"] and labels.filter(branch_id=-1).count() == 2
    assert labels.filter(branch_id=-1).delete(permanent=True) == (2, {"lamindb.ULabel": 2})
    kind = labels(name="Kind", is_type=True).save()
    labels(name="of it", type=kind).save()
    assert labels.filter().delete(permanent=True)[0] == 3, "rows that only each other protect go together"


def test_fields_and_relations_of_a_class(ln, bt):
    assert repr(ln.ULabel.name) == "FieldAttr(ULabel.name)" and ln.ULabel.name.field.name == "name"
    assert repr(ln.ULabel) == "<class 'lamindb.models.ulabel.ULabel'>" and isinstance(ln.ULabel, ln.models.Registry)
    assert issubclass(ln.ULabel, ln.models.SQLRecord) and issubclass(bt.CellType, ln.models.HasSynonyms)
    assert bt.CellType.parents.through.filter().count() == bt.CellType.parents.through.objects.count()
    text = ln.ULabel.describe(return_str=True)
    assert ".name: CharField" in text and ".created_by: User" in text
    assert not hasattr(ln.ULabel, "no_such_thing")
    with pytest.raises(AttributeError):
        ln.ULabel(name="x").no_such_thing


def test_search_with_wrong_letters(labels, ln):
    ln.save([labels(name=n) for n in ("kidney", "left kidney", "kidnapper")])
    assert names(labels.search("kidny")) == []
    assert names(labels.search("kidny", fuzzy=True)) == ["kidney", "left kidney"]
    assert names(labels.search("kidney", fuzzy=True)) == ["kidney", "left kidney"]
    assert names(labels.filter(name__startswith="left").search("kidny", fuzzy=True)) == ["left kidney"]
    assert names(labels.search("kidny", fuzzy=True, limit=1)) == ["kidney"]


def test_search_hides_trash_unless_asked(labels, ln):
    ln.save([labels(name=n) for n in ("kidney one", "kidney two")])
    labels.get(name="kidney two").delete()
    assert names(labels.search("kidney")) == ["kidney one"]
    assert names(labels.filter(branch_id=-1).search("kidney")) == ["kidney two"]


def test_search_of_all_registries(labels, ln, bt):
    labels(name="podocyte").save()
    labels(name="podocyte of the kidney").save()
    bt.CellType(name="Podocyte", ontology_id="CL:0000653").save()
    found = ln.search("podocyte")
    assert [(type(r).__name__, r.name) for r in found[:2]] in (
        [("ULabel", "podocyte"), ("CellType", "Podocyte")], [("CellType", "Podocyte"), ("ULabel", "podocyte")])  # fmt: skip
    assert found[2].name == "podocyte of the kidney"
    assert [r.name for r in ln.search("podocite", fuzzy=True, field="name", limit=2)] == [r.name for r in found[:2]]
    assert [type(r).__name__ for r in ln.search("CL:0000653", field="ontology_id")] == ["CellType"]
    with pytest.raises(ln.errors.FieldError, match="no_such_field"):
        ln.search("podocyte", field="no_such_field")
    with pytest.raises(ValueError):
        ln.search(" ")


def test_a_large_registry_is_searched_through_its_index(labels, ln):
    ln.save([labels(name=f"{'kidney' if i % 7 == 0 else 'liver'} sample {i}") for i in range(12_000)])
    assert names(labels.search("kidney sample 7"))[:1] == ["kidney sample 7"]
    assert len(labels.search("kidney", limit=None)) == 1715
    labels.get(name="kidney sample 14").delete(permanent=True)
    row = labels.get(name="liver sample 15")
    row.name = "kidney sample 14"
    row.save()
    labels(name="brand new").save()
    assert [r.id for r in labels.search("kidney sample 14")][0] == row.id
    assert names(labels.search("brand new")) == ["brand new"]
    assert names(labels.search("liver smaple 16", fuzzy=True))[0] == "liver sample 16"
    assert names(labels.search("15")) and "liver sample 15" not in names(labels.search("liver sample 15", limit=None))


def test_similar_names_keep_to_the_type(labels, ln, said):
    kind = labels(name="Experiment", is_type=True).save()
    labels(name="experiment alpha one", type=kind).save()
    labels(name="experiment alpha two").save()
    said()
    labels(name="experiment alpha onx")
    assert "'experiment alpha one', 'experiment alpha two'" in said()
    labels(name="experiment alpha onx", type=kind)
    assert "'experiment alpha two'" not in said()
    labels(name="experiment alpha onx", type=None)
    assert "a record with similar name exists: 'experiment alpha two'" in said()
    ln.save([labels(name=f"filler {i}") for i in range(12_000)])
    labels(name="experiment alpha onx", type=kind)
    text = said()
    assert "a record with similar name exists: 'experiment alpha one'" in text and "alpha two" not in text


def test_who_searches_for_nothing_gets_all(labels, ln):
    ln.save([labels(name=n) for n in "abc"])
    for text in ("", " "):
        assert names(labels.search(text)) == ["a", "b", "c"] and names(labels.search(text, limit=2)) == ["a", "b"]
    assert names(labels.filter(name="c").search("", field="name")) == ["c"]


@pytest.fixture
def sheet(ln, labels):
    """A sheet with one feature per kind and two rows, one of which has values."""
    labels(name="in a sheet").save()
    dtypes = {"sheet_text": str, "sheet_whole": int, "sheet_label": ln.ULabel, "sheet_day": "date", "sheet_list": list[ln.ULabel]}
    features = [ln.Feature(name=name, dtype=dtype).save() for name, dtype in dtypes.items()]
    schema = ln.Schema([feature.with_config(optional=True) for feature in features[::-1]], name="of a sheet").save()
    sheet = ln.Record(name="a sheet", is_type=True, schema=schema).save()
    rows = [ln.Record(name=f"row {n}", type=sheet, features=given).save() for n, given in enumerate([{}, {"sheet_whole": 3}])]
    yield sheet
    for record in (*rows, sheet, schema, *features):
        record.delete(permanent=True)


_SHEET_INDEX = "__lamindb_record_id__"
_SHEET_NAMES = ["sheet_list", "sheet_day", "sheet_label", "sheet_whole", "sheet_text", "__lamindb_record_uid__", "__lamindb_record_name__"]


def test_rows_of_a_sheet_are_shown_as_the_sheet(ln, sheet):
    for frame in (sheet.to_dataframe(), ln.Record.filter(type=sheet).to_dataframe(include="features")):
        assert list(frame.columns) == _SHEET_NAMES and frame.index.name == _SHEET_INDEX
        assert list(frame["__lamindb_record_name__"]) == ["row 0", "row 1"]
        assert [str(t) for t in frame.dtypes[:5]] == ["object", "object", "category", "Int64", "string"]
    of = ln.Record.filter(type=sheet)
    extra = of.to_dataframe(include=["features", "created_by__handle"])
    assert list(extra.columns) == [*_SHEET_NAMES, "created_by__handle"] and extra.iloc[0, -1] == "anonymous"
    assert list(of.order_by("-name").to_dataframe(include="features")["__lamindb_record_name__"]) == ["row 1", "row 0"]
    assert list(of.to_dataframe(include="features", limit=1)["__lamindb_record_name__"]) == ["row 0"]
    assert list(of.filter(name="row 1").to_dataframe(include="features")["sheet_whole"]) == [3]
    assert list(of.to_dataframe(features=True).columns[:2]) == ["uid", "name"]
    assert list(ln.Record.filter(name__in=["row 0", "a sheet"]).to_dataframe(include="features").columns[:2]) == ["uid", "name"]


def test_columns_of_a_sheet_with_values(ln, sheet):
    row = ln.Record.get(name="row 0")
    row.features.set_values({"sheet_whole": 4, "sheet_text": "x", "sheet_list": ["in a sheet"], "sheet_label": "in a sheet"})
    frame = sheet.to_dataframe()
    assert [str(t) for t in frame.dtypes[:5]] == ["object", "object", "category", "int64", "object"]
    assert frame["sheet_list"].iloc[0] == ["in a sheet"] and list(frame["sheet_label"].cat.categories) == ["in a sheet"]
    assert frame["sheet_text"].iloc[0] == "x" and isinstance(frame["sheet_text"].iloc[1], float)
    row.features.set_values({})


def test_search_in_several_fields(labels):
    labels(name="apple", description="a fruit").save()
    labels(name="fruit", description="many apples", reference="pear").save()
    names = lambda rows: [row.name for row in rows]  # noqa: E731
    assert names(labels.search("fruit", field=["name", "description"])) == ["fruit", "apple"]
    assert names(labels.search("pear", field=["name", labels.description])) == []
    assert names(labels.search("pear", field=labels.reference)) == ["fruit"]


def test_links_that_the_other_side_does_not_name(ln, workplace):
    """The actions of a collection: artifacts, which have no name for the way back."""
    (workplace / "action.txt").write_text("action")
    action = ln.Artifact(workplace / "action.txt", key="action.txt").save()
    collection = ln.Collection([action], key="with an action").save()
    assert collection._actions.count() == 0
    collection._actions.add(action)
    collection._actions.add(action)
    assert collection._actions.one() == action and collection._actions.filter(key="other.txt").count() == 0
    collection._actions.remove(action)
    assert not collection._actions.exists()
    collection.delete(permanent=True)
