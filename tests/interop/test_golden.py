"""The golden instance, written by the real LaminDB and opened by ours: the same queries, the same results.

NOT_YET lists what still differs, with the reason. A test fails as soon as an entry no longer differs, so the list is
always true.
"""
import json
import os
import re
import subprocess
import sys
import tarfile

import pytest
from interop_support import KIT

NOT_YET = json.loads((KIT.parent / "golden_not_yet.json").read_text())


def expected(kind):
    with tarfile.open(KIT / "golden.tar.xz") as archive:
        return json.load(archive.extractfile(f"golden/expected/expected_{kind}.json"))


EXPECTED = {kind: expected(kind) for kind in ("queries", "describe", "repr")}
UNSTABLE = expected("unstable")["unstable_across_hash_seeds"]
ENTRIES = [(kind, name) for kind, answers in EXPECTED.items() for name in answers]


@pytest.fixture(scope="session")
def answers(golden_folder):
    env = {name: value for name, value in os.environ.items() if not name.startswith("LAMIN_")}
    env.update(HOME=str(golden_folder.parent / "home"), COLUMNS="240", XDG_CACHE_HOME=str(golden_folder.parent / "cache"))
    wanted = {"queries": {name: entry["code"] for name, entry in EXPECTED["queries"].items()},
              "describe": list(EXPECTED["describe"]), "repr": list(EXPECTED["repr"])}
    done = subprocess.run([sys.executable, KIT.parent / "golden_probe.py"], cwd=golden_folder, env=env, input=json.dumps(wanted),
                          capture_output=True, text=True, timeout=600)
    lines = [line for line in done.stdout.splitlines() if line.startswith("@@")]
    assert lines, f"the probe ended with {done.returncode}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
    return json.loads(lines[-1][2:])


def sorted_lists(value):
    """For entries whose order LaminDB does not define."""
    if isinstance(value, list):
        return sorted((sorted_lists(item) for item in value), key=json.dumps)
    if isinstance(value, dict):
        return {key: sorted_lists(item) for key, item in value.items()}
    return value


def comparable(kind, name, answer):
    if kind == "queries":
        answer = {key: answer[key] for key in ("index", "columns", "rows", "value") if key in answer}
    if kind == "describe":  # the frames around the tree are decoration
        answer = [re.sub(r"\s+$", "", line) for line in answer]
    return sorted_lists(answer) if name in UNSTABLE.get(kind, {}) else answer


def difference(kind, name, answers):
    got = answers[kind][name]
    if "error" in got:
        return got["error"]
    want, have = comparable(kind, name, EXPECTED[kind][name]), comparable(kind, name, got["answer"])
    return None if want == have else f"expected {json.dumps(want)[:600]}\n     got {json.dumps(have)[:600]}"


@pytest.mark.parametrize("kind, name", [entry for entry in ENTRIES if entry[1] not in NOT_YET.get(entry[0], {})])
def test_same_answer(answers, kind, name):
    wrong = difference(kind, name, answers)
    assert wrong is None, wrong


def test_the_list_of_what_is_missing_is_true(answers):
    solved = [f"{kind}: {name}" for kind, names in NOT_YET.items() for name in names if difference(kind, name, answers) is None]
    assert not solved, f"answered by now, remove from golden_not_yet.json: {solved}"
    unknown = [name for kind, names in NOT_YET.items() for name in names if name not in EXPECTED[kind]]
    assert not unknown


def test_the_big_file_is_known_missing(golden_folder):
    """The golden instance comes without its 60 MiB file; the row exists and reading it says so."""
    assert not list((golden_folder / "st" / ".lamindb").glob("*.bin"))
