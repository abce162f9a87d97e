"""Adds up what the tests of this folder counted, over all workers."""
import json
from collections import Counter


def pytest_terminal_summary(terminalreporter):
    total = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", []):
                if name == "faults" and getattr(report, "when", "") == "call":
                    total.update(json.loads(value))
    if total:
        kinds = ("lost", "wrong", "stale", "missing", "rows", "leftovers", "refused", "late", "unclear", "died")
        wrong = ", ".join(f"{total[kind]} {kind}" for kind in kinds)
        terminalreporter.write_line(f"faults: {total['points']} points, {total['acks'] + total['save']} saves; {wrong}")
