"""Views of Vitessce."""

import json

import anndata
import numpy
import pytest


@pytest.fixture
def cells(ln, tmp_path):
    """Makes artifacts with cells."""

    def make(name):
        adata = anndata.AnnData(numpy.full((2, 2), len(name), dtype="float32"))
        adata.obsm["X_umap"] = numpy.zeros((2, 2), dtype="float32")
        adata.uns["name"] = name
        adata.write_zarr(tmp_path / f"{name}.zarr")
        return ln.Artifact(tmp_path / f"{name}.zarr", key=f"vitessce/{name}.zarr").save()

    return make


def view_of(*artifacts):
    from vitessce import AnnDataWrapper, VitessceConfig

    config = VitessceConfig(schema_version="1.0.16", name="cells")
    for artifact in artifacts:
        wrapper = AnnDataWrapper(adata_artifact=artifact, obs_embedding_paths=["obsm/X_umap"], obs_embedding_names=["UMAP"])
        config.add_dataset(name=artifact.key).add_object(wrapper)
    return config


def test_a_view_of_one_dataset(ln, cells):
    dataset = cells("kidney")
    view = ln.integrations.save_vitessce_config(view_of(dataset), key="views/kidney.vitessce.json", description="kidney")
    assert view.suffix == ".vitessce.json" and view.kind == "__lamindb_config__"
    assert view in dataset._actions.all()
    assert view.transform.uid == "kup03MJBsIVa0002" and view.run.input_artifacts.one() == dataset
    assert view.run.status == "completed" and view.run.finished_at is not None
    assert dataset.path.to_url() in json.dumps(json.loads(view.cache().read_text()))
    assert dataset in view.upstream().artifacts


def test_a_view_of_several_datasets_makes_a_collection(ln, cells):
    datasets = [cells("liver"), cells("lung")]
    view = ln.integrations.save_vitessce_config(view_of(*datasets), description="organs")
    collection = ln.Collection.get(key="organs")
    assert set(collection.artifacts.all()) == set(datasets)
    assert collection._actions.one() == view
    again = ln.integrations.save_vitessce_config(view_of(*datasets), description="organs")
    assert again.transform == view.transform


def test_what_is_no_view(ln):
    from vitessce import VitessceConfig

    with pytest.raises(TypeError, match="not a dict"):
        ln.integrations.save_vitessce_config({})
    with pytest.raises(ln.errors.InvalidArgument, match="shows no artifacts"):
        ln.integrations.save_vitessce_config(VitessceConfig(schema_version="1.0.16"))
