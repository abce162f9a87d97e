"""Checkpoints of a real training."""

import pytest
import torch
from lightning.pytorch import LightningDataModule, LightningModule, Trainer
from lightning.pytorch.cli import LightningCLI
from lightning.pytorch.loggers import CSVLogger
from torch.utils.data import DataLoader, TensorDataset


class Line(LightningModule):
    """A line through points. Its loss falls in each epoch, unless `worse` says it grows."""

    def __init__(self, rate: float = 0.05, worse: bool = False):
        super().__init__()
        self.save_hyperparameters()
        self.layer = torch.nn.Linear(1, 1)

    def training_step(self, batch, _):
        x, y = batch
        return torch.nn.functional.mse_loss(self.layer(x), y)

    def on_train_epoch_end(self):
        self.log("val_loss", float(self.current_epoch if self.hparams.worse else -self.current_epoch))

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=self.hparams.rate)


class Points(LightningDataModule):
    def train_dataloader(self):
        x = torch.arange(8.0).reshape(-1, 1)
        return DataLoader(TensorDataset(x, 2 * x), batch_size=4)


@pytest.fixture
def lightning(ln):
    from lamindb.integrations import lightning

    lightning.save_lightning_features()
    return lightning


def trained(callback, tmp_path, epochs=3, model=None, **given):
    given.setdefault("logger", CSVLogger(tmp_path / "logs", name="line"))
    trainer = Trainer(
        max_epochs=epochs, callbacks=[callback], accelerator="cpu", enable_progress_bar=False, enable_model_summary=False,
        log_every_n_steps=1, default_root_dir=tmp_path, **given,
    )  # fmt: skip
    trainer.fit(model or Line(), Points())
    return trainer


def values(artifact):
    return {name: artifact.features.get_values()[name] for name in ("is_best_model", "is_last_model", "score", "model_rank")}


def test_checkpoints_are_artifacts_that_say_how_good_they_are(ln, lightning, run, tmp_path):
    ln.Feature(name="rate", dtype=float).save()
    callback = lightning.Checkpoint(monitor="val_loss", save_top_k=3)
    trained(callback, tmp_path)
    assert callback.checkpoint_key_prefix == f"logs/line/{run.uid}/checkpoints"
    saved = ln.Artifact.filter(key__startswith=callback.checkpoint_key_prefix, kind="model").order_by("id").to_list()
    assert [values(artifact) for artifact in saved] == [
        {"is_best_model": last, "is_last_model": last, "score": -float(epoch), "model_rank": 2 - epoch}
        for epoch, last in enumerate((False, False, True))
    ]
    assert all(artifact.run == run for artifact in saved)
    assert torch.load(saved[-1].cache(), weights_only=False)["epoch"] == 2
    told = run.features.get_values()
    assert told["max_epochs"] == 3 and told["monitor"] == "val_loss" and told["logger_name"] == "line" and told["rate"] == 0.05
    hparams = ln.Artifact.get(key=f"{callback.checkpoint_key_prefix}/hparams.yaml")
    assert hparams.run == run and "rate: 0.05" in hparams.cache().read_text()
    assert callback.last_checkpoint_artifact == saved[-1] and callback.last_hparams_artifact == hparams


def test_the_worst_are_removed_and_observers_hear_of_it(ln, lightning, tmp_path):
    class Observer:
        def __init__(self):
            self.saved, self.removed = [], []

        def on_artifact_saved(self, event):
            assert event.storage_uri == str(event.artifact.path)
            self.saved.append((event.kind, event.local_path.name))

        def on_artifact_removed(self, event):
            assert event.artifact.key == event.key
            self.removed.append(event.local_path.name)

    observer = Observer()
    callback = lightning.Checkpoint(dirpath=str(tmp_path / "models"), monitor="val_loss", artifact_observers=[observer])
    trained(callback, tmp_path, logger=False)
    assert [name for kind, name in observer.saved if kind == "checkpoint"] == [f"epoch={i}-step={2 * i + 2}.ckpt" for i in range(3)]
    assert observer.removed == ["epoch=0-step=2.ckpt", "epoch=1-step=4.ckpt"]
    left = ln.Artifact.filter(key__startswith=callback.checkpoint_key_prefix).one()
    assert left.key.endswith("/checkpoints/epoch=2-step=6.ckpt") and left.key.startswith(str(tmp_path / "models")[1:])
    assert values(left)["model_rank"] == 0 and type(callback.last_artifact_event) is lightning.ArtifactRemovedEvent


def test_the_first_stays_best_if_it_gets_worse(ln, lightning, run, tmp_path):
    callback = lightning.Checkpoint(monitor="val_loss", save_top_k=2)
    trained(callback, tmp_path, epochs=2, model=Line(worse=True))
    first, second = ln.Artifact.filter(key__startswith=callback.checkpoint_key_prefix, kind="model").order_by("id")
    assert values(first) == {"is_best_model": True, "is_last_model": False, "score": 0.0, "model_rank": 0}
    assert values(second) == {"is_best_model": False, "is_last_model": True, "score": 1.0, "model_rank": 1}


def test_features_that_a_user_names(ln, lightning, run, tmp_path):
    with pytest.raises(ValueError, match="Feature lab missing. Create it first."):
        trained(lightning.Checkpoint(features={"run": {"lab": "ours"}}), tmp_path, epochs=1)
    with pytest.raises(ValueError, match="other"):
        lightning.Checkpoint(features={"other": {}})
    for name, dtype in (("lab", str), ("val_loss", float), ("current_epoch", int)):
        ln.Feature(name=name, dtype=dtype).save()
    callback = lightning.Checkpoint(
        monitor="val_loss", features={"run": {"lab": "ours"}, "artifact": {"val_loss": None, "current_epoch": None}}
    )
    trained(callback, tmp_path, epochs=2)
    assert run.features.get_values()["lab"] == "ours"
    told = callback.last_checkpoint_artifact.features.get_values()
    assert told["val_loss"] == -1.0 and told["current_epoch"] == 1


def test_the_configuration_is_an_input(ln, lightning, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    callback = lightning.Checkpoint(monitor="val_loss")
    LightningCLI(
        Line, Points, save_config_callback=lightning.SaveConfigCallback,
        trainer_defaults={"max_epochs": 1, "callbacks": [callback], "accelerator": "cpu", "enable_progress_bar": False,
                          "logger": {"class_path": "CSVLogger", "init_args": {"save_dir": "logs", "name": "line"}}},
        args=["fit"],
    )  # fmt: skip
    config = ln.Artifact.get(key=f"logs/line/{run.uid}/config.yaml")
    assert config.run is None and config in run.input_artifacts.all() and config.kind == "config"
    assert "rate: 0.05" in config.cache().read_text()
    assert callback.last_config_artifact == config


def test_the_former_callback(ln, lightning, tmp_path):
    ln.Feature(name="current_epoch", dtype=int).save()
    with pytest.warns(DeprecationWarning, match="Checkpoint"):
        callback = lightning.Callback(tmp_path / "model.ckpt", key="former/model.ckpt", features={"current_epoch": None})
    trained(callback, tmp_path, epochs=2)
    versions = ln.Artifact.get(key="former/model.ckpt").versions
    assert versions.count() == 2 and versions.order_by("uid").last().features.get_values()["current_epoch"] == 1
