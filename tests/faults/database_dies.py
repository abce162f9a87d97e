"""The database server dies at one point of an operation; prints what was wrong as JSON.

    python tests/faults/database_dies.py --operation real_version [--way server_restarts] [--most 10] [--at 17]"""
import argparse
import json
import sys

import tracing
from campaign import Campaign
from kill import chosen, shortened
from operations import OPERATIONS
from plans import Plan, Report
from server import WAYS, Server
from world import psql


def campaign(name: str, ways: list[str], most: int, at: int) -> Report:
    server = Server()
    total = Report()
    try:
        psql(f"{server.url}/postgres", "create database dying")
        work = Campaign(name, f"{server.url}/dying")
        try:
            calls = work.count(tracing.SOCKETS)
            points = [(way, n) for shift, way in enumerate(ways) for n in ([at] if at else chosen(calls, most, shift))]
            for way, n in points:
                die = getattr(server, way)
                plan = Plan(tracing.HOLD, meanwhile=lambda die=die: die("dying"), resumes=True, classes=tracing.SOCKETS)
                report = work.strike(n, plan)
                total.counts.update(report.counts)
                total.failures += [f"{name} {way} {n}/{len(calls)} [{calls[n - 1].split()[0]}]: {shortened(text, work)}" for text in report.failures]
        finally:
            work.close()
    finally:
        server.close()
    return total


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--operation", choices=OPERATIONS, required=True)
    parser.add_argument("--way", choices=WAYS, action="append", help="all, if none is given")
    parser.add_argument("--most", type=int, default=0, help="points; 0 = all")
    parser.add_argument("--at", type=int, default=0)
    given = parser.parse_args()
    report = campaign(given.operation, given.way or WAYS, given.most, given.at)
    print(json.dumps({"counts": report.counts, "failures": report.failures}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
