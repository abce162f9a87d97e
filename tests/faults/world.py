"""A small instance in memory that is restored to its initial state in a few milliseconds, and the processes that work on it."""
import hashlib
import json
import os
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import traceback
from base64 import urlsafe_b64encode
from contextlib import contextmanager
from pathlib import Path

from bucket import Bucket
from tracing import PRIVATE_FD

LAMIN = Path(sys.executable).parent / "lamin"
CLEAN = [str(LAMIN), "gc", "--grace", "0"]  # whatever its age
MEMORY = Path("/dev/shm")
PAGE = 4096


def short_md5(data: bytes) -> str:
    """22 characters, as in artifact.hash."""
    return urlsafe_b64encode(hashlib.md5(data).digest()).decode()[:22]


def hash_of(content) -> str:
    """What artifact.hash is for bytes, or for a folder as {name: bytes}."""
    return short_md5(content) if isinstance(content, bytes) else folder_hash(map(short_md5, content.values()))


def folder_hash(hashes) -> str:
    return short_md5(b"".join(hashlib.md5(one.encode()).digest() for one in sorted(hashes)))


def psql(url: str, *statements: str) -> str:
    parts = [part for text in statements for part in ("-c", text)]
    done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *parts, url], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class World:
    """Folders below `root`: home, settings, cache, st (the storage), src (what is saved). Its path never changes, as the
    database holds it; `keep` makes the current state the one that `restore` restores. With `bucket`, the storage is in an S3
    server, and the database in a file beside it."""

    def __init__(self, modules: str = "", database: str = "", bucket: bool = False):
        self.base = Path(tempfile.mkdtemp(prefix="lamin-faults-", dir=MEMORY if os.access(MEMORY, os.W_OK) else None))
        self.root, self.kept = self.base / "w", self.base / "kept"
        self.database = database
        self.root.mkdir()
        for name in ("home", "src", "tmp"):
            (self.root / name).mkdir()
        self.bucket = Bucket(self.base) if bucket else None
        self.enter()
        words = [LAMIN, "init", "--storage", self.bucket.root if bucket else "st", "--name", "faults"]
        place = database or (f"sqlite://{self.db}" if bucket else "")
        self.run(*words, *(["--modules", modules] if modules else []), *(["--db", place] if place else []))
        self.keep()

    def enter(self) -> None:
        """Makes this process and its children live there."""
        for name in [name for name in os.environ if name.startswith("LAMIN_") and not name.startswith("LAMIN_TEST_")]:
            del os.environ[name]
        os.environ.update(HOME=str(self.root / "home"), XDG_CACHE_HOME=str(self.root / "home/.cache"), TMPDIR=str(self.root / "tmp"),
                          LAMIN_NO_CONNECT="1", **(self.bucket.env if self.bucket else {}))
        tempfile.tempdir = str(self.root / "tmp")
        os.chdir(self.root)

    def run(self, *command, check: bool = True) -> subprocess.CompletedProcess:
        done = subprocess.run([str(word) for word in command], cwd=self.root, capture_output=True, text=True, timeout=120)
        assert not check or done.returncode == 0, f"{command} ended with {done.returncode}: {done.stdout}{done.stderr}"
        return done

    def keep(self, closed: bool = True) -> None:
        shutil.rmtree(self.kept, ignore_errors=True)
        if self.database:
            self._copy_database(self.database, self.database + "_kept")
        elif closed:
            with sqlite3.connect(self.db) as db:
                db.execute("pragma wal_checkpoint(truncate)")
        shutil.copytree(self.root, self.kept, symlinks=True)
        if self.bucket:
            self.bucket.keep()

    def restore(self) -> None:
        os.chdir("/")
        shutil.rmtree(self.root)
        shutil.copytree(self.kept, self.root, symlinks=True)
        os.chdir(self.root)
        if self.bucket:
            self.bucket.restore()
        if self.database:
            self._copy_database(self.database + "_kept", self.database)

    def _copy_database(self, source: str, target: str) -> None:
        server = source.rsplit("/", 1)[0] + "/postgres"
        names = [url.rsplit("/", 1)[1] for url in (source, target)]
        psql(server, f"drop database if exists {names[1]} with (force)", f"create database {names[1]} template {names[0]}")

    @contextmanager
    def small_disk(self, pages: int):
        """The storage is on a separate disk with that many free pages. Only for root."""
        apart = self.base / "apart"
        self.storage.rename(apart)
        self.storage.mkdir()
        used = sum(1 + -(-os.lstat(path).st_size // PAGE) * (not path.is_dir()) for path in (apart, *apart.rglob("*")))
        self._mount("-t", "tmpfs", "-o", f"size={(used + pages) * PAGE}", "tmpfs", str(self.storage))
        try:
            shutil.copytree(apart, self.storage, symlinks=True, dirs_exist_ok=True)
            yield
        finally:
            subprocess.run(["umount", "-l", self.storage], check=True)
            shutil.rmtree(apart)

    def grow_disk(self) -> None:
        self._mount("-o", f"remount,size={64 << 20}", str(self.storage))

    @staticmethod
    def _mount(*words: str) -> None:
        subprocess.run(["mount", *words], check=True)

    def close(self) -> None:
        os.chdir("/")
        if self.database:
            server, name = self.database.rsplit("/", 1)
            psql(server + "/postgres", f"drop database if exists {name}_kept with (force)")
        if self.bucket:
            self.bucket.close()
        shutil.rmtree(self.base, ignore_errors=True)

    @property
    def db(self) -> Path:
        return self.root / ("lamin.db" if self.bucket else "st/.lamindb/lamin.db")

    @property
    def storage(self) -> Path:
        return self.bucket.storage if self.bucket else self.root / "st"

    def write(self, name: str, content) -> str:
        """A file, or a folder as {name: bytes}, to be saved: returns its path below src."""
        path = self.root / "src" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
            return str(path)
        shutil.rmtree(path, ignore_errors=True)
        for file, data in content.items():
            (path / file).parent.mkdir(parents=True, exist_ok=True)
            (path / file).write_bytes(data)
        return str(path)


def private(fd: int) -> int:
    """Moves the descriptor to a number that the tracer ignores."""
    import fcntl

    moved = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, PRIVATE_FD)
    os.close(fd)
    return moved


class Closed(Exception):
    """The process has gone."""


class Silent(Exception):
    """The process did not answer in time."""


class Line:
    """JSON from a pipe, one value per line."""

    def __init__(self, fd: int):
        self.fd, self.rest = fd, b""

    def next(self, seconds: float | None = None):
        while b"\n" not in self.rest:
            if seconds is not None and not select.select([self.fd], [], [], seconds)[0]:
                raise Silent
            data = os.read(self.fd, 1 << 16)
            if not data:
                raise Closed
            self.rest += data
        line, self.rest = self.rest.split(b"\n", 1)
        return json.loads(line)

    def all(self) -> list:
        """What is left once the writer has gone; a truncated line does not count."""
        found = []
        while True:
            try:
                found.append(self.next())
            except Closed:
                return found


def say(fd: int, what) -> None:
    os.write(fd, json.dumps(what).encode() + b"\n")


def connect():
    """Opens the instance in this process."""
    import lamindb as ln
    from lamindb._process import session

    ln.settings.verbosity = "error"
    session.connect_current()
    return ln


def disconnect() -> None:
    """What the end of a Python program does, and os._exit does not."""
    import gc

    from lamindb._process import session

    session.set_current(None)
    gc.collect()


def loaded() -> list[str]:
    """What this process has imported of the package and its dependencies."""
    return [name for name in sys.modules if name.split(".")[0] in ("lamindb", "lamindb_setup", "pandas", "pyarrow", "json", "importlib")]


def load(names: list[str]) -> None:
    """Imports it here, so that a forked child does not have to; this connects nothing."""
    import importlib

    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:
            pass  # created by another module during import
    import lamindb as ln

    for name in ("Artifact", "Collection", "Schema", "Feature", "Run", "Transform", "Storage", "ULabel", "User"):
        getattr(ln, name)


class Actor:
    """A process that has had the instance open from the start and does what it is asked, one thing after the other."""

    _ends: set[int] = set()  # this side of the pipes of all living actors: a new child must not keep them open

    def __init__(self, does, name: str):
        self.name = name
        ask, self._ask = os.pipe()
        answer, answered = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            for end in (self._ask, answer, *self._ends):
                os.close(end)
            self._serve(does, Line(private(ask)), private(answered))
        os.close(ask), os.close(answered)
        self._ends.update((self._ask, answer))
        self._answers = Line(answer)
        assert self._answers.next(60) == "open"

    def _serve(self, does, questions, out):
        status = 1
        try:
            ln = connect()
            ln.Artifact.filter().count()
            say(out, "open")
            while True:
                try:
                    what, given = questions.next()
                except Closed:
                    break
                try:
                    say(out, {"ok": does[what](ln, **given)})
                except Exception as error:
                    say(out, {"error": f"{type(error).__name__}: {error}"})
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            if status == 0:
                disconnect()
            os._exit(status)

    def ask(self, what: str, **given) -> None:
        try:
            say(self._ask, [what, given])
        except BrokenPipeError:
            pass  # the answer will be that it died

    def poll(self, seconds: float) -> dict:
        """Raises Silent if there is no answer yet."""
        try:
            return self._answers.next(seconds)
        except Closed:
            return {"error": "Died: the process has gone"}

    def answer(self) -> dict:
        """{'ok': result} or {'error': text}."""
        try:
            return self.poll(60)
        except Silent:
            os.kill(self.pid, signal.SIGKILL)
            return {"error": "Hangs: no answer within a minute"}

    def do(self, what: str, **given) -> dict:
        self.ask(what, **given)
        return self.answer()

    def close(self, kill: bool = False) -> None:
        os.close(self._ask)
        if kill:
            os.kill(self.pid, signal.SIGKILL)
        try:
            os.waitpid(self.pid, 0)
        except ChildProcessError:
            pass  # the tracer has seen it end
        os.close(self._answers.fd)
        self._ends.difference_update((self._ask, self._answers.fd))
