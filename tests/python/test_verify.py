"""Reads return what was saved: damaged content is refused, `ln.fsck` and `lamin fsck` find it, `lamin gc` cleans up."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest


@pytest.fixture
def lamin(workplace):
    def run(*words, **env):
        command = os.path.join(os.path.dirname(sys.executable), "lamin")
        return subprocess.run([command, *words], cwd=workplace, capture_output=True, text=True, timeout=60, env={**os.environ, **env})

    return run


@pytest.fixture
def saved(ln, workplace):
    """Saves texts under keys; removes what is left of them at the end."""
    made = []

    def save(text, key, **options):
        path = workplace / "verified" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        made.append(ln.Artifact(path, key=key, **options).save())
        return made[-1]

    yield save
    for artifact in made:
        artifact.delete(permanent=True, storage=True)


def test_a_truncated_file_is_not_loaded(ln, saved, lamin):
    artifact = saved("hello", "verify/a.txt")
    assert artifact.load(is_run_input=False) == "hello"
    artifact.path.write_text("")
    for read in (artifact.load, artifact.cache, artifact.open):
        with pytest.raises(ln.errors.CorruptData, match="it has 0 bytes, not 5"):
            read(is_run_input=False)
    done = lamin("load", "--key", "verify/a.txt")
    assert done.returncode == 12 and "it has 0 bytes, not 5" in done.stderr and done.stdout == ""


def test_bit_rot_is_not_loaded(ln, saved, lamin):
    artifact = saved("hello", "verify/b.txt")
    artifact.path.write_text("jello")
    with pytest.raises(ln.errors.CorruptData, match="its digest is"):
        artifact.load(is_run_input=False)
    assert lamin("load", "--key", "verify/b.txt").returncode == 12


def test_saving_a_good_copy_again_never_leaves_wrong_bytes(ln, saved, workplace):
    artifact = saved("hello", "verify/c.txt")
    artifact.path.write_text("")
    try:
        ln.Artifact(workplace / "verified/verify/c.txt", key="verify/c.txt").save()
    except ln.errors.LaminError:
        return  # it does not claim to be saved
    assert artifact.load(is_run_input=False) == "hello"


def test_an_older_version_at_a_real_key_is_refused(ln, saved, workplace):
    first, second = (saved(text, "verify/r.txt", key_is_virtual=False) for text in ("v one", "v two"))
    assert first.path == second.path
    with pytest.raises(ln.errors.InvalidArgument, match="outdated"):
        ln.Artifact.get(first.uid).load(is_run_input=False)
    assert ln.Artifact.get(second.uid).load(is_run_input=False) == "v two"


def test_a_file_that_was_edited_in_its_place_is_refused(ln, workplace):
    path = workplace / "storage" / "mine" / "f.txt"
    path.parent.mkdir()
    path.write_text("first")
    artifact = ln.Artifact(path).save()
    assert ln.Artifact.get(artifact.uid).load(is_run_input=False) == "first"
    path.write_text("secnd")
    with pytest.raises(ln.errors.CorruptData, match="save it as a new version"):
        ln.Artifact.get(artifact.uid).load(is_run_input=False)
    version = ln.Artifact(path).save()
    assert version.uid == artifact.stem_uid + "0001" and version.load(is_run_input=False) == "secnd"
    path.unlink()
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="is missing"):
        version.load(is_run_input=False)
    for row in (version, artifact):
        row.delete(permanent=True, storage=False)


def test_all_reads_of_datasets_are_verified(ln, workplace):
    pandas = pytest.importorskip("pandas")
    rows = [ln.Artifact.from_dataframe(pandas.DataFrame({"verified n": range(i, i + 9)}), key=f"verify/{i}.parquet").save() for i in (1, 2)]
    collection = ln.Collection(rows, key="verify/both").save()
    schema = ln.Schema(features=[ln.Feature(name="verified n", dtype=int).save()]).save()
    assert len(collection.load(is_run_input=False)) == 18
    bad = rows[1].path
    content = bytearray(bad.read_bytes())
    content[len(content) // 2] ^= 1
    bad.write_bytes(content)
    reads = (
        rows[1].open,
        collection.load,
        collection.open,
        collection.cache,
        ln.Artifact.filter(key__startswith="verify/").order_by("id").load,
    )
    for read in reads:
        with pytest.raises(ln.errors.CorruptData, match=rows[1].uid):
            read(is_run_input=False)
    with pytest.raises(ln.errors.CorruptData):
        ln.curators.DataFrameCurator(rows[1], schema)
    collection.delete(permanent=True)
    for row in rows:
        row.delete(permanent=True)


def test_the_setting_has_two_values(ln, saved, lamin):
    assert ln.settings.verify == "size"
    for wrong in ("sometimes", "", None):
        with pytest.raises(ln.errors.InvalidArgument, match="'size' or 'full'"):
            ln.settings.verify = wrong
    assert ln.settings.verify == "size"
    artifact = saved("x" * 1_100_000, "verify/large.txt")
    content = "y" + "x" * 1_099_999
    artifact.path.write_text(content)
    assert artifact.load(is_run_input=False) == content, "by size alone a large file of that size is right"
    ln.settings.verify = "full"
    try:
        with pytest.raises(ln.errors.CorruptData):
            artifact.load(is_run_input=False)
    finally:
        ln.settings.verify = "size"
    assert lamin("load", "--key", "verify/large.txt").returncode == 0
    assert lamin("load", "--key", "verify/large.txt", LAMIN_VERIFY="full").returncode == 12
    done = lamin("load", "--key", "verify/large.txt", LAMIN_VERIFY="often")
    assert done.returncode == 2 and "'size' or 'full'" in done.stderr


def test_fsck_finds_damage(ln, saved):
    saved("good", "verify/good.txt")
    bad = saved("hello", "verify/bad.txt")
    before = {found.place for found in ln.fsck(full=True).findings}
    bad.path.write_text("jello")
    report = ln.fsck(full=True)
    assert not report.clean and report.bytes > 0 and "wrong_content" in repr(report) and bad.uid in repr(report)
    (finding,) = [found for found in report.findings if found.place not in before]
    assert (finding.kind, finding.uid, finding.key, finding.size) == ("wrong_content", bad.uid, "verify/bad.txt", 5)
    assert finding.remains and finding.done is None and finding.place == str(bad.path)
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="storage 'nowhere' does not exist"):
        ln.fsck(storage="nowhere")


def test_fsck_can_be_interrupted_and_goes_on(ln, saved):
    for i in range(3):
        saved(f"text {i}", f"verify/{i}.txt")
    told = []
    with pytest.raises(ln.errors.Interrupted, match="--resume"):
        ln.fsck(progress=lambda artifacts, of, bytes, found: told.append((artifacts, of)) or False)
    assert told and told[0][1] >= 3
    assert ln.fsck(resume=True).artifacts >= 3

    def broken(*args):
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        ln.fsck(progress=broken)


# The processes below work in a separate instance, so that no other connection keeps its log alive.
@pytest.fixture
def apart(workplace, tmp_path):
    (tmp_path / "home").mkdir()
    home = str(tmp_path / "home")
    env = {"LAMIN_SETTINGS_DIR": home, "LAMIN_CACHE_DIR": str(tmp_path / "cache"), "HOME": home}

    def run(*words, code=0):
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60, env={**os.environ, **env})
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def shell(*words, code=0):
        return run(os.path.join(os.path.dirname(sys.executable), "lamin"), *words, code=code)

    shell("init", "--storage", "s", "--name", "apart")
    return run, shell, tmp_path


def test_the_exit_status_of_fsck_says_what_it_found(apart):
    _, shell, folder = apart
    for name in ("good", "bad"):
        (folder / f"{name}.txt").write_text(name)
        uid = shell("save", f"{name}.txt", "--key", f"{name}.txt").strip()
    assert shell("fsck") == "checked 2 artifacts: nothing is wrong\n"
    bad = folder / f"s/.lamindb/{uid}.txt"
    bad.write_text("dab")
    shell("fsck")  # sizes are right
    line, summary = shell("fsck", "--full", code=1).splitlines()
    assert line.startswith("wrong_content") and uid in line and "bad.txt" in line and str(bad) in line
    assert summary == "checked 2 artifacts, read 7 B: 1 finding"
    finding, summary = (json.loads(line) for line in shell("fsck", "--full", "--json", code=1).splitlines())
    assert (finding["finding"], finding["uid"], finding["remains"]) == ("wrong_content", uid, True)
    assert summary["summary"] == {"artifacts": 2, "bytes_read": 7, "found": 1, "repaired": 0, "information": 0, "clean": False}
    shell("fsck", "--full", "--repair", code=1)  # there is no copy
    bad.write_text("bad")
    assert "nothing is wrong" in shell("fsck", "--full")
    shell("fsck", "--storage", "nowhere", code=5)
    shell("fsck", "--grace", "soon", code=2)


def test_an_acknowledged_save_that_a_lost_log_took_is_found(apart):
    run, shell, folder = apart
    uid = run(sys.executable, "-c", (
        "import lamindb as ln, os\nopen('w.txt','w').write('precious')\n"
        "print(ln.Artifact('w.txt',key='w.txt').save().uid,flush=True); os.kill(os.getpid(),9)"
    ), code=-signal.SIGKILL).splitlines()[-1]  # fmt: skip
    wal = folder / "s/.lamindb/lamin.db-wal"
    assert wal.stat().st_size > 0
    for ending in ("-wal", "-shm"):
        (folder / f"s/.lamindb/lamin.db{ending}").unlink()
    found = shell("fsck", code=1)
    assert f"no_row        {uid}" in found and "these 8 bytes, written at" in found
    assert "moved to" in shell("fsck", "--repair")
    assert "nothing is wrong" in shell("fsck", "--full")
    assert (folder / f"s/.lamindb/lost+found/{uid}.txt").read_text() == "precious"
    shell("save", "w.txt", "--key", "w.txt")
    assert "nothing is wrong" in shell("fsck", "--full")


def test_gc_removes_the_drafts_of_killed_programs_and_says_what_opening_has_mended(apart):
    pytest.importorskip("pandas")
    run, shell, folder = apart
    run(sys.executable, "-c", (
        "import lamindb as ln, os, pandas\nln.Artifact.from_dataframe(pandas.DataFrame({'n':[1]}), key='n.parquet')\n"
        "os.kill(os.getpid(),9)"
    ), code=-signal.SIGKILL)  # fmt: skip
    drafts = [path for path in (folder / "cache/drafts").rglob("*") if path.is_file()]
    assert len(drafts) == 1
    (folder / "s/.lamin-tmp/abandoned").mkdir(parents=True)
    (folder / "s/.lamin-tmp/abandoned/half").write_text("written by half")
    first = shell("gc")
    assert "left 1 draft" in first and "1 unfinished copy folder" in first and drafts[0].exists()
    os.utime(drafts[0], (time.time() - 7200,) * 2)
    assert "draft " in shell("fsck", code=1)
    assert "removed 1 draft" in shell("gc")
    assert not any((folder / "cache/drafts").iterdir()) and not (folder / "s/.lamin-tmp").exists()
    shell("fsck")
    killed = (
        "import os\nimport lamindb as ln\n"
        "os.makedirs('big', exist_ok=True)\n[open(f'big/{i}','w').write(str(i)) for i in range(3000)]\n"
        "import threading\n"
        "def kill():\n    while not os.path.exists('s/.lamin-tmp'): pass\n    os.kill(os.getpid(), 9)\n"
        "a = ln.Artifact('big', key='big')\nthreading.Thread(target=kill).start()\na.save()"
    )
    run(sys.executable, "-c", killed, code=-signal.SIGKILL)
    said = shell("gc")
    assert "finished 1 interrupted operation," in said, said
    assert "finished 0 interrupted operations," in shell("gc")
    assert "nothing is wrong" in shell("fsck", "--full")
