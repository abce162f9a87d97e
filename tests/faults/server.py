"""A PostgreSQL server for a single test, which may be killed: the one that all tests share may not."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from world import psql

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from dev import services  # noqa: E402  (the path comes first)


class Server:
    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="lamin-faults-server-"))
        self.become = services.unprivileged()
        if self.become:
            shutil.chown(self.folder, self.become[2])
        self.port = services.free_port()
        self.url = f"postgresql://lamin@127.0.0.1:{self.port}"
        self._run("initdb", "-D", self.folder / "data", "-U", "lamin", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync")
        self.start()

    def _run(self, program: str, *words) -> None:
        # The server keeps inherited descriptors open, so it gets no pipe.
        with open(self.folder / "output", "a+") as out:
            done = subprocess.run([*self.become, services.BIN / program, *map(str, words)], cwd="/", stdout=out, stderr=out)
            out.seek(0)
            assert done.returncode == 0, out.read()

    def start(self) -> None:
        # As durable as any server: an acknowledged commit must outlive the end of all its processes.
        options = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories='' -c fsync=off -c shared_buffers=64MB"
        self._run("pg_ctl", "-D", self.folder / "data", "-l", self.folder / "log", "-o", options, "-w", "-t", "60", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop")

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def backends(self, database: str) -> list[int]:
        """The processes that serve its connections."""
        return [int(pid) for pid in psql(f"{self.url}/postgres", f"select pid from pg_stat_activity where datname = '{database}'").split()]

    # -- how it dies ---------------------------------------------------------------------------------------------------

    def connection_ends(self, database: str) -> None:
        psql(f"{self.url}/postgres", f"select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{database}'")

    def backend_is_killed(self, database: str) -> None:
        """All other backends go with it, and the server recovers."""
        for pid in self.backends(database):
            os.kill(pid, signal.SIGKILL)
        self._wait_until_up()

    def server_restarts(self, database: str) -> None:
        self.stop()
        self.start()

    def _wait_until_up(self) -> None:
        for _ in range(200):
            done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-c", "select 1", f"{self.url}/postgres"], capture_output=True)
            if done.returncode == 0:
                return
            time.sleep(0.05)
        raise AssertionError("the server does not come back")


WAYS = ("connection_ends", "backend_is_killed", "server_restarts")
