"""Installed alongside LaminDB's own distribution, the package says so instead of failing oddly."""
import importlib.util

import pytest


@pytest.fixture
def check(root):
    spec = importlib.util.spec_from_file_location("distribution", root / "python" / "lamindb" / "_process" / "distribution.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.refuse_company


@pytest.mark.parametrize("theirs", ["lamindb-2.12.1", "lamindb_core-2.12.1", "bionty-2.5.2"])
def test_both_are_refused_by_name(check, tmp_path, theirs):
    for name in ("lamindb_native-0.1.0", theirs, "pandas-2.3.3"):
        (tmp_path / f"{name}.dist-info").mkdir()
    with pytest.raises(ImportError, match=theirs.replace("-", " ")) as error:
        check(str(tmp_path))
    assert "pip uninstall" in str(error.value)


@pytest.mark.parametrize("names", [["lamindb_native-0.1.0", "pandas-2.3.3"], ["lamindb-2.12.1", "bionty-2.5.2"], []])
def test_one_alone_is_fine(check, tmp_path, names):
    for name in names:
        (tmp_path / f"{name}.dist-info").mkdir()
    check(str(tmp_path))
