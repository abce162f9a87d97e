"""What `delete_storage` may delete: only what is part of no artifact."""

import pytest


def test_what_belongs_to_nobody_goes(ln):
    root = ln.settings.storage.root
    (root / "scrap" / "deep").mkdir(parents=True)
    (root / "scrap" / "deep" / "a.txt").write_text("a")
    ln.core.storage.delete_storage(root / "scrap" / "deep" / "a.txt")
    assert not (root / "scrap" / "deep" / "a.txt").exists()
    ln.core.storage.delete_storage(root / "scrap")
    assert not (root / "scrap").exists()
    with pytest.raises(FileNotFoundError, match="nothing at"):
        ln.core.storage.delete_storage(root / "scrap")
    assert ln.core.storage.delete_storage(root / "scrap", raise_file_not_found_error=False) is None


def test_no_artifact_loses_a_byte(ln, workplace, tmp_path):
    root = ln.settings.storage.root
    (workplace / "kept.txt").write_text("kept")
    by_uid = ln.Artifact(workplace / "kept.txt", key="scrap-test/kept.txt").save()
    (root / "held" / "set").mkdir(parents=True)
    (root / "held" / "set" / "x.txt").write_text("x")
    folder = ln.Artifact(root / "held" / "set").save()
    for path in (by_uid.path, root / ".lamindb", root / "held", root / "held" / "set", root / "held" / "set" / "x.txt"):
        with pytest.raises(ValueError, match="is not deleted"):
            ln.core.storage.delete_storage(path)
    assert by_uid.load() == "kept" and (folder.path / "x.txt").read_text() == "x"
    (tmp_path / "outside.txt").write_text("o")
    for path in (root, tmp_path / "outside.txt"):
        assert ln.core.storage.delete_storage(path) == "did-not-delete"
    assert (tmp_path / "outside.txt").exists()
