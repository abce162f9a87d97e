"""The types that editors and type checkers see: complete for a user's script, and true to what runs."""
import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "tests" / "typing"
TYPED = ROOT / "python" / "lamindb" / "_typed.pyi"


def reported_by_mypy(file, tmp_path):
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(tmp_path), str(file)]
    done = subprocess.run(command, cwd=SAMPLES, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    lines = [line for line in done.stdout.splitlines() if ": error: " in line]
    return {int(line.split(":")[1]): line for line in lines}


def reported_by_pyright(file, tmp_path):
    config = tmp_path / "pyrightconfig.json"
    config.write_text(json.dumps({"typeCheckingMode": "standard", "include": [str(file)]}))
    command = [sys.executable, "-m", "basedpyright", "--outputjson", "--pythonpath", sys.executable, "--project", str(config)]
    done = subprocess.run(command, cwd=SAMPLES, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found = [one for one in json.loads(done.stdout)["generalDiagnostics"] if one["severity"] == "error"]
    return {one["range"]["start"]["line"] + 1: one["message"] for one in found}


CHECKERS = pytest.mark.parametrize("reported", [reported_by_mypy, reported_by_pyright])


@CHECKERS
def test_a_users_script_passes(reported, tmp_path):
    assert reported(SAMPLES / "right.py", tmp_path) == {}


@CHECKERS
def test_what_is_wrong_is_reported(reported, tmp_path):
    lines = (SAMPLES / "wrong.py").read_text().splitlines()
    wrong = {number for number, line in enumerate(lines, 1) if line.endswith("# wrong")}
    assert len(wrong) > 10
    assert set(reported(SAMPLES / "wrong.py", tmp_path)) == wrong


def written(kind):
    return {node.name: node for node in ast.parse(TYPED.read_text()).body if isinstance(node, kind)}


def test_stubs_show_what_there_is():
    import bionty.models
    import lamindb as ln
    import lamindb.models
    import pertdb.models

    lacking = []
    for name, node in written(ast.ClassDef).items():
        places = [getattr(module, name.removesuffix("Methods"), None) for module in (lamindb.models, bionty.models, pertdb.models)]
        cls = next((place for place in places if place is not None), None)
        if cls is None:
            assert name in ("FeaturePredicate", "FeatureOrder", "RecordBatch", "Context", "Settings", "CreationSettings", "AnnotationSettings",
                            "Finding", "FsckReport", "Lineage", "HasLineage")
            continue
        for member in node.body:
            if isinstance(member, ast.FunctionDef) and not member.name.startswith("__"):
                found = getattr(cls, member.name, None) or getattr(type(cls), member.name, None)
                if found is None and name == "RelatedManager":  # forwards to the query set
                    found = getattr(lamindb.models.QuerySet, member.name, None)
                if found is None or "Missing" in type(found).__name__:
                    lacking.append(f"{name}.{member.name}")
    lacking += [name for name in written(ast.FunctionDef) if not callable(getattr(ln, name, None))]
    assert lacking == []


def test_public_names_have_stubs():
    import bionty
    import lamindb
    import pertdb

    for package in (lamindb, bionty, pertdb):
        text = Path(package.__file__).with_suffix(".pyi").read_text()
        for name in package.__all__:
            assert re.search(rf"\b(as|class|def) {name}\b|^{name}:", text, re.M) or not hasattr(package, name), f"{package.__name__}.{name}"
