"""The shell and files: many at once, copies, the cache, completion."""

import json
import os
import subprocess
import sys

import pytest

LAMIN = os.path.join(os.path.dirname(sys.executable), "lamin")


@pytest.fixture
def lamin(workplace, ln):
    def run(*words, status=0, cwd=None, **env):
        done = subprocess.run([LAMIN, *map(str, words)], cwd=cwd or workplace, capture_output=True, text=True, timeout=60,
                              env={**os.environ, "LAMIN_CURRENT_INSTANCE": ln.setup.settings.instance.slug, **env})
        assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
        return done.stdout, done.stderr

    return run


@pytest.fixture
def plates(ln, tmp_path):
    (tmp_path / "plates/deep").mkdir(parents=True)
    for name in ("a.csv", "b.csv", "deep/c.csv", "d.txt"):
        (tmp_path / "plates" / name).write_text(f"{tmp_path.name} {name}")
    yield tmp_path
    ln.Artifact.filter(key__startswith="plates/").delete(permanent=True)
    ln.Artifact.filter(key__startswith="many/").delete(permanent=True)


def test_many_files_are_saved_together(ln, lamin, plates):
    out, said = lamin("save", "plates/*.csv", "plates/d.txt", cwd=plates)
    found = [ln.Artifact.get(uid) for uid in out.split()]
    assert [one.key for one in found] == ["plates/a.csv", "plates/b.csv", "plates/d.txt"] and "saved: 3 files" in said
    label = ln.ULabel(name="of many").save()
    out, _ = lamin("save", "plates/deep/c.csv", plates / "plates/d.txt", "--key", "many/x", "--ulabel", "of many", "--json", cwd=plates)
    rows = [json.loads(line) for line in out.splitlines()]
    assert [row["key"] for row in rows] == ["many/x/plates/deep/c.csv", "plates/d.txt"], "known content keeps its key"
    assert ln.Artifact.get(rows[0]["uid"]).ulabels.one() == label
    ln.Artifact.get(rows[0]["uid"]).ulabels.remove(label)
    ln.Artifact.get(rows[1]["uid"]).ulabels.remove(label)
    label.delete(permanent=True)


def test_all_or_none(ln, lamin, plates):
    _, said = lamin("save", "plates/a.csv", "plates/none.csv", cwd=plates, status=5)
    assert "none.csv" in said and not ln.Artifact.filter(key="plates/a.csv").exists()
    assert "no file matches 'plates/*.bam'" in lamin("save", "plates/*.bam", cwd=plates, status=5)[1]
    (plates / "other").mkdir()
    (plates / "other/a.csv").write_text("same name")
    said = lamin("save", plates / "plates/a.csv", plates / "other/a.csv", cwd=plates, status=2)[1]
    assert "would both have the key 'a.csv'" in said
    assert "goes with one file" in lamin("save", "plates/a.csv", "plates/b.csv", "--stem-uid", "x", cwd=plates, status=2)[1]


def test_in_place(ln, lamin, plates):
    assert "is in no storage of this instance" in lamin("save", "plates/a.csv", "--in-place", cwd=plates, status=2)[1]
    storage = ln.Storage(root=plates / "plates").save()
    uid = lamin("save", "plates/a.csv", "--in-place", cwd=plates)[0].strip()
    artifact = ln.Artifact.get(uid)
    assert str(artifact.path) == str(plates / "plates/a.csv") and artifact.storage == storage
    artifact.delete(permanent=True, storage=False)
    storage.delete()


def test_cp(ln, lamin, plates):
    uid = lamin("save", "plates/a.csv", "--key", "plates/a.csv", cwd=plates)[0].strip()
    out, _ = lamin("cp", "plates/a.csv", "copy.csv", cwd=plates)
    assert out.strip() == str(plates / "copy.csv") and (plates / "copy.csv").read_text() == (plates / "plates/a.csv").read_text()
    assert "exists" in lamin("cp", uid, "copy.csv", cwd=plates, status=7)[1]
    (plates / "copy.csv").write_text("mine")
    lamin("cp", uid, "copy.csv", "--replace", cwd=plates)
    assert (plates / "copy.csv").read_text() == (plates / "plates/a.csv").read_text()
    (plates / "into").mkdir()
    told = json.loads(lamin("cp", uid, "into", "--json", cwd=plates)[0])
    assert told == {"uid": uid, "key": "plates/a.csv", "path": str(plates / "into/a.csv")} and (plates / "into/a.csv").exists()
    assert "no artifact has the key or uid" in lamin("cp", "plates/none.csv", "x", cwd=plates, status=5)[1]
    folder = lamin("save", "plates", "--key", "many/folder", cwd=plates)[0].strip()
    lamin("cp", folder, "whole", cwd=plates)
    assert (plates / "whole/deep/c.csv").read_text() == (plates / "plates/deep/c.csv").read_text()
    assert not [name for name in os.listdir(plates) if name.startswith(".")], "nothing half-done is left"


def test_a_pattern_names_many_artifacts(ln, lamin, plates):
    said = lamin("save", "plates/*.csv", "plates/deep/*.csv", "--key", "many/set", cwd=plates)[1]
    assert said.count("no run & transform") <= 1, "said once for all files"
    keys = ["many/set/a.csv", "many/set/b.csv"]
    assert [a.key for a in ln.Artifact.filter(key__startswith="many/set/").order_by("key")] == [*keys, "many/set/deep/c.csv"]

    def told(*words, **options):
        return [json.loads(line) for line in lamin(*words, "--json", cwd=plates, **options)[0].splitlines()]

    assert [one["key"] for one in told("load", "--key", "many/set/*.csv")] == keys == [one["key"] for one in told("get", "--key", "many/set/*.csv")]
    assert len(told("load", "--key", "many/set/**")) == 3 and len(told("describe", "--key", "many/set/?.csv")) == 2
    copied = told("cp", "many/set/*.csv", "copies")
    assert [one["path"] for one in copied] == [str(plates / "copies" / f"{name}.csv") for name in "ab"]
    assert (plates / "copies/b.csv").read_text() == (plates / "plates/b.csv").read_text()
    assert [one["key"] for one in told("delete", "--key", "many/set/*.csv")] == keys and not ln.Artifact.filter(key__in=keys).exists()
    assert [one["key"] for one in told("restore", "--key", "many/set/*.csv")] == keys and ln.Artifact.filter(key__in=keys).count() == 2
    for words in (("load", "--key", "many/none*"), ("cp", "many/none*", "x"), ("restore", "--key", "many/set/*.csv")):
        assert "has a key that matches" in lamin(*words, cwd=plates, status=5)[1]
    (plates / "one.csv").write_text(f"{plates.name} alone")
    lamin("save", "one*.csv", "--key", "many/alone", cwd=plates)
    assert ln.Artifact.get(key="many/alone/one.csv")


def test_content_is_replaced_and_scrap_deleted(ln, lamin, plates):
    uid = lamin("save", "plates/a.csv", "--key", "many/a.csv", "--real-key", cwd=plates)[0].strip()
    root = ln.settings.storage.root
    assert (root / "many/a.csv").exists()
    (plates / "later.csv").write_text("later")
    row = json.loads(lamin("replace", "later.csv", "--key", "many/a.csv", "--json", cwd=plates)[0])
    assert row["uid"] == uid and row["size"] == 5 and ln.Artifact.get(uid).cache().read_text() == "later"
    (root / "many/scrap").mkdir()
    lamin("delete", "--path", root / "many/scrap")
    assert not (root / "many/scrap").exists()
    assert "is not deleted" in lamin("delete", "--path", root / "many", status=2)[1] and (root / "many/a.csv").exists()
    assert "not below the default storage" in lamin("delete", "--path", plates / "later.csv", status=2)[1]
    ln.Artifact.get(uid).delete(permanent=True, storage=True)


def test_work_on_many_needs_no_python(ln, lamin, plates):
    uid = lamin("save", "plates/a.csv", "--key", "many/a.csv", cwd=plates)[0].strip()
    where = ("--where", "key startswith 'many/'")
    env = {"LAMIN_PYTHON": "/nowhere/python", "PATH": "/usr/bin:/bin"}
    assert lamin("each", "verify", *where, **env)[0] == f"{uid}  sound\n"
    assert json.loads(lamin("each", "copy", *where, "--to", plates / "out", "--json", **env)[0]) == {"uid": uid, "copy": str(plates / "out/many/a.csv")}
    assert "needs a folder" in lamin("each", "copy", *where, status=2, **env)[1]
    assert "dask://host:port" in lamin("each", "cache", "--executor", "spark://x", status=2, **env)[1]
    path = ln.Artifact.get(uid).cache()
    path.chmod(0o644)
    path.write_text("x" * os.path.getsize(path))
    assert "is not what was saved" in lamin("each", "verify", *where, status=11, **env)[1]
    ln.Artifact.get(uid).delete(permanent=True)


def test_results_as_json(ln, lamin, plates):
    row = json.loads(lamin("save", "plates/b.csv", "--key", "plates/b.csv", "--json", cwd=plates)[0])
    told = json.loads(lamin("load", "--key", "plates/b.csv", "--json")[0])
    assert told["uid"] == row["uid"] and open(told["path"]).read() == (plates / "plates/b.csv").read_text()
    assert json.loads(lamin("delete", "--uid", row["uid"], "--json")[0])["uid"] == row["uid"]
    assert json.loads(lamin("restore", "--uid", row["uid"], "--json")[0])["branch_id"] == 1


def test_cache(lamin, tmp_path):
    env = {"LAMIN_CACHE_DIR": str(tmp_path / "cache"), "LAMIN_SETTINGS_DIR": str(tmp_path)}
    assert lamin("cache", "get", **env)[0].strip() == str(tmp_path / "cache") and "uid" in lamin("cache", **env)[0]
    assert lamin("cache", "limit", **env)[0].strip() == str(50 << 30)
    assert lamin("cache", "limit", "2GB", **env)[0].strip() == "2000000000" == lamin("cache", "limit", **env)[0].strip()
    assert "not a size" in lamin("cache", "limit", "much", status=2, **env)[1]
    assert lamin("cache", "list", "--json", **env)[0] == "" and "removed 0 bytes" in lamin("cache", "clear", **env)[1]
    assert "'burn' is not an action" in lamin("cache", "burn", status=2, **env)[1]


def test_completion(ln, lamin, plates):
    lamin("save", "plates/a.csv", "plates/b.csv", "plates/deep/c.csv", cwd=plates)
    label = ln.ULabel(name="completed label").save()

    def complete(*words):
        return lamin("complete", "--", *words)[0].split("\n")[:-1]

    assert "save" in complete("") and complete("sav") == ["save"] and complete("migrate", "app") == ["apply"]
    assert complete("save", "--ke") == ["--key"] and "--json" in complete("save", "--")
    assert complete("load", "--key", "pla") == ["plates/"] and complete("load", "--key", "plates/") == ["plates/a.csv", "plates/b.csv", "plates/deep/"]
    assert complete("cp", "plates/a") == ["plates/a.csv"] and complete("list", "cell_t") == ["cell_type"]
    assert complete("annotate", "ulabel", "--name", "completed") == ["completed label"] and complete("save", "--ulabel", "completed") == ["completed label"]
    assert complete("cache", "") == ["clear", "get", "limit", "list"] and complete("completion", "") == ["bash", "fish", "zsh"]
    assert complete("nonsense", "") == [] and complete("load", "--key", "no such") == []
    label.delete(permanent=True)
    for shell in ("bash", "zsh", "fish"):
        assert "lamin complete --" in lamin("completion", shell)[0]
    assert "not for 'csh'" in lamin("completion", "csh", status=2)[1]
    script = lamin("completion", "bash")[0] + 'COMP_WORDS=(lamin load --key plates/a); COMP_CWORD=3; _lamin; printf "%s\\n" "${COMPREPLY[@]}"\n'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env={**os.environ, "PATH": os.path.dirname(LAMIN) + ":" + os.environ["PATH"]})
    assert done.stdout == "plates/a.csv\n", done.stderr
