"""How a tracked script ends: as it should, by an exception, by a signal."""

import os
import sys

from .. import _core

COMPLETED, ERRORED, ABORTED = (_core.codes("Run", "_status_code")[word] for word in ("completed", "errored", "aborted"))


class Watch:
    """While a script is tracked: calls `end(status)` when it fails, is interrupted or asked to terminate.

    Args:
        capture (Capture): gets the reason, which is printed nowhere else.
        end (callable): records the end.
        leave (callable): what is done at a normal exit without `ln.finish()`.
    """

    def __init__(self, capture, end, leave):
        import atexit

        self._capture, self._end, self._leave = capture, end, leave
        self._pid = os.getpid()
        self._excepthook = sys.excepthook
        sys.excepthook = self._failed
        self._handlers = {}
        self._watch_signals()
        atexit.register(self._left)

    def _watch_signals(self):
        import signal
        from _thread import get_ident

        threads = sys.modules.get("threading")
        if threads is not None and threads.main_thread().ident != get_ident():
            return
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                self._handlers[number] = signal.signal(number, self._aborted)

    def _failed(self, kind, error, trace):
        self._excepthook(kind, error, trace)
        if os.getpid() == self._pid:
            self._end(ABORTED if issubclass(kind, KeyboardInterrupt) else ERRORED)

    def _aborted(self, number, frame):
        import signal
        import traceback

        if os.getpid() == self._pid:
            stack = "".join(traceback.format_stack(frame))
            self._capture.write(f"\nProcess terminated by signal {number} ({signal.Signals(number).name})\n{stack}")
            self._end(ABORTED)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def _left(self):
        if os.getpid() == self._pid:
            self._leave()

    def stop(self):
        """Stops watching."""
        import atexit
        import signal

        atexit.unregister(self._left)
        if sys.excepthook == self._failed:
            sys.excepthook = self._excepthook
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._handlers = {}
