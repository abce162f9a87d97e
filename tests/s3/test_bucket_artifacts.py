"""Artifacts whose storage is a bucket, from the shell and from Python, with both databases."""
import json

CONFLICT = 7

def test_a_new_instance_marks_its_bucket_as_lamindb_does(instance, shell):
    lines = instance.read(".lamindb/storage_uid.txt").decode().splitlines()
    assert len(lines[0]) == 12
    assert lines[1:3] == ["creation info:", "instance_slug=anonymous/stored"]
    assert lines[3].startswith("instance_id=") and lines[4].startswith("instance_uid=")
    assert instance.keys() == [".lamindb/storage_uid.txt"]
    assert instance.root in shell("info")


def test_another_instance_cannot_take_the_bucket(instance, shell, tmp_path):
    said = shell("init", "--storage", instance.root, "--db", f"sqlite://{tmp_path}/other.db", "--name", "other", status=CONFLICT)
    assert "is managed by the instance 'anonymous/stored'" in said


def contents(bucket):
    """The keys in it besides the mark."""
    return [key for key in bucket.keys() if not key.endswith("storage_uid.txt")]


def test_the_shell_saves_loads_and_deletes(instance, shell):
    (shell.folder / "cells.csv").write_text("a,b\n1,2\n")
    shell("save", "cells.csv", "--key", "plates/cells.csv")
    [key] = contents(instance)
    assert key.startswith(".lamindb/") and key.endswith(".csv")
    assert instance.read(key) == b"a,b\n1,2\n"
    row = json.loads(shell("get", "artifact", "--key", "plates/cells.csv", "--json").splitlines()[0])
    assert row["size"] == 8 and key == f".lamindb/{row['uid']}.csv"
    (shell.folder / "cells.csv").unlink()
    shell("load", "artifact", "--key", "plates/cells.csv")
    shell("delete", "artifact", "--key", "plates/cells.csv", "--permanent")
    assert contents(instance) == []


def test_python_saves_caches_loads_and_versions(instance, python):
    python("""
        import pandas as pd
        frame = pd.DataFrame({"a": [1, 2, 3]})
        one = ln.Artifact.from_dataframe(frame, key="t/frame.parquet").save()
        assert one.path.exists(), one.path
        assert str(one.path).startswith("s3://"), one.path
        assert one.load().equals(frame)
        cached = one.cache()
        assert cached.exists() and cached == one.cache()
        two = ln.Artifact.from_dataframe(frame * 2, key="t/frame.parquet").save()
        assert two.stem_uid == one.stem_uid and two.is_latest
        assert one.load().equals(frame) and two.load().equals(frame * 2)
        again = ln.Artifact.from_dataframe(frame, key="t/frame.parquet")
        assert again.uid == one.uid
        two.delete(permanent=True)
        assert not two.path.exists()
        assert ln.Artifact.get(key="t/frame.parquet").uid == one.uid
    """)
    assert len(instance.keys()) == 2  # the mark, one version


def test_a_folder_is_saved_read_and_replaced(instance, python, shell):
    folder = shell.folder / "data.zarr"
    (folder / "x").mkdir(parents=True)
    (folder / "x" / "0").write_bytes(b"zero")
    (folder / ".zattrs").write_text("{}")
    python("""
        folder = ln.Artifact("data.zarr", key="data.zarr", description="one").save()
        assert folder.n_files == 2 and folder.size == 6
        assert (folder.cache() / "x" / "0").read_bytes() == b"zero"
        open("data.zarr/x/0", "wb").write(b"another")
        two = ln.Artifact("data.zarr", key="data.zarr").save()
        assert two.stem_uid == folder.stem_uid and two.uid != folder.uid
        assert (two.cache() / "x" / "0").read_bytes() == b"another"
        two.delete(permanent=True)
    """)


def test_what_a_bucket_does_not_keep_of_a_folder_comes_back(instance, python, shell):
    folder = shell.folder / "tools"
    (folder / "logs" / "old").mkdir(parents=True)
    (folder / "run.sh").write_text("#!/bin/sh")
    (folder / "run.sh").chmod(0o755)
    python("""
        import os
        tools = ln.Artifact("tools", key="tools").save()
        cached = tools.cache()
        assert os.access(cached / "run.sh", os.X_OK) and (cached / "logs" / "old").is_dir()
        assert ln.Artifact("tools", key="tools").uid == tools.uid
    """)
    shell("fsck", "--full")


def test_existing_objects_are_registered_where_they_are(instance, python):
    instance.write("raw/reads.csv", b"a\n1\n")
    instance.write("raw/run/one.txt", b"1")
    instance.write("raw/run/two.txt", b"22")
    python(f"""
        a = ln.Artifact({instance.uri("raw/reads.csv")!r}).save()
        assert a.key == "raw/reads.csv" and not a._key_is_virtual, (a.key, a._key_is_virtual)
        assert a.load()["a"].tolist() == [1]
        again = ln.Artifact({("s3://" + instance.at("raw/reads.csv"))!r}).save()
        assert again.uid == a.uid
        run = ln.Artifact({instance.uri("raw/run")!r}).save()
        assert run.n_files == 2 and run.size == 3
        assert sorted(p.name for p in run.cache().iterdir()) == ["one.txt", "two.txt"]
    """)
    assert len(instance.keys()) == 4  # nothing was copied


def test_a_second_storage(instance, python):
    python(f"""
        more = ln.Storage(root={instance.uri("more")!r}).save()
        assert more.type == "s3" and more.instance_uid == ln.setup.settings.instance.uid
        open("x.txt", "w").write("x")
        a = ln.Artifact("x.txt", key="x.txt", storage=more).save()
        assert a.storage == more and a.cache().read_text() == "x"
        a.delete(permanent=True)
        more.delete()
    """)
    assert [key for key in instance.keys("more")] == []


def test_gc_and_fsck(instance, python, shell):
    (shell.folder / "x.txt").write_text("whole")
    shell("save", "x.txt", "--key", "x.txt")
    shell("fsck", "--full")
    shell("gc")
    [key] = contents(instance)
    instance.write(key, b"wrong")
    assert "wrong_content" in shell("fsck", "--full", status=1)
    instance.remove(key)
    assert "missing" in shell("fsck", status=1)
