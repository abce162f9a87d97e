#!/usr/bin/env python3
"""The include law: fail if a file includes what its layer may not see, or if includes are circular.

The tables below are the architecture. To change the architecture, change them here.
"""
from __future__ import annotations

import re
import sys
from pathlib import Path

MAY_INCLUDE = {
    "base":     [],
    "schema":   ["base"],
    "modules":  ["schema", "base"],
    "db":       ["base"],
    "store":    ["base"],
    "frame":    ["base"],
    # Programs that are run and observed.
    "process":  ["base"],
    "registry": ["schema", "modules", "db", "base"],
    "format":   ["store", "frame", "base"],
    "lake":     ["registry", "format", "store", "frame", "process", "schema", "modules", "db", "base"],
    "faces":    ["lake", "registry", "schema", "frame", "store", "base"],
    # Programs and the binding: they turn argv, HTTP and Python objects into calls of faces and lake.
    "apps":     ["faces", "lake", "registry", "modules", "schema", "frame", "base"],
    "python":   ["faces", "lake", "registry", "format", "modules", "schema", "frame", "base"],
    # Written against include/lamin alone, as a user's program is.
    "examples": ["faces", "lake", "registry", "schema", "frame", "base"],
}

# The folders of a divided layer, and which of its other folders each may include.
FOLDERS = {
    "lake": {
        "instance":   [],
        "rows":       ["instance"],
        "label":      ["rows", "instance"],
        "artifact":   ["rows", "instance"],
        "feature":    ["label", "rows", "instance"],
        "ontology":   ["label", "rows", "instance"],
        "reference":  ["ontology", "artifact", "label", "rows", "instance"],
        "upgrade":    ["reference", "ontology", "label", "rows", "instance"],
        "lineage":    ["artifact", "rows", "instance"],
        "trace":      ["lineage", "artifact", "rows", "instance"],
        "collection": ["lineage", "artifact", "rows", "instance"],
        "preview":    ["artifact", "rows", "instance"],
        "fsck":       ["artifact", "rows", "instance"],
        "curate":     ["feature", "reference", "label", "rows", "instance"],
        "record":     ["curate", "feature", "reference", "ontology", "label", "collection", "lineage", "artifact", "rows", "instance"],
        "export":     ["artifact", "feature", "label", "rows", "instance"],
        "command":    ["record", "curate", "feature", "collection", "lineage", "artifact", "rows", "instance"],
        "open":       ["export", "preview", "command", "record", "curate", "fsck", "reference", "ontology", "feature", "label", "collection", "lineage", "artifact", "rows", "instance"],
        "each":       ["open", "artifact", "rows", "instance"],
    },
}

# Each public header belongs to the layer, and its folder, that implements it.
PUBLIC = {
    "text": "base", "error": "base", "message": "base", "value": "base",
    "schema": "schema", "catalog": "schema",
    "source": "base", "frame": "frame", "array_file": "frame",
    "session": "registry", "record": "registry", "query": "registry", "database": "registry", "pages": "registry",
    "instance": "lake/instance", "schemes": "lake/instance", "storage": "lake/instance", "user": "lake/instance", "settings": "lake/instance", "note": "lake/record", "branch": "lake/rows", "block": "lake/rows", "find": "lake/rows", "artifact": "lake/artifact", "array_place": "lake/artifact", "lamin_uri": "lake/artifact", "fsck": "lake/fsck", "collection": "lake/collection", "export": "lake/export", "preview": "lake/preview",
    "lineage": "lake/lineage", "lineage_graph": "lake/lineage", "trace": "lake/trace", "run_diff": "lake/lineage", "label": "lake/label", "ontology": "lake/ontology", "public_terms": "lake/reference", "genes": "lake/reference", "upgrade": "lake/upgrade", "term": "lake/ontology", "dtype": "lake/feature", "feature": "lake/feature", "values": "lake/feature", "curate": "lake/curate", "report": "lake/curate",
    "command": "lake/command", "rerun": "lake/command", "describe": "faces", "save": "lake/record", "sheet": "lake/record", "remove": "lake/record", "search": "lake/record", "plugin": "lake/open", "pool": "lake/open", "each": "lake/each", "lamin": "faces",
}

# Tests may use everything that users have. Whatever is not listed (tests/, bench/, tools/) tests internals and may
# include anything.
INCLUDE = re.compile(r'\s*#\s*include\s+([<"])([^>"]+)[>"]')
SOURCES = ("*.hpp", "*.cpp", "*.h", "*.c")


def sources(root: Path) -> list[Path]:
    folders = ("include", "src", "apps", "python", "examples")
    return sorted(file for folder in folders for pattern in SOURCES for file in (root / folder).rglob(pattern))


def place_of(file: Path, root: Path) -> tuple[str, str]:
    """A file's layer, and its folder there if the layer is divided."""
    parts = file.relative_to(root).parts
    if parts[0] == "include":
        layer, _, folder = PUBLIC.get(file.stem, "?").partition("/")
        return layer, folder
    if parts[0] != "src":
        return parts[0], ""
    return parts[1], parts[2] if parts[1] in FOLDERS and len(parts) > 3 else ""


def is_for_tests(file: Path) -> bool:
    return file.stem.endswith(("test", "testing"))


def includes(file: Path):
    for number, line in enumerate(file.read_text().splitlines(), 1):
        seen = INCLUDE.match(line)
        if seen:
            yield number, seen[1] == '"', seen[2]


def target(file: Path, name: str, root: Path) -> Path | None:
    """Our file that an include refers to."""
    for candidate in (file.parent / name, root / "include" / name, root / "src" / name, root / name):
        if candidate.is_file():
            return candidate.resolve()
    for parent in file.relative_to(root).parents:  # a program's own folder may be on its include path
        if len(parent.parts) >= 2 and (root / parent / name).is_file():
            return (root / parent / name).resolve()
    return None


def violations(root: Path):
    root = root.resolve()
    graph: dict[Path, list[Path]] = {}
    for file in sources(root):
        where = file.relative_to(root)
        layer, folder = place_of(file, root)
        graph[file] = []
        if layer == "?":
            yield f"{where}: a public header without a layer: add it to PUBLIC in tools/layers.py"
            continue
        if layer not in MAY_INCLUDE:
            yield f"{where}: there is no layer '{layer}': see MAY_INCLUDE in tools/layers.py"
            continue
        public = where.parts[0] == "include"
        is_test = is_for_tests(file)
        if layer in FOLDERS and folder not in FOLDERS[layer]:
            yield f"{where}: {layer} has no folder '{folder}': see FOLDERS in tools/layers.py"
            continue
        for line, quoted, name in includes(file):
            if not quoted:
                if public and ("/" in name or name.endswith((".h", ".hpp"))):
                    yield f"{where}:{line}: a public header includes <{name}>: only std and lamin/"
                continue
            seen = target(file, name, root)
            if seen is None:
                yield f'{where}:{line}: "{name}" is no file of ours: write <{name}> or mend the path'
                continue
            graph[file].append(seen)
            inside = seen.relative_to(root)
            if public and inside.parts[0] != "include":
                yield f'{where}:{line}: a public header includes "{name}", which users do not have'
                continue
            if inside.parts[0] in ("tests", "bench"):
                if not is_test:
                    yield f'{where}:{line}: includes "{name}": only tests may'
                continue
            other, other_folder = place_of(seen, root)
            if layer in ("apps", "python", "examples") and other == layer:
                if inside.parts[:2] != where.parts[:2]:
                    yield f'{where}:{line}: {"/".join(where.parts[:2])} may not include {"/".join(inside.parts[:2])}'
                continue
            of_users = is_test and inside.parts[0] == "include"
            if other != layer and other not in MAY_INCLUDE[layer] and not of_users:
                yield f"{where}:{line}: {layer} may not include {other} ({name})"
            if not is_test and is_for_tests(seen):
                yield f'{where}:{line}: includes "{name}", which is for tests'
            if layer in FOLDERS and other == layer and not is_test and other_folder not in (folder, *FOLDERS[layer].get(folder, ())):
                yield f"{where}:{line}: {layer}/{folder} may not include {layer}/{other_folder} ({name})"
            if layer == "examples" and inside.parts[0] == "src":
                yield f'{where}:{line}: an example includes "{name}", which users do not have'
    yield from (f"include cycle: {' -> '.join(str(file.relative_to(root)) for file in cycle)}" for cycle in cycles(graph))


def cycles(graph: dict[Path, list[Path]]):
    done: set[Path] = set()

    def visit(file: Path, path: list[Path]):
        if file in path:
            yield path[path.index(file):] + [file]
            return
        if file in done:
            return
        for other in graph.get(file, []):
            yield from visit(other, path + [file])
        done.add(file)

    for file in graph:
        yield from visit(file, [])


if __name__ == "__main__":
    found = list(violations(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1]))
    print("\n".join(found) if found else "layers: in order")
    sys.exit(bool(found))
