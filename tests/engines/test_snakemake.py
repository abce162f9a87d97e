"""What may go wrong in a workflow of Snakemake, and what its jobs may do."""
import os
import signal
import subprocess
import time

import pytest

FAILING = """
rule all:
    input: "out/good.txt", "out/bad.txt"

rule good:
    output: "out/good.txt"
    shell: "echo good > {output}"

rule bad:
    output: "out/bad.txt"
    log: "bad.log"
    retries: 1
    shell: "echo no space left, token=ghp_0123456789abcdefghijABCDEFGHIJ012345 > {log}; exit 3"
"""


def test_failures_and_retries_are_runs(world):
    world.sh("lamin init --storage ./lab")
    world.write("Snakefile", FAILING)
    world.sh("snakemake --cores 1 --keep-going --logger lamin", fails=True)
    world.python("""
workflow = ln.Run.get(transform__key="Snakefile")
assert workflow.status == "errored", workflow.status
good = ln.Run.get(transform__key="Snakefile/good")
assert good.status == "completed" and good.extra_data["threads"] == 1
attempts = ln.Run.filter(transform__key="Snakefile/bad").order_by("id").all()
assert [run.status for run in attempts] == ["errored", "errored"], attempts
assert [run.extra_data.get("attempt", 1) for run in attempts] == [1, 2]
log = attempts[1].report.cache().read_text()
assert "no space left" in log and "ghp_" not in log
assert ln.Artifact.get(key="out/good.txt").run == good
""")
    world.write("Snakefile", FAILING.replace("exit 3", "echo bad > {output}"))
    world.sh("snakemake --cores 1 --logger lamin")
    world.python("""
assert ln.Run.filter(transform__key="Snakefile/good").count() == 1
bad = ln.Artifact.get(key="out/bad.txt").run
assert bad.status == "completed" and bad.transform.uid.endswith("0001")
assert bad.initiated_by_run == ln.Run.filter(transform__key="Snakefile").order_by("-id").first()
""")


def test_a_killed_engine_can_be_imported_later(world):
    world.sh("lamin init --storage ./lab")
    world.write("Snakefile", 'rule slow:\n    output: "slow.txt"\n    shell: "touch started; sleep 60; touch {output}"\n')
    engine = subprocess.Popen(["snakemake", "--cores", "1", "--logger", "lamin"], cwd=world.folder, env=world.env, start_new_session=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (world.folder / "started").exists():
        assert time.monotonic() < deadline and engine.poll() is None
        time.sleep(0.1)
    time.sleep(0.5)  # what was seen is on disk
    os.killpg(engine.pid, signal.SIGKILL)
    engine.wait()
    world.python('assert ln.Run.get(transform__key="Snakefile").status == "started"')
    world.sh("lamin import-run .snakemake/lamin/*.jsonl")
    world.python("""
assert ln.Run.get(transform__key="Snakefile").status == "aborted"
assert ln.Run.get(transform__key="Snakefile/slow").status == "aborted"
""")


def test_an_interrupted_workflow_is_aborted_or_failed(world):
    world.sh("lamin init --storage ./lab")
    world.write("Snakefile", 'rule slow:\n    output: "slow.txt"\n    shell: "touch started; sleep 60; touch {output}"\n')
    engine = subprocess.Popen(["snakemake", "--cores", "1", "--logger", "lamin"], cwd=world.folder, env=world.env, start_new_session=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (world.folder / "started").exists():
        assert time.monotonic() < deadline and engine.poll() is None
        time.sleep(0.1)
    os.killpg(engine.pid, signal.SIGINT)
    engine.wait(60)
    world.python('assert ln.Run.get(transform__key="Snakefile").status in ("aborted", "errored")')


def test_a_missing_instance_is_only_a_warning(world):
    world.write("Snakefile", 'rule one:\n    output: "one.txt"\n    shell: "touch {output}"\n')
    said = world.sh("snakemake --cores 1 --logger lamin")
    assert "lamin: " in said and "lamin import-run" in said and (world.folder / "one.txt").exists()
    world.sh("lamin init --storage ./lab; lamin import-run .snakemake/lamin/*.json")
    world.python('assert ln.Run.get(transform__key="Snakefile/one").status == "completed"')


def test_dry_runs_leave_nothing(world):
    world.sh("lamin init --storage ./lab")
    world.write("Snakefile", 'rule one:\n    output: "one.txt"\n    shell: "touch {output}"\n')
    world.sh("snakemake --cores 1 --logger lamin --dry-run")
    world.python("assert ln.Run.filter().count() == 0")
    assert not (world.folder / ".snakemake" / "lamin").exists()


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_names_folders_includes_and_parallel_jobs(world, database, request):
    url = "" if database == "sqlite" else request.getfixturevalue("postgres")
    world.run("lamin", "init", "--storage", "./lab", "--name", "parts", *(["--db", url] if url else []))
    world.write("in dir/größe 1.txt", "one\n")
    world.write("in dir/größe 2.txt", "two\n")
    world.write("workflow/rules/split.smk", """
rule split:
    input: "in dir/{name}.txt"
    output: directory("parts/{name}")
    shell: "mkdir -p {output:q}; cp {input:q} {output:q}/a.txt; echo {wildcards.name:q} > {output:q}/b.txt; lamin save {output:q}/b.txt --key b/{wildcards.name:q}.txt"
""")
    world.write("workflow/Snakefile", """
include: "rules/split.smk"
NAMES = ["größe 1", "größe 2"]

rule all:
    input: expand("parts/{name}", name=NAMES), "joined.txt"

rule join:
    input: expand("parts/{name}", name=NAMES)
    output: "joined.txt"
    shell: "cat {input[0]:q}/a.txt {input[1]:q}/a.txt > {output}"
""")
    world.sh("snakemake --cores 2 --logger lamin --logger-lamin-save-inputs")
    world.python("""
workflow = ln.Run.get(transform__key="workflow/Snakefile")
assert workflow.status == "completed"
joined = ln.Artifact.get(key="joined.txt")
folders = sorted(joined.run.input_artifacts.all(), key=lambda a: a.key)
assert [a.key for a in folders] == ["parts/größe 1", "parts/größe 2"] and all(a.n_files == 3 for a in folders)  # with Snakemake's mark
for folder, name in zip(folders, ("größe 1", "größe 2")):
    assert folder.run.params == {"name": name} and folder.run.name == f"split ({name})"
    assert "rule split:" in folder.run.transform.source_code
    assert [a.key for a in folder.run.input_artifacts.all()] == [f"in dir/{name}.txt"]
    assert ln.Artifact.get(key=f"b/{name}.txt").run is None
""")


def test_a_job_is_the_same_after_its_engine_was_killed(world):
    """What was done before the kill is imported from the lines, and is taken from the cache by the next execution."""
    world.sh("lamin init --storage ./lab")
    world.write("Snakefile", """
rule all:
    input: "last.txt"

rule first:
    output: "first.txt"
    shell: "echo first > {output}"

rule last:
    input: "first.txt"
    output: "last.txt"
    shell: "touch started; sleep $(cat seconds); cat {input} {input} > {output}"
""")
    world.write("seconds", "60")
    engine = subprocess.Popen(["snakemake", "--cores", "1", "--logger", "lamin"], cwd=world.folder, env=world.env, start_new_session=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (world.folder / "started").exists():
        assert time.monotonic() < deadline and engine.poll() is None
        time.sleep(0.1)
    time.sleep(0.5)
    os.killpg(engine.pid, signal.SIGKILL)
    engine.wait()
    world.sh("lamin import-run .snakemake/lamin/*.jsonl --save-outputs")
    world.python("""
first = ln.Run.get(transform__key="Snakefile/first")
assert first.status == "completed" and "rule first:" in first.transform.source_code
assert ln.Run.get(transform__key="Snakefile/last").status == "aborted"
""")
    world.write("seconds", "0")
    world.sh("snakemake --unlock; snakemake --cores 1 --rerun-incomplete --logger lamin")
    world.python("""
assert ln.Run.filter(transform__key="Snakefile/first").count() == 1
last = ln.Artifact.get(key="last.txt").run
assert [a.key for a in last.input_artifacts.all()] == ["first.txt"], last.input_artifacts.all()
assert ln.Run.filter(transform__key="Snakefile/last").count() == 2
""")
