"""Messages to the user, with LaminDB's levels and icons, on standard output."""

import os
import sys

from .. import _core

# The core's levels, in its order; a verbosity shows its level and everything more important.
DEBUG, HINT, INFO, SUCCESS, IMPORTANT, WARNING, ERROR, SILENT = range(8)
ICONS = {DEBUG: "🐛", HINT: "💡", INFO: "•", SUCCESS: "✓", IMPORTANT: "→", WARNING: "!", ERROR: "✗"}
COLOURS = {HINT: "96", INFO: "94", SUCCESS: "92", IMPORTANT: "92", WARNING: "93", ERROR: "91"}
# Verbosities by LaminDB's names and numbers: `warning` still shows what is important.
VERBOSITY = {"error": ERROR, "warning": IMPORTANT, "success": SUCCESS, "info": INFO, "hint": HINT, "debug": DEBUG}

_listeners = []
_handlers = []  # of Python's logging
_NUMBERS = {DEBUG: 10, HINT: 15, INFO: 20, SUCCESS: 25, IMPORTANT: 31, WARNING: 30, ERROR: 40}  # as logging and LaminDB number levels


def coloured(stream):
    """Whether it is a terminal with colours that nobody refused (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def emit(level, text):
    """Prints one message; also called by the core."""
    icon = ICONS.get(level, "")
    out = sys.stdout
    if level in COLOURS and coloured(out):
        icon = f"\033[{COLOURS[level]}m{icon}\033[0m"
    out.write(f"{icon} {text}\n")
    out.flush()
    for listen in _listeners:
        listen(level, text)
    for handler in _handlers:
        import logging

        handler.handle(logging.makeLogRecord({"name": "lamindb", "levelno": _NUMBERS[level], "levelname": logging.getLevelName(_NUMBERS[level]),
                                              "msg": text}))  # fmt: skip


class _Quiet:
    """Shows only errors meanwhile: for what a user did not ask for by itself."""

    def __init__(self, logger):
        self._logger, self._level = logger, logger.level

    def _set(self, level):
        self._logger.level = level
        _core.set_log_level(level)

    def __enter__(self):
        self._set(ERROR)

    def __exit__(self, *error):
        self._set(self._level)


class Logger:
    """Messages to the user; `level` is the least important one shown, `name` what it is called.

    Example:

        >>> ln.core.logger.set_verbosity("warning")
        >>> ln.core.logger.name
        'warning'
    """

    def __init__(self):
        self.name = "warning"
        self.level = IMPORTANT

    def set_verbosity(self, verbosity):
        """Sets which messages are shown.

        Args:
            verbosity (str | int): "error", "warning", "success", "info", "hint" or "debug", or LaminDB's number, 0 to 5.

        Raises:
            ValueError: it is another one.

        Example:

            >>> ln.core.logger.set_verbosity("warning")
        """
        names = list(VERBOSITY)
        if isinstance(verbosity, int) and 0 <= verbosity < len(names):
            verbosity = names[verbosity]
        if verbosity not in VERBOSITY:
            raise ValueError(f"verbosity is {verbosity!r} but has to be one of {names}")
        self.name = verbosity
        self.level = VERBOSITY[verbosity]
        _core.set_log_level(self.level)

    def _quietly(self):
        return _Quiet(self)

    def log(self, level, text):
        """Prints a message if its level is shown.

        Args:
            level (int): 0 debug to 6 error.
            text (str): the message.

        Example:

            >>> ln.core.logger.log(0, "not shown by default")
        """
        if level >= self.level:
            _core.log(level, str(text))

    def debug(self, text):
        """Prints a message for developers.

        Args:
            text (str): the message.

        Example:

            >>> ln.core.logger.debug("not shown by default")
        """
        self.log(DEBUG, text)

    def hint(self, text):
        """Prints a hint.

        Args:
            text (str): the message.

        Example:

            >>> ln.core.logger.hint("not shown by default")
        """
        self.log(HINT, text)

    def info(self, text):
        """Prints information.

        Args:
            text (str): the message.

        Example:

            >>> ln.core.logger.info("not shown by default")
        """
        self.log(INFO, text)

    def success(self, text):
        """Prints that something was done.

        Args:
            text (str): the message.

        Example:

            >>> ln.core.logger.success("not shown by default")
        """
        self.log(SUCCESS, text)

    def important(self, text):
        """Prints what a user should know.

        Args:
            text (str): the message.

        Example::

            ln.core.logger.important("saved 3 files")
        """
        self.log(IMPORTANT, text)

    def warning(self, text):
        """Prints a warning.

        Args:
            text (str): the message.

        Example::

            ln.core.logger.warning("the column is empty")
        """
        self.log(WARNING, text)

    def error(self, text):
        """Prints an error.

        Args:
            text (str): the message.

        Example::

            ln.core.logger.error("the column is missing")
        """
        self.log(ERROR, text)

    def print(self, text):
        """Prints a line whatever the verbosity.

        Args:
            text (str): the line.

        Example::

            ln.core.logger.print("done")
        """
        sys.stdout.write(f"{text}\n")

    def addHandler(self, handler):
        """A handler of Python's `logging` receives the messages too.

        Args:
            handler (logging.Handler): the handler.

        Example:

            >>> import logging
            >>> handler = logging.NullHandler()
            >>> ln.core.logger.addHandler(handler)
            >>> ln.core.logger.removeHandler(handler)
        """
        if handler not in _handlers:
            _handlers.append(handler)

    def removeHandler(self, handler):
        """It receives no more messages.

        Args:
            handler (logging.Handler): one that was added; another one is left alone.

        Example:

            >>> import logging
            >>> ln.core.logger.removeHandler(logging.NullHandler())
        """
        if handler in _handlers:
            _handlers.remove(handler)


logger = Logger()
_core.set_log(emit, logger.level)


def print_or_return(text, return_str):
    """The result of `describe` methods: the text, or None after printing it."""
    if return_str:
        return text
    print(text)
    return None


def _in_notebook():
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def _width():
    """How wide text may be: as the terminal, with 80 where there is none; a notebook has room for all."""
    import shutil

    return 0 if _in_notebook() else shutil.get_terminal_size().columns


def show(said, return_str):
    """The same for what has several forms: `said("text")`, "colours" for a terminal, "html" for a notebook."""
    if return_str:
        return said(f"text {_width()}")
    if _in_notebook():
        from IPython.display import HTML, display

        display(HTML(said("html")))
    else:
        print(said(f"{'colours' if coloured(sys.stdout) else 'text'} {_width()}"))
    return None
