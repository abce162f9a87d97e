"""`lamin integrations notion sync`: what is given comes as a JSON object on standard input."""

import json
import sys
from contextlib import redirect_stdout

from lamindb._process import session
from lamindb.errors import LaminError

from .flow import sync_objects_from_notion


def main():
    """The exit status."""
    try:
        with redirect_stdout(sys.stderr):
            session.connect_current()
        sync_objects_from_notion(**json.load(sys.stdin))
    except (LaminError, LookupError, OSError, ValueError) as error:
        print(f"! {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
