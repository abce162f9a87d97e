"""One instance for the tests with real libraries of others, in an environment that has them."""

import os

import pytest


@pytest.fixture(scope="session")
def ln(tmp_path_factory):
    folder = tmp_path_factory.mktemp("integrations")
    for name in [name for name in os.environ if name.startswith("LAMIN_") and not name.startswith("LAMIN_TEST_")]:
        del os.environ[name]
    for name in ("home", "settings", "cache"):
        (folder / name).mkdir()
    os.environ.update(HOME=str(folder / "home"), LAMIN_SETTINGS_DIR=str(folder / "settings"), LAMIN_CACHE_DIR=str(folder / "cache"))
    os.environ["LAMIN_OFFLINE"] = "1"
    os.chdir(folder)
    import lamindb

    lamindb.setup.init(storage=str(folder / "storage"), name="integrations", modules="bionty,pertdb")
    lamindb.settings.verbosity = "error"
    return lamindb


@pytest.fixture
def run(ln):
    """A tracked run."""
    ln.track(ln.Transform(key="training").save())
    yield ln.context.run
    ln.finish()
