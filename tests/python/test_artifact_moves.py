"""Saved artifacts that change place: another storage, space, key or suffix, other content, a path written beforehand."""

import pytest


@pytest.fixture
def more(ln, tmp_path):
    storage = ln.Storage(root=tmp_path / "more").save()
    yield storage
    ln.Artifact.objects.filter(storage=storage).delete(permanent=True, storage=True)
    storage.delete()


@pytest.fixture
def note(ln, tmp_path):
    (tmp_path / "note.txt").write_text("moving note")
    artifact = ln.Artifact(tmp_path / "note.txt", key="moves/note.txt").save()
    yield artifact
    ln.Artifact.get(artifact.uid).delete(permanent=True, storage=True)


def test_a_storage_is_changed_by_saying_so(ln, more, note):
    before = note.path
    note.storage = more
    note.save()
    assert not before.exists() and str(note.path).startswith(more.root) and note.path.read_text() == "moving note"
    assert ln.Artifact.get(note.uid).storage == more and ln.Artifact.get(path=note.path) == note
    note.storage = ln.Storage.get(root=ln.settings.storage.root_as_str)
    note.save()
    assert note.path == before and note.load() == "moving note"


def test_a_space_brings_its_storage(ln, more, note, tmp_path):
    space = ln.Space(name="space of moves", uid="movespace").save()
    try:
        note.space = space
        with pytest.raises(ValueError, match="No local storage locations managed by the current instance found for the space"):
            note.save()
        with pytest.raises(ln.errors.NoStorageLocationForSpace, match="space of moves"):
            ln.Artifact(tmp_path / "note.txt", key="moves/other.txt", space=space, skip_hash_lookup=True)
        more.space = space
        more.save()
        note.save()
        assert note.storage == more and note.space == space and note.load() == "moving note"
        (tmp_path / "new.txt").write_text("new in space")
        new = ln.Artifact(tmp_path / "new.txt", key="moves/new.txt", space=space).save()
        assert new.storage == more and str(new.path).startswith(more.root)
        back = ln.Artifact.get(note.uid)
        back.space = ln.Space.get(name="all")
        back.save()
        assert back.storage.root == ln.settings.storage.root_as_str
    finally:
        more.space = ln.Space.get(name="all")
        more.save()
        ln.Artifact.objects.filter(space=space).update(space_id=1)
        space.delete(permanent=True)


def test_real_keys_and_suffixes(ln, note, tmp_path):
    (tmp_path / "real.csv").write_text("a,b\n1,2\n")
    real = ln.Artifact(tmp_path / "real.csv", key="moves/real.csv", key_is_virtual=False).save()
    before = real.path
    real.key = "moves/renamed/real.csv"
    real.save()
    assert not before.exists() and real.path.read_text() == "a,b\n1,2\n" and str(real.path).endswith("moves/renamed/real.csv")
    real.suffix = ".tsv"
    real.save()
    assert (real.key, real.path.suffix, real.path.exists()) == ("moves/renamed/real.tsv", ".tsv", True)
    real.key = "moves/note.txt"
    with pytest.raises(ln.errors.InvalidArgument, match="should be '.tsv'"):
        real.save()
    other = ln.Artifact.get(real.uid)
    (other.path.parent / "taken.tsv").write_text("foreign")
    other.key = "moves/renamed/taken.tsv"
    with pytest.raises(FileExistsError, match="already exists"):
        other.save()
    (other.path.parent.parent / "renamed/taken.tsv").unlink()
    ln.Artifact.get(real.uid).delete(permanent=True, storage=True)
    draft = ln.Artifact(tmp_path / "real.csv", key="moves/draft.csv", key_is_virtual=False)
    draft.key = "moves/changed.csv"
    with pytest.raises(ln.errors.InvalidArgument, match="Cannot update the key of an artifact before it is saved"):
        draft.save()
    draft.key, draft.suffix = "moves/draft.csv", ".tsv"
    with pytest.raises(ln.errors.InvalidArgument, match="Cannot update the suffix of an artifact before it is saved"):
        draft.save()


def test_content_is_replaced(ln, tmp_path):
    pd = pytest.importorskip("pandas")
    (tmp_path / "old.txt").write_text("old content")
    (tmp_path / "new.txt").write_text("new content, longer")
    artifact = ln.Artifact(tmp_path / "old.txt", key="moves/replaced.txt").save()
    artifact.replace(tmp_path / "new.txt")
    assert ln.Artifact.get(artifact.uid).load() == "old content", "until it is saved"
    assert artifact.save() == artifact and artifact.load() == "new content, longer" and artifact.size == 19
    fresh = ln.Artifact.get(artifact.uid)
    assert fresh.load() == "new content, longer" and fresh.is_latest and fresh.versions.count() == 1
    df = pd.DataFrame({"a": [1, 2, 3]})
    fresh.replace(df)
    fresh.save()
    assert (fresh.suffix, fresh.key, fresh.n_observations) == (".parquet", "moves/replaced.parquet", 3)
    pd.testing.assert_frame_equal(ln.Artifact.get(artifact.uid).load(), df)
    with pytest.raises(ValueError, match="It is not allowed to replace a file with a folder"):
        fresh.replace(tmp_path)
    with pytest.raises(ValueError, match="Can only replace with a local path not in any Storage"):
        fresh.replace(fresh.path)
    with pytest.raises(TypeError, match="data has to be a string, Path, UPath"):
        fresh.replace(3)
    fresh.delete(permanent=True)


def test_a_path_to_write_to(ln):
    lazy = ln.Artifact.from_lazy(".txt", overwrite_versions=False, key="moves/lazy.txt", description="in parts")
    with pytest.raises(FileNotFoundError):
        lazy.save()
    with open(lazy.path, "w") as file:
        file.write("one ")
        file.write("two")
    artifact = lazy.save()
    assert (artifact.key, artifact.description, artifact.load()) == ("moves/lazy.txt", "in parts", "one two") and not lazy.path.exists()
    folder = ln.Artifact.from_lazy("", overwrite_versions=True, key="moves/lazy folder")
    folder.path.mkdir()
    (folder.path / "a.txt").write_text("a")
    saved = folder.save()
    assert saved.n_files == 1 and saved.overwrite_versions and not folder.path.exists()
    with pytest.raises(ValueError, match="should be the same"):
        ln.Artifact.from_lazy(".csv", overwrite_versions=False, key="moves/lazy.txt")
    artifact.delete(permanent=True)
    saved.delete(permanent=True)


def test_what_is_no_path_is_refused(ln, tmp_path):
    with pytest.raises(TypeError, match="data has to be a string, Path, UPath"):
        ln.Artifact(True)
    with pytest.raises(ValueError, match="Do not pass key that contains a managed storage path"):
        ln.Artifact(tmp_path, key=".lamindb/x")
    with pytest.raises(ValueError, match="Do not pass path inside the `.lamindb/` directory"):
        ln.Artifact(".lamindb/none.parquet", description="x")


def test_a_query_finds_one_by_its_path(ln, note):
    assert ln.Artifact.filter().get(path=note.path) == note and ln.Artifact.filter(suffix=".txt").get(path=note.path.as_posix()) == note
    with pytest.raises(ln.errors.ObjectDoesNotExist):
        ln.Artifact.filter(suffix=".csv").get(path=note.path)
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="No artifact is at"):
        ln.Artifact.filter().get(path=note.path.with_name("none.txt"))
    with pytest.raises(ValueError):
        ln.User.get(path="some/path")


def test_known_content_may_be_saved_again(ln, note, tmp_path):
    again = ln.Artifact(tmp_path / "note.txt", key="moves/note.txt", skip_hash_lookup=True)
    assert again._state.adding and again.uid != note.uid
    assert again.save() == note, "key and content are unique together"
    other = ln.Artifact(tmp_path / "note.txt", key="moves/other.txt", skip_hash_lookup=True).save()
    assert other != note and other.hash == note.hash
    other.delete()
    from_trash = ln.Artifact(tmp_path / "note.txt", key="moves/other.txt", skip_hash_lookup=True)
    assert from_trash._state.adding
    assert from_trash.save() == other and from_trash.branch_id == 1
    from_trash.delete()
    assert ln.Artifact(tmp_path / "note.txt", key="moves/other.txt") == note, "what is in the trash is not found"
    ln.Artifact.get(other.uid).delete(permanent=True)
    keyless = [ln.Artifact(tmp_path / "note.txt", description="twice", skip_hash_lookup=True).save() for _ in range(2)]
    assert keyless[0] == keyless[1], "without a key, content is unique in a storage"
    keyless[0].delete(permanent=True)


def test_keys_are_real_if_the_settings_say_so(ln, tmp_path):
    (tmp_path / "r.txt").write_text("under its key")
    ln.settings.creation._artifact_use_virtual_keys = False
    try:
        artifact = ln.Artifact(tmp_path / "r.txt", key="moves/by setting.txt").save()
        assert str(artifact.path).endswith("moves/by setting.txt") and artifact.load() == "under its key"
        assert ln.Artifact(artifact.path, skip_hash_lookup=False) == artifact, "a path in a storage stays"
        artifact.delete(permanent=True, storage=True)
    finally:
        ln.settings.creation._artifact_use_virtual_keys = True
