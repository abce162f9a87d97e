"""Each test file gets its own SQLite instance and home folder, so results do not depend on which files ran before it."""

import os
import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def workplace(tmp_path_factory):
    """A folder with an instance, and no pointer to any other one."""
    folder = tmp_path_factory.mktemp("python")
    for name in [name for name in os.environ if name.startswith("LAMIN_") and not name.startswith("LAMIN_TEST_")]:
        del os.environ[name]
    os.environ["HOME"] = str(folder / "home")
    os.environ["LAMIN_SETTINGS_DIR"] = str(folder / "settings")
    os.environ["LAMIN_CACHE_DIR"] = str(folder / "cache")
    os.environ["LAMIN_OFFLINE"] = "1"
    os.environ["LAMIN_SUBSETS"] = "0"  # what is registered and what is known is as the test says
    (folder / "home").mkdir()
    (folder / "settings").mkdir()
    os.chdir(folder)
    return folder


@pytest.fixture(scope="module")
def ln(workplace):
    """lamindb, connected to a new instance with all modules."""
    import lamindb

    lamindb.setup.init(storage=str(workplace / "storage"), name="tests", modules="bionty,pertdb")
    lamindb.settings.verbosity = "error"
    return lamindb


@pytest.fixture(scope="module")
def bt(ln):
    import bionty

    return bionty


def _clear(registry):
    import lamindb

    lamindb.models.ArtifactULabel.objects.all().delete()
    registry.objects.all().update(type_id=None)
    registry.objects.all().delete(permanent=True)


@pytest.fixture
def labels(ln):
    """The registry of labels, empty before and after."""
    _clear(ln.ULabel)
    yield ln.ULabel
    _clear(ln.ULabel)


@pytest.fixture
def said(ln, capsys):
    """Output since the last call, with everything important shown."""
    ln.settings.verbosity = "hint"
    yield lambda: capsys.readouterr().out
    ln.settings.verbosity = "error"


@pytest.fixture
def script(workplace):
    """Runs a Python script in a separate process, in a folder of the instance; returns the finished process."""

    def run(text, name="script.py", **env):
        path = workplace / name
        path.write_text(text)
        return subprocess.run(
            [sys.executable, str(path)], cwd=workplace, capture_output=True, text=True, env={**os.environ, **env}, timeout=120
        )

    return run
