"""Every public name of LaminDB exists here; what is not implemented says so."""

import importlib

import pytest
from lamindb._surface.missing import Missing, known_names
CLASSES, MODULES = known_names("class"), known_names("module")

# Names of third-party things that LaminDB's modules merely show, or that only its hub has.
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


def test_what_is_missing_says_so(ln, bt):
    for missing in (ln.Artifact.from_spatialdata, bt.CellType.public, ln.integrations.save_vitessce_config, ln.setup.login):
        with pytest.raises(NotImplementedError, match=missing.__name__):
            missing("x")
    assert isinstance(ln.curators.MuDataCurator, Missing)
    label = ln.ULabel(name="surface")
    with pytest.raises(NotImplementedError, match="view_parents"):
        label.view_parents()
    with pytest.raises(NotImplementedError, match="formats"):
        _ = ln.Schema(itype=ln.Feature).formats
    with pytest.raises(AttributeError):
        _ = label.no_such_name


def test_errors_are_what_python_users_catch(ln):
    errors = ln.errors
    assert issubclass(errors.ValidationError, ValueError) and issubclass(errors.ObjectDoesNotExist, LookupError)
    assert issubclass(errors.NoWriteAccess, PermissionError) and issubclass(errors.InvalidArgument, ValueError)
    from lamindb import _core

    for code, name in _core.error_codes():
        assert errors.of_code(code).__name__ in (name, "FieldError") and issubclass(errors.of_code(code), errors.LaminError)


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
    assert {"init", "connect", "close", "settings", "migrate", "merge", "switch", "core", "errors"} <= offered


def test_settings_of_setup(ln, workplace, said):
    settings = ln.setup.settings
    assert settings.instance.db == f"sqlite:///{workplace / 'storage' / '.lamindb' / 'lamin.db'}"
    assert settings.instance.db.startswith("sqlite:////") and settings.instance.db in repr(settings)
    assert settings.auto_connect is True and settings.private_django_api is False
    settings.auto_connect = False
    settings.private_django_api = True
    assert settings.auto_connect is True and settings.private_django_api is False and said().count("no effect") == 2
