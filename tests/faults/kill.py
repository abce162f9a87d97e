"""kill -9 at the system calls of one operation, from the command line: prints what was wrong, as JSON with --json.

    python tests/faults/kill.py --operation real_version --mode two --at 17
    python tests/faults/kill.py --operation folder --mode one          all points of it
"""
import argparse
import itertools
import json
import sys
import time

import tracing
from campaign import MODES, Campaign, Report
from operations import OPERATIONS

ACTIONS = {"before": tracing.KILL_BEFORE, "after": tracing.KILL_AFTER}


def chosen(calls: list[str], most: int, shift: int) -> list[int]:
    """Call numbers from 1: all, or `most` of them, evenly and shifted, so that each mode gets others. Of a run of equal calls, such
    as the pages of a transaction, the first, the middle and the last are taken: what lies between them looks the same."""
    numbers = range(1, len(calls) + 1)
    if most <= 0:
        return list(numbers)
    runs = [[n for n, _ in run] for _, run in itertools.groupby(zip(numbers, calls), key=lambda pair: pair[1])]
    telling = sorted({n for run in runs for n in (run[0], run[len(run) // 2], run[-1])})
    return sorted({telling[(round(k * len(telling) / most) + shift) % len(telling)] for k in range(min(most, len(telling)))})


def campaign(name: str, modes: list[str], most: int = 0, at: int = 0, action: str = "", database: str = "") -> tuple[Report, list[str]]:
    total = Report()
    work = Campaign(name, database)
    try:
        calls = work.count()
        for shift, mode in enumerate(modes):
            for n in [at] if at else chosen(calls, most, shift):
                # After a call is before the next: both are tried, by turns, as threads may differ.
                how = action or ("after" if n % 5 == 4 else "before")
                report = work.kill(n, mode, ACTIONS[how])
                total.counts.update(report.counts)
                where = f"{name} {mode} {how} {n} of {len(calls)} [{calls[n - 1] if n <= len(calls) else '-'}]"
                total.failures += [f"{where}: {text}" for text in report.failures]
        return total, calls
    finally:
        work.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--operation", choices=OPERATIONS, required=True)
    parser.add_argument("--mode", choices=MODES, action="append")
    parser.add_argument("--at", type=int, default=0, help="this call only")
    parser.add_argument("--action", choices=ACTIONS, default="")
    parser.add_argument("--most", type=int, default=0, help="points for each mode; 0 = all")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    began = time.monotonic()
    report, calls = campaign(given.operation, given.mode or list(MODES), given.most, given.at, given.action)
    if given.json:
        print(json.dumps({"counts": report.counts, "failures": report.failures, "calls": calls}))
        return 0
    if given.at:
        print("\n".join(f"{i + 1:4} {call}" for i, call in enumerate(calls)))
    print("\n".join(report.failures))
    print(dict(report.counts), f"{time.monotonic() - began:.1f} s")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
