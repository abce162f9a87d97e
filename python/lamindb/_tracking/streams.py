"""What a tracked script prints, as it is printed: for its report.

The process's own standard output and error go through another process, `lamin watch-run`, which passes every byte on at
once and keeps a copy. So nothing is lost that native code, threads or child processes print, nor what was printed last
before the process was killed; the watcher records such an end. Streams that are not the process's own (of a notebook, a
test runner), and streams of runs inside a run, are copied in Python.
"""

import os
import sys

from .. import _core
from .._process.logger import logger
from .._process.program import lamin_program

_watched = []  # the Watcher of this process, if there is one


class Capture:
    """Copies what is printed into a file while a run is tracked.

    Args:
        run (Run): the run.
        instance (str): the slug of its instance.
    """

    def __init__(self, run, instance):
        self.path = os.path.join(str(_core.cache_folder()), f"run_logs_{run.uid}.txt")
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        self._file = open(self.path, "ab", buffering=0, opener=_for_me)
        self.write(f"\x1b[92m→\x1b[0m connected lamindb: {instance}\n")
        self._watcher = None
        if not _watched and not _of_python():
            self._watcher = Watcher.start(run.uid, instance, self.path)
        self._tees = [_tee("stdout", self._file), _tee("stderr", self._file)] if self._watcher is None else []

    def write(self, text):
        """Adds a text that was printed nowhere: why a run ended."""
        _keep(self._file, text)

    def stop(self):
        """Ends the copying; the file is complete then. Returns its path."""
        for tee in self._tees:
            tee.leave(self._file)
        if self._watcher is not None:
            self._watcher.stop()
        self._file.close()
        return self.path


def _of_python():
    """Whether Python prints elsewhere than the process does: the kernel of a notebook, a test runner."""
    for stream, number in ((sys.stdout, 1), (sys.stderr, 2)):
        try:
            if stream.fileno() != number:
                return True
        except (AttributeError, OSError, ValueError):
            return True
    return False


def _bytes(text):
    return text.encode("utf-8", "replace")


def _for_me(path, flags):
    """Opens a file that only this user may read: what a script prints may be confidential."""
    return os.open(path, flags, 0o600)


def _keep(file, text):
    try:
        file.write(_bytes(text))
    except OSError as error:  # a full disk ends the log, not the script
        logger.debug(f"what is printed is not kept: {error}")


class Tee:
    """A stream that also writes to files: one for each run that is tracked now.

    Args:
        name (str): of the stream in `sys`.
        stream (object): where it went so far.
    """

    def __init__(self, name, stream):
        self._name, self._stream, self._files = name, stream, []

    def write(self, text):
        """Writes to the stream, and then to the files."""
        written = self._stream.write(text)
        for file in tuple(self._files):
            if not file.closed:
                _keep(file, text)
        return written

    def writelines(self, lines):
        """As a stream does it."""
        for line in lines:
            self.write(line)

    def join(self, file):
        """Adds a file."""
        self._files.append(file)

    def leave(self, file):
        """Removes a file; without any the stream is again what it was."""
        if file in self._files:
            self._files.remove(file)
        if not self._files and getattr(sys, self._name) is self:
            setattr(sys, self._name, self._stream)

    def __getattr__(self, name):
        return getattr(self._stream, name)


def _tee(name, file):
    stream = getattr(sys, name)
    if not isinstance(stream, Tee):
        stream = Tee(name, stream)
        setattr(sys, name, stream)
    stream.join(file)
    return stream


class Watcher:
    """The process that passes on and keeps what this one prints, and sees how it ends.

    Args:
        pid (int): of the watcher.
        saved (tuple): the process's own standard output and error.
        control (tuple): pipes to tell it something, and to hear that it is done.
    """

    def __init__(self, pid, saved, control):
        self._pid, self._saved, self._control = pid, saved, control
        self._mine = os.getpid()

    @classmethod
    def start(cls, run, instance, log):
        """A watcher for this process; None where there is no `lamin`."""
        path = lamin_program()
        if path is None:
            return None
        _flush()
        outs = [_channel(1), _channel(2)]  # (end to read, end to write)
        hear, told = os.pipe(), os.pipe()
        inherited = {3: outs[0][0], 4: outs[1][0], 5: told[0], 6: hear[1]}
        moves = [(os.POSIX_SPAWN_DUP2, from_, to + 100) for to, from_ in inherited.items()]
        moves += [(os.POSIX_SPAWN_DUP2, to + 100, to) for to in inherited]
        moves += [(os.POSIX_SPAWN_CLOSE, to + 100) for to in inherited]
        words = [path, "watch-run", run, "--instance", instance, "--log", log]
        try:
            pid = os.posix_spawn(path, words, os.environ, file_actions=moves, setsid=True)
        except (OSError, NotImplementedError) as error:
            logger.debug(f"output of child processes is not kept: {error}")
            _close(*outs[0], *outs[1], *hear, *told)
            return None
        saved = os.dup(1), os.dup(2)
        for (reads, writes), number in zip(outs, (1, 2)):
            os.dup2(writes, number)
            _close(reads, writes)
        _close(told[0], hear[1])
        watcher = cls(pid, saved, (told[1], hear[0]))
        _watched.append(watcher)
        return watcher

    def stop(self):
        """Gives the process its own streams back, once everything that was printed has been kept and passed on."""
        if os.getpid() != self._mine:  # a fork: the streams are those of the parent
            return
        _flush()
        for own, number in zip(self._saved, (1, 2)):
            os.dup2(own, number)
        _close(*self._saved)
        told, hear = self._control
        try:
            os.write(told, b"done")
            os.read(hear, 1)
        except OSError:
            pass  # it was killed: what it had kept is there
        _close(told, hear)
        _watched.remove(self)
        _reap(self._pid)


def _reap(pid):
    """The watcher ends when the last child process has closed its streams, which may be later."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass


def _flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, OSError, ValueError):
            pass


def _close(*numbers):
    for number in numbers:
        os.close(number)


def _channel(number):
    """(end to read, end to write): a terminal where the stream is one, so that programs go on printing as to a person."""
    if not os.isatty(number):
        return os.pipe()
    import fcntl
    import termios
    import tty

    reads, writes = os.openpty()
    size = fcntl.ioctl(number, termios.TIOCGWINSZ, b"\0" * 8)
    fcntl.ioctl(writes, termios.TIOCSWINSZ, size)
    tty.setraw(writes)
    return reads, writes
