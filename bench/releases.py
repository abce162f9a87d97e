"""Real releases of ontologies, by hand: `python bench/releases.py FOLDER` with the files of the CELLxGENE ontology guide
(CL-ontology-v2025-02-13.json.zst, ...), two of each of Cell Ontology, Uberon, Mondo and EFO.

For each: the older release is imported, and its stored closure compared with the published one, pair by pair; datasets are
labelled with every term that the newer release changes; the registry is moved to the newer release, where every label must
resolve as the plan says, and back, where every row of every table must be what it was. Prints how long each step took, and
exits with 1 if anything differs."""

from __future__ import annotations

import argparse
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ONTOLOGIES = {"CL": "CellType", "UBERON": "Tissue", "MONDO": "Disease", "EFO": "ExperimentalFactor"}
OWN = {"lamin_synonym": "registry, record, scope, text", "lamin_closure": "registry, ancestor, descendant, distance", "lamin_term": "source, term, name, obsolete, parents, digest"}


def timed(what, work):
    start = time.perf_counter()
    result = work()
    print(f"  {what:<44}{(time.perf_counter() - start) * 1000:10.1f} ms", flush=True)
    return result


def everything(database):
    """All rows of LaminDB's tables, and what is derived from them."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
    found = {name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall() for name in tables if not name.startswith("lamin_")}
    found |= {name: sorted(connection.execute(f"SELECT {columns} FROM {name}").fetchall()) for name, columns in OWN.items()}
    connection.close()
    return found


def published_closure(path):
    """All published pairs, and the closure of the file's own links, whose pairs must be published with the same distance or a
    shorter one. What is published beyond it leads through terms of other ontologies, of which the guide gives the distance only,
    or from a term to itself."""
    said = json.loads(subprocess.run(["zstd", "-dc", path], check=True, capture_output=True).stdout)
    live = {term for term, about in said.items() if not about["deprecated"]}
    every = {(above, term, distance) for term in live for above, distance in said[term]["ancestors"].items() if above in live}
    parents = {}
    for above, term, distance in every:
        if distance == 1:
            parents.setdefault(term, []).append(above)
    linked = set()
    for term in live:
        distances, reached = {term: 0}, [term]
        for below in reached:
            for above in parents.get(below, []):
                if above not in distances:
                    distances[above] = distances[below] + 1
                    reached.append(above)
        linked.update((above, term, distances[above]) for above in reached[1:])
    distances = {(above, term): distance for above, term, distance in every}
    unpublished = [pair for pair in linked if distances.get(pair[:2], pair[2] + 1) > pair[2]]
    assert not unpublished, f"not published, but linked: {unpublished[:5]}"
    return every, linked


def terms_below_others(every, linked):
    """The terms of which the guide's file lacks a parent: every pair that its own links do not explain begins above one of them,
    as all others are put together from such a pair and known ones."""
    distances, above = {}, {}
    for ancestor, term, distance in every:
        distances[ancestor, term] = distance
        above.setdefault(term, {})[ancestor] = distance
    return {
        term for ancestor, term, distance in every - linked
        if not any(between < distance and distances.get((ancestor, middle)) == distance - between for middle, between in above[term].items())
    }  # fmt: skip


def stored_closure(database, table, registry):
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    pairs = connection.execute(
        f"SELECT a.ontology_id, d.ontology_id, c.distance FROM lamin_closure c JOIN lamin_closure_state s ON s.id = c.registry "
        f"JOIN {table} a ON a.id = c.ancestor JOIN {table} d ON d.id = c.descendant WHERE s.registry = ?", (registry,)
    )  # fmt: skip
    found = set(pairs)
    connection.close()
    return found


def check(prefix, folder):
    import bionty as bt
    import lamindb as ln
    from lamindb import _core
    from lamindb._process import session

    files = sorted(folder.glob(f"{prefix}-ontology-v*.json.zst"))
    if len(files) < 2:
        print(f"{prefix}: two releases are needed, there are {len(files)}")
        return True
    older, newer = files[0], files[-1]
    versions = [re.search(r"-v(.*)\.json", file.name)[1] for file in (older, newer)]
    print(f"{prefix} {versions[0]} -> {versions[1]}")
    registry = getattr(bt, ONTOLOGIES[prefix])
    source_name = bt.Source.filter(entity=f"bionty.{ONTOLOGIES[prefix]}").order_by("id").first().name
    for version, file in zip(versions, (older, newer)):
        os.symlink(file, Path(os.environ["LAMIN_ONTOLOGIES"]) / f"{source_name}-{version}.json.zst")
    sources = [
        bt.Source(entity=f"bionty.{ONTOLOGIES[prefix]}", organism="all", name=source_name, version=version).save() for version in versions
    ]
    timed("import of the older release", lambda: registry.import_source(sources[0]))
    database = Path(ln.setup.settings.storage.root_as_str) / ".lamindb" / "lamin.db"
    good = True

    published, expected = published_closure(older)
    table = f"bionty_{ONTOLOGIES[prefix].lower()}"
    stored = stored_closure(database, table, f"bionty.{ONTOLOGIES[prefix]}")
    print(f"  closure: {len(stored)} pairs stored, {len(published)} published, {len(published - expected)} of them through other "
          f"ontologies, below {len(terms_below_others(published, expected))} terms; "
          f"{len(stored ^ expected)} differ")  # fmt: skip
    good &= stored == expected

    for source in sources:
        timed(f"reference of {source.version}", lambda source=source: registry.public(source=source))
    current = session.current()
    timed("diff, first", lambda: _core.diff_releases(current, *sources, 1))
    diff = json.loads(timed("diff, again, with its JSON", lambda: _core.diff_releases(current, *sources, 1))["json"])
    kinds = {}
    for change in diff["changes"]:
        kinds[change["kind"]] = kinds.get(change["kind"], 0) + 1
    print(f"  {kinds}, edited {diff['edited']}")

    gone = [change["id"] for change in diff["changes"] if change["kind"] not in ("added", "revived", "reparented", "renamed")]
    other = [change["id"] for change in diff["changes"] if change["kind"] in ("reparented", "renamed")][:300]
    labels = [*dict.fromkeys([*gone[:300], *other])]
    terms = {term.ontology_id: term for term in registry.filter(ontology_id__in=labels)}
    artifacts, relation = {}, registry.__name__.lower() + "s" if prefix != "EFO" else "experimental_factors"
    relation = "cell_types" if prefix == "CL" else relation
    for label, term in terms.items():
        path = folder_of_files / f"{label.replace(':', '_')}.txt"
        path.write_text(label)
        artifacts[label] = ln.Artifact(str(path), key=f"{prefix}/{path.name}").save()
        getattr(artifacts[label], relation).add(term)
    before = everything(database)
    plan = timed("plan", lambda: registry.upgrade(to=sources[1]))
    moves = {change["id"]: change["into"][0] for change in plan.changes if change["action"] == "move"}
    upgrade = timed("apply", plan.apply)
    wrong = 0
    for label, artifact in artifacts.items():
        found = [term.ontology_id for term in registry.filter(artifacts=artifact)]
        wrong += found != [moves.get(label, label)]
    left = registry.upgrade(to=sources[1]).changes
    print(f"  {len(artifacts)} datasets labelled, {len(moves)} terms moved; {wrong} labels are not as planned, {len(left)} changes are left")
    timed("undo", upgrade.undo)
    after = everything(database)
    differing = [name for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
    print(f"  after undoing {len(differing)} tables differ {differing}")
    return good and not wrong and not left and not differing


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", default=list(ONTOLOGIES))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        os.environ |= {"HOME": place, "LAMIN_SETTINGS_DIR": place, "LAMIN_CACHE_DIR": f"{place}/cache", "LAMIN_OFFLINE": "1", "LAMIN_ONTOLOGIES": f"{place}/releases"}
        folder_of_files = Path(place) / "files"
        for name in ("releases", "files"):
            (Path(place) / name).mkdir()
        os.chdir(place)
        import lamindb as ln

        ln.setup.init(storage=f"{place}/storage", name="releases", modules="bionty")
        ln.settings.verbosity = "error"
        ok = [check(prefix, given.folder.resolve()) for prefix in given.only]
    sys.exit(0 if all(ok) else 1)
