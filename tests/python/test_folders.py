"""Folders as artifacts: how their links are stored, and what is refused by name."""

import os
import shutil
import subprocess
import sys

import pytest


@pytest.fixture
def folder(workplace):
    """d with a file, next to it a folder "other"; both are removed afterwards."""
    root = workplace / "folders"
    (root / "d").mkdir(parents=True)
    (root / "other").mkdir()
    (root / "d/a.txt").write_text("a")
    (root / "other/deep.txt").write_text("deep")
    yield root / "d"
    shutil.rmtree(root)


def files(artifact):
    place = artifact.cache()
    return sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.is_file() and not path.is_symlink())


def test_a_linked_folder_is_refused_or_kept(ln, folder):
    (folder / "linkdir").symlink_to("../other")
    refusal = r"/d/linkdir' is a link to '../other', outside of the folder; copy it in, or pass links=\"follow\""
    with pytest.raises(ln.errors.InvalidArgument, match=refusal):
        ln.Artifact(folder, key="folders/linked")
    with pytest.raises(ln.errors.InvalidArgument, match="is a link to"):
        ln.Artifact(folder, key="folders/linked", links="refuse")
    artifact = ln.Artifact(folder, key="folders/linked", links="follow").save()
    assert files(artifact) == ["a.txt", "linkdir/deep.txt"] and artifact.n_files == 2
    assert ln.Artifact(folder, key="folders/linked", links="follow") == artifact
    artifact.delete(permanent=True)
    assert (folder / "linkdir/deep.txt").read_text() == "deep"


def test_links_inside_are_kept_as_content(ln, folder):
    (folder / "x").mkdir()
    (folder / "x/b.txt").write_text("b")
    (folder / "again").symlink_to("x")
    artifact = ln.Artifact(folder, key="folders/inside").save()
    assert files(artifact) == ["a.txt", "again/b.txt", "x/b.txt"]
    (folder / "again").unlink()
    shutil.copytree(folder / "x", folder / "again")
    second = ln.Artifact(folder, key="folders/inside").save()
    assert second.stem_uid == artifact.stem_uid and second.uid != artifact.uid, "a folder in the place of a link is a change"


def test_links_takes_two_words(ln, folder):
    with pytest.raises(ln.errors.InvalidArgument, match="links is 'follow' or 'refuse', not 'all'"):
        ln.Artifact(folder, key="folders/words", links="all")


def test_what_cannot_be_stored_is_named(ln, folder):
    (folder / "broken").symlink_to("nowhere")
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="/d/broken' is a link to 'nowhere', which does not exist") as error:
        ln.Artifact(folder, key="folders/broken")
    assert not isinstance(error.value, ln.errors.NoWriteAccess)
    (folder / "broken").unlink()
    os.mkfifo(folder / "pipe")
    with pytest.raises(ln.errors.InvalidArgument, match=r"/d/pipe' is a named pipe \(FIFO\)"):
        ln.Artifact(folder, key="folders/pipe")
    (folder / "pipe").unlink()
    open(os.fsencode(folder) + b"/\xff.txt", "w").close()
    with pytest.raises(ln.errors.InvalidArgument, match=r"/d/\\xff.txt' is not UTF-8"):
        ln.Artifact(folder, key="folders/names")
    assert not ln.Artifact.filter(key__startswith="folders/broken").exists()


def test_what_is_more_than_files_makes_another_version(ln, folder):
    uids = [ln.Artifact(folder, key="folders/more").save().uid]
    (folder / "empty").mkdir()
    uids.append(ln.Artifact(folder, key="folders/more").save().uid)
    (folder / "a.txt").chmod(0o744)
    artifact = ln.Artifact(folder, key="folders/more").save()
    uids.append(artifact.uid)
    assert [uid[-4:] for uid in uids] == ["0000", "0001", "0002"]
    assert (artifact.cache() / "empty").is_dir() and os.access(artifact.cache() / "a.txt", os.X_OK)
    (folder / "a.txt").chmod(0o700)
    assert ln.Artifact(folder, key="folders/more") == artifact, "what others may do with a file is not its content"


def test_every_file_of_a_linked_folder_is_an_artifact(ln, folder):
    (folder / "linkdir").symlink_to("../other")
    with pytest.raises(ln.errors.InvalidArgument, match="outside of the folder"):
        ln.Artifact.from_dir(folder, key="folders/each")
    artifacts = ln.Artifact.from_dir(folder, key="folders/each", links="follow")
    assert [artifact.key for artifact in artifacts] == ["folders/each/a.txt", "folders/each/linkdir/deep.txt"]


def test_the_shell_takes_links(ln, workplace, folder):
    (folder / "linkdir").symlink_to("../other")

    def lamin(*arguments):
        return subprocess.run(
            [os.path.join(os.path.dirname(sys.executable), "lamin"), "save", folder, "--key", "folders/shell", *arguments],
            cwd=workplace, capture_output=True, text=True, timeout=60,
        )  # fmt: skip

    refused = lamin()
    assert refused.returncode != 0 and "is a link to '../other', outside of the folder" in refused.stderr
    assert "not 'all'" in lamin("--links", "all").stderr
    assert lamin("--links", "refuse").returncode != 0
    saved = lamin("--links", "follow")
    assert saved.returncode == 0, saved.stderr
    assert files(ln.Artifact.get(key="folders/shell")) == ["a.txt", "linkdir/deep.txt"]
