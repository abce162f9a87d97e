"""`lamin each`: uids of artifacts on standard input, what became of each on standard output."""

import argparse
import json
import sys
from contextlib import redirect_stdout

from .._process import session as _session
from .._process.classes import class_of
from ..errors import LaminError
from .each import each

_UNAVAILABLE = 11


def main(arguments):
    """The exit status."""
    parser = argparse.ArgumentParser(prog="lamin each")
    parser.add_argument("work")
    for name in ("--to", "--table", "--schema", "--executor"):
        parser.add_argument(name)
    parser.add_argument("--json", action="store_true")
    given = vars(parser.parse_args(arguments))
    work, executor, as_json = given.pop("work"), given.pop("executor"), given.pop("json")
    uids = sys.stdin.read().split()
    try:
        with redirect_stdout(sys.stderr):  # messages, which a notebook would show
            _session.connect_current()
            artifacts = class_of("Artifact").filter(uid__in=uids).order_by("id")
            done = each(artifacts, work, executor, **{name: value for name, value in given.items() if value is not None})
    except (LaminError, ImportError) as error:
        print(f"! {error}", file=sys.stderr)
        return _status_of(error)
    for uid, value in done.items():
        print(json.dumps({"uid": uid, work: value}) if as_json else f"{uid}  {value}")
    print(f"→ done: {len(done)} artifact{'' if len(done) == 1 else 's'}", file=sys.stderr)
    return 0


def _status_of(error):
    return {"invalid_argument": 2}.get(getattr(error, "code", ""), _UNAVAILABLE)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
