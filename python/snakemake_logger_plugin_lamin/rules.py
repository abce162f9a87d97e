"""The text of a rule, from the Snakefile and those that it includes."""

import re
from functools import lru_cache
from pathlib import Path

_NAMES = ("Snakefile", "snakefile", "workflow/Snakefile", "workflow/snakefile")  # where Snakemake looks, in this order
_SCRIPT = re.compile(r"^\s*(?:script|notebook)\s*:\s*[\"']([^\"'{}]+)[\"']", re.M)
_INCLUDE = re.compile(r"^\s*include\s*:\s*[\"']([^\"']+)[\"']", re.M)


def snakefile_of(words):
    """The Snakefile of a command line; None if it cannot be told."""
    for i, word in enumerate(words):
        if word in ("-s", "--snakefile") and i + 1 < len(words):
            return Path(words[i + 1]).absolute()
        if word.startswith("--snakefile="):
            return Path(word.partition("=")[2]).absolute()
    return next((Path(name).absolute() for name in _NAMES if Path(name).exists()), None)


@lru_cache
def _texts(snakefile):
    """Snakefiles with their folders: this one, then those that it includes."""
    texts, wanted, seen = [], [snakefile], set()
    while wanted:
        path = wanted.pop(0)
        if path in seen:
            continue
        seen.add(path)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, ValueError):
            continue
        texts.append((path.parent, text))
        wanted += [path.parent / name for name in _INCLUDE.findall(text)]
    return texts


def rule_text(snakefile, name):
    """From `rule NAME:` to the end of its block, and the script that it names; None if it is not written there, as with
    rules of a module."""
    if snakefile is None:
        return None
    head = re.compile(rf"^([ \t]*)(?:rule|checkpoint)[ \t]+{re.escape(name)}[ \t]*:", re.M)
    for folder, text in _texts(Path(snakefile)):
        found = head.search(text)
        if not found:
            continue
        lines = text[found.start():].split("\n")
        block = [lines[0]]
        for line in lines[1:]:
            if line.strip() and len(line) - len(line.lstrip()) <= len(found[1]):
                break
            block.append(line)
        rule = "\n".join(block).rstrip() + "\n"
        return rule + "".join(_script(folder, script) for script in _SCRIPT.findall(rule))
    return None


def _script(folder, name):
    try:
        return f"\n# {name}\n" + (folder / name).read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
