#!/usr/bin/env python3
"""The import law: fail if a Python file imports what its layer may not see, imports in a function, or if imports are
circular.

The table below is the architecture of the packages, from the lowest layer up. An import is an `import` at the top of a
file, or the name of one of our modules as a string, as in `later()` and the tables of public modules.
"""
from __future__ import annotations

import ast
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))

from layers import cycles  # noqa: E402  (the path comes first)

PACKAGES = ("lamindb", "bionty", "pertdb", "lamindb_setup", "lamin_cli")
FORMER = ("lnschema_core", "lnschema_bionty", "wetlab")  # names of 2024: above all others

_LOW = ["errors", "_surface", "base", "_process", "_queries", "_records"]
MAY_IMPORT = {
    "errors":       [],
    "_surface":     [],                                 # public names: lazy ones, missing ones
    "base":         ["_surface"],
    "_process":     ["_surface", "errors"],             # session, settings, messages, classes by name
    "_queries":     ["_process", "_surface", "errors"],
    "_records":     ["_queries", "_process", "base", "_surface", "errors"],
    "_datasets":    _LOW,                               # what artifacts and records hold
    "_sql":         ["_datasets", *_LOW],               # engines over what artifacts hold, and over registries
    "_tracking":    _LOW,                               # runs
    "examples":     ["_process", "_surface", "errors"], # schemas by name
    "curators":     ["examples", "_datasets", *_LOW],
    "setup":        ["_tracking", *_LOW],
    "_executors":   ["setup", "curators", "examples", "_tracking", "_datasets", *_LOW],  # the same work on many artifacts
    "models":       ["curators", "examples", "_executors", "_sql", "_datasets", *_LOW],  # the registries with their own behaviour
    # Only names: what they show is below.
    "core":         ["examples", "_tracking", "_datasets", *_LOW],
    "integrations": ["curators", "_tracking", "_datasets", *_LOW],
    "lamindb":      ["setup", "models", "curators", "_tracking", "_executors", "_sql", "_datasets", *_LOW, "core", "examples", "integrations"],
}
MAY_IMPORT |= {package: list(MAY_IMPORT) for package in PACKAGES[1:]}
MAY_IMPORT |= {package: list(MAY_IMPORT) for package in FORMER}


def modules(root: Path) -> dict[str, Path]:
    """Dotted name -> file."""
    found = {}
    for package in (*PACKAGES, *FORMER):
        for file in sorted((root / "python" / package).rglob("*.py")):
            parts = file.relative_to(root / "python").with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def layer_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if parts[0] == "lamindb" and len(parts) > 1 else parts[0]


def documentation(tree: ast.AST) -> set[int]:
    return {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
            and node.body and isinstance(node.body[0], ast.Expr)}


def imported(node: ast.ImportFrom, module: str, is_package: bool, known: dict[str, Path]):
    """Our modules that a `from ... import` names; a name that is not a module belongs to the module it comes from."""
    base = node.module or ""
    if node.level:
        parts = module.split(".")
        parts = parts[:len(parts) - node.level + is_package]
        base = ".".join([*parts, base] if base else parts)
    for name in node.names:
        full = f"{base}.{name.name}"
        if full in known:
            yield full
        elif base in known and full != "lamindb._core":  # the core is not a Python file
            yield base


def imports(module: str, file: Path, known: dict[str, Path]):
    """(line, one of our modules, whether it is imported inside a function) for each import of a file."""
    tree = ast.parse(file.read_text())
    inside = {id(inner) for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
              for inner in ast.walk(node)}
    prose = documentation(tree)
    for node in ast.walk(tree):
        names = ()
        if isinstance(node, ast.ImportFrom):
            names = imported(node, module, file.stem == "__init__", known)
        elif isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            names = [node.value.rstrip(".")] if "." in node.value else ()
        for name in names:
            if name in known and name != module:
                yield node.lineno, name, id(node) in inside and not isinstance(node, ast.Constant)


def violations(root: Path):
    known = modules(root)
    graph: dict[Path, list[Path]] = {}
    for module, file in known.items():
        where, layer = file.relative_to(root), layer_of(module)
        graph[file] = []
        if layer not in MAY_IMPORT:
            yield f"{where}: there is no layer '{layer}': see MAY_IMPORT in tools/imports.py"
            continue
        for line, other, in_function in imports(module, file, known):
            graph[file].append(known[other])
            if in_function:
                yield f"{where}:{line}: imports {other} in a function: import it at the top, or say later(...) there"
            if layer_of(other) != layer and layer_of(other) not in MAY_IMPORT[layer]:
                yield f"{where}:{line}: {layer} may not import {layer_of(other)} ({other})"
    yield from (f"import cycle: {' -> '.join(str(file.relative_to(root)) for file in cycle)}" for cycle in cycles(graph))


if __name__ == "__main__":
    found = list(violations(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[1]).resolve()))
    print("\n".join(found) if found else "imports: in order")
    sys.exit(bool(found))
