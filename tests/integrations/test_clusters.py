"""The same work on many artifacts on a Dask cluster of several processes and on a Ray head, both real."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import pytest


def lost_once(artifact, flag):
    """Ends its worker the first time."""
    try:
        os.close(os.open(flag, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return os.getpid()
    os._exit(9)


@pytest.fixture(scope="module")
def several(ln):
    import pandas as pd

    os.environ["PYTHONPATH"] = os.pathsep.join([os.path.dirname(__file__), *filter(None, sys.path)])  # of the workers
    for i in range(12):
        ln.Artifact.from_dataframe(pd.DataFrame({"n": [i], "w": ["x"]}), key=f"cluster/t{i:02}.csv").save()
    return ln.Artifact.filter(key__startswith="cluster/t", suffix=".csv").order_by("key")


@pytest.fixture(scope="module")
def dask(several):
    from distributed import LocalCluster

    with LocalCluster(n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        yield cluster.scheduler_address.replace("tcp://", "dask://")


def _free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@pytest.fixture(scope="module")
def ray(several):
    """A head with two cores, which a driver elsewhere reaches at the port of its clients."""
    import ray

    port, folder = _free_port(), tempfile.mkdtemp(prefix="ray", dir="/tmp")  # short: sockets are in it
    call = [sys.executable, "-m", "ray.scripts.scripts"]
    start = ["start", "--head", f"--port={_free_port()}", f"--ray-client-server-port={port}", "--num-cpus=2", "--include-dashboard=false"]
    subprocess.run([*call, *start, "--disable-usage-stats", f"--temp-dir={folder}"], check=True, capture_output=True, timeout=180)
    yield f"ray://127.0.0.1:{port}"
    ray.shutdown()
    subprocess.run([*call, "stop"], capture_output=True, timeout=120)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("kind", ["dask", "ray"])
def test_work_on_a_cluster(ln, several, kind, request, tmp_path):
    executor = request.getfixturevalue(kind)
    uids = [artifact.uid for artifact in several]
    for _ in range(2):  # the same call twice is harmless
        assert list(several.each("verify", executor=executor).items()) == [(uid, "sound") for uid in uids]
        done = several.each("convert", to=".parquet", executor=executor)
        made = ln.Artifact.filter(key__startswith="cluster/t", suffix=".parquet")
        assert {artifact.uid for artifact in made} == set(done.values()) and len(made) == len(uids)
    assert len(set(several.each(lost_once, executor=executor, flag=str(tmp_path / "lost")).values())) >= 1
    assert os.path.exists(tmp_path / "lost")


def test_the_setting_says_where(ln, several, dask):
    ln.settings.executor = dask
    try:
        assert len(several.each("cache")) == 12
    finally:
        ln.settings.executor = None


def test_no_cluster_is_an_error(ln, several):
    from lamindb.errors import Unavailable

    before = time.monotonic()
    with pytest.raises(Unavailable, match="No Dask scheduler answers at 127.0.0.1:1"):
        several.each("cache", executor="dask://127.0.0.1:1")
    assert time.monotonic() - before < 30
