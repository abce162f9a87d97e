"""kill -9 at the system calls of one operation, from the command line; prints what was wrong, as JSON with --json.

    python tests/faults/kill.py --operation real_version --mode two --at 17
    python tests/faults/kill.py --operation folder --mode one                                    at all calls
    python tests/faults/kill.py --operation real --at rename --during b.save --resume            held, while b saves
    python tests/faults/kill.py --operation large --bucket                                       the storage is an S3 bucket
"""
import argparse
import atexit
import itertools
import json
import shutil
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import tracing
from campaign import Campaign
from operations import OPERATIONS
from plans import MODES, Plan, Report, plan_of

ACTIONS = {"before": tracing.KILL_BEFORE, "after": tracing.KILL_AFTER}


def chosen(calls: list[str], most: int, shift: int) -> list[int]:
    """Call numbers from 1: all, or `most` of them, evenly spread and shifted, so that each mode gets others. From a run of
    equal calls, such as the pages of a transaction, the first, the middle and the last are taken: those in between look the
    same."""
    numbers = range(1, len(calls) + 1)
    if most <= 0:
        return list(numbers)
    runs = [[n for n, _ in run] for _, run in itertools.groupby(zip(numbers, calls), key=lambda pair: pair[1])]
    telling = sorted({n for run in runs for n in (run[0], run[len(run) // 2], run[-1])})
    return sorted({telling[(round(k * len(telling) / most) + shift) % len(telling)] for k in range(min(most, len(telling)))})


def campaign(name: str, plans, most: int = 0, match: str = "", database: str = "", bucket: bool = False) -> tuple[Report, list[str]]:
    """One operation: each plan at each chosen call. `plans` are pairs of a name and a function of the call's number."""
    total = Report()
    work = Campaign(name, database, bucket)
    classes = tracing.CHANGES | (tracing.SOCKETS if bucket else 0)
    try:
        counted = {others: work.count(classes, others) for others in (False, True)}
        for shift, (title, plan_at) in enumerate(plans):
            calls = counted[bool(plan_at(1).others)]
            numbers = chosen(calls, most, shift)
            if match:
                numbers = [n for n in range(1, len(calls) + 1) if str(n) == match or match in calls[n - 1]]
                assert numbers, f"no call of {name} is '{match}': {calls}"
            for n in numbers:
                report = work.strike(n, replace(plan_at(n), classes=classes))
                total.counts.update(report.counts)
                total.failures += [f"{name} {title} {n}/{len(calls)} [{shortened(calls[n - 1], work)}]: {shortened(text, work)}" for text in report.failures]
        return total, counted[False]
    finally:
        work.close()


def shortened(text: str, work: Campaign) -> str:
    return text.replace(f"{work.world.root}/", "")


def off(seconds: int) -> dict:
    """The environment of a program whose clock is wrong by that many seconds."""
    folder = Path(tempfile.mkdtemp(prefix="lamin-faults-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "clock").write_text(str(seconds))
    return {"LD_PRELOAD": str(tracing.compiled("clock.c", "-ldl")), "FAULTS_CLOCK": str(folder / "clock")}


def planned(given) -> list:
    steps = [given.during.split(",") if given.during else [], given.after.split(",") if given.after else []]
    if given.during or given.after or given.alone:
        action = tracing.HOLD if given.during else ACTIONS[given.action or "before"]
        plan = Plan(action, during=steps[0], after=steps[1], resumes=given.resume, env=off(given.clock) if given.clock else {})
        return [("as told", lambda n: plan)]
    # After one call is before the next: both are tried, in rotation, as threads may differ.
    action = lambda n: ACTIONS[given.action or ("after" if n % 5 == 4 else "before")]  # noqa: E731
    return [(mode, lambda n, mode=mode: plan_of(mode, n, action(n))) for mode in given.mode or MODES
            if not (mode in ("held", "resumed") and OPERATIONS[given.operation].opens)]  # whoever opens waits for the held one


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--operation", choices=OPERATIONS, required=True)
    parser.add_argument("--mode", choices=MODES, action="append", help="who else is there; all, if none is given")
    parser.add_argument("--at", default="", help="the number of a call, or part of its text: at those only")
    parser.add_argument("--action", choices=ACTIONS, default="")
    parser.add_argument("--during", default="", help="what others do while the operation is held: b.save,c.load")
    parser.add_argument("--resume", action="store_true", help="the held operation goes on; else it is killed")
    parser.add_argument("--after", default="", help="what others do afterwards")
    parser.add_argument("--alone", action="store_true", help="nobody else does anything")
    parser.add_argument("--clock", type=int, default=0, help="the clock of `lamin gc` is off by as many seconds")
    parser.add_argument("--most", type=int, default=0, help="points for each mode; 0 = all")
    parser.add_argument("--db", default="", help="URL of an empty PostgreSQL database, instead of SQLite")
    parser.add_argument("--bucket", action="store_true", help="the storage is an S3 bucket: what is sent and received counts, too")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    began = time.monotonic()
    report, calls = campaign(given.operation, planned(given), given.most, given.at, given.db, given.bucket)
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
