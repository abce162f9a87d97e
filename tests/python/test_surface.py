"""Every public name of LaminDB exists here; those not implemented raise."""

import importlib

import pytest
from lamindb._surface.missing import Missing, known_names
CLASSES, MODULES = known_names("class"), known_names("module")

# Third-party names that LaminDB's modules merely expose, or that only its hub has.
PLACES = [(module, name) for module, names in MODULES.items() for name in names if module not in ("lamin_cli",)]


@pytest.mark.parametrize("module", sorted({module for module, _ in PLACES}))
def test_every_name_of_a_module(ln, module):
    found = importlib.import_module(module)
    for name in MODULES[module]:
        assert getattr(found, name) is not None or name == "Source", f"{module}.{name}"
    with pytest.raises(AttributeError):
        _ = found.no_such_name


@pytest.mark.parametrize("name", ["Artifact", "Collection", "Transform", "Run", "Feature", "Schema", "ULabel", "Record", "Project",
                                  "Reference", "Storage", "User", "Space", "Branch", "QuerySet"])  # fmt: skip
def test_every_method_of_a_class(ln, name):
    cls = ln.Artifact.filter() if name == "QuerySet" else getattr(ln.models, name)
    for method, kind in CLASSES[name].items():
        if kind == "property":
            try:
                assert getattr(cls, method) is not None
            except NotImplementedError as error:
                assert method in str(error)
        else:
            assert callable(getattr(cls, method)), f"{name}.{method}"


def test_what_answers_for_a_name_is_no_stand_in(ln):
    """Names that users need in the first hour are not stand-ins."""
    for name in ("Artifact", "Collection", "Transform", "Run", "Feature", "Schema", "ULabel", "Record", "Project", "track", "finish", "save",
                 "connect", "view", "settings", "context", "Q", "setup", "curators", "examples", "errors"):  # fmt: skip
        assert not isinstance(getattr(ln, name), Missing), name
    for name in ("save", "load", "cache", "open", "delete", "restore", "describe", "from_dataframe", "from_anndata", "from_dir", "get", "filter",
                 "search", "lookup", "to_dataframe"):  # fmt: skip
        assert not isinstance(getattr(ln.Artifact, name), Missing), name


def test_what_is_missing_says_so(ln):
    for missing in (ln.setup.django, ln.setup.register):
        with pytest.raises(NotImplementedError, match=missing.__name__):
            missing("x")
    assert isinstance(ln.setup.register, Missing)
    label = ln.ULabel(name="surface")
    with pytest.raises(NotImplementedError, match="get_next_by_created_at"):
        label.get_next_by_created_at()
    with pytest.raises(AttributeError):
        _ = label.no_such_name


def test_errors_are_what_python_users_catch(ln):
    errors = ln.errors
    assert issubclass(errors.ValidationError, ValueError) and issubclass(errors.ObjectDoesNotExist, LookupError)
    assert issubclass(errors.NoWriteAccess, PermissionError) and issubclass(errors.InvalidArgument, ValueError)
    from lamindb import _core

    for code, name in _core.error_codes():
        assert errors.of_code(code).__name__ in (name, "FieldError", "WrongValue") and issubclass(errors.of_code(code), errors.LaminError)


def test_threads_share_one_instance(ln, labels):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda i: labels(name=f"thread {i}").save(), range(40)))
        found = list(pool.map(lambda label: labels.get(label.uid).name, made))
    assert found == [f"thread {i}" for i in range(40)] and labels.filter().count() == 40


def test_frames_cross_without_loss(ln):
    pandas = pytest.importorskip("pandas")
    pyarrow = pytest.importorskip("pyarrow")
    from lamindb import _core
    from lamindb._queries.frames import from_core, to_core

    df = pandas.DataFrame({
        "i": [1, 2, 3], "f": [1.5, None, 2.0], "b": [True, False, True], "t": ["a", None, "ü"],
        "c": pandas.Categorical(["x", None, "y"], categories=["y", "x"]), "d": pandas.to_datetime(["2026-01-02", None, "2026-03-04"]),
    })  # fmt: skip
    frame = to_core(df)
    assert frame.names == list(df.columns) and frame.rows == 3 and frame.column("t") == ["a", None, "ü"]
    batch = pyarrow.record_batch(frame)
    assert batch.num_rows == 3 and batch.column("i").to_pylist() == [1, 2, 3] and batch.column("c").to_pylist() == ["x", None, "y"]
    back = _core.Frame.from_arrow(batch)
    assert [back.column(n) for n in back.names] == [frame.column(n) for n in frame.names]
    assert list(from_core(back)["t"]) == ["a", None, "ü"]
    assert _core.Frame.from_arrow(pyarrow.table({"x": pyarrow.chunked_array([[1], [2, None]])})).column("x") == [1, 2, None]
    with pytest.raises(TypeError, match="table was expected"):
        _core.Frame.from_arrow(3)


def test_what_setup_imports_is_not_offered(ln):
    offered = {name for name in dir(ln.setup) if not name.startswith("_")}
    assert offered.isdisjoint({"os", "resolve", "plugins", "class_of", "context", "public", "migration"})
    assert {"init", "connect", "disconnect", "settings", "migrate", "merge", "switch", "core", "errors"} <= offered


def test_no_instance_is_one_called_none(script, tmp_path):
    text = "import os; os.chdir(os.environ['HOME'])\nimport lamindb as ln\nprint(ln.setup.settings.instance.slug, ln.setup.settings.is_configured)"
    done = script(text, HOME=str(tmp_path), LAMIN_SETTINGS_DIR=str(tmp_path), LAMIN_NO_CONNECT="1")
    assert done.stdout == "none/none False\n", done.stderr


def test_settings_of_setup(ln, workplace, said):
    settings = ln.setup.settings
    assert settings.instance.db == f"sqlite:///{workplace / 'storage' / '.lamindb' / 'lamin.db'}"
    assert settings.instance.db.startswith("sqlite:////") and settings.instance.db in repr(settings)
    assert settings.auto_connect is True and settings.private_django_api is False
    settings.auto_connect = False
    settings.private_django_api = True
    assert settings.auto_connect is True and settings.private_django_api is False and said().count("no effect") == 2


def test_classes_that_results_are_checked_for(ln, labels):
    models = ln.models
    label = labels(name="checked").save()
    artifacts, records = ln.Artifact.filter(), ln.Record.filter()
    for rows in (artifacts, ln.Artifact.objects.all(), artifacts.none(), label.artifacts.all(), artifacts[:1], artifacts.order_by("key"),
                 artifacts.values("key"), ln.Artifact.search("x"), ln.Artifact.connect(None)):  # fmt: skip
        assert isinstance(rows, models.ArtifactSet) and isinstance(rows, models.BasicQuerySet) and not isinstance(rows, models.RecordSet)
    assert isinstance(records, models.RecordSet) and type(records).__name__ == "RecordQuerySet" and type(artifacts) is models.ArtifactQuerySet
    for rows in (labels.filter(), labels.filter().search("x"), labels.filter().values("name"), label.query_parents(), artifacts, records):
        assert isinstance(rows, models.QuerySet)
    assert not isinstance(labels.objects.all(), models.QuerySet) and not isinstance(labels.filter(), models.ArtifactSet)
    for manager in (labels.objects, label.parents, label.artifacts, label.links_artifact):
        assert isinstance(manager, models.QueryManager)
    assert isinstance(label.parents, models.RelatedManager) and issubclass(models.TransformBlock, models.BaseBlock)
    assert not isinstance(label, models.LazyArtifact) and not issubclass(labels, models.FormatConstraints), "what is not there yet"
    assert labels._meta.model is labels


def test_lists_of_records_stay_lists_of_records(ln, labels):
    records = ln.models.SQLRecordList([labels(name=name) for name in "abc"])
    parts = (records[:1], records + [], [] + records, records * 1, 1 * records, records.copy(), labels.from_values(["x"], mute=True))
    assert all(type(part) is ln.models.SQLRecordList for part in parts)
    assert records[1].name == "b" and (records[:1] + records[2:]).to_list("name") == ["a", "c"] and records[:1].one().name == "a"
    for several, error in ((records, ln.errors.MultipleObjectsReturned), (records[:0], ln.errors.DoesNotExist)):
        with pytest.raises(error, match=f"list of {len(several)}"):
            several.one()
    assert [row.name for row in records[:2].save()] == ["a", "b"] and labels.filter().count() == 2


def test_names_for_completion(ln, bt, labels, capsys):
    label = labels(name="completed").save()
    db = ln.DB(ln.setup.settings.instance.slug)
    for shown, expected in [
        (labels, "filter get search lookup to_dataframe objects connect describe DoesNotExist name parents"),
        (label.parents, "add remove set clear create all filter get count to_list to_dataframe order_by values_list through"),
        (labels.filter(), "filter get one complex_filter bulk_update values"), (label, "name parents save delete describe"),
        (db, "Artifact ULabel User bionty view"), (db.bionty, "CellType Gene Source"), (ln.core, "Settings exceptions storage"),
        (ln.models, "QuerySet ULabel query_set save"), (ln.examples, "datasets mlflow"),
    ]:  # fmt: skip
        assert set(expected.split()) <= set(dir(shown))
    for hidden, of in [("visibility", ln.Artifact), ("list", labels.filter()), ("list", label.parents), ("ArtifactULabel", db),
                       ("ArtifactCellType", db.bionty), ("public", ln.core), ("enter", ln.models)]:  # fmt: skip
        assert hidden not in dir(of)
    db.view(registries=["ULabel"], limit=1)
    assert "completed" in capsys.readouterr().out


@pytest.mark.parametrize("statement", [
    "from lamindb.models.query_set import BasicQuerySet, QuerySet, SQLRecordList", "from lamindb.models.save import save",
    "from lamindb.models.can_curate import CanCurate, InspectResult", "from lamindb.models.has_parents import HasParents",
    "from lamindb.models.query_manager import QueryManager, RelatedManager", "from lamindb.models.block import BaseBlock, RecordBlock",
    "from lamindb.models.artifact_set import ArtifactSet", "from lamindb.models._is_versioned import IsVersioned",
    "from lamindb.models.sqlrecord import Registry, SQLRecord, IsLink, Space", "from lamindb.models.run import User, TracksRun, Run",
    "from lamindb.core.exceptions import ValidationError, DoesNotExist", "from lamindb.core._settings import settings",
    "from lamindb.core._context import context", "from lamindb.core.storage.paths import UPath", "from lamindb.base.ids import base62_8",
    "import lamindb.models.save, lamindb.models.query_set as q; q.QuerySet; assert not hasattr(lamindb.models.save, '__path__')",
    "import lamindb.models.save; lamindb.models.save([])",
])  # fmt: skip
def test_imports_from_where_lamindb_has_its_names(script, statement):
    done = script(statement, LAMIN_NO_CONNECT="1")
    assert done.returncode == 0, done.stderr


def test_places_are_as_honest_as_other_modules(ln):
    import lamindb.core.exceptions
    from lamindb.integrations import lightning
    from lamindb.models import query_set

    assert query_set.QuerySet is ln.models.QuerySet and "SQLRecordList" in dir(query_set) and ln.core.exceptions is lamindb.core.exceptions
    assert lamindb.core.exceptions.ValidationError is ln.errors.ValidationError and ln.models.save is ln.save
    with pytest.raises(AttributeError):
        _ = query_set.Artifact
    with pytest.raises(ImportError, match="pip install lightning"):
        _ = lightning.Checkpoint
    with pytest.raises(NotImplementedError, match="register"):
        ln.setup.register()


def test_a_stamp_and_a_message_do_not_wait_for_each_other(ln, labels, said):
    from concurrent.futures import ThreadPoolExecutor

    from lamindb._process import session

    labels(name="said again").save()
    with ThreadPoolExecutor(2) as pool:
        stamps = pool.submit(lambda: [session.current().set_stamp("run", 0) for _ in range(2000)])
        messages = pool.submit(lambda: [labels(name="said again") for _ in range(300)])
        stamps.result(timeout=60)
        messages.result(timeout=60)
    assert said().count("returning ulabel with same name") == 300
