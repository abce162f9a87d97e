"""Tracked scripts and functions: what they print, how they end, what they may be."""

import asyncio
import concurrent.futures
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


def test_steps_in_threads_and_coroutines(ln):
    @ln.step()
    def step(n):
        time.sleep(0.02)
        return n, ln.ULabel(name=f"made in a thread {n}").save()

    @ln.step()
    async def coroutine(n):
        await asyncio.sleep(0.02)
        label = ln.ULabel(name=f"made in a coroutine {n}").save()
        await asyncio.sleep(0.02)
        return n, label

    async def all_of_them():
        return await asyncio.gather(*(coroutine(n) for n in range(4)))

    ln.track(key="parallel", source_code="x", kind="pipeline")
    outer = ln.context.run
    try:
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            made = list(pool.map(step, range(4)))
        made += asyncio.run(all_of_them())
        assert ln.context.run == outer and ln.ULabel(name="made outside").save().run == outer
    finally:
        ln.finish()
    runs = [label.run for _, label in made]
    assert len({run.uid for run in runs}) == 8
    for (n, label), run in zip(made, runs):
        assert run.params == {"n": n} and run.initiated_by_run == outer and run.status == "completed", label


def test_flows_in_parallel_and_one_that_fails(ln):
    @ln.flow(global_run="none")
    def quiet(n):
        assert ln.context.run is None
        return ln.ULabel(name=f"made in a flow {n}").save()

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        runs = {label.run.uid for label in pool.map(quiet, range(3))}
    assert len(runs) == 3

    @ln.flow()
    def failing():
        print("before it failed")
        raise ValueError("it failed")

    with pytest.raises(ValueError, match="it failed"):
        failing()
    run = ln.Run.filter(entrypoint__endswith="failing").order_by("-id").first()
    log = run.report.cache().read_text()
    assert run.status == "errored" and "before it failed" in log and "ValueError: it failed" in log and ln.context.run is None


def test_a_memorized_flow_goes_on(ln):
    @ln.flow(global_run="memorize")
    def begin():
        return ln.context.run

    run = begin()
    try:
        assert ln.context.run == run and ln.ULabel(name="made later").save().run == run
        with pytest.raises(RuntimeError, match="clear the global run context"):
            begin()
    finally:
        ln.context._run = None


def git(folder, *words):
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(workplace, tmp_path):
    """A working copy and the bare repository that it came from."""
    bare, copy = tmp_path / "lab" / "pipelines", workplace / "pipelines"
    bare.mkdir(parents=True)
    git(bare, "init", "--bare", "-b", "main")
    git(workplace, "clone", str(bare), str(copy))
    (copy / "align.py").write_text("import lamindb as ln\nimport os\nln.settings.sync_git_repo = os.environ['REPOSITORY']\nln.track()\nln.finish()\n")
    git(copy, "add", ".")
    git(copy, "commit", "-m", "first")
    git(copy, "push", "origin", "HEAD:main")
    git(copy, "tag", "v1")
    git(copy, "push", "--tags")
    git(copy, "remote", "set-head", "origin", "main")
    yield bare, copy
    subprocess.run(["rm", "-rf", str(copy)])


def test_a_script_knows_its_commit(ln, repository):
    bare, copy = repository
    env = {**os.environ, "REPOSITORY": str(bare)}
    done = subprocess.run([sys.executable, "align.py"], cwd=copy, capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=copy, capture_output=True, text=True).stdout.strip()
    transform = ln.Transform.get(key__endswith="align.py")
    assert transform.reference == f"{bare}/blob/{commit}/align.py" and transform.reference_type == "url"
    (copy / "align.py").write_text((copy / "align.py").read_text() + "# not committed\n")
    done = subprocess.run([sys.executable, "align.py"], cwd=copy, capture_output=True, text=True, env=env)
    assert done.returncode == 1 and "Did not find blob hash" in done.stderr


def test_a_transform_of_a_repository(ln, repository):
    bare, copy = repository
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=copy, capture_output=True, text=True).stdout.strip()
    pinned = ln.Transform.from_git(str(bare), "align.py", version="v1").save()
    assert pinned.source_code == f"repo: {bare}\npath: align.py\ncommit: {commit}" and pinned.version_tag == "v1"
    assert pinned.key == "lab/pipelines/align.py" and pinned.reference == f"{bare}/blob/{commit}/align.py" and pinned.kind == "pipeline"
    sliding = ln.Transform.from_git(str(bare), "align.py", key="sliding", version="main", branch="main", entrypoint="go").save()
    assert sliding.source_code == f"repo: {bare}\npath: align.py\nentrypoint: go\nbranch: main"
    with pytest.raises(ValueError, match="v9"):
        ln.Transform.from_git(str(bare), "align.py", version="v9")
    with pytest.raises(FileNotFoundError, match="none.py"):
        ln.Transform.from_git(str(bare), "none.py")


def test_lock_files_are_the_environment(ln, tmp_path, monkeypatch):
    from lamindb._tracking.environment import environment

    monkeypatch.chdir(tmp_path)
    assert environment()[0] == "requirements.txt"
    (tmp_path / "uv.lock").write_text("version = 1\n")
    assert environment()[0] == "requirements.txt", "a lock counts where uv made the environment"
    monkeypatch.setenv("UV", "/opt/uv/bin/uv")
    assert environment() == ("uv.lock", "version = 1\n")
    (tmp_path / "pixi.toml").write_text("")
    (tmp_path / "pixi.lock").write_text("version: 6\n")
    assert environment() == ("pixi.lock", "version: 6\n")
    (tmp_path / "pixi.lock").unlink()
    (tmp_path / "uv.lock").unlink()
    (tmp_path / "conda" / "conda-meta").mkdir(parents=True)
    (tmp_path / "conda" / "conda-meta" / "numpy-2.1-py311_0.json").write_text("{}")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "conda"))
    name, text = environment()
    assert name == "environment.yml" and "  - numpy=2.1=py311_0\n" in text and "  - pip:" in text
    run = ln.Run(ln.Transform(key="locked").save()).save()
    ln._core.save_environment(run, text, name)
    assert run.environment.description == "environment.yml" and run.environment.cache().read_text() == text


def shell(*words, cwd, status=0):
    done = subprocess.run(["lamin", *map(str, words)], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == status, done.stderr
    return done


def test_source_goes_to_the_shell_and_back(ln, workplace, tmp_path):
    (workplace / "shown.py").write_text("x = 1\n")
    assert "created Transform('" in shell("save", "shown.py", cwd=workplace).stderr
    (workplace / "shown.py").write_text("x = 2\n")
    uid = shell("save", "shown.py", cwd=workplace).stdout.strip()
    assert uid.endswith("0001")
    diff = shell("diff", "shown.py", cwd=workplace).stdout
    assert "-x = 1\n+x = 2\n" in diff and shell("diff", "shown.py", "0000", "0001", cwd=workplace).stdout == diff
    assert "has no version" in shell("diff", "shown.py", "nine", cwd=workplace, status=5).stderr
    (workplace / "shown.py").unlink()
    run = ln.Run(ln.Transform.get(uid)).save()
    ln._core.save_environment(run, "a==1\n", "requirements.txt")
    assert shell("load", "transform", "--uid", uid, "--with-env", cwd=workplace).stdout.split() == ["shown.py", "shown__requirements.txt"]
    assert (workplace / "shown.py").read_text() == "x = 2\n" and (workplace / "shown__requirements.txt").read_text() == "a==1\n"


def test_rendered_notebooks_of_r(ln, workplace):
    (workplace / "shown.qmd").write_text('---\ntitle: "My R analysis"\n---\n\n```{r}\ntrack("EPnfDtJz8qbE")\n```\n')
    assert "Please export your .qmd file as an html file" in shell("save", "shown.qmd", cwd=workplace, status=5).stderr
    (workplace / "shown.html").write_text("<html>shown</html>")
    said = shell("save", "shown.qmd", cwd=workplace).stderr
    assert "mapped 'shown.qmd' on uid 'EPnfDtJz8qbE'" in said and "found no run, creating Run(" in said
    transform = ln.Transform.get("EPnfDtJz8qbE")
    assert transform.description == "My R analysis" and transform.kind == "notebook"
    assert transform.latest_run.report.cache().read_text() == "<html>shown</html>"


POOL = """
import concurrent.futures
import lamindb as ln

@ln.step()
def part(n):
    return ln.ULabel(name=f"made in a process {n}").save().run.uid

if __name__ == "__main__":
    ln.track()
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        print("runs", len(set(pool.map(part, range(4)))))
    ln.finish()
"""


def test_steps_in_processes(ln, script):
    done = script(POOL, "pool.py")
    assert done.returncode == 0 and "runs 4" in done.stdout, done.stderr
    runs = ln.Transform.get(key="pool.py").runs.all()
    outer = next(run for run in runs if run.entrypoint is None)
    assert {run.status for run in runs} == {"completed"} and {run.initiated_by_run for run in runs if run != outer} == {outer}
