"""A SQLite instance whose database lies in the bucket: two machines, their lock, what is lost when (nothing)."""
import os
import shutil
import signal
import sqlite3
import time
from contextlib import closing

import pytest
from person import Person
from proxy import KINDS, Proxy, points

CONFLICT = 7
LONG = "LAMIN_TEST_LONG" in os.environ
DATABASE = ".lamindb/lamin.db"


@pytest.fixture
def ada(lamin, home, tmp_path):
    return Person(lamin, tmp_path / "ada")


@pytest.fixture
def bob(lamin, home, tmp_path):
    return Person(lamin, tmp_path / "bob")


@pytest.fixture
def shared(ada, bob, bucket):
    """An instance that both are connected to."""
    ada.run("init", "--storage", bucket.root, "--name", "shared")
    bob.run("connect", bucket.root)
    return bucket


def lock_folder(bucket) -> str:
    (number,) = {key.split("/")[2] for key in bucket.keys(".lamindb/_exclusion")}
    return f".lamindb/_exclusion/{number}"


def is_locked(bucket) -> bool:
    return any(key.endswith("lamindb-native.lock") for key in bucket.keys(".lamindb/_exclusion"))


def rows(database) -> set[str]:
    with closing(sqlite3.connect(database)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {key for (key,) in db.execute("SELECT key FROM lamindb_artifact WHERE key IS NOT NULL")}


def rows_in(bucket, tmp_path) -> set[str]:
    (tmp_path / "seen.db").write_bytes(bucket.read(DATABASE))
    return rows(tmp_path / "seen.db")


def test_each_sees_what_the_other_saved(ada, bob, shared):
    ada.save("a.csv", "a\n1\n")
    assert bob.keys() == {"a.csv"}
    bob.save("b.csv")
    assert ada.keys() == {"a.csv", "b.csv"}
    assert ada.run("load", "--key", "b.csv") != ""
    ada.python("""
        assert ln.Artifact.get(key="a.csv").load()["a"].tolist() == [1]
        ln.ULabel(name="from python").save()
    """)
    assert "from python" in bob.run("list", "ulabel")
    assert not is_locked(shared)


def test_reading_takes_no_lock_and_writes_nothing(ada, bob, shared):
    ada.save("a.csv")
    before = {key: shared.files.info(shared.at(key))["ETag"] for key in shared.keys()}
    bob.run("list", "artifact")
    bob.run("load", "--key", "a.csv")
    bob.python("""assert ln.Artifact.filter().count() == 1""")
    assert {key: shared.files.info(shared.at(key))["ETag"] for key in shared.keys()} == before


def test_a_lock_of_lamindb_is_respected(ada, bob, shared):
    ada.save("a.csv")
    folder = lock_folder(shared)
    shared.write(f"{folder}/numbers/GhostUser", b"3")  # as LaminDB's `connect` leaves it
    shared.write(f"{folder}/entering/GhostUser", b"0")
    shared.write(f"{folder}/priorities", shared.read(f"{folder}/priorities") + b"*GhostUser")
    said = bob.save("b.csv", status=CONFLICT)
    assert "locked by LaminDB of the user 'GhostUser'" in said and "--take-over" in said
    assert bob.keys() == {"a.csv"} and not is_locked(shared)
    assert shared.read(f"{folder}/numbers/lamindb-native") == b"0"
    bob.run("sync", "--take-over")
    assert shared.read(f"{folder}/numbers/GhostUser") == b"0"
    bob.save("b.csv")
    assert ada.keys() == {"a.csv", "b.csv"}


def test_a_writer_without_respect_for_the_lock_costs_nothing(ada, bob, shared, tmp_path):
    ada.save("a.csv")
    (tmp_path / "own.db").write_bytes(shared.read(DATABASE))
    with closing(sqlite3.connect(tmp_path / "own.db")) as db:
        db.execute("UPDATE lamindb_artifact SET key = 'theirs.csv'")
        db.commit()
    bob.run("list", "artifact")
    (bob.folder / "b.csv").write_text("b")
    said = bob.python(f"""
        import s3fs
        ln.Artifact("b.csv", key="b.csv").save()
        s3fs.S3FileSystem(endpoint_url={shared.endpoint!r}).pipe_file({shared.at(DATABASE)!r}, open({str(tmp_path / "own.db")!r}, "rb").read())
        try:
            ln.setup.sync()
        except ln.errors.IntegrityError as e:
            assert "Nothing is lost" in str(e) and "--discard" in str(e)
        else:
            raise AssertionError
        import atexit
        atexit.register(print, "ended as ever")
    """, status=1)
    assert "was changed by another program" in said and "ended as ever" in said  # at the end of the program, which fails
    assert rows_in(shared, tmp_path) == {"theirs.csv"}
    assert rows(bob.copy() / "lamin.db") == {"a.csv", "b.csv"}
    assert "was changed" in bob.run("sync", status=CONFLICT)
    kept = [line for line in bob.run("sync", "--discard").splitlines() if line.endswith(".db")]
    assert rows(kept[0]) == {"a.csv", "b.csv"}
    assert bob.keys() == ada.keys() == {"theirs.csv"}
    ada.save("c.csv")
    assert bob.keys() == {"theirs.csv", "c.csv"}


def test_finish_fails_if_the_bucket_did_not_get_it(ada, shared):
    said = ada.python(f"""
        import s3fs
        ln.track(ln.Transform(key="count", kind="pipeline").save())
        s3fs.S3FileSystem(endpoint_url={shared.endpoint!r}).pipe_file({shared.at(DATABASE)!r}, b"of another program")
        try:
            ln.finish()
        except ln.errors.IntegrityError as e:
            assert "Nothing is lost" in str(e)
            print("refused")
    """, status=1)
    assert "refused" in said


def test_finish_fails_if_the_bucket_cannot_be_reached(ada, bucket):
    down = ada.folder / "down"
    (ada.folder / "a.csv").write_text("a")
    with Proxy(bucket.endpoint, lambda method, number: "reset" if down.exists() else None) as proxy:
        ada.run("init", "--storage", f"s3://{bucket.place}?endpoint_url={proxy.url}", "--name", "far")
        said = ada.python("""
            ln.track(ln.Transform(key="count", kind="pipeline").save())
            ln.Artifact("a.csv", key="a.csv").save()
            open("down", "w").close()
            try:
                ln.finish()
            except ln.errors.Unavailable:
                print("refused")
        """, status=1, AWS_MAX_ATTEMPTS="1")
        assert "refused" in said
        down.unlink()
        assert ada.keys() >= {"a.csv"}
        ada.run("sync")
        assert not is_locked(bucket)


def test_killed_before_it_is_in_the_bucket(ada, bob, lamin, bucket, tmp_path):
    """The rows were acknowledged by nobody, and yet they are not lost: the next program sends them."""
    with Proxy(bucket.endpoint, lambda method, number: None) as proxy:
        ada.run("init", "--storage", f"s3://{bucket.place}?endpoint_url={proxy.url}", "--name", "killed")
        bob.run("connect", f"s3://{bucket.place}?endpoint_url={proxy.url}")
        puts = []
        proxy.fault = lambda method, number: "stall" if is_sending(ada) and method == "PUT" and not puts.append(number) else None
        (ada.folder / "a.csv").write_text("a")
        process = ada.start("save", "a.csv", "--key", "a.csv")
        while not puts:
            assert process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        proxy.fault = lambda method, number: None
        assert rows(ada.copy() / "lamin.db") == {"a.csv"}
        assert bob.keys() == set()
        said = bob.save("b.csv", status=CONFLICT, LAMIN_LOCK_SECONDS="1")
        assert "is locked by anonymous on" in said
        assert ada.keys() == {"a.csv"}
        assert bob.keys() == {"a.csv"}
        bob.save("b.csv")
        assert ada.keys() == {"a.csv", "b.csv"} and not is_locked(bucket)


def is_sending(person) -> bool:
    return (person.copy() / "sending").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_each_request(kind, lamin, home, bucket, tmp_path):
    """Whatever a request of a save comes to: afterwards all is in the bucket, once, and nobody is locked out."""
    due = [0]  # first without a fault, to count
    while due:
        number = due.pop(0)
        place = f"{bucket.place}/{number}"
        own = type(bucket)(f"s3://{place}?endpoint_url={bucket.endpoint}")
        with Proxy(bucket.endpoint, lambda method, n: None) as proxy:
            ada = Person(lamin, tmp_path / f"ada{number}")
            ada.run("init", "--storage", f"s3://{place}?endpoint_url={proxy.url}", "--name", "each")
            (ada.folder / "a.csv").write_text("a")
            before = proxy.requests
            if number:
                proxy.strike(number, kind, lambda ada=ada: os.kill(ada.process.pid, signal.SIGKILL))
            process = ada.process = ada.start("save", "a.csv", "--key", "a.csv", AWS_MAX_ATTEMPTS="1")
            said = process.communicate(timeout=60)[0]
            proxy.strike(0, None, None)
            if number == 0:
                assert process.returncode == 0, said
                due.extend(points(proxy.requests - before, kind))
            keys = ada.keys()
            assert keys == {"a.csv"} or process.returncode != 0, (number, said)
            ada.run("sync")
            assert not is_locked(own), (number, said)
            bob = Person(lamin, tmp_path / f"bob{number}")
            bob.run("connect", f"s3://{place}?endpoint_url={proxy.url}")
            assert bob.keys() == keys, (number, said)
            bob.save("b.csv")
            ada.save("a.csv", "a")
            assert ada.keys() == bob.keys() == {"a.csv", "b.csv"}, (number, said)
            assert ada.run("fsck", "--full") is not None
            for person in (ada, bob):
                shutil.rmtree(person.home.parent)


def test_many_machines_at_once(lamin, home, bucket, tmp_path):
    people = [Person(lamin, tmp_path / f"p{i}") for i in range(6 if LONG else 4)]
    people[0].run("init", "--storage", bucket.root, "--name", "many")
    for person in people[1:]:
        person.run("connect", bucket.root)
    wanted = set()
    for turn in range(3):
        running = []
        for i, person in enumerate(people):
            name = f"{turn}-{i}.csv"
            (person.folder / name).write_text(name)
            running.append(person.start("save", name, "--key", name))
            wanted.add(name)
        for process in running:
            said = process.communicate(timeout=120)[0]
            assert process.returncode == 0, said
    assert all(person.keys() == wanted for person in people)
    assert rows_in(bucket, tmp_path) == wanted and not is_locked(bucket)


def test_two_begin_at_once(lamin, home, bucket, tmp_path):
    people = [Person(lamin, tmp_path / f"p{i}") for i in range(3)]
    running = [person.start("init", "--storage", bucket.root, "--name", "first") for person in people]
    for process in running:
        said = process.communicate(timeout=60)[0]
        assert process.returncode == 0, said
    for i, person in enumerate(people):
        person.save(f"{i}.csv")
    assert people[0].keys() == {"0.csv", "1.csv", "2.csv"}


def test_what_is_here_is_read_while_the_bucket_cannot_be_reached(ada, bucket):
    with Proxy(bucket.endpoint, lambda method, number: None) as proxy:
        ada.run("init", "--storage", f"s3://{bucket.place}?endpoint_url={proxy.url}", "--name", "off")
        ada.save("a.csv")
    said = ada.run("list", "artifact", AWS_MAX_ATTEMPTS="1")
    assert "a.csv" in said and "may be out of date" in said
    said = ada.save("b.csv", status=None, AWS_MAX_ATTEMPTS="1")
    assert ada.status != 0 and "cannot be reached" in said


def test_deleting_takes_everything(ada, bob, shared):
    ada.save("a.csv")
    ada.run("delete", "--key", "a.csv", "--permanent")
    ada.python("""ln.setup.delete("anonymous/shared", force=True)""")
    assert shared.keys() == []
    said = bob.run("list", "artifact", status=None)
    assert bob.status != 0 and "There is no database" in said


def test_a_bucket_without_an_instance_says_so(ada, bucket):
    said = ada.run("connect", bucket.root, status=None)
    assert ada.status != 0 and "Traceback" not in said and bucket.place in said


def test_python_holds_the_lock_until_it_is_done(ada, bob, shared):
    ada.python("""
        ln.ULabel(name="one").save()
        import subprocess
        ln.setup.sync()
        ln.ULabel(name="two").save()
        ln.setup.disconnect()
        ln.connect("anonymous/shared")
        assert ln.ULabel.filter().count() == 2
    """)
    assert {"one", "two"} <= set(bob.run("list", "ulabel").split()) and not is_locked(shared)
