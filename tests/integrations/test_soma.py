"""TileDB-SOMA stores as artifacts: written, opened, changed as new versions, appended to."""

import anndata
import numpy as np
import pandas as pd
import pytest
import tiledbsoma as soma
from tiledbsoma import io


def cells():
    obs = pd.DataFrame({"cell_type": pd.Categorical(list("abab"))}, index=[f"c{i}" for i in range(4)])
    return anndata.AnnData(np.arange(12, dtype="f4").reshape(4, 3) + 1, obs=obs, var=pd.DataFrame(index=list("xyz")))


def runs_of(artifact):
    with artifact.open() as store:
        return set(store.obs.read(column_names=["lamin_run_uid"]).concat().to_pandas()["lamin_run_uid"])


def test_a_store_is_written_changed_and_appended_to(ln, tmp_path):
    save = ln.integrations.save_tiledbsoma_experiment
    transform = ln.Transform(key="soma").save()
    first, second = ln.Run(transform).save(), ln.Run(transform).save()
    with pytest.raises(ValueError, match="view"):
        save([cells()[:2]], run=first)
    with pytest.raises(ValueError, match="Pass `run`"):
        save([cells()])
    cells().write_h5ad(tmp_path / "soma.h5ad")
    artifact = save([tmp_path / "soma.h5ad"], key="soma/cells.tiledbsoma", description="cells", run=first)
    assert (artifact.suffix, artifact.otype, artifact.n_observations) == (".tiledbsoma", "tiledbsoma", 4) and artifact.run == first
    with artifact.open() as store:
        assert isinstance(store, soma.Experiment) and len(store.obs) == 4
        matrix = store.ms["RNA"]["X"]["data"].read().coos((4, 3)).concat().to_scipy()
        assert matrix.sum() == cells().X.sum()
    before = artifact.hash
    with artifact.open(mode="w") as store:
        io.add_matrix_to_collection(exp=store, measurement_name="RNA", collection_name="obsm", matrix_name="more", matrix_data=np.ones((4, 2)))
    assert artifact.uid.endswith("0001") and artifact.hash != before and (artifact.otype, artifact.n_observations) == ("tiledbsoma", 4)
    with pytest.raises(RuntimeError), artifact.open(mode="w"):
        raise RuntimeError
    assert artifact.uid.endswith("0001"), "what fails half-way is no version"
    more = cells()
    more.obs["obs_id"], more.var["var_id"] = more.obs.index + "***", more.var.index
    longer = save([more], revises=artifact, run=second, append_obsm_varm=True)
    assert longer.uid.endswith("0002") and longer.n_observations == 8 and longer.key == "soma/cells.tiledbsoma"
    assert runs_of(longer) == {first.uid, second.uid}
    with pytest.raises(ValueError, match="only with 'r' or 'w'"):
        longer.open(mode="r+")
    for version in longer.versions:
        version.delete(permanent=True)
