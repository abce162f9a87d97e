"""Servers for tests: PostgreSQL, and the object stores of object_stores.py. Private ones, on the loopback interface, in
build/services. Commands that run at the same time share them; the last of them stops them, unless `services start`
asked for them.

On disk: build/services/NAME.json says where a server listens. It is written once the server answers and removed
when it stops; a stale file is removed by the next start. Each user of the servers holds a lock on `users`.
"""
from __future__ import annotations

import fcntl
import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from . import object_stores, setup
from .common import BUILD, Failure, environment, read_json, run, say

FOLDER = BUILD / "services"
STATE = FOLDER / "postgres.json"
BIN = Path("/usr/lib/postgresql/15/bin")
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    # Room for a registry of a million rows, as on a real server.
    "shared_buffers": "512MB",
    # The data is thrown away, so a test server need not be durable.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
}


def unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root: returns the command prefix to become somebody else."""
    if os.geteuid() != 0:
        return []
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return ["setpriv", "--reuid", name, "--regid", str(pwd.getpwnam(name).pw_gid), "--clear-groups", "--"]
    raise Failure("PostgreSQL does not run as root and there is no user 'postgres' or 'nobody' to run it as")


def data_folder() -> Path:
    """build/services, or a temporary folder if the unprivileged user may not read this checkout."""
    folder = FOLDER / "postgres"
    folder.mkdir(parents=True, exist_ok=True)
    if unprivileged():
        user = pwd.getpwnam(unprivileged()[2])
        os.chown(folder, user.pw_uid, user.pw_gid)
        if subprocess.run([*unprivileged(), "test", "-x", str(folder)], cwd="/").returncode != 0:
            folder = Path(tempfile.mkdtemp(prefix="lamin-postgres-"))
            os.chown(folder, user.pw_uid, user.pw_gid)
    return folder


def alive(state: dict | None) -> bool:
    if not state:
        return False
    try:
        with socket.create_connection(("127.0.0.1", state["port"]), timeout=2):
            pass
        return int(Path(state["data"], "postmaster.pid").read_text().split()[0]) == state["pid"]
    except PermissionError:
        return True
    except (OSError, ValueError, IndexError):
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start() -> tuple[dict, bool]:
    """Where the server is, and whether it was started just now."""
    state = read_json(STATE)
    if alive(state):
        return state, False
    setup.require(["postgresql"])
    base = data_folder()
    data, port, password = base / "data", free_port(), secrets.token_hex(12)
    shutil.rmtree(data, ignore_errors=True)
    become = unprivileged()
    secret = base / "password"
    secret.write_text(password)
    if become:
        os.chown(secret, os.stat(base).st_uid, -1)
    secret.chmod(0o600)
    quiet = {"cwd": "/", "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    made = subprocess.run([*become, BIN / "initdb", "-D", data, "-U", "lamin", "-A", "scram-sha-256", "--pwfile", secret,
                           "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"], **quiet)
    secret.unlink()
    if made.returncode != 0:
        raise Failure(f"initdb failed:\n{made.stdout}")
    options = " ".join(f"-c {key}={value or chr(39) * 2}" for key, value in {**SETTINGS, "port": str(port)}.items())
    log = base / "log"
    up = subprocess.run([*become, BIN / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "-t", "60", "start"],
                        cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if up.returncode != 0:
        raise Failure(f"PostgreSQL did not start; its log:\n{log.read_text() if log.exists() else '(none)'}")
    state = {"kept": False, "port": port, "data": str(data), "pid": int((data / "postmaster.pid").read_text().split()[0]),
             "url": f"postgresql://lamin:{password}@127.0.0.1:{port}/postgres"}
    note(state)
    return state, True


def note(state: dict) -> None:
    STATE.write_text(json.dumps(state))
    STATE.chmod(0o600)


def stop() -> bool:
    state = read_json(STATE)
    STATE.unlink(missing_ok=True)
    if not alive(state):
        return False
    subprocess.run([*unprivileged(), BIN / "pg_ctl", "-D", state["data"], "-m", "immediate", "-w", "stop"],
                   cwd="/", stdout=subprocess.DEVNULL)
    shutil.rmtree(state["data"], ignore_errors=True)
    return True


@contextmanager
def alone():
    """Held while one process starts, stops, or decides about the server."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


OBJECT_STORES = ("s3", "gcs", "azure")


def start_store(name: str) -> dict[str, str]:
    """Starts an object store unless it runs; what its users have in their environment."""
    file = FOLDER / f"{name}.json"
    state = read_json(file)
    if not object_stores.alive(state):
        state = object_stores.start(name)
        file.write_text(json.dumps(state))
        file.chmod(0o600)
    return state["env"]


def started(*stores: str) -> dict[str, str]:
    """Starts object stores for whoever is inside `running`; what their users have in their environment."""
    with alone():
        return {name: value for store in stores for name, value in start_store(store).items()}


def stop_stores() -> bool:
    states = [(FOLDER / f"{name}.json", read_json(FOLDER / f"{name}.json")) for name in OBJECT_STORES]
    for file, state in states:
        file.unlink(missing_ok=True)
        if object_stores.alive(state):
            object_stores.stop(state)
    return any(state for _, state in states)


@contextmanager
def running(*stores: str):
    """The environment with LAMIN_TEST_POSTGRES and, for each object store, what object_stores.commands says; the last
    user stops the servers unless asked to keep them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "users", "w") as users:
        with alone():
            fcntl.flock(users, fcntl.LOCK_SH)
            state, _ = start()
            more = {name: value for store in stores for name, value in start_store(store).items()}
        try:
            yield {**environment(), "LAMIN_TEST_POSTGRES": state["url"], **more}
        finally:
            with alone():
                if not (read_json(STATE) or {}).get("kept") and last(users):
                    stop()
                    stop_stores()


def last(users) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def database(server: str):
    """URL of an empty database, dropped afterwards."""
    name = f"lamin_{secrets.token_hex(6)}"
    psql = ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", server, "-c"]
    run([*psql, f"create database {name}"])
    try:
        yield server.rsplit("/", 1)[0] + f"/{name}"
    finally:
        run([*psql, f"drop database {name} with (force)"])


def main(arguments: list[str]) -> int:
    """services start|stop|env|run [--with s3,gcs,azure] CMD...   private servers for tests: PostgreSQL (LAMIN_TEST_POSTGRES), object stores"""
    action, rest = (arguments or ["?"])[0], arguments[1:]
    stores = ()
    if rest[:1] == ["--with"]:
        stores, rest = tuple(rest[1].split(",")) if len(rest) > 1 else (), rest[2:]
        unknown = sorted(set(stores) - set(OBJECT_STORES))
        if unknown:
            raise Failure(f"there is no server '{unknown[0]}': take some of {', '.join(OBJECT_STORES)}")
    if rest[:1] == ["--"]:
        rest = rest[1:]
    if action == "start":
        began = time.monotonic()
        with alone():
            state, ours = start()
            note({**state, "kept": True})
            more = {name: value for store in stores for name, value in start_store(store).items()}
        say(f"PostgreSQL {'started' if ours else 'runs already'} on 127.0.0.1:{state['port']} ({time.monotonic() - began:.1f} s)")
        for name, value in {"LAMIN_TEST_POSTGRES": state["url"], **more}.items():
            print(f"export {name}='{value}'")
    elif action == "env":
        state = read_json(STATE)
        if not alive(state):
            raise Failure("PostgreSQL does not run: ./dev services start")
        print(f"export LAMIN_TEST_POSTGRES={state['url']}")
        for name in OBJECT_STORES:
            store = read_json(FOLDER / f"{name}.json")
            for variable, value in (store["env"] if object_stores.alive(store) else {}).items():
                print(f"export {variable}='{value}'")
    elif action == "stop":
        stopped = [stop(), stop_stores()]
        say("stopped" if any(stopped) else "nothing was running")
    elif action == "run" and rest:
        with running(*stores) as env:
            return subprocess.run(rest, env=env).returncode
    else:
        raise Failure("usage: ./dev services start|stop|env|run [--with s3,gcs,azure] CMD...")
    return 0
