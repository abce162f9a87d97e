"""What a row says is what its bytes are, and a value comes out as it went in."""

import base64
import hashlib
import json
import random
import shutil
import subprocess
import sys

import pytest

# -- bytes ----------------------------------------------------------------------------------------------------------


def _file_hash(path):
    return base64.urlsafe_b64encode(hashlib.md5(path.read_bytes()).digest()).decode()[:22]


def _folder_hash(ln, folder, copy):
    shutil.copytree(folder, copy)
    return ln.Artifact(copy, description="looked at", skip_hash_lookup=True).hash


class Life:
    """Random verbs on files and folders; after each, every row that can be read is compared with its bytes."""

    def __init__(self, ln, folder, seed):
        self.ln, self.folder, self.random = ln, folder, random.Random(seed)
        self.n = 0
        self.keys = [f"life{seed}/{name}" for name in ("a.txt", "b.bin", "c")]

    def _file(self, suffix):
        self.n += 1
        path = self.folder / f"file{self.n}{suffix}"
        path.write_bytes(self.random.randbytes(self.random.randrange(1, 2000)))
        return path

    def _tree(self):
        self.n += 1
        folder = self.folder / f"tree{self.n}"
        for i in range(self.random.randrange(1, 5)):
            path = folder / ("sub" if i % 2 else "") / f"{i}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.random.randbytes(50))
        return folder

    def _any(self, **where):
        rows = self.ln.Artifact.filter(key__startswith=self.keys[0].partition("/")[0], branch__in=[1, -1], **where).to_list()
        return self.random.choice(rows) if rows else None

    def save(self):
        key = self.random.choice(self.keys)
        self.ln.Artifact(self._tree() if key.endswith("c") else self._file(key[-4:]), key=key).save()

    def next_version(self):
        row = self._any(branch_id=1, is_latest=True)
        if row is not None:
            content = self._tree() if row.n_files is not None else self._file(row.suffix)
            self.ln.Artifact(content, revises=row).save()

    def delete(self):
        row = self._any()
        if row is not None:
            row.delete(permanent=self.random.random() < 0.3)

    def restore(self):
        row = self._any(branch_id=-1)
        if row is not None:
            row.restore()

    def step(self):
        verb = self.random.choice([self.save, self.save, self.next_version, self.delete, self.restore])
        verb()
        return verb.__name__


def _readable(row):
    try:
        row.cache(is_run_input=False)
    except Exception as error:
        assert "outdated" in str(error), f"{row.key} {row.uid}: {error}"  # its place holds a later version
        return False
    return True


@pytest.mark.parametrize("seed", range(4))
def test_after_every_verb_the_hash_is_that_of_the_bytes(ln, tmp_path, seed):
    life = Life(ln, tmp_path, seed)
    seen = 0
    for step in range(40):
        verb = life.step()
        for row in ln.Artifact.filter(key__startswith=f"life{seed}/", branch__in=[1, -1]):
            if not _readable(row):
                continue
            path = row.cache(is_run_input=False)
            expected = _folder_hash(ln, path, tmp_path / f"seen{seen}") if path.is_dir() else _file_hash(path)
            assert row.hash == expected, f"step {step}, after {verb}: {row.key} {row.uid}"
            seen += 1
    assert seen > 40


# -- values ---------------------------------------------------------------------------------------------------------

VALUES = [
    True, False, 0, -1, 2**53 + 1, 2**63 - 1, -(2**63), 0.1 + 0.2, 1e308, 5e-324, -0.0, 1e15, 1e16, 123456789.123456789, "", " ",
    "ß 細胞 🧬", "a\nb\t\"c\" \\", "null", "1", [], [[]], [1, 2.5, "x", None, True], {}, {"": 0}, {"z": 1, "a": {"b": [1, {"c": None}]}},
    {"ключ": "значение"},
]  # fmt: skip


@pytest.fixture(scope="module")
def doors(ln, workplace):
    """Name of a door: (put a document in, get it out again from the database)."""
    feature = ln.Feature(name="promised", dtype=dict).save()
    (workplace / "promised.txt").write_text("keeps what was promised")
    artifact = ln.Artifact(str(workplace / "promised.txt"), key="promised.txt").save()
    record = ln.Record(name="promised").save()
    transform = ln.Transform(key="promised.py", kind="script").save()
    run = ln.Run(transform).save()

    def by_params(value):
        run.params = value
        run.save()

    return {
        "artifact": (lambda v: artifact.features.set_values({feature.name: v}), lambda: ln.Artifact.get(artifact.uid).features.get_values().get(feature.name)),
        "record": (lambda v: record.features.set_values({feature.name: v}), lambda: ln.Record.get(record.uid).features.get_values().get(feature.name)),
        "params": (by_params, lambda: ln.Run.get(run.uid).params),
    }  # fmt: skip


def _same(a, b):
    return type(a) is type(b) and repr(a) == repr(b)


@pytest.mark.parametrize("door", ["artifact", "record", "params"])
@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_value_comes_out_as_it_went_in(doors, door, value):
    put, get = doors[door]
    put({"value": value})
    out = get()
    assert _same(out, {"value": value}), out


@pytest.mark.parametrize("door", ["artifact", "record", "params"])
@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, float("nan"), float("inf"), object, {"a": [float("-inf")]}], ids=str)
def test_a_value_that_cannot_be_kept_is_refused(ln, doors, door, value):
    put, get = doors[door]
    put({"value": 1})
    with pytest.raises(ln.errors.LaminError):
        put({"value": value})
    assert get() == {"value": 1}


def test_another_process_sees_the_same(ln, doors):
    doors["artifact"][0]({"value": VALUES})
    code = "import lamindb as ln, json; print(json.dumps(ln.Artifact.get(key='promised.txt').features.get_values()['promised']))"
    seen = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert _same(json.loads(seen.stdout.strip().splitlines()[-1]), {"value": VALUES})


def test_an_argument_that_does_nothing_is_refused(ln, doors):
    artifact = ln.Artifact.get(key="promised.txt")
    with pytest.raises(NotImplementedError):
        artifact.delete(using="other")
    assert ln.Artifact.filter(key="promised.txt").one() == artifact
