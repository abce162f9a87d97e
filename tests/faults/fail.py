"""System calls that fail during one operation, from the command line; prints what was wrong, as JSON with --json.

    python tests/faults/fail.py --operation real_version                          every call, each error that it can have
    python tests/faults/fail.py --operation folder --at fsync --error EIO         those only
    python tests/faults/fail.py --operation file --full                           the disk is full, from each call on
    python tests/faults/fail.py --operation file --room 0-80                      that many free pages, on a real disk (as root)
"""
import argparse
import errno
import json
import sys
import time

import tracing
from campaign import Campaign
from kill import chosen, shortened
from operations import OPERATIONS
from plans import Plan, Report

ALL = tracing.CHANGES | tracing.READS | tracing.SOCKETS
SHORT = "SHORT"

# The errors that each call is known to return; EINTR if a signal may interrupt it.
ERRORS = {
    ("write", "pwrite64"): ["EIO", "ENOSPC", SHORT, "EINTR"],
    ("writev", "pwritev", "copy_file_range", "sendfile", "ftruncate", "fallocate"): ["EIO", "ENOSPC"],
    ("fsync", "fdatasync", "syncfs"): ["EIO", "ENOSPC"],
    ("rename", "renameat", "renameat2", "link", "linkat", "mkdir", "mkdirat"): ["EIO", "EACCES", "ENOSPC"],
    ("unlink", "unlinkat", "rmdir"): ["EIO", "EACCES"],
    ("open", "openat", "openat2", "creat"): ["EIO", "EACCES", "EMFILE", "EINTR"],
    ("read", "pread64"): ["EIO", SHORT, "EINTR"],
    ("getdents64", "ioctl"): ["EIO"],
    ("fstat", "stat", "lstat", "newfstatat", "statx", "access", "faccessat", "readlink"): ["EIO", "EACCES"],
    ("flock",): ["EINTR", "ENOLCK"],
    ("connect",): ["ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH"],
    ("sendto", "sendmsg", "recvfrom", "recvmsg"): ["ECONNRESET", "EPIPE", "ETIMEDOUT", "EINTR"],
}


def errors_of(call: str) -> list[str]:
    return next((errors for names, errors in ERRORS.items() if call.split()[0] in names), [])


def plan_for(error: str) -> Plan:
    if error == SHORT:
        return Plan(tracing.SHORT, classes=ALL)
    return Plan(tracing.FAIL, error=getattr(errno, error), classes=ALL)


def points(calls: list[str], most: int, at: str, error: str) -> list[tuple]:
    """Pairs of a call's number and an error. With `most`, each call gets one of its errors, in rotation."""
    numbers = [n for n in range(1, len(calls) + 1) if at in (str(n), "") or at in calls[n - 1]] if at else chosen(calls, most, 0)
    found = []
    for turn, n in enumerate(numbers):
        errors = [error] if error else errors_of(calls[n - 1])
        found += [(n, one) for one in (errors if most <= 0 or at else errors[turn % len(errors):][:1] if errors else [])]
    return found


def plans_of(calls: list[str], given) -> list[tuple]:
    """What is tried: a name, the number of the call, the plan."""
    if given.room:
        first, last = map(int, given.room.split("-"))
        step = max(1, (last - first) // given.most) if given.most else 1
        return [(f"{pages} pages", 0, Plan(room=pages, classes=ALL, action=tracing.NONE)) for pages in range(first, last + 1, step)]
    if given.full:
        return [("full", n, Plan(tracing.FULL, error=errno.ENOSPC)) for n in chosen(calls, given.most, 0)]
    return [(error, n, plan_for(error)) for n, error in points(calls, given.most, given.at, given.error)]


def campaign(name: str, given) -> Report:
    total = Report()
    work = Campaign(name, bucket=given.bucket)
    try:
        calls = work.count(tracing.CHANGES if given.full else ALL)
        for what, n, plan in plans_of(calls, given):
            report = work.strike(n, plan)
            total.counts.update(report.counts)
            total.failures += [f"{name} {what} {n}/{len(calls)} [{shortened(calls[n - 1], work) if n else ''}]: {shortened(text, work)}" for text in report.failures]
        return total
    finally:
        work.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--operation", choices=OPERATIONS, required=True)
    parser.add_argument("--at", default="", help="the number of a call, or part of its text")
    parser.add_argument("--error", default="", help="as errno names it, or SHORT")
    parser.add_argument("--full", action="store_true", help="no room from the call on")
    parser.add_argument("--room", default="", help="from so many to so many free pages: 0-80")
    parser.add_argument("--most", type=int, default=0, help="points; 0 = all")
    parser.add_argument("--bucket", action="store_true", help="the storage is an S3 bucket")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    began = time.monotonic()
    report = campaign(given.operation, given)
    if given.json:
        print(json.dumps({"counts": report.counts, "failures": report.failures}))
        return 0
    print("\n".join(report.failures))
    print(dict(report.counts), f"{time.monotonic() - began:.1f} s")
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
