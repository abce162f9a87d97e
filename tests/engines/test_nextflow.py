"""What may go wrong in a workflow of Nextflow, and what its tasks may do."""
import json
import os
import signal
import subprocess
import time

PLUGIN = "-plugins nf-lamin-native@0.1.0"

RETRIED = """
process FLAKY {
  errorStrategy { task.attempt < 2 ? 'retry' : 'finish' }
  maxRetries 1
  publishDir 'out dir', mode: 'copy'
  input: path reads
  output: path 'größe *'
  script:
  \"\"\"
  test ${task.attempt} -gt 1 || { echo no space left; exit 3; }
  cat $reads > "größe 1.txt"; echo 1 >> "größe 1.txt"
  mkdir "größe 2"
  cat $reads > "größe 2/part.txt"; echo 2 >> "größe 2/part.txt"
  \"\"\"
}

process TRACKED {
  publishDir 'out dir'
  input: path files
  output: path 'tracked.txt'
  script:
  \"\"\"
  cat *.txt */*.txt > tracked.txt
  cat > note.py <<'END'
import lamindb as ln
ln.track(key='note.py')
ln.Artifact('tracked.txt', key='notes/tracked.txt').save()
ln.finish()
END
  python note.py
  \"\"\"
}

process BAD {
  input: path file
  output: path 'never.txt'
  script: "exit 7"
}

workflow {
  made = FLAKY(Channel.fromPath('reads in.txt'))
  tracked = TRACKED(made)
  if (params.fail) BAD(tracked)
}
"""


def test_retries_failures_and_programs_that_track_themselves(nextflow_world):
    world = nextflow_world
    world.sh("lamin init --storage ./lab")
    world.write("reads in.txt", "reads\n")
    world.write("main.nf", "params.fail = false\n" + RETRIED)
    world.write("nextflow.config", "lamin.saveInputs = true\n")
    world.sh(f"nextflow run main.nf {PLUGIN}")
    world.python("""
workflow = ln.Run.get(transform__key="main.nf")
assert workflow.status == "completed"
first, second = ln.Run.filter(transform__key="main.nf/FLAKY").order_by("started_at").all()
assert (first.status, second.status) == ("errored", "completed"), (first.status, second.status)
assert "no space left" in first.report.cache().read_text() and first.extra_data["exit"] == 3
assert second.extra_data["attempt"] == 2
assert [a.key for a in second.input_artifacts.all()] == ["reads in.txt"]
folder = ln.Artifact.get(key="out dir/größe 2")
assert folder.n_files == 1 and folder.run == second
tracked = ln.Artifact.get(key="notes/tracked.txt")
assert tracked.run.transform.key == "note.py"
task = tracked.run.initiated_by_run
assert task.transform.key == "main.nf/TRACKED" and task.initiated_by_run == workflow
assert "out dir/größe 1.txt" in {a.key for a in tracked.run.input_artifacts.all()}
""")
    world.sh(f"nextflow run main.nf -resume --fail true {PLUGIN}", fails=True)
    world.python("""
workflow = ln.Run.filter(transform__key="main.nf").order_by("-id").first()
assert workflow.status == "errored" and workflow.params == {"fail": True}
assert "terminated with an error exit status (7)" in workflow.report.cache().read_text()
assert ln.Run.get(transform__key="main.nf/BAD").status == "errored"
assert ln.Run.filter(transform__key="main.nf/TRACKED").count() == 1
""")


def test_all_outputs_and_a_killed_engine(nextflow_world):
    world = nextflow_world
    world.sh("lamin init --storage ./lab")
    world.write("main.nf", """
process QUICK {
  output: path 'quick.txt'
  script: "echo quick > quick.txt"
}
process SLOW {
  input: path file
  output: path 'slow.txt'
  script: "cat $file > slow.txt; sleep \\$(cat $projectDir/seconds)"
}
workflow { SLOW(QUICK()) }
""")
    world.write("seconds", "60")
    world.write("nextflow.config", "lamin.saveOutputs = true\nlamin.key = 'kept'\nplugins { id 'nf-lamin-native@0.1.0' }\n")
    engine = subprocess.Popen(["nextflow", "run", "main.nf"], cwd=world.folder, env=world.env, start_new_session=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 90
    while not list(world.folder.glob("work/*/*/slow.txt")):
        assert time.monotonic() < deadline and engine.poll() is None
        time.sleep(0.1)
    os.killpg(engine.pid, signal.SIGKILL)
    engine.wait()
    world.sh("lamin import-run .nextflow/lamin/*.jsonl --key kept")
    world.python("""
workflow = ln.Run.get(transform__key="kept")
assert workflow.status == "aborted"
assert ln.Run.get(transform__key="kept/QUICK").status == "completed"
""")
    world.write("seconds", "0")
    world.sh("nextflow run main.nf -resume")
    world.python("""
quick = ln.Run.get(transform__key="kept/QUICK")
slow = ln.Run.get(transform__key="kept/SLOW")
assert slow.initiated_by_run.status == "completed" and quick.initiated_by_run.status == "aborted"
[made] = slow.input_artifacts.all()
assert made.run == quick
""")


def test_without_lamin_the_workflow_runs(nextflow_world):
    world = nextflow_world
    world.write("main.nf", 'process ONE { output: path "one.txt"; script: "echo 1 > one.txt" }\nworkflow { ONE() }\n')
    said = world.sh(f"nextflow run main.nf {PLUGIN}")
    assert "lamin: " in said and "lamin import-run" in said
    [trace] = world.folder.glob(".nextflow/lamin/*.jsonl")
    lines = [json.loads(line) for line in trace.read_text().splitlines()]
    assert lines[-1]["workflow"]["status"] == "completed" and lines[1]["task"]["process"] == "ONE"
