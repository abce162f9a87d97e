"""Ours and theirs, each with its own home folder, instance and Python, and the inputs that both get."""
from __future__ import annotations

import csv
import gzip
import io
import json
import os
import random
import re
import shutil
import sqlite3
import string
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


def touch(megabytes: int) -> None:
    """Uses and frees memory. On a virtual machine, memory that its host has not provided yet, or has taken back, takes several times as
    long to write to; without this, a part that runs just after another has freed its memory would be spared that."""
    subprocess.run([sys.executable, "-c", f"b'1' * ({megabytes} << 20)"], check=True)


class Side:
    """`url` is an empty PostgreSQL database; without one the instance uses SQLite."""

    def __init__(self, name: str, python: Path, place: Path, url: str | None = None):
        self.name, self.python, self.place, self.url = name, python, place, url
        self.lamin = python.parent / "lamin"
        self.folder = place / (f"{name}-postgres" if url else name)
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "home").mkdir(parents=True)
        self.env = {key: value for key, value in os.environ.items() if not key.startswith(("LAMIN_", "PYTHON"))}
        self.env.update(HOME=str(self.folder / "home"), PATH=f"{python.parent}{os.pathsep}{os.environ['PATH']}", PYTHONWARNINGS="ignore")
        self.env.pop("XDG_CACHE_HOME", None)

    def run(self, *command, cwd: Path | None = None, **env: str) -> float:
        """Seconds of a whole process."""
        began = perf_counter()
        done = subprocess.run([str(word) for word in command], cwd=cwd or self.folder, env={**self.env, **env}, capture_output=True, text=True)
        seconds = perf_counter() - began
        if done.returncode != 0:
            raise SystemExit(f"{self.name}: {' '.join(map(str, command))} ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-3000:]}")
        self.output = done.stdout
        return seconds

    def work(self, workload: str, n: int, **env: str) -> dict[str, list[float]]:
        self.run(self.python, HERE / "workloads.py", self.name, workload, n, self.folder, **env)
        return json.loads(self.output.splitlines()[-1])

    def init(self, folder: Path) -> float:
        folder.mkdir()
        return self.run(self.lamin, "init", "--storage", folder / "st", "--modules", "bionty", "--name", folder.name, cwd=folder)

    @property
    def database(self) -> Path:
        return self.folder / "st" / ".lamindb" / "lamin.db"

    def start(self) -> None:
        """Makes the instance that the workloads run in."""
        database = ["--db", self.url] if self.url else []
        self.run(self.lamin, "init", "--storage", self.folder / "st", "--modules", "bionty", "--name", "bench", *database)

    @contextmanager
    def anew(self):
        """The same side with a fresh instance, so that a registry has exactly the stated rows."""
        url = self.url and f"{self.url}_anew"
        self.drop(url)
        if url:
            self.psql(f"CREATE DATABASE {name_of(url)}")
        side = Side(self.name, self.python, self.place / "anew", url)
        side.start()
        side.work("labels", 2)
        try:
            yield side
        finally:
            self.drop(url)

    def drop(self, url: str | None) -> None:
        if url:
            self.psql(f"DROP DATABASE IF EXISTS {name_of(url)} WITH (FORCE)")

    def psql(self, sql: str) -> None:
        subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", self.url, "-c", sql], check=True, stderr=subprocess.DEVNULL)


def name_of(url: str) -> str:
    return url.rsplit("/", 1)[1]


def uid(size: int) -> str:
    return "".join(random.choices(BASE62, k=size))


def fill(database: Path, table: str, rows: list[dict]) -> None:
    """Inserts rows by plain SQL, the same for both sides; missing columns get their default or 1."""
    with sqlite3.connect(database, timeout=60) as db:
        known = {row[1]: row for row in db.execute(f'PRAGMA table_info("{table}")')}
        first = dict(rows[0])
        for name, (_, _, _, required, default, primary) in known.items():
            if required and default is None and not primary and name not in first:
                first[name] = None
        columns = [name for name in first if name in known]
        blanks = {name: 1 for name in columns if first[name] is None}
        text = f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({", ".join("?" * len(columns))})'
        db.executemany(text, ([row.get(name, blanks.get(name)) for name in columns] for row in rows))
    db.close()


def put(side: Side, table: str, rows: list[dict]) -> None:
    """Inserts rows by plain SQL into a side's database; PostgreSQL analyzes new rows now, not during the queries.
    """
    if not side.url:
        return fill(side.database, table, rows)
    text = io.StringIO()
    csv.writer(text).writerows(row.values() for row in rows)
    columns = ", ".join(rows[0])
    subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", side.url, "-c", f"COPY {table} ({columns}) FROM STDIN (FORMAT csv)", "-c",
                    f"VACUUM ANALYZE {table}"], input=text.getvalue(), text=True, check=True)


def fill_labels(sides: list[Side], n: int) -> None:
    now = "2026-01-01 00:00:00.000000"
    rows = [{"uid": uid(8), "name": f"label {i} {uid(6)}", "created_at": now, "updated_at": now, "created_by_id": 1} for i in range(n)]
    for side in sides:
        put(side, "lamindb_ulabel", rows)
        with (side.folder / "labels.csv").open("w") as file:
            writer = csv.DictWriter(file, ["uid", "name"], extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)


# The same text for both databases: datasets of 200 runs, each with two labels, a cell type and a number, some of them
# by feature.
DATASETS = """
INSERT INTO lamindb_transform (id, uid, key, kind, is_latest, created_by_id) VALUES (900001, 'benchTransform00', 'bench.py', 'script', true, 1);
INSERT INTO lamindb_feature (id, uid, name, _dtype_str, array_rank, array_size, created_by_id) VALUES
  (900001, 'benchFeat001', 'bench_temperature', 'float', 0, 0, 1), (900002, 'benchFeat002', 'bench_label', 'cat[ULabel]', 0, 0, 1),
  (900003, 'benchFeat003', 'bench_cell_type', 'cat[bionty.CellType]', 0, 0, 1);
INSERT INTO lamindb_run (id, uid, transform_id, created_by_id) {of_200} SELECT 900000 + i, 'benchRun' || {digits}, 900001, 1 FROM series;
INSERT INTO lamindb_ulabel (id, uid, name, created_by_id) {of_50} SELECT 900000 + i, 'b' || {digits}, 'bench label ' || i, 1 FROM series;
INSERT INTO bionty_celltype (id, uid, name, created_by_id) {of_50} SELECT 900000 + i, 'benchCel' || {digits}, 'bench type ' || i, 1 FROM series;
INSERT INTO lamindb_jsonvalue (id, value, feature_id, hash, created_by_id)
  {of_200} SELECT 900000 + i, CAST(CAST(i AS text) AS jsonb), 900001, 'benchHash' || i, 1 FROM series;
INSERT INTO lamindb_artifact (id, uid, key, suffix, kind, size, storage_id, is_latest, _key_is_virtual, _overwrite_versions, run_id, created_by_id)
  {of_all} SELECT 900000 + i, 'benchArtifac' || {digits} || '00', 'bench/' || i || '.parquet', '.parquet', 'dataset', i, 1, true, true, false,
  900000 + i % 200, 1 FROM series;
INSERT INTO lamindb_artifactulabel (artifact_id, ulabel_id, feature_id, created_by_id)
  {of_all} SELECT 900000 + i, 900000 + i % 5, 900002, 1 FROM series;
INSERT INTO lamindb_artifactulabel (artifact_id, ulabel_id, created_by_id) {of_all} SELECT 900000 + i, 900005 + i % 45, 1 FROM series;
INSERT INTO bionty_artifactcelltype (artifact_id, celltype_id, feature_id, created_by_id)
  {of_all} SELECT 900000 + i, 900000 + i % 2, 900003, 1 FROM series;
INSERT INTO lamindb_artifactjsonvalue (artifact_id, jsonvalue_id, created_by_id) {of_all} SELECT 900000 + i, 900000 + i % 200, 1 FROM series;
"""


def fill_datasets(sides: list[Side], n: int) -> None:
    series = "WITH RECURSIVE series(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM series WHERE i < {} - 1)"
    text = DATASETS.format(of_200=series.format(200), of_50=series.format(50), of_all=series.format(n),
                           digits="substr(CAST(1000000 + i AS text), 2)")
    for side in sides:
        if side.url:
            # Explicit ids do not advance the sequences.
            counted = re.findall(r"INSERT INTO (\w+) \(id,", text)
            moved = "".join(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), max(id)) FROM {name};" for name in counted)
            subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", side.url], input=text + moved + "VACUUM ANALYZE;", text=True, check=True,
                           stdout=subprocess.DEVNULL)
            continue
        with sqlite3.connect(side.database, timeout=60) as db:
            db.executescript(text + "ANALYZE;")
        db.close()


WORDS = ("cell neuron kidney liver progenitor epithelial stem alpha beta gamma memory naive effector dendritic tissue human mouse sample "
         "batch plate control treated day tumor normal cortex layer B T NK CD4 CD8 lung skin bone marrow").split()


def fill_samples(sides: list[Side], n: int, n_texts: int) -> None:
    """Labels named by a few common words and a number, and texts to search for: whole names, parts of names, uids, one
    or two words, one or two letters, and what does not exist."""
    random.seed(2)
    now = "2026-01-01 00:00:00.000000"
    rows = [{"uid": uid(8), "name": f"{' '.join(random.choices(WORDS, k=random.randint(2, 4)))} {i}", "created_at": now, "updated_at": now,
             "created_by_id": 1} for i in range(n)]
    kinds = (lambda row: row["name"], lambda row: row["name"].split(" ", 1)[1], lambda row: row["name"][:-2], lambda row: row["uid"],
             lambda row: row["uid"][2:7], lambda row: row["name"].rsplit(" ", 1)[1], lambda row: " ".join(row["name"].split()[:2]),
             lambda row: row["name"].split()[0], lambda row: row["uid"][:2], lambda row: row["name"] + " x")
    texts = [kinds[i % len(kinds)](random.choice(rows)) for i in range(n_texts)]
    for side in sides:
        put(side, "lamindb_ulabel", rows)
        (side.folder / "texts.txt").write_text("\n".join(texts))


def fill_genes(sides: list[Side], n: int, n_symbols: int) -> None:
    """A genome with synonyms, and the symbols of a dataset: most are known, some are synonyms, some are typos."""
    random.seed(1)
    rows, seen = [], set()
    with gzip.open(ROOT / "examples" / "data" / "human_genes.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            symbol = row.get("symbol") or row.get("gene_symbol")
            if symbol and symbol not in seen and len(symbol) <= 64:
                seen.add(symbol)
                rows.append({"symbol": symbol, "synonyms": row.get("synonyms") or None})
    rows = rows[:n] + [{"symbol": f"LOC{100_000_000 + i}", "synonyms": f"NOVEL{i}"} for i in range(n - len(rows))]
    symbols = [random.choice(rows)["symbol"] for _ in range(n_symbols * 9 // 10)]
    known_synonyms = [word for row in rows if row["synonyms"] for word in row["synonyms"].split("|") if word not in seen]
    symbols += random.choices(known_synonyms, k=n_symbols // 20)
    symbols += [f"{random.choice(rows)['symbol']}_X{i}" for i in range(n_symbols - len(symbols))]
    random.shuffle(symbols)
    now = "2026-01-01 00:00:00.000000"
    for side in sides:
        organism = {"id": 900, "uid": "benchOrg0000aa"[:14], "name": "human", "ontology_id": "NCBITaxon:9606", "scientific_name": "homo_sapiens",
                    "created_at": now, "updated_at": now, "created_by_id": 1}
        with sqlite3.connect(side.database) as db:
            there = db.execute("select id from bionty_organism where name = 'human'").fetchone()
        db.close()
        if not there:
            fill(side.database, "bionty_organism", [organism])
        organism_id = there[0] if there else 900
        fill(side.database, "bionty_gene", [{"uid": uid(14), "created_at": now, "updated_at": now, "created_by_id": 1,
                                             "organism_id": organism_id, **row} for row in rows])
        with gzip.open(side.folder / "symbols.txt.gz", "wt") as file:
            file.write("\n".join(symbols))


def names_of_terms(folder: Path) -> list[str]:
    """The names of the terms of all OBO files of a folder that are no obsolete ones, each once."""
    names: dict[str, None] = {}
    for path in sorted(folder.glob("*.obo*")):
        if path.suffix == ".zst":
            text = subprocess.run(["zstd", "-dcq", str(path)], capture_output=True, check=True).stdout.decode("utf-8", "replace")
        else:
            text = gzip.open(path, "rt").read() if path.suffix == ".gz" else path.read_text("utf-8", "replace")
        for block in text.split("\n[Term]")[1:]:
            name = re.search(r"^name: (.+)$", block, re.M)
            if name and "is_obsolete: true" not in block and len(name[1]) <= 150:
                names.setdefault(name[1].strip())
    return list(names)


def fill_names(side: Side, names: list[str]) -> None:
    now = "2026-01-01 00:00:00.000000"
    put(side, "lamindb_ulabel", [{"uid": uid(8), "name": name, "created_at": now, "updated_at": now, "created_by_id": 1} for name in names])


def fill_diseases(side: Side, terms: list[dict]) -> None:
    now = "2026-01-01 00:00:00.000000"
    put(side, "bionty_disease", [{"uid": uid(14), "name": term["name"], "ontology_id": term["ontology_id"], "synonyms": term["synonyms"] or "",
                                  "created_at": now, "updated_at": now, "created_by_id": 1} for term in terms])


def peak_memory(command: list, cwd: Path, env: dict) -> int:
    """Bytes that a command and all its processes take at most, together, as they are seen every few milliseconds; the
    pages that they share count for each."""
    process = subprocess.Popen([str(word) for word in command], cwd=cwd, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    most = 0
    while process.poll() is None:
        total = 0
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                if int(fields[3]) == process.pid:
                    total += int(fields[21]) * os.sysconf("SC_PAGE_SIZE")
            except (OSError, IndexError):
                continue
        most = max(most, total)
    return most


def twenty_cells(first: str) -> str:
    """A notebook that writes to spent.txt how long `ln.track()` and `ln.finish()` took, because what it prints is in its file."""
    cells = [f"{first}import time\nimport lamindb as ln\nbegan = time.perf_counter()\nln.track()\nspent = time.perf_counter() - began",
             *[f"x{i} = sum(range({i}))\nprint('value', x{i})" for i in range(18)],
             "began = time.perf_counter()\nln.finish()\nprint(spent + time.perf_counter() - began, file=open('spent.txt', 'a'))"]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel},
                       "cells": [{"cell_type": "code", "id": f"c{i}", "metadata": {}, "outputs": [], "execution_count": None, "source": cell}
                                 for i, cell in enumerate(cells)]})
