"""Further storages: created, found again, written to, left."""

import os
import subprocess
import sys

import pytest


@pytest.fixture
def more(ln, tmp_path):
    """A second storage."""
    storage = ln.Storage(root=tmp_path / "more", host="cluster-1", description="raw").save()
    yield storage
    ln.Artifact.objects.filter(storage=storage).delete(permanent=True, storage=True)
    storage.delete()


def test_a_new_storage_is_managed_and_found_again(ln, more, tmp_path):
    assert more.root == str(tmp_path / "more") and more.type == "local" and more.host == "cluster-1"
    assert more.instance_uid == ln.setup.settings.instance.uid
    assert (tmp_path / "more/.lamindb/storage_uid.txt").read_text().startswith(f"{more.uid}\n")
    assert ln.Storage(f"{more.root}/").id == more.id and ln.Storage.get(root=more.root) == more


def test_artifacts_go_to_the_storage_that_is_named_or_chosen(ln, more, tmp_path):
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "b.txt").write_text("b")
    a = ln.Artifact(tmp_path / "a.txt", key="stores/a.txt", storage=more).save()
    assert str(a.path).startswith(more.root) and a.path.read_text() == "a"
    before = ln.settings.storage.root_as_str
    ln.settings.storage = more.root
    try:
        b = ln.Artifact(tmp_path / "b.txt", key="stores/b.txt").save()
        assert ln.settings.storage.uid == more.uid and b.storage == more
    finally:
        ln.settings.storage = before
    with pytest.raises(ln.errors.ProtectedError, match="holds artifacts"):
        more.delete()


def test_only_the_managing_instance_writes(ln, tmp_path):
    storage = ln.Storage(root=tmp_path / "theirs").save()
    for owner, why in (("elsewhere123", "exists in another instance"), (None, "is not managed by any instance")):
        storage.instance_uid = owner
        storage.save()
        for name in ("storage", "local_storage"):
            with pytest.raises(ValueError, match=why):
                setattr(ln.settings, name, storage.root)
    with pytest.raises(ValueError, match="cannot be moved to the trash"):
        storage.delete(permanent=False)
    storage.delete()
    assert ln.Storage.filter(root=str(tmp_path / "theirs")).one_or_none() is None


def test_a_deleted_field_is_that_of_the_database_again(ln, more):
    more.description = "changed"
    del more.description
    assert more.description == "raw"


def test_what_is_not_empty_or_not_a_place_is_refused(ln, tmp_path):
    storage = ln.Storage(root=tmp_path / "left").save()
    (tmp_path / "left/.lamindb/left.txt").write_text("x")
    with pytest.raises(ln.errors.StorageNotEmpty, match="left.txt"):
        storage.delete()
    (tmp_path / "left/.lamindb/left.txt").unlink()
    storage.delete()
    with pytest.raises(ValueError, match="Protocol nobody is not supported"):
        ln.Storage(root="nobody://host/x")
    with pytest.raises(ValueError, match="path"):
        ln.Storage(root="x", path="y")


def test_a_folder_is_shown_as_a_tree_and_copied(ln, tmp_path, capsys):
    import pathlib

    from lamindb._process.path_methods import add_to

    make = add_to(type("Shown", (type(pathlib.Path()),), {}))
    ln.examples.datasets.dir_scrnaseq_cellranger("s1", tmp_path)
    path = make(tmp_path / "s1")
    path.view_tree()
    out = capsys.readouterr().out
    assert out.startswith("3 sub-folders, 15 files\ns1\n") and "│   └── analysis.csv" in out
    path.view_tree(level=1, only_dirs=True)
    assert ".csv" not in capsys.readouterr().out
    copied = make(tmp_path / "copies").upload_from(tmp_path / "s1", create_folder=True)
    copied.download_to(tmp_path / "again")
    assert (tmp_path / "again/analysis/analysis.csv").read_text() == (tmp_path / "s1/analysis/analysis.csv").read_text()


def test_the_shell_registers_a_storage_and_saves_to_it(ln, workplace, tmp_path):
    command = os.path.join(os.path.dirname(sys.executable), "lamin")

    def lamin(*words):
        return subprocess.run([command, *words], cwd=workplace, capture_output=True, text=True, timeout=60)

    (tmp_path / "c.txt").write_text("c")
    save = ("save", str(tmp_path / "c.txt"), "--key", "stores/c.txt", "--storage", str(tmp_path / "shell"))
    assert "lamin create storage" in lamin(*save).stderr
    uids = {lamin("create", "storage", "--set", f"root={tmp_path}/shell{end}").stdout for end in ("", "/")}
    assert len(uids) == 1
    assert lamin(*save).returncode == 0
    artifact = ln.Artifact.get(key="stores/c.txt")
    assert artifact.storage.uid == uids.pop().strip() and artifact.path.read_text() == "c"
    artifact.delete(permanent=True)
    ln.Storage.get(root=str(tmp_path / "shell")).delete()
