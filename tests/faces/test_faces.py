"""Each case of cases.py through C++, the shell and Python, on both databases: the same answer, or the same error."""
import json
import subprocess

import pytest
from cases import CASES, Refused, prepare
from faces import FACES, ROOT


@pytest.fixture(params=sorted(FACES))
def face(request, tmp_path, home, lamin, db, monkeypatch):
    """One face on a separate instance, with two schemas."""
    data = tmp_path / "data"
    prepare(data)
    run(lamin, "init", "--storage", "store", "--name", "faces", "--modules", "bionty", *(["--db", db] if db else []), cwd=tmp_path)
    (tmp_path / "store" / "chosen.txt").write_text("chosen")
    for words in (("feature", "score", "--dtype", "int"), ("feature", "cell_type", "--dtype", "cat[bionty.CellType]"),
                  ("schema", "typed cells", "--features", "cell_type,score"),
                  ("schema", "only parquet", "--features", "score", "--suffix", ".parquet")):  # fmt: skip
        run(lamin, "create", *words, cwd=tmp_path)
    made = FACES[request.param](tmp_path)
    yield made, {"data": str(data), "store": str(tmp_path / "store"), "root": str(ROOT)}
    made.close()


def run(*words, cwd):
    done = subprocess.run([str(word) for word in words], cwd=cwd, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def filled(given, places):
    if isinstance(given, str):
        return given.replace("{data}", places["data"]).replace("{store}", places["store"]).replace("{root}", places["root"])
    if isinstance(given, dict):
        return {key: filled(value, places) for key, value in given.items()}
    return given


def complaint(expected, said):
    """What is wrong with an answer; empty if nothing is."""
    if not isinstance(expected, Refused):
        return "" if said == {"answer": expected} else f"answered {json.dumps(said)}, not {json.dumps(expected)}"
    if "error" not in said:
        return f"answered {said['answer']}, not {expected.code}"
    if said["error"] != expected.code:
        return f"is refused as {said['error']}, not {expected.code}: {said['message'][:200]}"
    missing = [word for word in expected.says if word not in said["message"]]
    return f"does not say {missing}: {said['message'][:300]}" if missing else ""


def test_every_verb(face):
    carry_out, places = face
    wrong = []
    for number, (verb, given, expected) in enumerate(CASES):
        why = complaint(expected, carry_out(verb, filled(given, places)))
        if why:
            wrong.append(f"{number} {verb} {json.dumps(given)} {why}")
    assert not wrong, f"{len(wrong)} of {len(CASES)} cases:\n" + "\n".join(wrong)


def test_every_verb_has_an_answer_and_an_error():
    answered = {verb for verb, _, expected in CASES if not isinstance(expected, Refused)}
    assert len(CASES) >= 80
    # `run` and `standardize`, `search`, `save_source`: their errors are those of another verb of the table.
    without = {"run", "standardize", "search", "save_source", "save_real", "restore", "curate", "index"}
    assert {verb for verb, _, expected in CASES if isinstance(expected, Refused)} | without == answered
