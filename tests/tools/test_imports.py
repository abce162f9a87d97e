"""The import law of the Python packages finds what it forbids and lets pass what it allows."""
import pytest

BASE = {name: "" for name in (
    "python/lamindb/__init__.py", "python/lamindb/errors.py", "python/lamindb/_surface/__init__.py", "python/lamindb/_surface/lazy.py",
    "python/lamindb/_process/__init__.py", "python/lamindb/_process/session.py", "python/lamindb/_queries/__init__.py",
    "python/lamindb/_queries/queryset.py", "python/lamindb/_queries/frames.py", "python/lamindb/_records/__init__.py",
    "python/lamindb/_records/record.py", "python/lamindb/models/__init__.py", "python/lamindb/models/artifact.py",
    "python/bionty/__init__.py", "python/bionty/models.py")}


def found(imports, root):
    return list(imports.violations(root))


@pytest.mark.parametrize("file, text", [
    ("lamindb/_records/record.py", "import os\nfrom .. import _core\nfrom .._queries.queryset import QuerySet\nfrom .._process import session\n"),
    ("lamindb/_queries/queryset.py", "from ..errors import LaminError\nfrom .frames import to_core\n"),
    ("lamindb/models/artifact.py", "from lamindb import _core\nfrom lamindb._records.record import SQLRecord\n"),
    ("lamindb/models/artifact.py", 'def f():\n    """See lamindb._tracking.context."""\n    import pandas\n'),
    ("lamindb/__init__.py", 'WHERE = {"Artifact": "lamindb.models.artifact"}\n'),
    ("bionty/models.py", "from lamindb.models import OfModule\n"),
    ("lamindb/_queries/queryset.py", 'frames = later("lamindb._queries.frames", "to_core")\n'),
])
def test_allowed_imports_pass(imports, tree, file, text):
    assert found(imports, tree({**BASE, "python/" + file: text})) == []


@pytest.mark.parametrize("file, text, complaint", [
    ("lamindb/_queries/queryset.py", "from .._records.record import SQLRecord\n", "_queries may not import _records"),
    ("lamindb/_queries/queryset.py", "from .. import models\n", "_queries may not import models"),
    ("lamindb/_queries/queryset.py", "import lamindb.models.artifact\n", "_queries may not import models"),
    ("lamindb/_queries/queryset.py", 'record = later("lamindb._records.record", "SQLRecord")\n', "_queries may not import _records"),
    ("lamindb/_records/record.py", 'load(f"lamindb.models.{name}")\n', "_records may not import models"),
    ("lamindb/_records/record.py", "def f():\n    from .._queries.queryset import QuerySet\n", "in a function"),
    ("lamindb/_records/record.py", "from lamindb import __version__\n", "_records may not import lamindb"),
    ("lamindb/models/artifact.py", "from bionty import settings\n", "models may not import bionty"),
    ("bionty/__init__.py", "from pertdb import x\n", "bionty may not import pertdb"),
    ("lamindb/_novelty/a.py", "import os\n", "there is no layer '_novelty'"),
])
def test_each_break_is_found(imports, tree, file, text, complaint):
    root = tree({**BASE, "python/pertdb/__init__.py": "", "python/" + file: text})
    assert [complaint in text for text in found(imports, root)] == [True]


def test_a_cycle_is_found_also_through_later(imports, tree):
    root = tree({**BASE, "python/lamindb/_queries/queryset.py": "from .frames import to_core\n",
                 "python/lamindb/_queries/frames.py": 'QuerySet = later("lamindb._queries.queryset", "QuerySet")\n'})
    cycle = "python/lamindb/_queries/frames.py -> python/lamindb/_queries/queryset.py -> python/lamindb/_queries/frames.py"
    assert found(imports, root) == [f"import cycle: {cycle}"]


def test_a_layer_sees_only_layers_above_it_in_the_table(imports):
    layers = list(imports.MAY_IMPORT)
    for layer, others in imports.MAY_IMPORT.items():
        assert all(layers.index(other) < layers.index(layer) for other in others)
