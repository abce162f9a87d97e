"""Messages to the user, with LaminDB's levels and icons, on standard output."""

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


def emit(level, text):
    """Prints one message; also called by the core."""
    icon = ICONS.get(level, "")
    out = sys.stdout
    if level in COLOURS and out.isatty():
        icon = f"\033[{COLOURS[level]}m{icon}\033[0m"
    out.write(f"{icon} {text}\n")
    out.flush()
    for listen in _listeners:
        listen(level, text)
    for handler in _handlers:
        import logging

        handler.handle(logging.makeLogRecord({"name": "lamindb", "levelno": _NUMBERS[level], "levelname": logging.getLevelName(_NUMBERS[level]),
                                              "msg": text}))  # fmt: skip


class Logger:
    """`logger.warning(...)` and so on; `level` is the least important level shown."""

    def __init__(self):
        self.name = "warning"
        self.level = IMPORTANT

    def set_verbosity(self, verbosity):
        """Takes a name ("warning") or LaminDB's number (0 error ... 5 debug)."""
        names = list(VERBOSITY)
        if isinstance(verbosity, int) and 0 <= verbosity < len(names):
            verbosity = names[verbosity]
        if verbosity not in VERBOSITY:
            raise ValueError(f"verbosity is {verbosity!r} but has to be one of {names}")
        self.name = verbosity
        self.level = VERBOSITY[verbosity]
        _core.set_log_level(self.level)

    def log(self, level, text):
        if level >= self.level:
            _core.log(level, str(text))

    def debug(self, text):
        self.log(DEBUG, text)

    def hint(self, text):
        self.log(HINT, text)

    def info(self, text):
        self.log(INFO, text)

    def success(self, text):
        self.log(SUCCESS, text)

    def important(self, text):
        self.log(IMPORTANT, text)

    def warning(self, text):
        self.log(WARNING, text)

    def error(self, text):
        self.log(ERROR, text)

    def print(self, text):
        sys.stdout.write(f"{text}\n")

    def addHandler(self, handler):
        """A handler of Python's `logging` receives the messages too."""
        if handler not in _handlers:
            _handlers.append(handler)

    def removeHandler(self, handler):
        """It receives no more messages."""
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
