"""`lamin verify` of commands: run again in a folder of their own, and their outputs compared."""
import json
import sys

import pytest


@pytest.fixture
def shell(run_shell):
    return run_shell


def verified(shell, what, *options, status=0):
    return json.loads(shell("verify", what, "--json", *options, status=status).splitlines()[0])


def test_a_run_gives_the_same_again(shell):
    shell.write("in.txt", "b\na\n")
    shell("save", "in.txt", "--key", "in.txt")
    shell.write("x.sh", 'sort "$1" > "$2"; touch -d @$(date +1%N) "$2"; gzip -k "$2"; date +%N > time.txt\n')
    told = shell.run("bash", "x.sh", "in.txt", "out.txt", options=["--save-outputs"])
    for name in ("in.txt", "x.sh", "out.txt", "out.txt.gz", "time.txt"):
        (shell.folder / name).unlink()
    found = verified(shell, told["run"], status=1)
    assert {output["key"]: output["sameness"] for output in found["outputs"]} == {
        "out.txt": "bytes", "out.txt.gz": "content", "time.txt": "different"}  # fmt: skip
    assert "they differ from byte" in found["outputs"][2]["differences"][0] and not found["same"]
    assert not any((shell.folder / name).exists() for name in ("out.txt", "time.txt"))


def test_what_is_compared_is_the_content(shell):
    shell.write("make.py", """
        import sys, random
        import anndata as ad, numpy as np, pandas as pd, scipy.sparse as sp
        mode = open("mode.txt").read().strip()
        rows, columns = np.arange(20), np.arange(5)
        if mode == "shuffled":
            rows, columns = np.random.default_rng(1).permutation(20), np.array([4, 2, 0, 1, 3])
        matrix = (rows[:, None] * 5 + columns[None, :]) % 7 * 1.0
        if mode == "close": matrix = matrix * (1 + 1e-9)
        if mode == "other": matrix[3, 2] += 1
        obs = pd.DataFrame({"n": rows, "kind": pd.Categorical([f"k{r % 3}" for r in rows])}, index=[f"c{r}" for r in rows])
        var = pd.DataFrame({"g": columns}, index=[f"g{c}" for c in columns])
        ad.AnnData(sp.csr_matrix(matrix), obs=obs, var=var, layers={"dense": matrix}, obsm={"pca": np.c_[rows, 2.0 * rows]}).write_h5ad("made.h5ad")
        obs.to_parquet("made.parquet")
        obs.to_csv("made.csv")
        """)  # fmt: skip
    shell.write("mode.txt", "plain")
    told = shell.run(sys.executable, "make.py", options=["--outputs", "made.*"])
    assert len(told["outputs"]) == 3
    assert shell.row("run", f"uid = '{told['run']}'", "environment.description") == "requirements.txt"
    for mode, expected in [("shuffled", "content"), ("close", "content"), ("other", "different")]:
        shell.write("mode.txt", mode)
        found = verified(shell, told["run"], status=0 if expected == "content" else 1)
        by_key = {output["key"]: output for output in found["outputs"]}
        assert by_key["made.h5ad"]["sameness"] == expected, found
        assert by_key["made.csv"]["sameness"] in ("bytes", "content") and by_key["made.parquet"]["sameness"] in ("bytes", "content")
        assert any("mode.txt" in note and "changed" in note for note in found["notes"])
    assert any("'X' differs in 1 of 100 values, first at (3, 2)" in text for text in by_key["made.h5ad"]["differences"])


def test_a_command_that_is_run_again_can_change_nothing_outside(shell):
    outside = shell.write("outside/kept.txt", "1")
    shell.write("x.sh", f"echo 2 >> {outside}; rm -f {shell.folder}/told.txt; echo ok > ok.txt\n")
    shell.write("told.txt", "here")
    (shell.folder / "work").mkdir()
    told = shell.run("sh", "-c", f"cd work && sh {shell.folder}/x.sh", options=["--save-outputs"])
    outside.write_text("1")
    shell.write("told.txt", "here")
    found = verified(shell, told["run"], status=1)
    assert outside.read_text() == "1" and (shell.folder / "told.txt").read_text() == "here"
    assert any("kept.txt" in note and "refused" in note for note in found["notes"])


def test_what_cannot_be_done_again_says_so(shell):
    tracked = shell("track", "--key", "by_hand.sh", LAMIN_RUN="")
    shell("finish", LAMIN_RUN=tracked)
    assert "no source code is kept" in shell("verify", tracked, status=13)
    told = shell.run("echo", "--password", "Hunter2-is-short")
    assert "had a secret" in shell("verify", told["run"], status=13)
    assert "no run with the uid" in shell("verify", "nothing", status=5)
