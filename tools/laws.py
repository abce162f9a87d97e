#!/usr/bin/env python3
"""The laws other than the include law: what a grep can check of DESIGN's promises. Prints each violation; exits with 1
if there are any.

  registry names   only src/modules and src/lake (and python/bionty, python/pertdb) name a registry of an ontology module
  kinds            only src/schema/kind.hpp switches over schema::Kind
  globals          no mutable global or function-local static outside GLOBALS
  definitions      no two files define a type of the same name in the same namespace: the linker would take one for both
  heavy headers    each is included only by the folders of HEAVY
  clean text       no paths of somebody's machine, no package hosts, no marks of unfinished work
  length           files over 400 lines are reported; they do not fail
"""
from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import units

CODE = {".hpp", ".cpp", ".h", ".c"}
LENGTH = 400

# -- what is allowed where -----------------------------------------------------------------------------------------

MAY_NAME_REGISTRIES = ("src/modules/", "src/lake/", "python/bionty/", "python/pertdb/", "python/lamindb/examples/")
ONTOLOGY_MODULES = ("bionty", "pertdb")

# DESIGN allows two; the others hold a library that was loaded once, or a table filled once and then only read.
GLOBALS = {
    "src/base/checkpoint.cpp": "whom the work of this thread asks whether to go on",
    "src/base/threads.cpp": "whether this thread is one of several that share the cores",
    "src/base/reporting.cpp": "to whom the work of this thread reports",
    "src/base/log.cpp": "the log sink and level",
    "src/base/text.cpp": "the pool of immortal names",
    "src/base/module.cpp": "libraries that were loaded",
    "src/format/hdf5/h5.cpp": "the lock of the HDF5 library, which is one for the process",
    "src/format/hdf5/serve.cpp": "whose helper this process is, for its signal handler",
    "src/format/hdf5_helper.cpp": "the helper that reads HDF5 files, which is one for the process",
    "src/store/aws_config.cpp": "credentials that the provider's library found, which are the process's",
    "src/store/open_store.cpp": "who reads schemes that are not built in, which the program says once",
    "src/store/http/http_module.cpp": "servers that could not be reached, which is a fact about the machine",
    "apps/cli/commands/common.cpp": "what could not be put into a bucket, for the exit status",
    "src/format/arrow/read_pool.cpp": "memory pools that threads of Arrow may still know",
}

# header -> folders (or files) that may include it
HEAVY = {
    r"(arrow|parquet)/": ("src/format/arrow/", "src/store/arrow_fs/"),
    r"(hdf5|H5\w+)\.h$": ("src/format/hdf5/",),
    r"libpq-fe\.h$": ("src/db/postgres/",),
    r"sqlite3\.h$": ("src/db/",),
    r"nanobind/": ("python/binding/",),
    r"CLI/": ("apps/cli/parser.cpp",),
    r"boost/(beast|asio)": ("apps/server/",),
    r"boost/json": ("src/base/", "src/schema/", "src/registry/", "src/format/", "src/lake/", "src/faces/", "apps/"),
    r"openssl/|llvm-c/": ("src/base/",),
    r"re2/": ("src/db/regex/",),
    r"curl/": ("src/store/http/", "src/store/s3/"),
    r"pugixml": ("src/format/owl/", "src/format/xlsx/", "src/store/s3/"),
    r"zip\.h$": ("src/format/xlsx/",),
    r"md4c": ("src/format/markdown/",),
    r"(blosc|zstd|lz4|zlib)\w*\.h$": ("src/format/codecs/",),
    r"libdeflate\.h$": ("src/format/codecs/", "src/format/hdf5/", "src/store/s3/"),
    r"Python\.h$": ("python/binding/",),
}

DIRTY = {
    r"(?<![\w.~$}])/(?:home/(?!some)\w|Users/\w|root/\w|work/\w|farm/\w)": "a path of somebody's machine",
    r"\b(?:pypi\.org|pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org|proxy\.golang\.org)": "a package host: that is the user's configuration",
    r"\b(?:TODO|FIXME|XXX|HACK)\b": "unfinished work: do it, or open an issue",
}
DIRTY_EXEMPT = ("tools/laws.py", "tests/tools/", "tests/golden/", "examples/data/", "tests/interop/kit/")

# -- reading -------------------------------------------------------------------------------------------------------

TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)


def without_comments(text: str, keep_strings: bool = True) -> str:
    """Keeps line numbers; comments (and string literals, if asked) become blanks."""
    def blank(seen: re.Match) -> str:
        token = seen[0]
        if token.startswith("/") or not keep_strings:
            return re.sub(r"[^\n]", " ", token)
        return token
    return TOKEN.sub(blank, text)


def without_prose(code: str) -> str:
    """A string with a blank in it is a message or a help text, which may give examples."""
    return TOKEN.sub(lambda seen: '""' if seen[0].startswith('"') and " " in seen[0] else seen[0], code)


def listed(root: Path) -> list[Path]:
    """The project's files: known to git, or new and not ignored. Without git, everything but build outputs."""
    if shutil.which("git") and (root / ".git").exists():
        done = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root,
                              stdout=subprocess.PIPE, check=True, text=True)
        return sorted({root / name for name in done.stdout.split("\0") if name and (root / name).is_file()})
    made = {"build", ".venv", ".venv-lamindb", ".venv-docs", ".git", "__pycache__", "dist"}
    return sorted(file for file in root.rglob("*") if file.is_file() and file.suffix != ".so" and not made & set(file.relative_to(root).parts))


def is_test(where: str) -> bool:
    return where.startswith(("tests/", "bench/")) or bool(re.search(r"_\w*test\.(cpp|hpp)$|testing\.hpp$", where))


def is_generated(file: Path) -> bool:
    with file.open(errors="replace") as text:
        return "do not edit" in "".join(text.readline() for _ in range(3))


def numbered(pattern: str | re.Pattern, text: str):
    for number, line in enumerate(text.splitlines(), 1):
        seen = re.search(pattern, line)
        if seen:
            yield number, seen, line


# -- the laws ------------------------------------------------------------------------------------------------------

def ontology_registries(root: Path) -> dict[str, set[str]]:
    """Module -> names of its registries: from the golden schema, otherwise from the module's source."""
    golden = root / "tests" / "golden" / "schema.json"
    if golden.is_file():
        return {module["name"]: {registry["name"] for registry in module["registries"] if not registry.get("mixin")}
                for module in json.loads(golden.read_text()) if module["name"] in ONTOLOGY_MODULES}
    sources = {module: root / "src" / "modules" / f"{module}.cpp" for module in ONTOLOGY_MODULES}
    return {module: set(re.findall(r'\.name\s*=\s*"([A-Z]\w+)"', source.read_text())) for module, source in sources.items() if source.is_file()}


def naming(names: dict[str, set[str]]) -> tuple[re.Pattern, re.Pattern] | None:
    """Patterns that give a registry away: in any code, and as a whole string."""
    camel = {name for group in names.values() for name in group if len(re.findall("[A-Z]", name)) > 1}
    qualified = [rf"{module}\.{name}" for module, group in names.items() for name in group]
    tables = [f"{prefix}_{name.lower()}" for module, group in names.items() for name in group
              for prefix in {module, "wetlab" if module == "pertdb" else module}]
    everything = sorted(camel) + sorted(qualified) + sorted(tables)
    whole = sorted({name for group in names.values() for name in group})
    if not everything:
        return None
    return re.compile(rf"\b(?:{'|'.join(everything)})\b"), re.compile(rf"^(?:{'|'.join(whole)})$")


def python_words(text: str):
    """Identifiers and strings of Python code with their lines; docstrings are documentation, not code."""
    tree = ast.parse(text)
    documentation = {id(node.body[0].value) for node in ast.walk(tree)
                     if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and node.body
                     and isinstance(node.body[0], ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value and id(node) not in documentation:
            yield node.lineno, node.value
        elif isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr


def law_registry_names(root: Path, files: list[tuple[str, Path]]):
    patterns = naming(ontology_registries(root))
    if patterns is None:
        return
    anywhere, whole = patterns
    for where, file in files:
        if where.startswith(MAY_NAME_REGISTRIES) or is_test(where) or not where.startswith(("src/", "include/", "apps/", "python/", "ui/")):
            continue
        if is_generated(file):
            continue
        if file.suffix in CODE:
            code = without_prose(without_comments(file.read_text()))
            hits = [(number, seen[0]) for number, seen, _ in numbered(anywhere, code)]
            hits += [(number, seen[1]) for number, seen, _ in numbered(r'"(\w+)"', code) if whole.match(seen[1])]
        elif file.suffix == ".py":
            hits = [(line, word) for line, word in python_words(file.read_text()) if anywhere.search(word) or whole.match(word)]
        elif file.suffix in (".ts", ".tsx"):
            hits = [(number, seen[0]) for number, seen, _ in numbered(anywhere, file.read_text())]
        else:
            continue
        for number, word in sorted(set(hits)):
            yield f"{where}:{number}: names the registry '{word}': only src/modules and src/lake may"


def law_kinds(root: Path, files: list[tuple[str, Path]]):
    for where, file in files:
        if file.suffix not in CODE or where == "src/schema/kind.hpp" or is_test(where):
            continue
        if where.startswith(("src/frame/", "src/format/", "src/store/", "src/db/")):
            continue  # they cannot see schema::Kind; a Kind there is Column::Kind
        code = without_comments(file.read_text(), keep_strings=False)
        if re.search(r"\busing Kind = (?:lamin::)?Column::Kind;", code):
            continue
        for number, _, _ in numbered(r"\bcase\s+(?:lamin::)?(?:schema::)?Kind::|\busing\s+enum\s+(?:lamin::)?(?:schema::)?Kind\b", code):
            yield f"{where}:{number}: switches over schema::Kind: add a function to src/schema/kind.hpp instead"


GLOBAL = re.compile(r"^(?:static\s+|inline\s+|thread_local\s+)*"
                    r"(?!const\b|constexpr\b|constinit\s+const|using\b|typedef\b|extern\b|template\b|return\b|class\b|struct\b|enum\b|union\b"
                    r"|namespace\b|friend\b|static_assert|public|private|protected|case\b|default\b|else\b|goto\b|if\b|for\b|while\b|TEST|INSTANTIATE|NB_)"
                    r"[A-Za-z_][\w:]*(?:<[^;()]*>)?[\s*&]+(?!const\b|constexpr\b|operator\b)\w+(?:\[\w*\])?\s*(?:=[^=].*|\{.*|;)$")
LOCAL = re.compile(r"^\s+(?:static|thread_local|static thread_local)\s+(?!const\b|constexpr\b|_)[\w:]+(?:<[^;()]*>)?[\s*&]+(?!const\b)\w+\s*(?:=|\{|;)")


def law_globals(root: Path, files: list[tuple[str, Path]]):
    for where, file in files:
        if file.suffix not in CODE or is_test(where) or where in GLOBALS or not where.startswith(("src/", "include/", "apps/", "python/")):
            continue
        code = without_comments(file.read_text(), keep_strings=False)
        for number, _, line in numbered(GLOBAL, code):
            yield f"{where}:{number}: mutable global: {line.strip()[:60]}"
        for number, _, line in numbered(LOCAL, code):
            if "static" in line and not line.rstrip().endswith(",") and not re.search(r"\bconst\b", line.split("=")[0]):
                yield f"{where}:{number}: mutable static: {line.strip()[:60]}"


def law_definitions(root: Path, files: list[tuple[str, Path]]):
    seen = {}
    for where, file in files:
        if file.suffix in CODE and not is_test(where) and where.startswith(("src/", "include/")):
            for name in units.types(file.read_text()):
                first = seen.setdefault(name, where)
                if first != where:
                    yield f"{where}: defines {name}, as {first} does"


def law_heavy_headers(root: Path, files: list[tuple[str, Path]]):
    for where, file in files:
        if file.suffix not in CODE or where.startswith(("tests/", "bench/")):
            continue
        for number, seen, _ in numbered(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', file.read_text()):
            for pattern, allowed in HEAVY.items():
                if re.match(pattern, seen[1]) and not where.startswith(allowed):
                    yield f"{where}:{number}: includes <{seen[1]}>: only {', '.join(allowed)} may"


SQL = re.compile(r'(?:R"\w*\(|")[^A-Za-z]*(?:SELECT|INSERT INTO|UPDATE|DELETE FROM|FROM|JOIN)\b')
SQL_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE|JOIN)\s+(?!lamin_)(?:\\?\"(?!lamin_)|\\\\$|(?=[a-z_]+[ ,(]|$))")
MAY_SEND_SQL = ("src/registry/", "src/schema/", "src/db/", "src/modules/", "src/lake/trace/redun.cpp")  # the last: redun's own database


def law_catalog_sql(root: Path, files: list[tuple[str, Path]]):
    """Rows of catalog tables are read by queries and src/registry/scan.hpp, and written by src/registry/writes.hpp."""
    for where, file in files:
        if file.suffix not in CODE or is_test(where) or where.startswith(MAY_SEND_SQL) or not where.startswith(("src/", "apps/", "python/")):
            continue
        for token in TOKEN.finditer(without_comments(file.read_text())):
            text = token[0]
            if SQL.match(text) and SQL_TABLE.search(text[:-1]):
                number = file.read_text()[:token.start()].count("\n") + 1
                yield f"{where}:{number}: SQL about a catalog's table: only src/registry sends that"


# What the core states once; Python asks it.
PYTHON_FACTS = {
    r"\._aux\b": "what LaminDB keeps in `_aux`: the core reads and writes it (lamin/label.hpp, lamin/feature.hpp)",
    r"[\"']\.[a-z0-9]+[\"']\s*[,:]\s*[\"']\.[a-z0-9]+[\"']": "a list of suffixes: src/format/formats.cpp has them (_core.format_of)",
    r"\bbranch_id\b[\"']?\s*(?:=|==|:)\s*-?[01]\b": "the id of a reserved branch",
}


def law_facts_in_python(root: Path, files: list[tuple[str, Path]]):
    for where, file in files:
        if file.suffix == ".py" and where.startswith("python/") and not is_generated(file):
            for pattern, reason in PYTHON_FACTS.items():
                for number, seen, _ in numbered(pattern, file.read_text()):
                    yield f"{where}:{number}: '{seen[0]}': {reason}"


def law_clean_text(root: Path, files: list[tuple[str, Path]]):
    for where, file in files:
        if where.startswith(DIRTY_EXEMPT) or file.stat().st_size > 1_000_000:
            continue
        try:
            text = file.read_text()
        except UnicodeDecodeError:
            continue
        for pattern, reason in DIRTY.items():
            for number, seen, _ in numbered(pattern, text):
                yield f"{where}:{number}: '{seen[0]}': {reason}"


LAWS = (law_registry_names, law_kinds, law_globals, law_definitions, law_heavy_headers, law_catalog_sql, law_facts_in_python, law_clean_text)


def long_files(files: list[tuple[str, Path]]):
    for where, file in files:
        if file.suffix in (CODE | {".py", ".ts", ".tsx"}) and not where.startswith(("tests/golden/", "tests/interop/kit/")) and not is_generated(file):
            lines = file.read_text().count("\n")
            if lines > LENGTH:
                yield f"note: {where} has {lines} lines (guide: {LENGTH})"


def violations(root: Path) -> list[str]:
    files = [(file.relative_to(root).as_posix(), file) for file in listed(root)]
    return [text for law in LAWS for text in law(root, files)]


def summary(found: list[str], most: int = 40) -> str:
    return "\n".join(found[:most] + ([f"... and {len(found) - most} more"] if len(found) > most else []))


if __name__ == "__main__":
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parents[1]).resolve()
    for note in long_files([(file.relative_to(root).as_posix(), file) for file in listed(root)]):
        print(note)
    found = violations(root)
    print(summary(found) if found else "laws: kept")
    sys.exit(bool(found))
