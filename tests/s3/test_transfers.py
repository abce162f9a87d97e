"""Large files: sent in parts, fetched in pieces, interrupted and gone on with."""
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest
from proxy import Proxy

MEGABYTE = 1 << 20


@pytest.fixture
def proxied(shell, bucket, tmp_path):
    """An instance behind a proxy, with an artifact of 40 MiB."""
    with Proxy(bucket.endpoint, lambda method, number: None) as proxy:
        shell("init", "--storage", f"s3://{bucket.place}?endpoint_url={proxy.url}", "--db", f"sqlite://{tmp_path}/a.db", "--name", "large")
        (shell.folder / "large.bin").write_bytes(os.urandom(40 * MEGABYTE))
        yield proxy


def test_a_download_goes_on_where_it_ended(proxied, shell, python):
    shell("save", "large.bin", "--key", "large.bin")
    seen = []

    def breaks(method, number):  # at the fifth piece, which is asked for when one of the four before it has arrived
        seen.append(method)
        return "reset" if method == "GET" and seen.count("GET") > 5 else None

    proxied.fault = breaks
    python("""
        try:
            ln.Artifact.get(key="large.bin").cache()
        except ln.errors.Unavailable as e:
            assert "cannot be reached" in str(e)
        else:
            raise AssertionError
    """, AWS_MAX_ATTEMPTS="1")
    seen.clear()
    proxied.fault = lambda method, number: seen.append(method)
    python("""assert ln.Artifact.get(key="large.bin").cache().read_bytes() == open("large.bin", "rb").read()""")
    assert seen.count("GET") <= 5, seen  # to open it, and the pieces that were missing: not all five
    cache = os.path.join(os.environ["XDG_CACHE_HOME"], "lamindb")
    assert not [name for name in os.listdir(cache) if name.startswith(".new-")]


def interrupted(text, shell):
    """Sends Ctrl-C once the program says that it is about to be slow; returns what it says then."""
    program = "import lamindb as ln\n" + textwrap.dedent(text)
    process = subprocess.Popen([sys.executable, "-W", "ignore", "-c", program], cwd=shell.folder, stdout=subprocess.PIPE,
                               stderr=subprocess.STDOUT, text=True)
    while process.stdout.readline().strip() != "ready":
        assert process.poll() is None
    time.sleep(1)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[0]
    assert time.monotonic() - began < 15
    return said


def test_ctrl_c_ends_an_upload_and_leaves_nothing(proxied, shell, bucket):
    proxied.fault = lambda method, number: "stall" if method == "PUT" else None
    said = interrupted("""
        artifact = ln.Artifact("large.bin", key="large.bin")
        print("ready", flush=True)
        try:
            artifact.save()
        except KeyboardInterrupt:
            print("interrupted")
    """, shell)
    assert "interrupted" in said, said
    proxied.fault = lambda method, number: None
    shell("gc")
    assert bucket.keys() == [".lamindb/storage_uid.txt"]
    assert "large.bin" not in shell("list", "artifact")


def test_a_program_that_is_killed_leaves_no_parts(proxied, shell, bucket, lamin):
    process = subprocess.Popen([lamin, "save", "large.bin", "--key", "large.bin"], cwd=shell.folder, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    puts = []
    proxied.fault = lambda method, number: puts.append(method) or ("stall" if method == "PUT" and puts.count("PUT") > 2 else None)
    time.sleep(2)
    process.kill()
    process.wait()
    proxied.fault = lambda method, number: None
    shell("gc")
    assert bucket.keys() == [".lamindb/storage_uid.txt"]
    folder, _, prefix = bucket.place.partition("/")
    unfinished = bucket.files.call_s3("list_multipart_uploads", Bucket=folder, Prefix=prefix).get("Uploads", [])
    assert unfinished == []
