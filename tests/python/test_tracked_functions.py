"""Functions as steps and flows: in threads, coroutines and processes, nested, failing."""

import asyncio
import concurrent.futures
import time

import pytest


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
