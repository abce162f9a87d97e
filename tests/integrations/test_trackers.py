"""Runs of MLflow and of Weights & Biases, found by their ids."""


def test_mlflow(ln, run, tmp_path, monkeypatch):
    import mlflow

    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")  # a database needs packages that a test does not

    ln.examples.mlflow.save_mlflow_features()
    ln.examples.mlflow.save_mlflow_features()  # again changes nothing
    mlflow.set_tracking_uri(f"file://{tmp_path}/mlruns")
    mlflow.set_experiment("lines")
    with mlflow.start_run(run_name="first") as theirs:
        mlflow.log_metric("loss", 0.5)
    info = mlflow.get_run(theirs.info.run_id).info
    run.features.add_values({
        "mlflow_run_id": info.run_id, "mlflow_run_name": info.run_name, "mlflow_experiment_id": info.experiment_id,
        "mlflow_experiment_name": "lines", "mlflow_user_id": info.user_id, "mlflow_status": info.status,
        "mlflow_lifecycle_stage": info.lifecycle_stage, "mlflow_artifact_uri": info.artifact_uri, "mlflow_start_time": info.start_time,
        "mlflow_end_time": info.end_time,
    })  # fmt: skip
    assert ln.Run.filter(mlflow_run_id=info.run_id).one() == run
    assert ln.Feature.filter(type__name="MLflow").count() == 10
    assert run.features.get_values()["mlflow_start_time"] == info.start_time


def test_wandb(ln, run, tmp_path):
    import wandb

    ln.examples.wandb.save_wandb_features()
    with wandb.init(project="lines", name="first", mode="offline", dir=tmp_path, tags=["cpu"], group="g", job_type="train") as theirs:
        theirs.log({"loss": 0.5})
        values = {
            "wandb_run_id": theirs.id, "wandb_run_name": theirs.name, "wandb_project": theirs.project, "wandb_group": theirs.group,
            "wandb_job_type": theirs.job_type, "wandb_tags": ",".join(theirs.tags), "wandb_state": "finished",
            "wandb_timestamp": float(theirs.start_time),
        }  # fmt: skip
    run.features.add_values(values)
    assert ln.Run.filter(wandb_run_id=values["wandb_run_id"]).one() == run
    assert ln.Feature.filter(type__name="Weights & Biases").count() == 11
