"""Tracked scripts and functions: what they print, how they end, what they may be."""

import os
import signal
import subprocess
import sys
import time

import pytest


def run_of(ln, name):
    return ln.Transform.get(key__endswith=name).latest_run


def log_of(run, seconds=20):
    """The log, which the watcher of a killed process saves after it."""
    until = time.monotonic() + seconds
    while run.report is None and time.monotonic() < until:
        time.sleep(0.1)
        run.refresh_from_db()
    assert run.report is not None
    return run.report.cache().read_text()


NATIVE = """
import lamindb as ln, os, subprocess, sys, threading
ln.track()
print("from python")
os.write(1, b"from native code\\n")
os.system("echo from a child; echo to stderr from a child >&2")
subprocess.run([sys.executable, "-c", "print('from another python')"])
thread = threading.Thread(target=lambda: print("from a thread"))
thread.start(); thread.join()
if os.fork() == 0:
    os.write(2, b"from a fork\\n")
    os._exit(0)
os.wait()
sys.stderr.write("to stderr\\n")
ln.finish()
print("after the end")
"""


def test_everything_that_is_printed_is_kept_and_passed_on(ln, script):
    done = script(NATIVE, "printing.py")
    assert done.returncode == 0, done.stderr
    log = log_of(run_of(ln, "printing.py"))
    lines = ("from python", "from native code", "from a child", "from another python", "from a thread", "to stderr from a child", "from a fork", "to stderr")
    for line in lines:
        assert line in log and line in done.stdout + done.stderr, line
    assert "after the end" in done.stdout and "after the end" not in log
    assert "to stderr from a child" in done.stderr and "from a child" not in done.stderr.replace("to stderr from a child", "")


def test_much_output(ln, script):
    text = "import lamindb as ln, os\nln.track()\nline = 'x' * 99\nfor _ in range(100_000): print(line)\nln.finish()\n"
    done = script(text, "much.py")
    assert done.returncode == 0 and done.stdout.count("x" * 99 + "\n") == 100_000
    assert log_of(run_of(ln, "much.py")).count("x" * 99 + "\n") == 100_000


def test_output_stays_live(ln, workplace):
    (workplace / "live.py").write_text("import lamindb as ln, time\nln.track()\nprint('now', flush=True)\ntime.sleep(60)\n")
    process = subprocess.Popen([sys.executable, "live.py"], cwd=workplace, stdout=subprocess.PIPE, text=True)
    begin = time.monotonic()
    try:
        while "now" not in process.stdout.readline():
            assert time.monotonic() - begin < 30
    finally:
        process.kill()
        process.wait()
    run = run_of(ln, "live.py")
    log = log_of(run)
    assert "now" in log and "it was killed, or crashed" in log
    assert run.status == "aborted" and run.finished_at is not None


@pytest.mark.parametrize(
    "number, status, said",
    [(signal.SIGTERM, "aborted", "SIGTERM"), (signal.SIGINT, "aborted", "KeyboardInterrupt"), (signal.SIGABRT, "aborted", "killed, or crashed")],
)
def test_a_script_that_is_stopped(ln, workplace, number, status, said):
    name = f"stopped_{number}.py"
    (workplace / name).write_text("import lamindb as ln, time\nln.track()\nprint('now', flush=True)\ntime.sleep(60)\n")
    process = subprocess.Popen([sys.executable, name], cwd=workplace, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while "now" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode != 0
    run = run_of(ln, name)
    assert said in log_of(run)
    run.refresh_from_db()
    assert run.status == status and run.finished_at is not None


def test_a_script_that_fails_keeps_its_traceback(ln, script):
    done = script("import lamindb as ln\nln.track()\nprint('before')\nraise ValueError('wrong value')\n", "fails.py")
    assert done.returncode == 1 and "ValueError: wrong value" in done.stderr
    run = run_of(ln, "fails.py")
    log = log_of(run)
    assert run.status == "errored" and "before" in log and "Traceback" in log and "ValueError: wrong value" in log


WATCHED = """
import lamindb as ln, glob, os, signal, stat, subprocess, sys, time
ln.track()
print("before")
logs = glob.glob(os.path.join(str(ln.settings.cache_dir), "run_logs_*" + ln.context.run.uid + "*"))
print("mode", [oct(stat.S_IMODE(os.stat(log).st_mode)) for log in logs])
sys.stdout.flush()
def children(pid):
    return [int(p) for p in open(f"/proc/{pid}/task/{pid}/children").read().split()]
guard = [p for p in children(os.getpid()) if "watch-run" in open(f"/proc/{p}/cmdline").read()][0]
os.kill(children(guard)[0], signal.SIGKILL)
time.sleep(0.3)
print("after")
subprocess.run(["sh", "-c", "echo from a child"], check=True)
ln.finish()
print("the end")
"""


def test_the_death_of_the_watcher_does_not_reach_the_script(ln, script):
    done = script(WATCHED, "watched.py")
    assert done.returncode == 0, done.stderr
    assert all(line in done.stdout for line in ("before", "after", "from a child", "the end"))
    assert "mode ['0o600']" in done.stdout, "what is printed may be confidential"
    log = log_of(run_of(ln, "watched.py"))
    assert "before" in log and "after" in log and "from a child" in log


def test_a_full_disk_ends_the_log_and_not_the_script(ln, workplace, tmp_path):
    full = tmp_path / "full"
    full.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "none", str(full)], check=True)
    try:
        (workplace / "filling.py").write_text("import lamindb as ln\nln.track()\nfor _ in range(5000): print('x' * 99)\nln.finish()\n")
        done = subprocess.run([sys.executable, "filling.py"], cwd=workplace, env={**os.environ, "LAMIN_CACHE_DIR": str(full)}, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("x" * 99) == 5000
        assert run_of(ln, "filling.py").status == "completed"
    finally:
        subprocess.run(["umount", str(full)], check=True)


def test_a_script_without_finish_keeps_its_output(ln, script):
    assert script("import lamindb as ln\nln.track()\nprint('said')\n", "open_ended.py").returncode == 0
    run = run_of(ln, "open_ended.py")
    assert run.finished_at is None and "said" in log_of(run)


def test_one_run_after_another_in_a_script(ln, script):
    text = "import lamindb as ln\nln.track()\nprint('in the first')\nln.track()\nprint('in the second')\nln.finish()\nprint('in none')\n"
    done = script(text, "twice_tracked.py")
    assert done.returncode == 0 and "in the first" in done.stdout and "in none" in done.stdout, done.stderr
    first, second = ln.Transform.get(key__endswith="twice_tracked.py").runs.order_by("id").all()
    assert first.finished_at is None and second.status == "completed"
    assert "in the first" in log_of(first) and "in the second" not in log_of(first)
    assert "in the second" in log_of(second) and "in the first" not in log_of(second) and "in none" not in log_of(second)


def test_ways_of_starting_a_script(ln, workplace):
    package = workplace / "ways"
    package.mkdir()
    (package / "__init__.py").write_text("")
    source = "import lamindb as ln\nln.track()\nln.finish()\n"
    (package / "module.py").write_text(source + "# module\n")
    (package / "inner.py").write_text("import lamindb as ln\ndef go():\n    ln.track()\n    ln.finish()\n")
    (workplace / "linked.py").symlink_to(package / "module.py")
    for words in (["-m", "ways.module"], ["linked.py"], ["-c", "import ways.inner; ways.inner.go()"]):
        done = subprocess.run([sys.executable, *words], cwd=workplace, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    assert ln.Transform.get(key="ways/module.py").runs.count() == 2, "a link is the file"
    assert ln.Transform.get(key="pypackages/ways/inner.py").latest_run.status == "completed"
    for words in (["-c", source], ["-"]):
        done = subprocess.run([sys.executable, *words], cwd=workplace, input=source, capture_output=True, text=True)
        assert done.returncode == 1 and ("pass path" in done.stderr.lower()), done.stderr


def test_two_at_once(ln, workplace):
    (workplace / "twice.py").write_text("import lamindb as ln, sys, time\nln.track()\nprint('I am', sys.argv[1])\ntime.sleep(0.5)\nln.finish()\n")
    both = [subprocess.Popen([sys.executable, "twice.py", word], cwd=workplace, stdout=subprocess.DEVNULL) for word in ("one", "two")]
    assert [process.wait(timeout=60) for process in both] == [0, 0]
    runs = ln.Transform.get(key__endswith="twice.py").runs.all()
    assert {run.cli_args for run in runs} == {"one", "two"}
    for run in runs:
        log = log_of(run)
        assert f"I am {run.cli_args}" in log and log.count("I am") == 1


def test_project_space_and_branch(ln):
    project = ln.Project(name="tracked project").save()
    space, branch = ln.Space(name="tracked space").save(), ln.Branch(name="tracked branch").save()
    before = ln.setup.settings.branch
    ln.track(key="scoped", source_code="x", kind="pipeline", project="tracked project", space=space, branch=branch.uid)
    try:
        assert (ln.context.project, ln.context.space, ln.context.branch) == (project, space, branch)
        label = ln.ULabel(name="made in a scope").save()
        assert label.space_id == space.id and label.branch_id == branch.id and label.projects.one() == project
        assert ln.context.run.space_id == space.id
    finally:
        ln.finish()
    assert ln.context.project is None and ln.context.space is None and ln.context.branch is None
    assert ln.ULabel(name="made after it").branch_id == before.id
    with pytest.raises(ln.errors.InvalidArgument, match="Project 'none' not found"):
        ln.track(key="scoped", source_code="x", kind="pipeline", project="none")
    with pytest.raises(AssertionError, match="Space must be saved"):
        ln.track(key="scoped", source_code="x", kind="pipeline", space=ln.Space(name="unsaved"))


def test_no_project_is_meant_by_an_empty_variable(ln, monkeypatch):
    monkeypatch.setenv("LAMIN_CURRENT_PROJECT", "")
    ln.track(key="unscoped", source_code="x", kind="pipeline")
    try:
        assert ln.context.project is None
    finally:
        ln.finish()


def test_a_run_goes_on(ln):
    first = None
    for new_run, same in ((None, False), (False, True), (True, False)):
        ln.track(key="goes on", source_code="x", kind="pipeline", new_run=new_run)
        run = ln.context.run
        ln.finish()
        if first is not None:
            assert (run == first) is same
        first = first or run


def test_params_that_are_not_what_they_should_be_are_left_out(ln, said):
    @ln.flow()
    def typed(count: int, label: str, names: list[str] | None = None, table: object = None, later: "float" = 1):
        return ln.context.run

    run = typed("three", "ok", ["a"], table=object(), later=2)
    assert run.params == {"label": "ok", "names": ["a"], "later": 2}
    out = said()
    assert "skipping param count" in out and "skipping param table" in out
