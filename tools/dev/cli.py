"""The commands. Each is a function that takes its arguments; its docstring is its line in the list."""
from __future__ import annotations

import importlib
import sys

from .common import Failure

# command -> module of this package whose main() does it
COMMANDS = {
    "demo": "demo", "test": "testing", "lint": "lint", "bench": "bench", "build": "build", "setup": "setup",
    "schema": "schema", "services": "services", "wheel": "wheel", "docs": "docs", "accept": "accept",
}


def module(command: str):
    return importlib.import_module(f"dev.{COMMANDS[command]}")


def usage() -> str:
    lines = [" ".join(module(command).main.__doc__.split("\n")[0].split(maxsplit=0)) for command in COMMANDS]
    return "usage: ./dev <command>\n\n" + "\n".join(f"  {line}" for line in lines)


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    command, rest = arguments[0], arguments[1:]
    if command not in COMMANDS:
        print(f"./dev has no command '{command}'\n{usage()}", file=sys.stderr)
        return 2
    if rest in (["-h"], ["--help"]):
        doc = (module(command).main.__doc__ + "\n" + (module(command).__doc__ or "")).strip()
        print(doc)
        return 0
    try:
        return module(command).main(rest)
    except Failure as failure:
        print(f"./dev {command}: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
