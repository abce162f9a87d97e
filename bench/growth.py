#!/usr/bin/env python3
"""How long a verb takes as a registry grows: labels from 1e5 rows on, on SQLite and PostgreSQL; docs/growth.svg shows
the result.

A line that rises with the rows would mean a verb that no index serves. Rows are filled in by SQL, so that only the verb
is measured. The results go to build/bench/growth.json.
"""
from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "build" / "bench" / "growth"
WORDS = "T cell,B cell,neuron,monocyte,fibroblast,lung,liver,kidney,donor,batch,treated,control,CD4,CD8,memory,naive".split(",")
LINKED = 10  # children of the one parent that is queried

FILL = """INSERT INTO lamindb_ulabel (uid, name, description, created_by_id)
{series} SELECT {uid}, {word1} || ' ' || {word2} || ' ' || i, 'filled', 1 FROM series"""
SQLITE = FILL.format(series="WITH RECURSIVE series(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM series WHERE i < {last})",
                     uid="printf('G%07x', i)", word1="(SELECT w FROM words WHERE n = i % 16)", word2="(SELECT w FROM words WHERE n = i / 16 % 16)")
POSTGRES = FILL.format(series="WITH series(i) AS (SELECT generate_series({first}, {last}))", uid="'G' || lpad(to_hex(i), 7, '0')",
                       word1="(array[{words}])[i % 16 + 1]", word2="(array[{words}])[i / 16 % 16 + 1]")


def fill(database: str, first: int, last: int) -> None:
    words = ", ".join(f"'{word}'" for word in WORDS)
    if "://" not in database:
        with sqlite3.connect(database, isolation_level=None) as db:
            db.execute("PRAGMA synchronous = OFF")
            db.execute("CREATE TEMP TABLE words (n INTEGER PRIMARY KEY, w TEXT)")
            db.executemany("INSERT INTO words VALUES (?, ?)", enumerate(WORDS))
            db.execute(SQLITE.format(first=first, last=last))
            db.execute("ANALYZE")
        db.close()
        return
    for sql in (POSTGRES.format(first=first, last=last, words=words), "VACUUM ANALYZE lamindb_ulabel"):
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", database, "-c", sql], check=True)


def timed(verb, repeats: int) -> float:
    """Median of one call; the first, which may prepare a statement or an index, counts like the others."""
    seconds = []
    for i in range(repeats):
        began = perf_counter()
        verb(i)
        seconds.append(perf_counter() - began)
    return median(seconds)


def verbs(n: int) -> dict[str, float]:
    """In a separate process, connected to an instance with n labels."""
    import lamindb as ln

    ln.settings.verbosity = "error"
    label = ln.ULabel
    some = [f"G{(i * 7919 + 17) % n + 1:07x}" for i in range(100)]
    names = [label.get(uid).name for uid in some]
    parent = label(name=f"parent at {n}").save()
    parent.children.add(*[label.get(uid) for uid in some[:LINKED]])
    made = [label(name=f"new at {n}, number {i}") for i in range(60)]
    label.search(names[0], limit=20)  # builds the index, once per database
    label(name="T cel donor")
    times = {
        "get(uid)": timed(lambda i: label.get(some[i]), 100),
        "filter(name=...).one()": timed(lambda i: label.filter(name=names[i]).one(), 100),
        "filter(name__startswith=...)[:20]": timed(lambda i: list(label.filter(name__startswith=names[i][:-2])[:20]), 50),
        "filter(parents__name=...), 10 hits": timed(lambda i: list(label.filter(parents__name=parent.name)), 50),
        "order_by('-id')[:20]": timed(lambda i: list(label.filter().order_by("-id")[:20]), 50),
        "search(three words, limit=20)": timed(lambda i: label.search(names[i], limit=20), 50),
        "ULabel(name=...), with the similar-name check": timed(lambda i: label(name=f"{names[i]} again"), 50),
        "save()": timed(lambda i: made[i].save(), 50),
        "save() of a change": timed(lambda i: (setattr(made[i], "description", "changed"), made[i].save()), 50),
        "parents.add(...)": timed(lambda i: made[i].parents.add(parent), 50),
        "delete(permanent=True)": timed(lambda i: made[i].delete(permanent=True), 50),
    }
    parent.children.clear()
    parent.delete(permanent=True)
    return times


def memory(n: int) -> int:
    """Bytes by which a process grows while it streams n labels."""
    import lamindb as ln

    stream = ln.ULabel.filter().iterator()
    for _ in range(10_000):
        next(stream)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = 10_000 + sum(1 for _ in stream)
    if count < n:
        raise SystemExit(f"{count} of {n} labels came")
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024


def plot(figures: dict, file: Path) -> None:
    """Both databases side by side, time against rows, both logarithmic: the goal is a horizontal line."""
    import math

    width, height, left, top = 440, 420, 60, 40
    colours = "#1f77b4 #ff7f0e #2ca02c #d62728 #9467bd #8c564b #e377c2 #7f7f7f #bcbd22 #17becf #005f73".split()
    sizes = [int(n) for n in next(iter(figures.values()))]
    names = list(next(iter(next(iter(figures.values())).values()))["seconds"])
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="11" width="{2 * (width + left) + 20}" '
             f'height="{height + top + 40 + 16 * ((len(names) + 1) // 2)}"><rect width="100%" height="100%" fill="white"/>']
    low, high = -6, 0  # 1 us to 1 s

    def x(n: int) -> float:
        return math.log10(n / sizes[0]) / math.log10(sizes[-1] / sizes[0]) * (width - 40) + 10

    def y(seconds: float) -> float:
        return (high - math.log10(seconds)) / (high - low) * height

    for panel, (database, of_size) in enumerate(figures.items()):
        lines.append(f'<g transform="translate({left + panel * (width + left)},{top})"><text x="0" y="-14" font-size="14">{database}</text>')
        for power in range(low, high + 1):
            at = y(10.0**power)
            lines.append(f'<path d="M0 {at:.1f}H{width - 20}" stroke="#ddd"/><text x="-6" y="{at + 4:.1f}" text-anchor="end">'
                         f'{["1 us", "10 us", "100 us", "1 ms", "10 ms", "100 ms", "1 s"][power - low]}</text>')
        for n in sizes:
            lines.append(f'<text x="{x(n):.1f}" y="{height + 16}" text-anchor="middle">{n:,}</text>')
        for colour, name in zip(colours, names):
            points = " ".join(f"{x(n):.1f},{y(of_size[str(n)]['seconds'][name]):.1f}" for n in sizes)
            lines.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        lines.append("</g>")
    for i, (colour, name) in enumerate(zip(colours, names)):
        at = (left + i % 2 * (width + left), top + height + 40 + 16 * (i // 2))
        lines.append(f'<rect x="{at[0]}" y="{at[1] - 8}" width="14" height="4" fill="{colour}"/><text x="{at[0] + 20}" y="{at[1]}">{name}</text>')
    file.write_text("\n".join(lines) + "\n</svg>\n")


def measure(database: str, url: str | None, sizes: list[int]) -> dict:
    folder = PLACE / database
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "home").mkdir(parents=True)
    env = {**os.environ, "HOME": str(folder / "home"), "LAMIN_SETTINGS_DIR": str(folder / "home")}
    subprocess.run([Path(sys.executable).parent / "lamin", "init", "--storage", folder / "st", "--name", f"growth-{database}",
                    *(["--db", url] if url else [])], cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL)
    figures, filled = {}, 0
    for n in sizes:
        began = perf_counter()
        fill(url or str(folder / "st" / ".lamindb" / "lamin.db"), filled + 1, n)
        filled = n
        print(f"{database}: {n:,} rows are there after {perf_counter() - began:.0f} s", flush=True)
        found = {}
        for work in ("verbs", "memory"):
            done = subprocess.run([sys.executable, __file__, "--work", work, str(n)], cwd=folder, env=env, stdout=subprocess.PIPE, text=True, check=True)
            found[work] = json.loads(done.stdout.splitlines()[-1])
        figures[str(n)] = {"seconds": found["verbs"], "stream_bytes": found["memory"]}
        for name, seconds in found["verbs"].items():
            print(f"  {name:48} {seconds * 1e3:9.3f} ms", flush=True)
        print(f"  {'memory that streaming all rows adds':48} {found['memory'] / 2**20:9.1f} MiB", flush=True)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(prog="./dev bench --growth")
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000, 10_000_000])
    parser.add_argument("--postgres", help="URL of an empty database")
    parser.add_argument("--svg", type=Path, default=ROOT / "docs" / "growth.svg")
    parser.add_argument("--work", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        print(json.dumps({"verbs": verbs, "memory": memory}[given.work[0]](int(given.work[1]))))
        return
    figures = {"SQLite": measure("SQLite", None, given.rows)}
    if given.postgres:
        figures["PostgreSQL"] = measure("PostgreSQL", given.postgres, given.rows)
    (PLACE.parent / "growth.json").write_text(json.dumps(figures, indent=1))
    plot(figures, given.svg)
    shutil.rmtree(PLACE)


if __name__ == "__main__":
    main()
