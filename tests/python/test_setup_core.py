"""lamindb.setup.core: hashes and base 62 as LaminDB computes them, on values that it gave."""

import pytest


def test_base62(ln):
    base62 = ln.setup.core.base62
    for number, text in ((0, "0"), (61, "z"), (62, "10"), (34441886726, "base62")):
        assert base62.encode(number) == text and base62.decode(text) == number
    assert base62.encode(10231951886, charset=base62.CHARSET_INVERTED) == "base62"
    for data, text in ((b"", ""), (b"\0", "01"), (b"\0\1", "011"), (bytes(61), "0z"), (bytes(62), "0z01"), (b"\1\1", "49")):
        assert base62.encodebytes(data) == text and base62.decodebytes(text) == data
    assert [base62.increment_base62(text) for text in ("0009", "000Z", "000z", "zzzz")] == ["000A", "000a", "0010", "10000"]
    with pytest.raises(ValueError):
        base62.decode("+")
    for wrong in (lambda: base62.encodebytes("text"), lambda: base62.decode(b"bytes")):
        with pytest.raises(TypeError):
            wrong()


def test_hashes(ln, tmp_path):
    hashing = ln.setup.core.hashing
    (tmp_path / "abc").write_text("abc")
    assert hashing.hash_file(tmp_path / "abc") == (3, "kAFQmDzST7DWlj99KOF_cg", "md5") == hashing.hash_file(tmp_path / "abc", chunk_size=None)
    assert hashing.hash_file(tmp_path / "abc", chunk_size=1) == (3, "p0EbDbQEP1wS-Tw6TuBjKS", "sha1-fl")
    assert hashing.hash_string("abc") == hashing.hash_small_bytes(b"abc") == "kAFQmDzST7DWlj99KOF_cg"
    assert hashing.b16_to_b64('"9b89c8c1acf79dba5b5341d1fff9806f"') == "m4nIwaz3nbpbU0HR__mAbw"
    assert hashing.hash_and_encode_as_b62("10075f070b0b48b0900618724fb3be62") == "7clAMMtTbqlKVQPmUbqnIq"
    assert hashing.hash_set({"b", "a"}) == hashing.hash_string("a:b") and hashing.hash_dict({"b": 1, "a": 2}) == hashing.hash_dict({"a": 2, "b": 1})
    assert hashing.hash_code(tmp_path / "abc").hexdigest() == "f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f", "as git names it"
    size, value, kind, n = hashing.hash_dir(tmp_path)
    assert (size, kind, n) == (3, "md5-d", 1) and value == hashing.hash_from_hashes_list(["kAFQmDzST7DWlj99KOF_cg"])
    with pytest.raises(FileNotFoundError):
        hashing.hash_file(tmp_path / "none")


def test_a_cache_is_an_absolute_path(ln, monkeypatch):
    monkeypatch.setenv("LAMIN_CACHE_DIR", "relative/cache")
    with pytest.raises(ValueError, match="LAMIN_CACHE_DIR must be a valid absolute path"):
        _ = ln.setup.settings.cache_dir


def test_classes_follow_from_one_instance_to_another(script, workplace):
    """The tables of an instance that is gone are forgotten, although those of the next one may be where they were."""
    done = script("""
import gc, os
import lamindb as ln
ln.settings.verbosity = "error"
os.mkdir("moving")
os.chdir("moving")
for i in range(30):
    ln.setup.init(storage=f"./moving-{i}", name=f"moving-{i}", modules=("", "bionty", "bionty,pertdb")[i % 3] or None)
    gc.collect()
    run = ln.Run(ln.Transform(key="step.py", kind="script").save(), status="started").save()
    assert run.started_at is not None and run.transform.key == "step.py" and run.transform.kind == "script", i
    kind = ln.ULabel(name="kinds", is_type=True, description="of labels").save()
    label = ln.ULabel(name="one", type=kind, reference="r").save()
    assert (label.type.name, label.type.description, label.reference, label.is_type) == ("kinds", "of labels", "r", False), i
    feature = ln.Feature(name="n", dtype=int).save()
    record = ln.Record(name="row", is_type=True, schema=ln.Schema([feature], name="s").save()).save()
    assert record.schema.name == "s" and record.created_by.handle == ln.setup.settings.user.handle, i
print("followed")
""", name="moving.py")
    assert done.stdout.strip().endswith("followed"), done.stdout + done.stderr
