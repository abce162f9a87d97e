"""All tests, or some groups of them:

  unit      x_test.cpp of every layer: needs nothing
  pg        x_pgtest.cpp: needs PostgreSQL, which is started for it
  s3        x_s3test.cpp and tests/s3: object stores; S3, and with --long also Google's and Azure's
  python    tests/ without interop and e2e
  tools     tests/tools: the laws can fail
  interop   tests/interop: with the real LaminDB, in a separate environment
  integrations  tests/integrations: with torch, Lightning, MLflow, W&B, Vitessce, Dask, Ray, DuckLake, pronto and TileDB-SOMA, in a separate environment of several GB
  faces     tests/faces: the same verbs through C++, the shell and Python, on both databases
  e2e       tests/e2e: installation, demo, concurrent writers
  engines   tests/engines: Snakemake and redun, with --long also Nextflow and Jupyter Lab, which are fetched on first use
  faults    tests/faults: kill -9 and failing calls everywhere, many writers, a clock that jumps, a database that dies
  asan      unit and pg under AddressSanitizer and UBSan
  tsan      unit under ThreadSanitizer
  fuzz      tests/fuzz: each of our parsers under libFuzzer, 20 seconds each; 10 minutes with --long

`./dev test` runs unit, pg, s3, python (with tools), faces, interop, e2e, engines and faults; with --long also integrations. What follows `--` goes to pytest, or names GoogleTest cases
with -f: `./dev test unit -f 'Uid*'`, `./dev test python -- -k curate`.
"""
from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import xml.etree.ElementTree
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from . import build, object_stores, services, setup
from .common import BUILD, JOBS, ROOT, Failure, Timer, environment, say, venv_python

RESULTS = BUILD / "results"
GROUPS = ("unit", "pg", "s3", "python", "tools", "interop", "integrations", "faces", "e2e", "engines", "faults", "asan", "tsan", "fuzz")
DEFAULT = ("unit", "pg", "s3", "python", "faces", "interop", "e2e", "engines", "faults")
SUFFIX = {"unit": "test_", "pg": "pgtest_", "s3": "s3test_"}
ONLY_LONG = "Gcs*:Azure*"  # cases of s3 whose servers take long to install
PARTS = {"test_lake": 10, "pgtest_lake": 6}  # binaries so slow that they are run in parts
MOST = 1800  # seconds that a part may take; with --long four times as many


def count_gtest(report: Path, name: str, status: int) -> Counter:
    """Counts the cases of one binary; one that ends without a report has failed as a whole."""
    try:
        loaded = json.loads(report.read_text())
    except (OSError, ValueError):
        print(f"{name}: ended with status {status} and without a report")
        return Counter(failed=1)
    failed = loaded["failures"] + loaded["errors"]
    skipped = sum(case.get("result") == "SKIPPED" for suite in loaded["testsuites"] for case in suite["testsuite"])
    result = Counter(passed=loaded["tests"] - failed - skipped - loaded.get("disabled", 0), failed=failed, skipped=skipped)
    if status != 0 and failed == 0:
        print(f"{name}: all cases passed, but it ended with status {status}")
        result["failed"] += 1
    return result


def ended(command: list, folder: Path, env: dict[str, str]) -> tuple[int, str]:
    """The status of a program and what it printed; one that takes too long is ended and has failed."""
    seconds = 4 * MOST if "LAMIN_TEST_LONG" in env else MOST
    try:
        done = subprocess.run(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=seconds)
    except subprocess.TimeoutExpired as late:
        return 124, f"{(late.stdout or b'').decode(errors='replace')}\nnot done after {seconds} s"
    return done.returncode, done.stdout


def cpp(kinds: list[str], preset: str, env: Callable[[str], dict[str, str]], filter_: str) -> dict[str, Counter]:
    """Runs every binary of some kinds, two at a time; shows output only of those that fail. `env` is told the kind. Returns the counts
    of each."""
    folder = BUILD / preset

    def one(kind: str, binary: Path, index: int, parts: int) -> tuple[str, Counter]:
        name = binary.name if parts == 1 else f"{binary.name} {index + 1}/{parts}"
        report = RESULTS / preset / f"{binary.name}.{index}.json"
        report.unlink(missing_ok=True)
        chosen = filter_ if kind != "s3" or "LAMIN_TEST_LONG" in env(kind) else f"{filter_}{':' if '-' in filter_ else '-'}{ONLY_LONG}"
        command = [binary, "--gtest_brief=1", f"--gtest_output=json:{report}", f"--gtest_filter={chosen}"]
        timer = Timer()
        shard = {"GTEST_TOTAL_SHARDS": str(parts), "GTEST_SHARD_INDEX": str(index)}
        status, shown = ended(command, folder, {**env(kind), **shard})
        result = count_gtest(report, name, status)
        if result["failed"]:
            print(shown)
        print(f"  {name}: {result['passed']} passed, {result['failed']} failed ({timer})", flush=True)
        return kind, result

    free = []
    for kind in kinds:
        for binary in sorted((folder / "bin").glob(f"{SUFFIX[kind]}*")):
            if binary.is_file() and os.access(binary, os.X_OK):
                parts = PARTS.get(binary.name, 1)
                free += [(kind, binary, index, parts) for index in range(parts)]
    free.sort(key=lambda part: (part[0] == "unit", -part[3]))  # the longest first, so that none is left for the end
    counts = {kind: Counter() for kind in kinds}
    with ThreadPoolExecutor(int(JOBS)) as pool:
        for kind, result in pool.map(lambda part: one(*part), free):
            counts[kind] += result
    return counts


def count_junit(report: Path) -> Counter:
    try:
        suites = xml.etree.ElementTree.parse(report).getroot().iter("testsuite")
    except (OSError, xml.etree.ElementTree.ParseError):
        return Counter(failed=1)
    total = Counter()
    for suite in suites:
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        total += Counter(passed=int(suite.get("tests", 0)) - failed - skipped, failed=failed, skipped=skipped)
    return total


def pytest(group: str, folders: list[str], env: dict[str, str], extra: list[str], ignore: tuple[str, ...] = (), python: Path | None = None) -> Counter:
    report = RESULTS / f"{group}.xml"
    report.unlink(missing_ok=True)
    there = [folder for folder in folders if (ROOT / folder).exists()]
    if not there:
        return Counter()
    workers = "4" if group == "s3" else "2"  # most of them wait for a server
    command = [python or venv_python(), "-m", "pytest", "-n", workers, "--dist", "loadfile", f"--junit-xml={report}",
               *[f"--ignore={name}" for name in ignore], *extra, *there]
    status = subprocess.run(command, cwd=ROOT, env=env).returncode
    if status == 5:  # pytest found nothing to run
        return Counter()
    result = count_junit(report)
    if status != 0 and not result["failed"]:
        result["failed"] += 1
    return result


def fuzz(env: dict[str, str], long: bool) -> Counter:
    """Runs each target from its committed corpus; findings go to build/fuzz/found, growing corpora stay in build/."""
    seconds = 600 if long else 20
    found, grown = BUILD / "fuzz" / "found", BUILD / "fuzz" / "corpus"
    found.mkdir(parents=True, exist_ok=True)
    env = {**env, "TMPDIR": str(BUILD / "tmp")}  # where targets write files for readers that want a path
    targets = sorted(file for file in (BUILD / "fuzz" / "bin").glob("fuzz_*") if os.access(file, os.X_OK))

    def one(target: Path) -> Counter:
        name = target.name.removeprefix("fuzz_")
        (grown / name).mkdir(parents=True, exist_ok=True)
        # Ten seconds per input and 2 GB are far above what a small input needs; the sanitizer counts its own memory,
        # too.
        command = [target, f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=2048", "-max_len=65536", "-print_final_stats=1",
                   f"-artifact_prefix={found / name}-", grown / name, ROOT / "tests" / "fuzz" / "corpus" / name]
        done = subprocess.run(command, cwd=BUILD / "fuzz", env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              errors="replace", timeout=seconds + 300)
        runs = re.search(r"number_of_executed_units:\s*(\d+)", done.stdout)
        if done.returncode != 0:
            print(done.stdout[-6000:])
        print(f"  {name}: {runs[1] if runs else '?'} inputs, {'nothing found' if done.returncode == 0 else 'FAILED'}", flush=True)
        return Counter(passed=int(done.returncode == 0), failed=int(done.returncode != 0))

    with ThreadPoolExecutor(int(JOBS)) as pool:
        return sum(pool.map(one, targets), Counter())


def compile_for(groups: list[str]) -> None:
    if set(SUFFIX) & set(groups):
        build.build("release", ["all", "tests", "bench"])
    elif {"python", "faces", "interop", "integrations", "e2e", "engines", "faults"} & set(groups):
        build.build("release")
    for preset in ("asan", "tsan"):
        if preset in groups:
            build.build(preset, ["tests"])
    if "fuzz" in groups:
        build.build("fuzz")


def fetch_for(groups: list[str], long: bool) -> None:
    if "e2e" in groups:
        setup.require(["run"])
    if {"interop", "s3"} & set(groups):  # LaminDB on a database in a bucket
        setup.interop()
    if "integrations" in groups:
        setup.integrations()
    if {"s3", "faults"} & set(groups):
        object_stores.versitygw()
    if "engines" in groups:
        setup.engines()
        if long:
            setup.nextflow()
            setup.lab()


def prepare(groups: list[str], long: bool) -> None:
    """Builds what the groups test, and meanwhile fetches the programs of others that they need."""
    setup.basic(("build", "postgresql", *(["fuzz"] if "fuzz" in groups else [])))
    with ThreadPoolExecutor(1) as beside:
        fetched = beside.submit(fetch_for, groups, long)
        compile_for(groups)
        fetched.result()


def run_group(group: str, env: dict[str, str], filter_: str, extra: list[str], long: bool) -> Counter:
    if group == "fuzz":
        rules = {"ASAN_OPTIONS": "allocator_may_return_null=1:detect_leaks=0", "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1"}
        return fuzz({**env, **rules}, long)
    if group in ("asan", "tsan"):
        # Leaks are checked where nobody ends the process on purpose; suppressions name the library and the reason.
        rules = ROOT / "tests" / "sanitizers"
        # A damaged file makes HDF5 ask for more memory than there is: the allocation must fail as in malloc itself.
        strict = {**env, "ASAN_OPTIONS": "allocator_may_return_null=1", "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
                  "LSAN_OPTIONS": f"suppressions={rules / 'lsan.txt'}:print_suppressions=0",
                  "TSAN_OPTIONS": f"suppressions={rules / 'tsan.txt'}:halt_on_error=1:allocator_may_return_null=1"}
        return sum(cpp(["unit", "pg"] if group == "asan" else ["unit"], group, lambda _: strict, filter_).values(), Counter())
    folders = {"s3": ["tests/s3"], "python": ["tests"], "tools": ["tests/tools"], "interop": ["tests/interop"], "faces": ["tests/faces"], "e2e": ["tests/e2e"], "engines": ["tests/engines"], "faults": ["tests/faults"]}
    if group == "integrations":
        python = setup.INTEGRATIONS_VENV / "bin" / "python"
        return pytest(group, ["tests/integrations"], {**env, "PYTHONPATH": str(ROOT / "python")}, extra, python=python)
    if group in ("faces", "faults"):  # few files with many long cases
        extra = ["--dist", "worksteal", *extra]
    return pytest(group, folders[group], env, extra, ("tests/interop", "tests/integrations", "tests/faces", "tests/e2e", "tests/engines", "tests/faults", "tests/s3") if group == "python" else ())


def main(arguments: list[str]) -> int:
    """test [unit|pg|s3|python|tools|faces|interop|integrations|e2e|engines|faults|asan|tsan|fuzz...] [-f FILTER] [--long] [-- PYTEST ARGUMENTS]"""
    parser = argparse.ArgumentParser(prog="./dev test")
    parser.add_argument("groups", nargs="*", metavar="GROUP")
    parser.add_argument("-f", "--filter", default="*", help="GoogleTest cases")
    parser.add_argument("--long", action="store_true",
                        help="processes compete for a minute, not for seconds; faults strike at every call, not at a sample; fuzzers run for 10 minutes each")
    own, _, extra = (arguments, None, []) if "--" not in arguments else (
        arguments[:arguments.index("--")], None, arguments[arguments.index("--") + 1:])
    given = parser.parse_args(own)
    groups = given.groups or [*DEFAULT, *(["integrations"] if given.long else [])]
    unknown = sorted(set(groups) - set(GROUPS))
    if unknown:
        raise Failure(f"there is no group '{unknown[0]}': take some of {', '.join(GROUPS)}")
    # A shell that starts this in the background makes it ignore Ctrl-C, and every program that a test starts and interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = Timer()
    prepare(groups, given.long)
    for preset in ("", "release", "asan", "tsan"):
        (RESULTS / preset).mkdir(parents=True, exist_ok=True)
    total, lines = Counter(), []
    with ExitStack() as stack:
        needs_server = bool({"pg", "s3", "python", "interop", "faces", "e2e", "engines", "faults", "asan"} & set(groups))
        stores = [] if "s3" not in groups else services.OBJECT_STORES if given.long else ["s3"]
        env = stack.enter_context(services.running()) if needs_server else environment()
        if given.long:
            env = {**env, "LAMIN_TEST_LONG": "1"}
        env = {**env, "LAMIN_TEST_THEIRS": str(setup.LAMINDB_VENV / "bin" / "python"), "PYTHONDONTWRITEBYTECODE": "1"}
        scratch = BUILD / "tmp"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        # Credentials are for this group alone: other programs would take them to AWS.
        own = {group: {**env, **services.started(*stores)} if group == "s3" else env for group in groups}
        # Binaries of GoogleTest run side by side, whatever they need; s3 has Python tests, too.
        native = [group for group in groups if group in SUFFIX]
        for together in [*([native] if native else []), *[[group] for group in groups if group not in ("unit", "pg")]]:
            clock = Timer()
            say(f"== {' and '.join(together)} (after {timer})")
            results = cpp(together, "release", own.__getitem__, given.filter) if together is native else {
                group: run_group(group, own[group], given.filter, extra, given.long) for group in together}
            for group, result in results.items():
                lines.append(f"  {group:8} {result['passed']:5} passed {result['failed']:4} failed {result['skipped']:4} skipped  {clock}")
                total += result
    print("\n".join(["", *lines, f"  in all {timer}"]))
    print(f"{total['passed']} passed, {total['failed']} failed", flush=True)
    return 1 if total["failed"] or not total["passed"] else 0
