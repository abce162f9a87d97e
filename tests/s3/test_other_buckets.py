"""The main verbs on Google Cloud Storage and Azure; with --long, when their servers run."""
import os
import uuid

import pytest

PLACES = [os.environ[name] for name in ("LAMIN_TEST_GCS", "LAMIN_TEST_AZURE") if name in os.environ]

if PLACES:

    @pytest.mark.parametrize("place", PLACES)
    def test_save_version_load_check_delete(place, shell, python, tmp_path):
        root = f"{place}/{uuid.uuid4().hex[:12]}"
        shell("init", "--storage", root, "--db", f"sqlite://{tmp_path}/a.db", "--name", "other")
        (shell.folder / "x.csv").write_text("a\n1\n")
        shell("save", "x.csv", "--key", "x.csv")
        (shell.folder / "d.zarr" / "a").mkdir(parents=True)
        (shell.folder / "d.zarr" / "a" / "0").write_text("0")
        shell("save", "d.zarr", "--key", "d.zarr")
        (shell.folder / "d.zarr" / "a" / "1").write_text("1")
        shell("save", "d.zarr", "--key", "d.zarr")
        python("""
            assert sorted(p.name for p in (ln.Artifact.get(key="d.zarr").cache() / "a").iterdir()) == ["0", "1"]
            assert ln.Artifact.get(key="x.csv").load()["a"].tolist() == [1]
        """)
        shell("fsck", "--full")
        shell("delete", "--key", "x.csv", "--permanent")
        shell("gc")
        shell("fsck", "--full")
