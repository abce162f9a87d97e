"""Every request to the store fails once, before or after it was carried out, or the program is killed there; afterwards
`lamin gc` leaves rows and bytes that belong together, and nothing else. Without --long, a sample of the requests."""
import os
import signal
import sqlite3
import subprocess
import sys
import uuid

import pytest
from proxy import KINDS, Proxy, points


class World:
    """An instance behind a proxy, and what must be true of it."""

    def __init__(self, lamin, bucket, proxy, folder):
        self.lamin, self.bucket, self.proxy, self.folder = lamin, bucket, proxy, folder
        self.root = f"s3://{bucket.place}?endpoint_url={proxy.url}"
        self.database = folder / "lamin.db"
        self.process = None
        assert self.run("init", "--storage", self.root, "--db", f"sqlite://{self.database}", "--name", f"f{uuid.uuid4().hex[:8]}") == 0, self.said

    def run(self, *words, attempts=8) -> int:
        program = [] if words[0] == sys.executable else [self.lamin]
        self.process = subprocess.Popen([*program, *map(str, words)], cwd=self.folder, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True, env={**os.environ, "AWS_MAX_ATTEMPTS": str(attempts)})
        self.said = self.process.communicate(timeout=60)[0]
        return self.process.returncode

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    def rows(self):
        with sqlite3.connect(self.database) as db:
            return db.execute("SELECT uid, suffix, _overwrite_versions, key, _key_is_virtual, _real_key FROM lamindb_artifact").fetchall()

    def places(self):
        """Where the rows say that their bytes are: of a folder the folder."""
        return {real or (key if key is not None and not virtual else f".lamindb/{uid[:16] if shared else uid}{suffix}")
                for uid, suffix, shared, key, virtual, real in self.rows()}

    def check(self, what):
        assert self.run("gc") == 0, (what, self.said)
        assert self.run("fsck", "--full") == 0, (what, self.said)
        with sqlite3.connect(self.database) as db:
            assert db.execute("SELECT count(*) FROM lamin_intent").fetchone() == (0,), what
        places, keys = self.places(), set(self.bucket.keys()) - {".lamindb/storage_uid.txt", "plates/p1.csv"}
        of_none = {key for key in keys if not any(key == place or key.startswith(place + "/") for place in places)}
        missing = {place for place in places if not any(key == place or key.startswith(place + "/") for key in keys)}
        assert not of_none and not missing - {"plates/p1.csv"}, (what, of_none, missing)
        copy = self.folder / "out.csv"
        assert not copy.exists() or copy.read_text() == "a\n1\n", what


def save(world):
    world.write("x.csv", "a\n1\n")
    return ("save", "x.csv", "--key", "x.csv")


def save_a_version(world):
    world.write("x.csv", "a\n1\n")
    assert world.run("save", "x.csv", "--key", "x.csv") == 0
    world.write("x.csv", "a\n2\n")
    return ("save", "x.csv", "--key", "x.csv")


def save_a_folder(world):
    world.write("d.zarr/a/0", "zero")
    world.write("d.zarr/.zattrs", "{}")
    return ("save", "d.zarr", "--key", "d.zarr")


def replace_a_folder(world):
    assert world.run(*save_a_folder(world)) == 0, world.said
    world.write("d.zarr/a/1", "one")
    (world.folder / "d.zarr/a/0").unlink()
    return ("save", "d.zarr", "--key", "d.zarr")


def delete(world):
    assert world.run(*save(world)) == 0
    return ("delete", "artifact", "--key", "x.csv", "--permanent")


def delete_a_folder(world):
    assert world.run(*save_a_folder(world)) == 0, world.said
    return ("delete", "artifact", "--key", "d.zarr", "--permanent")


def save_many(world):
    for name in ("x.csv", "y.csv", "z.csv"):
        world.write(name, "a\n1\n" if name == "x.csv" else f"{name}\n")
    world.write("d.zarr/.zattrs", "{}")
    return ("save", "x.csv", "y.csv", "z.csv", "d.zarr")


def python(text):
    """A program that does it by Python."""
    return (sys.executable, "-W", "ignore", "-c", f"import lamindb as ln\n{text}")


def save_at_a_real_key(world):
    world.write("x.csv", "a\n1\n")
    return python("""ln.Artifact("x.csv", key="real/x.csv", key_is_virtual=False).save()""")


def save_a_version_at_a_real_key(world):
    assert world.run(*save_at_a_real_key(world)) == 0, world.said
    world.write("x.csv", "a\n2\n")
    return python("""ln.Artifact("x.csv", key="real/x.csv", key_is_virtual=False).save()""")


def move(world):
    assert world.run(*save_at_a_real_key(world)) == 0, world.said
    return python("""
artifact = ln.Artifact.filter(key__endswith="x.csv").one()
artifact.key = "moved/x.csv"
artifact.save()
""")


def replace(world):
    assert world.run(*save(world)) == 0, world.said
    world.write("y.csv", "a\n3\n")
    return python("""
artifact = ln.Artifact.get(key="x.csv")
artifact.replace("y.csv")
artifact.save()
""")


def register_where_it_is(world):
    world.bucket.write("plates/p1.csv", b"a\n1\n")
    return python("""ln.Artifact(ln.settings.storage.root / "plates" / "p1.csv").save()""")


def copy_out(world):
    assert world.run(*save(world)) == 0, world.said
    return ("cp", "x.csv", "out.csv")


OPERATIONS = [save, save_a_version, save_a_folder, save_many, replace_a_folder, delete, delete_a_folder, save_at_a_real_key, save_a_version_at_a_real_key, move, replace,
              register_where_it_is, copy_out]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.__name__)
@pytest.mark.parametrize("kind", KINDS)
def test_each_request(operation, kind, lamin, home, bucket, tmp_path):
    count = requests_of(operation, lamin, bucket, tmp_path)
    for number in points(count, kind):
        folder = tmp_path / str(number)
        folder.mkdir()
        own = type(bucket)(f"s3://{bucket.place}/{number}?endpoint_url={bucket.endpoint}")
        with Proxy(bucket.endpoint, lambda method, n: None) as proxy:
            world = World(lamin, own, proxy, folder)
            words = operation(world)
            proxy.strike(number, kind, lambda world=world: os.kill(world.process.pid, signal.SIGKILL))
            status = world.run(*words, attempts=1)
            proxy.strike(0, None, None)
            assert status != 0 or kind != "kill before", (number, world.said)
            world.check((operation.__name__, kind, number))
            assert world.run(*words) == 0 or operation in (delete, delete_a_folder, copy_out), world.said  # again, and it is right
            world.check((operation.__name__, kind, number, "again"))


def requests_of(operation, lamin, bucket, tmp_path) -> int:
    """How many requests it takes without faults."""
    folder = tmp_path / "count"
    folder.mkdir()
    own = type(bucket)(f"s3://{bucket.place}/count?endpoint_url={bucket.endpoint}")
    with Proxy(bucket.endpoint, lambda method, number: None) as proxy:
        world = World(lamin, own, proxy, folder)
        words = operation(world)
        before = proxy.requests
        assert world.run(*words) == 0, world.said
        return proxy.requests - before


def test_many_writers_of_one_key(lamin, home, bucket, tmp_path):
    with Proxy(bucket.endpoint, lambda method, number: None) as proxy:
        world = World(lamin, bucket, proxy, tmp_path)
        writers = []
        for i in range(8):
            world.write(f"{i}/x.csv", f"a\n{i}\n")
            writers.append(subprocess.Popen([lamin, "save", f"{i}/x.csv", "--key", "x.csv"], cwd=tmp_path, stdout=subprocess.PIPE,
                                            stderr=subprocess.STDOUT, text=True))
        for writer in writers:
            said = writer.communicate(timeout=120)[0]
            assert writer.returncode == 0, said
        assert len(world.rows()) == 8
        with sqlite3.connect(world.database) as db:
            assert db.execute("SELECT count(*) FROM lamindb_artifact WHERE is_latest").fetchone() == (1,)
        world.check("many writers")
