"""What a faulty network does to a store: the whole contract still holds, or there is a clear error; never wrong bytes."""
import os
import subprocess
from pathlib import Path

import pytest
from proxy import Proxy, every, sometimes

UNAVAILABLE = 11
ROOT = Path(__file__).resolve().parents[2]
SUITE = ROOT / "build" / "release" / "bin" / "s3test_store"

FAULTS = {
    "errors of the server": sometimes("503", 0.1),
    "connections that are reset": sometimes("reset", 0.1),
    "answers that are lost": sometimes("lost", 0.1),
    "answers that end early": sometimes("short", 0.15, ("GET",)),
    "answers that stop in the middle": every(40, "hang", ("GET",)),
    "answers that come drop by drop": sometimes("drip", 0.1, ("GET",)),
    "answers that are cut, and well-formed": sometimes("cut", 0.15, ("GET",)),
    "wrong tags of what was written": sometimes("etag", 0.5, ("PUT",)),
    "bytes that change on their way": sometimes("garble", 0.3, ("PUT",)),
    "a server that knows no checksums": lambda method, number: "no checksums",
    "a server that stalls": sometimes("stall", 0.01),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_the_contract_holds(kind, bucket):
    with Proxy(bucket.endpoint, FAULTS[kind]) as proxy:
        place = f"s3://{bucket.place}?endpoint_url={proxy.url}"
        done = subprocess.run([SUITE, "--gtest_filter=S3*", "--gtest_brief=1"], capture_output=True, text=True, timeout=300,
                              env={**os.environ, "LAMIN_TEST_S3": place, "LAMIN_STALL_SECONDS": "1", "AWS_MAX_ATTEMPTS": "12"})
        assert done.returncode == 0, done.stdout[-4000:]
        assert proxy.faults > 3


def test_a_server_that_never_recovers_is_named(shell, bucket, tmp_path):
    with Proxy(bucket.endpoint, lambda method, number: "503") as proxy:
        os.environ["AWS_MAX_ATTEMPTS"] = "3"
        try:
            said = shell("init", "--storage", f"s3://{bucket.place}?endpoint_url={proxy.url}", "--db",
                         f"sqlite://{tmp_path}/a.db", "--name", "never", status=UNAVAILABLE)
        finally:
            del os.environ["AWS_MAX_ATTEMPTS"]
    assert "SlowDown" in said and "3 attempts" in said


def test_damaged_bytes_never_reach_the_user(shell, python, bucket, tmp_path):
    (shell.folder / "x.bin").write_bytes(os.urandom(200_000))
    with Proxy(bucket.endpoint, lambda method, number: None) as proxy:
        shell("init", "--storage", f"s3://{bucket.place}?endpoint_url={proxy.url}", "--db", f"sqlite://{tmp_path}/a.db", "--name", "flips")
        shell("save", "x.bin", "--key", "x.bin")
        proxy.fault = lambda method, number: "flip" if method == "GET" else None
        python("""
            try:
                ln.Artifact.get(key="x.bin").cache()
            except ln.errors.CorruptData as e:
                assert "is not what was saved" in str(e)
            else:
                raise AssertionError("wrong bytes were handed out")
        """)
        proxy.fault = lambda method, number: None
        python("""assert ln.Artifact.get(key="x.bin").cache().read_bytes() == open("x.bin", "rb").read()""")
