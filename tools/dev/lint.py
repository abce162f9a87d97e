"""The laws of the project and the linters. clang-tidy remembers which files passed (build/tidy) and checks only what
changed, several files as one: nearly all of its time goes into the headers of the system, which are then read once.

  ./dev lint            everything
  ./dev lint --fast     without clang-tidy
  ./dev lint --fix      lets clang-format and ruff mend what they can first
"""
from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import units

from . import build, setup
from .common import BUILD, JOBS, ROOT, VENV, Failure, Timer, environment, say, succeeds, tracked

TIDY = BUILD / "tidy"
TOGETHER = 16  # files that clang-tidy reads as one
CONSTEXPR = "-fconstexpr-steps=1000000000"
GCC_ONLY = re.compile(r"-fpch-preprocess|-Winvalid-pch|-include \S+/cmake_pch\.hxx|-fconstexpr-ops-limit=\S+|-fconstexpr-loop-limit=\S+|-fno-semantic-interposition")


def format_cpp(fix: bool) -> bool:
    files = [file for file in tracked(".cpp", ".hpp") if "tests/golden" not in file.as_posix()]
    if fix:
        return succeeds(["clang-format-19", "-i", *files])
    done = subprocess.run(["clang-format-19", "--dry-run", "-Werror", *files], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    wrong = sorted({line.split(":")[0] for line in done.stderr.splitlines() if ": error:" in line})
    for name in wrong:
        print(f"{Path(name).relative_to(ROOT)}: not as clang-format-19 writes it")
    return done.returncode == 0


def ruff(fix: bool) -> bool:
    files = ["dev", "tools", "python", "tests", "bench", "examples"]
    there = [name for name in files if (ROOT / name).exists()]
    return succeeds([VENV / "bin" / "ruff", "check", "--quiet", *(["--fix"] if fix else []), *there])


def commands() -> list[dict]:
    """The files for clang-tidy: our sources without their tests, as clang would compile them."""
    listed = json.loads((build.configure("release") / "compile_commands.json").read_text())
    chosen = []
    for entry in listed:
        for where in sources(Path(entry["file"])):
            if re.search(r"test\.cpp$", where.name) or where.relative_to(ROOT).parts[0] not in ("src", "apps", "python", "examples"):
                continue
            chosen.append({**entry, "file": str(where), "command": GCC_ONLY.sub("", entry["command"])})
    return chosen


def sources(compiled: Path) -> list[Path]:
    """The files of ours that are compiled with a file: itself, or those that a unit includes."""
    if not compiled.is_relative_to(BUILD):
        return [compiled] if compiled.is_relative_to(ROOT) else []
    if compiled.parent.name != "units":
        return []
    return [(compiled.parent / name).resolve() for name in re.findall(r'#include "(.+)"', compiled.read_text())]


def fingerprint(entry: dict, headers: bytes) -> str:
    """A file stays clean as long as the file, its flags, the checks and all our headers are unchanged."""
    text = Path(entry["file"]).read_bytes() + entry["command"].encode() + headers
    return hashlib.sha256(text).hexdigest()


def batches(due: list[tuple[dict, Path]]) -> list[list[tuple[dict, Path]]]:
    """Files to be read as one: of equal flags, and as tools/units.py says. Programs of one file and those in C stay alone."""
    alike, found = {}, []
    for entry, mark in due:
        where = Path(entry["file"]).relative_to(ROOT)
        if where.parts[0] == "examples" or where.suffix == ".c":
            found.append([(entry, mark)])
        else:
            alike.setdefault(flags(entry), {})[Path(entry["file"])] = (entry, mark)
    for files in alike.values():
        found += [[files[file] for file in unit] for unit in units.together(list(files), TOGETHER, same_meaning=False)]
    return sorted(found, key=len, reverse=True)


def flags(entry: dict) -> str:
    """What a file is compiled with, apart from its name."""
    return entry["command"].split(" -o ")[0]


def look(batch: list[tuple[dict, Path]]) -> bool:
    """Whether some files pass, read as one. Where they do not, each half is read again: what is printed is then about one file."""
    name = hashlib.sha256("".join(mark.name for _, mark in batch).encode()).hexdigest()[:16]
    folder = TIDY / "batches" / name
    folder.mkdir(parents=True, exist_ok=True)
    one = folder / f"batch{Path(batch[0][0]['file']).suffix}"
    one.write_text("".join(f'#include "{entry["file"]}"\n' for entry, _ in batch))
    command = f"{flags(batch[0][0])} {CONSTEXPR} -c {one}"
    (folder / "compile_commands.json").write_text(json.dumps([{"directory": batch[0][0]["directory"], "file": str(one), "command": command}]))
    done = subprocess.run(["clang-tidy-19", "--quiet", f"--config-file={ROOT / '.clang-tidy'}", "-p", folder, one], env=environment(), cwd=ROOT,
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode == 0:
        for _, mark in batch:
            mark.touch()
    elif len(batch) > 1:
        half = len(batch) // 2
        return all([look(batch[:half]), look(batch[half:])])
    else:
        errors = [line for line in done.stderr.splitlines() if "error" in line and "generated" not in line]
        print(done.stdout.strip() or "\n".join(errors), flush=True)
    return done.returncode == 0


def tidy() -> bool:
    TIDY.mkdir(parents=True, exist_ok=True)
    chosen = commands()
    checks = (ROOT / ".clang-tidy").read_bytes()
    due = []
    for entry in chosen:
        headers = sorted(units.headers(Path(entry["file"])))
        mark = TIDY / fingerprint(entry, checks + b"".join(header.read_bytes() for header in headers))
        if not mark.exists():
            due.append((entry, mark))
    if not due:
        return True
    say(f"  clang-tidy: {len(due)} of {len(chosen)} files changed since they passed")
    with ThreadPoolExecutor(int(JOBS)) as pool:
        return all(list(pool.map(look, batches(due))))


def main(arguments: list[str]) -> int:
    """lint [--fast] [--fix]                include and import law, laws, clang-format, ruff, clang-tidy"""
    parser = argparse.ArgumentParser(prog="./dev lint")
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--fix", action="store_true")
    given = parser.parse_args(arguments)
    setup.basic(("build", "lint"))
    python = VENV / "bin" / "python"
    steps = {
        "include law": lambda: succeeds([python, "tools/layers.py"]),
        "import law": lambda: succeeds([python, "tools/imports.py"]),
        "laws": lambda: succeeds([python, "tools/laws.py"]),
        "clang-format": lambda: format_cpp(given.fix),
        "ruff": lambda: ruff(given.fix),
    }
    if not given.fast:
        steps["clang-tidy"] = tidy
    failed = []
    for name, step in steps.items():
        timer = Timer()
        ok = step()
        say(f"{'ok    ' if ok else 'FAILED'} {name} ({timer})")
        if not ok:
            failed.append(name)
    if failed:
        raise Failure(f"{', '.join(failed)} failed (./dev lint --fix mends what can be mended by a tool)")
    return 0
