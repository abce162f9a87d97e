#!/usr/bin/env python3
"""How long the lineage of one artifact takes among many: runs with two inputs each, all descended from each other.

Rows are filled in by SQL. Prints, for SQLite and PostgreSQL, the median of what is up to 20 runs away in each direction, with how
much that is, and what its forms cost; the goals stand beside.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "build" / "bench" / "lineage"
SERIES = {
    "sqlite": "WITH RECURSIVE series(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM series WHERE i < {n}) ",
    "postgres": "WITH series(i) AS (SELECT generate_series(1, {n})) ",
}
UID = {"sqlite": "printf('%s%015d', '{0}', i)", "postgres": "'{0}' || lpad(i::text, 15, '0')"}


def copies(table: str, kind: str, n: int, columns: list[str], template: int, **changed: str) -> str:
    values = ", ".join(changed.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({names}) {SERIES[kind].format(n=n)} SELECT {values} FROM series, {table} t WHERE t.id = {template}"


def fill(kind: str, database: str, n: int, run: int, artifact: int) -> tuple[int, int]:
    """Copies of a run and of the artifact that it made; each run used two earlier artifacts. Returns the first ids."""
    if kind == "sqlite":
        connection = sqlite3.connect(database, isolation_level=None)
        connection.execute("PRAGMA synchronous = OFF")

        def do(sql: str) -> list:
            return connection.execute(sql).fetchall()

        def columns(table: str) -> list[str]:
            return [row[1] for row in do(f"PRAGMA table_info({table})") if row[1] != "id"]
    else:

        def do(sql: str) -> list:
            out = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", database, "-c", sql], check=True,
                                 capture_output=True, text=True).stdout  # fmt: skip
            return [line.split("\t") for line in out.splitlines()]

        def columns(table: str) -> list[str]:
            return [row[0] for row in do(f"SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' AND column_name <> 'id'")]

    first_run, first_artifact = run + 1, artifact + 1
    do(copies("lamindb_run", kind, n, columns("lamindb_run"), run, uid=UID[kind].format("R")))
    text = "i" if kind == "sqlite" else "i::text"
    do(copies("lamindb_artifact", kind, n, columns("lamindb_artifact"), artifact, uid=UID[kind].format("A") + " || '0000'",
              key=f"'k/' || {text} || '.txt'", hash=f"'h' || {text}", run_id=f"{first_run - 1} + i"))  # fmt: skip
    for step in ("1 + i / 3 % 5", "7 + i / 5 % 11"):
        do(f"INSERT INTO lamindb_artifact_input_of_runs (artifact_id, run_id) {SERIES[kind].format(n=n)} "
           f"SELECT {first_artifact - 1} + i - ({step}), {first_run - 1} + i FROM series WHERE i - ({step}) >= 1")  # fmt: skip
    do("ANALYZE")
    if kind == "sqlite":
        connection.close()
    return first_run, first_artifact


def measure(n: int, ids: list[int]) -> None:
    """In a process that is connected to the filled instance."""
    import lamindb as ln

    ln.settings.verbosity = "error"
    rows = [ln.Artifact.get(one) for one in ids]

    from lamindb import _core

    def timed(up: int, down: int) -> float:
        seconds = []
        for row in rows:
            began = perf_counter()
            _core.lineage_graph(row, up, down, True, False)
            seconds.append(perf_counter() - began)
        return median(seconds) * 1000

    for name, up, down in (("upstream", 20, 0), ("downstream", 0, 20)):
        graph = _core.lineage_graph(rows[0], up, down, True, False)
        print(f"    {name}, 20 runs deep: {timed(up, down):8.2f} ms   (goal 20)   {len(graph.nodes()):,} nodes", flush=True)
    began = perf_counter()
    large = _core.lineage_graph(rows[-1], -1, 0, True, False, 5000)
    asked = (perf_counter() - began) * 1000
    seconds = []
    for _ in range(5):
        began = perf_counter()
        large.json()
        seconds.append(perf_counter() - began)
    print(f"    {len(large.nodes()):,} nodes: asked in {asked:.1f} ms, JSON in {median(seconds) * 1000:.1f} ms   (goal 50)")
    small = _core.lineage_graph(rows[-1], -1, 0, True, False, 250)
    began = perf_counter()
    small.svg(8)
    print(f"    {len(small.nodes()):,} nodes: SVG in {(perf_counter() - began) * 1000:.1f} ms   (goal 500)", flush=True)


def instance(kind: str, url: str, n: int) -> None:
    import lamindb as ln

    ln.setup.init(storage=str(PLACE / kind / "storage"), name=f"lineage-{kind}", db=url or None)
    ln.settings.verbosity = "error"
    run = ln.Run(ln.Transform(key="step.py", kind="script").save(), status="started").save()
    (PLACE / "made.txt").write_text("made")
    artifact = ln.Artifact(PLACE / "made.txt", key="made.txt", run=run).save()
    began = perf_counter()
    database = url or str(PLACE / kind / "storage" / ".lamindb" / "lamin.db")
    _, first = fill(kind, database, n, run.id, artifact.id)
    print(f"  {kind}: {n:,} runs and artifacts, filled in {perf_counter() - began:.0f} s", flush=True)
    middle = first + n // 2
    measure(n, [middle + 997 * i for i in range(-12, 13)] + [first + n - 1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default="")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--inside", default="")
    parser.add_argument("--keep", action="store_true", help="leave the databases")
    given = parser.parse_args()
    if given.inside:
        instance(given.inside, given.postgres, given.rows)
        return 0
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    for kind, url in (("sqlite", ""), *((("postgres", given.postgres),) if given.postgres else ())):
        env = {**os.environ, "HOME": str(PLACE), "LAMIN_SETTINGS_DIR": str(PLACE), "LAMIN_CACHE_DIR": str(PLACE / "cache"), "LAMIN_OFFLINE": "1"}
        command = [sys.executable, __file__, "--inside", kind, "--postgres", url, "--rows", str(given.rows)]
        if subprocess.run(command, env=env, cwd=PLACE).returncode:
            return 1
    if not given.keep:
        shutil.rmtree(PLACE, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
