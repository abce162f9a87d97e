"""The tracer of tracer.c, for Python: forks a child and kills, disturbs or holds it at a chosen system call."""
import atexit
import ctypes
import errno
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHANGES, READS, SOCKETS = 1, 2, 4
NONE, KILL_BEFORE, KILL_AFTER, FAIL, SHORT, HOLD, FULL = range(7)
EXITED, SIGNALLED, HELD, TIMEOUT, LOST = range(5)
PRIVATE_FD = 900
TEMPORARY = tempfile.gettempdir()  # before a world changes it


class _Order(ctypes.Structure):
    _fields_ = [("at", ctypes.c_int64), ("action", ctypes.c_int32), ("error", ctypes.c_int32), ("seconds", ctypes.c_int32), ("log", ctypes.c_int32)]


class _Outcome(ctypes.Structure):
    _fields_ = [("how", ctypes.c_int32), ("value", ctypes.c_int32), ("calls", ctypes.c_int64), ("number", ctypes.c_int32),
                ("struck", ctypes.c_int32), ("text", ctypes.c_char * 544)]


_LOG = ctypes.CFUNCTYPE(None, ctypes.c_char_p)


@cache
def compiled(name: str, *flags: str) -> Path:
    """A C file of this folder as a shared library. Compiled once per process: it costs a tenth of a second."""
    source = Path(__file__).with_name(name)
    folder = Path(tempfile.mkdtemp(prefix="lamin-faults-", dir=TEMPORARY))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    library = folder / (source.stem + ".so")
    subprocess.run(["cc", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", library, source, *flags], check=True)
    return library


@cache
def _tracer() -> ctypes.CDLL:
    loaded = ctypes.CDLL(str(compiled("tracer.c")))
    loaded.tracer_run.argtypes = [ctypes.POINTER(_Order), ctypes.POINTER(_Outcome), ctypes.c_void_p]
    loaded.tracer_run.restype = None
    return loaded


@cache
def call_names() -> dict[int, str]:
    """The system calls by number, from the kernel's own header."""
    text = subprocess.run(["cc", "-E", "-dM", "-include", "sys/syscall.h", "-x", "c", "/dev/null"], capture_output=True, text=True, check=True).stdout
    return {int(number): name for name, number in re.findall(r"#define __NR_(\w+) (\d+)", text)}


def named(text: str) -> str:
    """'263\\tx\\t/y' as 'unlinkat x /y'."""
    number, _, rest = text.partition("\t")
    return f"{call_names().get(int(number), number)} {rest.replace(chr(9), ' ').strip()}" if number else ""


@dataclass
class End:
    """How a stretch of the child's life ended."""
    how: int
    value: int
    calls: int  # counted so far
    struck: bool  # the action was carried out
    call: str  # at which call

    @property
    def killed(self) -> bool:
        return self.how == SIGNALLED and self.value == 9


class Traced:
    """A forked child: `work(begin)` runs in it and calls `begin()` where counting starts."""

    def __init__(self, work, classes: int = CHANGES):
        tracer = _tracer()
        self._tracer = tracer
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            try:
                def begin():
                    assert len(os.listdir("/proc/self/task")) == 1, "threads that exist before cannot be traced"
                    failure = tracer.tracer_begin(classes)
                    if failure:
                        raise OSError(-failure, "seccomp refuses the filter")
                work(begin)
                status = 0
            finally:
                os._exit(status)
        self.alive = tracer.tracer_attach(self.pid, classes) == 0

    def run(self, action: int = NONE, at: int = 0, error: int = 0, seconds: int = 60, log=None) -> End:
        """Runs until the child is gone or held."""
        order = _Order(at, action, error, seconds, 1 if log else 0)
        out = _Outcome()
        told = _LOG(lambda text: log(text.decode(errors="replace"))) if log else None
        self._tracer.tracer_run(ctypes.byref(order), ctypes.byref(out), ctypes.cast(told, ctypes.c_void_p) if told else None)
        self.alive = out.how == HELD
        return End(out.how, out.value, out.calls, bool(out.struck), named(out.text.decode(errors="replace")))

    def release(self, kill: bool = False) -> None:
        """Releases a held child; `run` follows."""
        self._tracer.tracer_release(1 if kill else 0)


def error_name(number: int) -> str:
    return errno.errorcode.get(number, str(number))
