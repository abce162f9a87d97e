"""The sources of the manual, for Sphinx: pages of docs/, and references of the Python API, the shell and the C++ headers.

    python tools/reference.py FOLDER LAMIN

It runs in .venv-docs, with the built package on its path. What a page says comes from docstrings, the table of commands and
the headers; this file only arranges it.
"""
from __future__ import annotations

import inspect
import re
import shutil
import subprocess
import sys
from pathlib import Path

from public_surface import MODULES, surface
from sphinx.ext.napoleon import Config
from sphinx.ext.napoleon.docstring import GoogleDocstring

ROOT = Path(__file__).resolve().parents[1]
GUIDES = ("tour", "main-job", "track", "workflows", "nextflow", "snakemake", "redun", "queries", "plugins", "ontology-import", "reliability", "database-format", "design", "cpp")
NAPOLEON = Config(napoleon_use_rtype=False, napoleon_use_ivar=True)
CONF = """\
project = "LaminDB, native"
version = release = "{version}"
extensions = ["myst_parser", "sphinx.ext.napoleon"]
html_theme = "furo"
html_title = "LaminDB, native {version}"
html_static_path = []
smartquotes = False
myst_heading_anchors = 3
suppress_warnings = ["myst.xref_missing", "myst.header"]
add_module_names = False
toc_object_entries_show_parents = "hide"
exclude_patterns = []

from sphinx.domains.python import PyObject

for field in PyObject.doc_field_types:
    if field.name == "variable":
        field.label = "Fields"
"""


def indented(text: str) -> str:
    return "\n".join("   " + line if line.strip() else "" for line in text.splitlines())


def body(thing) -> str:
    doc = inspect.getdoc(thing) or ""
    doc = re.sub(r":meth:`([\w.]+)`", r"<<\1>>", doc)
    doc = re.sub(r"(?<!`)`([^`\n]+)`(?!`)", r"``\1``", doc)  # what Markdown writes with one backtick has two here
    doc = re.sub(r"<<([\w.]+)>>", r":py:obj:`\1`", doc)
    doc = re.sub(r"(?<=\s)\|(?=[^\s|])", r"\\|", doc)  # a bar before a word would start a substitution
    return str(GoogleDocstring(doc, NAPOLEON))


def signature(thing) -> str:
    try:
        return str(inspect.signature(thing))
    except (TypeError, ValueError):
        return ""


def directive(kind: str, name: str, thing, nested: str = "") -> str:
    shown = "" if kind == "property" else signature(thing)
    if kind == "method":
        shown = re.sub(r"^\((?:self|cls)(?:, )?", "(", shown)
    return f".. py:{kind}:: {name}{shown}\n\n{indented(body(thing))}\n\n{indented(nested)}\n"


def members(cls: type, found: dict[str, object]) -> list[tuple[str, object]]:
    prefix = f"{cls.__module__}.{cls.__qualname__}."
    return sorted((name.removeprefix(prefix), thing) for name, thing in found.items() if name.startswith(prefix))


def inherited(cls: type, names: dict[type, str]) -> str:
    """Where the methods are that this class has from others."""
    bases = [names[base] for base in cls.__mro__[1:] if base in names]
    text = "It also has the methods of " + ", ".join(f":py:obj:`{base}`" for base in bases) + ".\n\n" if bases else ""
    if type(cls) in names:
        text += f"The class itself has the methods of :py:obj:`{names[type(cls)]}`.\n\n"
    return text


def page(title: str, text: str) -> str:
    return f"{title}\n{'=' * len(title)}\n\n{text}"


def toctree(entries: list[str], caption: str = "", depth: int = 1) -> str:
    head = f".. toctree::\n   :maxdepth: {depth}\n" + (f"   :caption: {caption}\n" if caption else "")
    return head + "\n" + "".join(f"   {entry}\n" for entry in entries) + "\n"


def python_pages(folder: Path) -> list[str]:
    """A page per module and per class; returns the pages of modules."""
    folder.mkdir(parents=True)
    found = surface()
    names = {thing: name for name, thing in found.items() if isinstance(thing, type)}
    pages = []
    for module in MODULES:
        own = {name: thing for name, thing in found.items() if name.rpartition(".")[0] == module}
        if not own:
            continue
        text, classes = "", []
        for name, thing in sorted(own.items()):
            if not isinstance(thing, type):
                text += directive("function", name, thing)
            elif issubclass(thing, BaseException):
                text += directive("exception", name, thing)
            else:
                nested = inherited(thing, names)
                nested += "".join(directive("property" if isinstance(m, property) else "method", n, m) for n, m in members(thing, found))
                (folder / f"{name}.rst").write_text(page(name, directive("class", name, thing, nested)))
                classes.append(name)
        head = inspect.getdoc(sys.modules[module]) or ""
        (folder / f"{module}.rst").write_text(page(module, f"{head}\n\n" + (toctree(classes) if classes else "") + text))
        pages.append(f"python/{module}")
    return pages


def listing(file: Path, folder: Path) -> str:
    """A source file as a block of code; Sphinx reads files below its own folder only."""
    shutil.copy(file, folder)
    return f".. literalinclude:: {file.name}\n   :language: c++\n\n"


def header_pages(folder: Path) -> list[str]:
    folder.mkdir(parents=True)
    pages = []
    for header in sorted((ROOT / "include" / "lamin").glob("*.hpp")):
        text = listing(header, folder)
        example = ROOT / "examples" / "cpp" / f"{header.stem}.cpp"
        if example.exists():
            text += "Example\n-------\n\n" + listing(example, folder)
        (folder / f"{header.stem}.rst").write_text(page(f"lamin/{header.name}", text))
        pages.append(f"headers/{header.stem}")
    return pages


def main(folder: Path, lamin: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    version = re.search(r"project\(lamindb-native VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text())[1]
    (folder / "conf.py").write_text(CONF.format(version=version))
    guides = [name for name in GUIDES if (ROOT / "docs" / f"{name}.md").exists()]
    for name in guides:
        shutil.copy(ROOT / "docs" / f"{name}.md", folder)
    for picture in (ROOT / "docs").glob("*.svg"):
        shutil.copy(picture, folder)
    (folder / "readme.md").write_text((ROOT / "README.md").read_text().replace("](docs/", "]("))
    shutil.copy(ROOT / "CHANGELOG.md", folder / "changelog.md")
    commands = subprocess.run([lamin, "--reference"], check=True, stdout=subprocess.PIPE, text=True).stdout
    (folder / "shell.md").write_text("# The shell\n\nEvery command of `lamin`. `lamin COMMAND --help` shows the same.\n\n" + commands)
    (folder / "index.rst").write_text(page("LaminDB, native", "".join((
        toctree(["readme", *guides, "changelog"], "Guide"),
        toctree(python_pages(folder / "python"), "Python"),
        toctree(["shell"], "Shell"),
        toctree(header_pages(folder / "headers"), "C++"),
    ))))  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
