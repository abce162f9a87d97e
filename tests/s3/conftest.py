"""A folder of its own in a real S3 server, and instances whose storage it is."""
import os
import subprocess
import sys
import textwrap
import uuid

import pytest


class Bucket:
    """What lies below a root, seen by another program than ours."""

    def __init__(self, root: str):
        import s3fs

        self.root = root
        self.place, _, query = root.removeprefix("s3://").partition("?")
        self.endpoint = query.removeprefix("endpoint_url=")
        self.files = s3fs.S3FileSystem(endpoint_url=self.endpoint, use_listings_cache=False, skip_instance_cache=True)

    def at(self, key: str) -> str:
        return f"{self.place}/{key}"

    def uri(self, key: str) -> str:
        """The root of a folder in it, as a user writes it."""
        return f"s3://{self.place}/{key}?endpoint_url={self.endpoint}"

    def keys(self, folder: str = "") -> list[str]:
        self.files.invalidate_cache()
        return sorted(key.removeprefix(self.place + "/") for key in self.files.find(f"{self.place}/{folder}".rstrip("/")))

    def read(self, key: str) -> bytes:
        return self.files.cat_file(self.at(key))

    def write(self, key: str, content: bytes) -> None:
        self.files.pipe_file(self.at(key), content)

    def remove(self, key: str) -> None:
        self.files.rm_file(self.at(key))


@pytest.fixture
def bucket() -> Bucket:
    place = os.environ.get("LAMIN_TEST_S3")
    assert place, "LAMIN_TEST_S3 is not set: ./dev test s3 sets it, or ./dev services run --with s3 CMD"
    root, _, query = place.partition("?")
    return Bucket(f"{root}/{uuid.uuid4().hex[:12]}?{query}")


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path) -> str:
    """A database that is not in the bucket."""
    return f"sqlite://{tmp_path}/lamin.db" if request.param == "sqlite" else request.getfixturevalue("postgres")


@pytest.fixture
def shell(lamin, home, tmp_path):
    """Runs the native program in a folder of its own; returns what it printed."""
    folder = tmp_path / "work"
    folder.mkdir()

    def run(*words, status=0):
        done = subprocess.run([lamin, *map(str, words)], cwd=folder, capture_output=True, text=True, timeout=120)
        assert done.returncode == status, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    run.folder = folder
    return run


@pytest.fixture
def python(shell):
    """Runs Python statements with `ln` imported, in the folder of the shell."""

    def run(text, status=0, **env):
        program = "import lamindb as ln\n" + textwrap.dedent(text)
        done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], cwd=shell.folder, capture_output=True, text=True,
                              timeout=180, env={**os.environ, **env})
        assert done.returncode == status, f"{done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    return run


@pytest.fixture
def instance(shell, bucket, url):
    """A new instance in the bucket."""
    shell("init", "--storage", bucket.root, "--db", url, "--name", "stored")
    return bucket
