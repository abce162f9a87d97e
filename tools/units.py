"""Which sources can be read by a compiler as one file without changing what any of them means.

Most of the time to compile a source goes into headers, so several are read together where everything is built at once
(LAMIN_UNITS) and by clang-tidy. What a source names for itself alone (in an unnamed namespace, by a using-declaration or
alias, by a macro) is then seen by those after it, so it must not occur in any of them, nor be declared in their headers. Nor
may a header that only one of them includes declare what another one has from its own headers: it might hide that.

  units.py MOST FILE...    prints "number file" for each file that shares its unit
"""
from __future__ import annotations

import re
import sys
from functools import cache
from pathlib import Path

IGNORED = re.compile(r"""R"(\w*)\(.*?\)\1"|//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'""", re.S)
WORD = re.compile(r"[A-Za-z_]\w*")
MACRO = re.compile(r"^\s*#\s*define\s+(\w+)", re.M)
DIRECTIVE = re.compile(r"^\s*#.*$", re.M)
NAMESPACE = re.compile(r"(?<!using )\bnamespace(?:\s+([\w:]+))?\s*$")
TYPE = re.compile(r"\b(?:struct|class|enum|union)\s+(?:class\s+)?([\w:]+)")
ALIAS = re.compile(r"using\s+(\w+)\s*=|using\s+[\w:]+::(\w+)$")
CALLED = re.compile(r"(?<![\w:~])([A-Za-z_]\w*)\s*\(")
VALUE = re.compile(r"([A-Za-z_]\w*)(?:\[[^\]]*\])*\s*(?:=|$)")
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.M)
ROOT = Path(__file__).resolve().parents[1]
KEYWORDS = {"const", "noexcept", "override", "final", "decltype", "requires", "void", "bool", "int"}


def declared(head: str, unnamed: bool) -> set[str]:
    """What a declaration at the scope of a namespace names, as far as no other file is meant to see it. Names too many rather than
    too few."""
    alias, type_ = ALIAS.match(head), TYPE.search(head)
    if alias:
        return {alias[1] or alias[2]}
    if head.startswith("namespace"):  # another name of a namespace: the same in all files, or they do not compile
        return set()
    found = {type_[1]} if type_ and head.endswith(type_[1]) or type_ and ":" in head else set()
    if unnamed or head.startswith("static"):
        found |= set(CALLED.findall(head)[:2]) | set(VALUE.findall(head))
    return found - KEYWORDS


@cache
def headers(file: Path) -> frozenset[Path]:
    """Our headers that a file includes, directly or not."""
    found = set()
    for name in INCLUDE.findall(file.read_text()):
        there = (place / name for place in (file.parent, ROOT / "include", ROOT / "src"))
        header = next((place.resolve() for place in there if place.is_file()), None)
        if header:
            found |= {header} | headers(header)
    return frozenset(found)


def declarations(text: str):
    """What precedes each brace and semicolon at the scope of a namespace, with the namespaces around it; "" is an unnamed one."""
    text, start, scopes = DIRECTIVE.sub("", IGNORED.sub('""', text)), 0, []  # None: a scope that is no namespace
    for mark in re.finditer(r"[{};]", text):
        head, start = text[start:mark.start()].strip(), mark.end()
        space = NAMESPACE.search(head)
        if mark[0] == "}":
            scopes[-1:] = []
        elif None not in scopes and not space:
            yield head, mark[0], scopes
        if mark[0] == "{":
            scopes.append(space[1] or "" if space else None)


@cache
def names(file: Path) -> tuple[frozenset[str], frozenset[str]]:
    """What a source names for itself, and all words in it."""
    text = file.read_text()
    own, words = set(MACRO.findall(text)), frozenset(WORD.findall(IGNORED.sub('""', text)))
    for head, _, scopes in declarations(text):
        # Which names a namespace brings is not known here: the file stays alone.
        own |= words if head.startswith("using namespace") else declared(head, "" in scopes)
    return frozenset(own), words


def types(text: str):
    """The types that a file defines for all, with their namespaces."""
    for head, end, scopes in declarations(text):
        type_ = TYPE.search(head)
        if end == "{" and type_ and "" not in scopes and "(" not in head[type_.start():]:
            yield "::".join([*scopes, type_[1]])


@cache
def api(header: Path) -> frozenset[tuple[str, str]]:
    """What a header declares, each name with its namespace."""
    found = declarations(header.read_text())
    return frozenset((name, "::".join(scopes)) for head, _, scopes in found for name in declared(head, unnamed=True))


class Source:
    def __init__(self, file: Path) -> None:
        self.file = file
        self.own, self.words = names(file)
        self.api = frozenset().union(*map(api, headers(file)))
        self.known = frozenset(name for name, _ in self.api)
        self.used = self.words & self.known
        self.types = frozenset(name for name in self.own if name[0].isupper())

    def disturbs(self, other: Source) -> bool:
        """Whether the other one could mean something else after this one."""
        return bool(self.own & (other.words | other.known)) or any(name in other.used for name, _ in self.api - other.api)


def together(files: list[Path], most: int, *, same_meaning: bool = True) -> list[list[Path]]:
    """Groups the files into units of up to `most`, those that name the most first. `same_meaning=False` allows larger units, which
    are only read: a name may resolve differently in them, and the odd one does not compile."""
    def fit(source: Source, unit: list[Source]) -> bool:
        if not same_meaning:
            return not any(source.own & other.own or source.types & other.known or other.types & source.known for other in unit)
        return not any(source.disturbs(other) or other.disturbs(source) for other in unit)

    units = []
    for source in sorted(map(Source, files), key=lambda source: (-len(source.own), source.file)):
        unit = next((unit for unit in units if len(unit) < most and fit(source, unit)), None)
        if unit is None:
            unit = []
            units.append(unit)
        unit.append(source)
    return [[source.file for source in unit] for unit in units]


def main(most: str, *files: str) -> None:
    for number, unit in enumerate(unit for unit in together([Path(file) for file in files], int(most)) if len(unit) > 1):
        for file in unit:
            print(number, file)


if __name__ == "__main__":
    main(*sys.argv[1:])
