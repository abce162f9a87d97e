"""Where batches run: processes on this machine, Dask, or Ray. A batch whose worker is lost is given to another one.

Each kind is a function of (address, task, batches) that yields what the task returned for each batch, in any order.
"""

import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from .._process.settings import parts_of_executor
from ..errors import Unavailable

_TRIES = 3  # of a batch whose worker is lost


def workers_of(executor):
    """How many batches run at once."""
    kind, address = parts_of_executor(executor)
    return _CLUSTERS[kind][1](address)


def run_batches(executor, task, batches):
    """Yields what the task returned for each batch."""
    kind, address = parts_of_executor(executor)
    if not batches:
        return iter(())
    return _CLUSTERS[kind][0](address, task, batches)


def _cores(address):
    return int(address) if address else len(os.sched_getaffinity(0))


def _here(address, task, batches):
    """In processes of this machine; one batch alone in this process."""
    if len(batches) == 1:
        yield task(batches[0])
        return
    waiting = batches
    for _ in range(_TRIES):
        lost = []
        with ProcessPoolExecutor(min(_cores(address), len(waiting)), mp_context=get_context("spawn")) as pool:
            running = {pool.submit(task, batch): batch for batch in waiting}
            for future in as_completed(running):
                try:
                    yield future.result()
                except BrokenProcessPool:
                    lost.append(running[future])
        if not lost:
            return
        waiting = lost
    raise Unavailable(f"{len(waiting)} batches ended their process {_TRIES} times, the first with artifact {waiting[0][0]}")


def _dask_client(address):
    try:
        from distributed import Client
    except ImportError as missing:
        raise ImportError("Dask is needed for this executor: pip install distributed") from missing
    try:
        return Client(f"tcp://{address}", timeout="10s", set_as_default=False)
    except (OSError, TimeoutError) as error:
        raise Unavailable(f"No Dask scheduler answers at {address}: {error}") from error


def _dask_workers(address):
    with _dask_client(address) as client:
        return max(1, sum(client.nthreads().values()))


def _dask(address, task, batches):
    from distributed import as_completed as completed

    with _dask_client(address) as client:
        futures = [client.submit(task, batch, pure=False, retries=_TRIES) for batch in batches]
        for future in completed(futures, loop=client.loop):
            yield future.result()


def _ray(address, task, batches):
    ray = _connected_ray(address)
    remote = ray.remote(max_retries=_TRIES)(_done)
    waiting = [remote.remote(task, batch) for batch in batches]
    while waiting:
        ready, waiting = ray.wait(waiting)
        for reference in ready:
            yield ray.get(reference)


def _done(task, batch):
    return task(batch)


def _connected_ray(address):
    try:
        import ray
    except ImportError as missing:
        raise ImportError("Ray is needed for this executor: pip install ray") from missing
    if not ray.is_initialized():
        try:
            _connect(ray, address)
        except (ConnectionError, OSError, RuntimeError) as error:
            raise Unavailable(f"No Ray head answers at {address}: {error}") from error
    return ray


def _connect(ray, address):
    """A head that is busy may fail to start the process that is to serve us: it is asked again."""
    attempts = 3
    for attempt in range(1, attempts + 1):
        try:
            return ray.init(address=address if address == "auto" else f"ray://{address}", log_to_driver=False)
        except ConnectionAbortedError:
            if attempt == attempts:
                raise


def _ray_workers(address):
    return max(1, int(_connected_ray(address).cluster_resources().get("CPU", 1)))


_CLUSTERS = {"local": (_here, _cores), "dask": (_dask, _dask_workers), "ray": (_ray, _ray_workers)}
