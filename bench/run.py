#!/usr/bin/env python3
"""Measures what is promised and prints it as a table; everything measured goes to build/bench/figures.json.

Each figure is a median. Both sides are measured in this run, on this machine, on the same inputs; only what is bounded
by the disk is compared with the disk itself (raw.c) instead of with LaminDB.
"""
from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median

import sides
from data import DataFigures
from ontologies import OntologyFigures
from programs import BIN, PLACE, numbers
from sides import ROOT, Side, touch

LIB = ROOT / "build" / "release" / "lib"
TRACKED = "{hub}import lamindb as ln\nln.track()\nln.finish()\n"
QUERY = "{hub}import lamindb as ln\nprint(ln.ULabel.filter(name='label of the query').count())\n"
HUB = {"ours": "", "theirs": "import lamindb_setup\nlamindb_setup.settings.instance._is_on_hub = False\n"}


class Table:
    def __init__(self) -> None:
        self.rows: list[dict] = []

    def add(self, what: str, ours: list[float], against: list[float] | None, *, ratio: str = "faster", goal: float | None = None,
            limit: float | None = None, note: str = "") -> None:
        """`goal` is the ratio to reach (for "share" and "cost": against a baseline), `limit` a time in seconds."""
        row = {"what": what, "ours": median(ours), "ours_all": ours, "against": median(against) if against else None,
               "against_all": against, "kind": ratio, "goal": goal, "limit": limit, "note": note}
        value = None
        if against and ratio in ("hit", "miss"):
            value = row["ours"]
        elif against:
            value = row["ours"] / row["against"] if ratio == "cost" else row["against"] / row["ours"]
        row["ratio"] = value
        met = (goal is None or (value <= goal if ratio in ("cost", "miss") else value >= goal)) and (limit is None or row["ours"] <= limit)
        row["met"] = met
        self.rows.append(row)
        print(self.line(row), flush=True)

    @staticmethod
    def line(row: dict) -> str:
        goal = []
        if row["goal"] is not None:
            goal.append({"faster": f"{row['goal']:g}x", "share": f">= {row['goal']:.0%}", "cost": f"<= {row['goal']:g}x", "hit": f">= {row['goal']:.0%}",
                         "miss": f"<= {row['goal']:.1%}"}[row["kind"]])
        if row["limit"] is not None:
            goal.append(f"< {time(row['limit'])}")
        ratio = "" if row["ratio"] is None else f"{row['ratio']:.2%}" if row["kind"] in ("hit", "miss") else f"{row['ratio']:.0%}" if row["kind"] == "share" else f"{row['ratio']:.3g}x"
        counted = row["kind"] in ("hit", "miss")  # no times
        return (f"{row['what']:58} {'' if counted else time(row['ours']):>9} {time(row['against']) if row['against'] and not counted else '':>9} {ratio:>8}  "
                f"{', '.join(goal):16} {'' if not goal else 'met' if row['met'] else 'MISSED':7}{row['note']}")

    header = f"{'':58} {'ours':>9} {'against':>9} {'ratio':>8}  {'goal':16}"


def time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} us"


def quantile(times: list[float], part: float) -> float:
    return sorted(times)[min(len(times) - 1, int(part * len(times)))]


class Bench(OntologyFigures, DataFigures):
    def __init__(self, ours: Side, theirs: Side, quick: bool, postgres: list[Side]):
        self.ours, self.theirs, self.both, self.quick, self.table = ours, theirs, [ours, theirs], quick, Table()
        self.postgres, self.genome, self.made_matrices = postgres, False, 0

    def n(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    def processes(self, few: int, many: int, *command, script: str = "") -> dict[str, list[float]]:
        """Whole processes, alternating between the sides; the first of each warms the disk caches and is not counted.
        """
        times = {"ours": [], "theirs": []}
        for side in self.both:
            if script:
                (side.folder / "script.py").write_text(script.format(hub=HUB[side.name]))
        for i in range(many + 1):
            for side in self.both:
                if side is self.theirs and i > few:
                    continue
                words = [side.python, "script.py"] if script else [side.lamin, *command]
                seconds = side.run(*words)
                if i:
                    times[side.name].append(seconds)
        return times

    # -- the figures, in the order promised ----------------------------------------------------------------------------

    def shell(self):
        for command in ("--help", "info"):
            times = self.processes(self.n(3, 1), self.n(20, 5), command)
            self.table.add(f"lamin {command}, whole process", times["ours"], times["theirs"], limit=0.010)

    def init(self):
        times = {side.name: [side.init(side.folder / f"new{i}") for i in range(self.n(5, 2) if side is self.ours else self.n(2, 1))]
                 for side in self.both}
        self.table.add("lamin init, SQLite, with bionty", times["ours"], times["theirs"], limit=0.150)

    def start_up(self):
        times = self.processes(self.n(5, 2), self.n(15, 4), script=QUERY)
        self.table.add("import lamindb and one query, whole process", times["ours"], times["theirs"], goal=15, limit=0.080)

    def labels(self):
        n = self.n(10_000, 1_000)
        times = {side.name: side.work("labels", n) for side in self.both}
        self.table.add(f"constructing a label ({n:,})", times["ours"]["construct"], times["theirs"]["construct"], goal=40)
        self.table.add(f"ln.save of {n:,} labels, each", times["ours"]["save"], times["theirs"]["save"], goal=10)

    def databases(self):
        """(ours, theirs), and which database."""
        return [(self.both, "SQLite"), *([(self.postgres, "PostgreSQL")] if self.postgres else [])]

    def databases_anew(self):
        """The same with fresh instances."""
        for both, where in self.databases():
            with ExitStack() as stack:
                yield [stack.enter_context(side.anew()) for side in both], where

    def look_up(self):
        n, rows = self.n(2_000, 50), self.n(100_000, 10_000)
        for both, where in self.databases_anew():
            sides.fill_labels(both, rows)
            ours, theirs = (side.work("get", n) for side in both)
            goal = 50 if where == "SQLite" else 15
            self.table.add(f"{where}: ULabel.get(uid), {rows:,} rows", ours["get"], theirs["get"], goal=goal)
            self.table.add(f"{where}: ULabel.filter(name=...).one(), {rows:,} rows", ours["one"], theirs["one"], goal=goal)

    def bulk(self):
        n, repeats = self.n(100_000, 10_000), self.n(5, 3)
        raw, ours = [], []
        for _ in range(repeats):  # alternating: both grow the same table
            raw += numbers(BIN / "bench_raw", "bulk", self.ours.database, n, 1)
            ours += numbers(BIN / "bench_native", "bulk", n, 1, cwd=self.ours.folder, env=self.ours.env)
        self.table.add(f"bulk insert of {n:,} labels, against raw SQLite", ours, raw, ratio="share", goal=0.8,
                       note="C++ API; same table, triggers, transaction")

    def bulk_postgres(self):
        """Against COPY into the same table, with its indexes."""
        side, n, repeats = self.postgres[0], self.n(100_000, 10_000), self.n(5, 3)
        raw, ours = [], []
        for _ in range(repeats):
            raw += numbers(BIN / "bench_raw_copy", side.url, n, 1)
            ours += numbers(BIN / "bench_native", "bulk", n, 1, cwd=side.folder, env=side.env)
        self.table.add(f"bulk insert of {n:,} labels, against COPY", ours, raw, ratio="share", goal=0.7,
                       note="PostgreSQL; same table, indexes, triggers")

    def bulk_save(self):
        n = self.n(100_000, 5_000)
        times = {side.name: side.work("bulk_save", n)["save"] for side in self.both}
        self.table.add(f"ln.save of {n:,} labels", times["ours"], times["theirs"], goal=10)

    def links(self):
        n = self.n(1_000, 100)
        for side in self.both:
            side.work("artifact_many", n)
        raw = numbers(BIN / "bench_raw", "commit", self.ours.database, self.n(200, 40))
        times = {side.name: side.work("link_one", n) for side in self.both}
        self.table.add("adding a label to an artifact, durably, against a bare commit", times["ours"]["one"], raw, ratio="cost", goal=1.3)
        self.table.add("adding a label to an artifact, durably, against LaminDB", times["ours"]["one"], times["theirs"]["one"])
        self.table.add(f"adding a label to {n:,} artifacts in one call", times["ours"]["all"], times["theirs"]["all"], goal=30)
        raw = numbers(BIN / "bench_raw", "links", self.ours.database, n, 3)
        self.table.add(f"adding a label to {n:,} artifacts in one call, against raw SQLite", times["ours"]["all"], raw, ratio="share",
                       note=f"raw SQLite itself: {median(times['theirs']['all']) / median(raw):.3g}x LaminDB")

    def one_label(self):
        n = self.n(200, 40)
        raw = numbers(BIN / "bench_raw", "commit", self.ours.database, n)
        native = numbers(BIN / "bench_native", "commit", n, cwd=self.ours.folder, env=self.ours.env)
        python = self.ours.work("save_one", n)["save"]
        theirs = self.theirs.work("save_one", self.n(50, 10))["save"]
        waits = self.waits("save_one")
        self.table.add("saving one label, durably (C++), against a bare commit", native, raw, ratio="cost", goal=1.3)
        self.table.add("saving one label, durably (Python), against a bare commit", python, raw, ratio="cost", goal=1.3,
                       note=f"{waits:g} waits for the disk each")
        self.table.add("saving one label, durably (Python), against LaminDB", python, theirs)

    def waits(self, workload: str) -> float:
        """Calls of fsync and fdatasync that each additional item costs."""
        report = PLACE / "waits"

        def count(n: int) -> int:
            self.ours.work(workload, n, LD_PRELOAD=str(LIB / "libbench_count_fsync.so"), COUNT_FSYNC=str(report))
            return int(report.read_text())
        return (count(12) - count(2)) / 10

    def one_artifact(self):
        n = self.n(100, 20)
        folder = self.ours.folder / "raw-files"
        folder.mkdir()
        raw = numbers(BIN / "bench_raw", "files", folder, self.ours.database, n)
        ours = self.ours.work("artifact_one", n)["save"]
        theirs = self.theirs.work("artifact_one", self.n(30, 8))["save"]
        waits = self.waits("artifact_one")
        self.table.add("Artifact(path, key).save(), durably, against bare fsyncs", ours, raw, ratio="cost", goal=1.3,
                       note=f"{waits:g} waits for the disk each")
        self.table.add("Artifact(path, key).save(), against LaminDB", ours, theirs)

    def many_artifacts(self):
        n = self.n(1_000, 100)
        times = {side.name: side.work("artifact_many", n) for side in self.both}
        self.table.add(f"ln.save of {n:,} small-file artifacts, durably", times["ours"]["save"], times["theirs"]["save"], goal=20)
        self.table.add(f"constructing {n:,} small-file artifacts", times["ours"]["construct"], times["theirs"]["construct"])
        times = {side.name: side.work("artifact_loop", n) for side in self.both}
        self.table.add(f"loop over {n:,} artifacts reading user and storage", times["ours"]["loop"], times["theirs"]["loop"], goal=40)

    def save_file(self):
        """Every byte is hashed by ours, the ends only by LaminDB; cp and fsync are the limit of the disk."""
        megabytes = self.n(1000, 100)
        for side in self.both:
            with (side.folder / "big.bin").open("wb") as file:
                for _ in range(megabytes):
                    file.write(os.urandom(1_000_000))
        rounds = self.n(3, 2)
        copies, saves, memory = [], {side.name: [] for side in self.both}, []
        for i in range(rounds):
            os.sync()  # nothing that was written before competes for the disk
            target = self.ours.folder / f"copy{i}.bin"
            touch(2 * megabytes)
            copies.append(self.ours.run("sh", "-c", f"cp '{self.ours.folder}/big.bin' '{target}' && sync '{target}'"))
            target.unlink()
            for side in self.both:
                os.sync()
                touch(2 * megabytes)
                done = side.work("save_file", megabytes)
                saves[side.name] += done["save"]
                if side is self.ours:
                    memory += done["memory"]
        self.table.add(f"saving a file of {megabytes:,} MB, hashing all of it, against cp and fsync", saves["ours"], copies, ratio="cost", goal=1.3)
        self.table.add(f"saving a file of {megabytes:,} MB, against LaminDB", saves["ours"], saves["theirs"], goal=1)
        self.table.add(f"memory to save a file of {megabytes:,} MB, in units of 1 GB as s", [most / 1e9 for most in memory], None, limit=0.1,
                       note="Python and all")

    def folders(self):
        n = self.n(10_000, 500)
        ours, theirs = (side.work("from_dir", n)["save"] for side in self.both)
        self.table.add(f"Artifact.from_dir of {n:,} small files, saved", ours, theirs, goal=20)
        n = self.n(100_000, 2_000)
        ours, theirs = (side.work("folder_of_files", n)["save"] for side in self.both)
        self.table.add(f"a folder of {n:,} small files as one artifact, saved", ours, theirs, goal=5)

    def queries(self):
        n = self.n(10_000, 2_000)
        for both, where in self.databases():
            sides.fill_datasets(both, n)
            ours, theirs = (side.work("queries", n) for side in both)
            for what, key, goal in ((f"filter across two link tables, {n // 10:,} hits, records", "records", 20),
                                    (f"filter across two link tables, {n // 10:,} hits, DataFrame", "frame", 30),
                                    (f"to_dataframe(include=labels, features), {n:,} rows", "include", 20),
                                    (f"loop over {n // 10:,} records reading run and labels", "loop", 50)):
                self.table.add(f"{where}: {what}", ours[key], theirs[key], goal=goal)

    def track(self):
        times = self.processes(self.n(3, 1), self.n(10, 3), script=TRACKED)
        self.table.add("ln.track() and ln.finish() in a script, whole process", times["ours"], times["theirs"], goal=10)

    def notebook(self):
        """Executed by nbconvert, the notebook named on its command line, which is how both sides find it."""
        times = {}
        for side in self.both:
            spent = side.folder / "spent.txt"
            spent.unlink(missing_ok=True)
            for _ in range(self.n(5, 2) + 1):
                (side.folder / "twenty.ipynb").write_text(sides.twenty_cells(HUB[side.name]))
                side.run(side.python, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", "twenty.ipynb")
            times[side.name] = [float(line) for line in spent.read_text().split()[1:]]
        self.table.add("ln.track() and ln.finish() in a notebook of 20 cells", times["ours"], times["theirs"], goal=3, note="nbconvert; without the import")

    def run(self):
        """`lamin run`: what it adds to a command."""
        side, n = self.ours, self.n(15, 5)
        source = "#include <iostream>\n#include <regex>\n#include <map>\nint main() { std::cout << std::regex_match(\"a\", std::regex(\"a\")); }\n"
        (side.folder / "compiled.cpp").write_text(source)
        commands = {
            "lamin run -- true, what it adds": (["true"], "added", 0.030),
            "lamin run of some seconds on the processor": (["awk", "BEGIN { for (i = 0; i < 6e7; ++i) x += i % 7 }"], "cost", 1.05),
            "lamin run of a compiler": (["g++", "-fsyntax-only", "compiled.cpp"], "cost", 1.5),
            "lamin run of 200 small processes, 40 opens each": (["sh", "-c", "i=0; while [ $i -lt 200 ]; do i=$((i+1)); g++ -E -x c /dev/null -o /dev/null; done"], "cost", 1.5),
        }
        for what, (command, kind, goal) in commands.items():
            plain, observed = [], []
            for i in range(n + 1):
                for times, words in ((plain, command), (observed, [side.lamin, "run", "--quiet", "--", *command])):
                    seconds = side.run(*words)
                    if i:
                        times.append(seconds)
            if kind == "added":
                self.table.add(what, [median(observed) - median(plain)], None, limit=goal)
            else:
                self.table.add(what, observed, plain, ratio="cost", goal=goal)

    def search(self):
        n, texts = self.n(1_000_000, 50_000), self.n(400, 100)
        for both, where in self.databases_anew():
            ours, theirs = both
            sides.fill_samples(both, n, texts)
            times = ours.work("search", texts)
            rows = f"{n:,} rows"
            self.table.add(f"{where}: first search, which makes the index, {rows}", times["first"], None)
            self.table.add(f"{where}: search, median, {rows}", times["search"], theirs.work("search", self.n(10, 5))["search"], limit=0.005)
            self.table.add(f"{where}: search, 99th percentile, {rows}", [quantile(times["search"], 0.99)], None, limit=0.030)
            times = ours.work("save_checked", self.n(100, 20))
            more = [checked - plain for checked, plain in zip(sorted(times["checked"]), sorted(times["plain"]))]
            self.table.add(f"{where}: check for similar names, what a save costs more, {rows}", more, None, limit=0.002)

    def curate_file(self):
        """A file of many cells: the annotation against a schema; what is read, and the memory that takes."""
        n, ours, theirs = self.n(1_000_000, 50_000), self.ours, self.theirs
        file = PLACE / "cells.h5ad"
        ours.work("make_cells", n, CELLS=str(file))
        for side in self.both:
            side.work("cells_schema", n)
        command = ("curate", file, "--schema", "bench cells", "--report", "json")
        times = [ours.run(ours.lamin, *command) for _ in range(self.n(7, 4))][1:]
        report = json.loads(ours.output)["files"][0]
        against = theirs.work("curate_cells", n, CELLS=str(file))["validate"]
        read, whole = report["bytes_read"], report["bytes"]
        self.table.add(f"lamin curate of {n:,} cells, 20 columns, 36,000 genes", times, against, goal=20, limit=1.5,
                       note=f"whole process; reads {read / 1e6:.3g} MB of {whole / 1e6:.3g} MB")
        alone = ours.work("read_cells", n, CELLS=str(file))["read"]
        self.table.add("the same, against reading the annotation with h5py", times, alone, ratio="share",
                       note=f"reading alone: {median(against) / median(alone):.3g}x LaminDB")
        memory = sides.peak_memory([ours.lamin, *command], ours.folder, ours.env)
        self.table.add(f"memory to curate {n:,} cells, in units of 1 GB as s", [memory / 1e9], None, limit=0.2,
                       note=f"{memory / 1e6:.3g} MB, all processes")

    def curate_frames(self):
        n = self.n(1_000_000, 50_000)
        for side in self.both:
            side.work("cells_schema", n)
        for kind in ("pandas", "polars"):
            times = {side.name: side.work(f"frame_{kind}", n)["validate"] for side in self.both}
            self.table.add(f"validating a {kind} frame of {n:,} x 20", times["ours"], times["theirs"], goal=10)

    def annotated(self):
        """Needs the genome of the group `genes`."""
        if not self.genome:
            self.fill_genome()
        file = ROOT / "examples" / "data" / "pbmc68k_reduced.h5ad"
        times = {side.name: side.work("annotated", self.n(10, 3), CELLS=str(file)) for side in self.both}
        ours = times["ours"]
        self.table.add("Artifact.from_anndata(schema=...).save(), 700 cells and genes", ours["save"], times["theirs"]["save"], goal=10)
        self.table.add("the same, against anndata's file, its hash and the disk", ours["save"], ours["write"], ratio="share", goal=0.6)

    def values(self):
        """One value of a feature, and many labels, added to an artifact."""
        n = self.n(1_000, 100)
        times = {side.name: side.work("values", n) for side in self.both}
        self.table.add("adding a feature value to an artifact", times["ours"]["value"], times["theirs"]["value"], goal=20)
        raw = times["ours"]["raw"]
        self.table.add(f"adding {n:,} labels to an artifact", times["ours"]["labels"], times["theirs"]["labels"], goal=20,
                       note=f"raw SQLite itself: {median(times['theirs']['labels']) / median(raw):.3g}x LaminDB")
        self.table.add("the same, against raw SQLite", times["ours"]["labels"], raw, ratio="share", goal=0.8)

    def sheet_rows(self):
        """A data frame as rows of a sheet, and the same rows updated, which LaminDB does not do."""
        n = self.n(8_000, 500)
        times = {side.name: side.work("sheet_rows", n) for side in self.both}
        self.table.add(f"{n:,} rows of a sheet", times["ours"]["save"], times["theirs"]["save"], goal=10)
        self.table.add(f"updating {n:,} rows of a sheet, against saving them", times["ours"]["update"], times["ours"]["save"], ratio="cost", goal=2)

    def typos(self):
        """Misspelled names of terms: the ten nearest of many, and whether the first is the right one."""
        folder = Path(os.environ.get("LAMIN_BENCH_ONTOLOGIES", ROOT / "examples" / "data"))
        names = sides.names_of_terms(folder)
        with self.ours.anew() as side:
            sides.fill_names(side, names)
            n = self.n(10_000, 1_000)
            tried, first, wrong, same = numbers(BIN / "bench_curation", "mapping", n, cwd=side.folder, env=side.env)
            note = f"of {len(names):,} names; {int(same)} more became another name"
            self.table.add(f"{int(tried):,} misspelled names: first guess is right", [first / tried], [1.0], ratio="hit", goal=0.97, note=note)
            self.table.add(f"{int(tried):,} misspelled names: another put in their place", [wrong / tried], [1.0], ratio="miss", goal=0.001, note=note)
        with self.ours.anew() as side:
            many = self.n(200_000, 20_000)
            sides.fill_names(side, (names + [f"{name} {i}" for i in range(many // len(names) + 1) for name in names])[:many])
            times = numbers(BIN / "bench_curation", "typos", self.n(500, 100), cwd=side.folder, env=side.env)
            self.table.add(f"ten nearest of {many:,} names to a typo", times, None, limit=0.003)

    # `queries` fills in rows with fixed ids, so it precedes the groups that create many rows.
    ORDER = ("shell", "init", "start_up", "labels", "bulk_save", "queries", "bulk", "bulk_postgres", "links", "one_label", "one_artifact",
             "many_artifacts", "save_file", "folders", "ontology", "gene_import", "release_diff", "parsing", "taxonomy", "terms", "genes",
             "track", "notebook", "run", "look_up", "search", "curate_file", "curate_frames", "annotated", "values", "sheet_rows", "rows", "mapped", "sql",
             "typos")


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("--theirs", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--postgres", nargs=2, metavar="URL", help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="smaller inputs, fewer repeats")
    parser.add_argument("--only", action="append", choices=Bench.ORDER, metavar="NAME", help=", ".join(Bench.ORDER))
    given = parser.parse_args()
    PLACE.mkdir(parents=True, exist_ok=True)
    pythons = (("ours", Path(sys.executable)), ("theirs", given.theirs.absolute()))
    bench = Bench(*(Side(name, python, PLACE) for name, python in pythons), given.quick,
                  [Side(name, python, PLACE, url) for (name, python), url in zip(pythons, given.postgres or [])])
    for side in bench.both + bench.postgres:
        side.start()
        side.work("labels", 2)  # connecting adds a row for the user
    print(Table.header)
    broken = []
    for name in given.only or Bench.ORDER:
        try:
            getattr(bench, name)()
        except SystemExit as error:
            broken.append(name)
            print(f"{name}: could not be measured: {error}", file=sys.stderr)
    report = {"machine": {"processors": len(os.sched_getaffinity(0)), "system": platform.platform()},
              "quick": given.quick, "figures": bench.table.rows, "broken": broken}
    (PLACE / "figures.json").write_text(json.dumps(report, indent=1))
    missed = [row["what"] for row in bench.table.rows if not row["met"]]
    print(f"\n{sum(row['met'] for row in bench.table.rows)} of {len(bench.table.rows)} figures are met"
          + (f"; missed: {'; '.join(missed)}" if missed else "") + (f"; not measured: {', '.join(broken)}" if broken else ""))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
