"""What `help()`, shift-tab and a reference show: of every public name what it is, what it takes, and an example."""
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "tools"))

from public_surface import surface  # noqa: E402

PLAIN = ("self", "cls")


def documented(doc, found, seen=()):
    """Names in the sections of a docstring; where it refers to another one, those of that as well."""
    names = set(re.findall(r"^    \*{0,2}(\w+) \(|^    \*{0,2}(\w+): ", doc, re.M))
    names = {one or other for one, other in names}
    for reference in re.findall(r":meth:`([\w.]+)`", doc):
        if reference in seen:
            continue
        of = [thing for name, thing in found.items() if name == reference or name.endswith("." + reference)]
        assert of, f"the docstring refers to {reference}, which is not public"
        names |= documented(inspect.getdoc(of[0]), found, (*seen, reference))
    return names


def faults(name, thing, found):
    doc = inspect.getdoc(thing) or ""
    first = doc.partition("\n")[0]
    if len(first) < 3:
        yield "has no docstring"
        return
    if isinstance(thing, property) or (isinstance(thing, type) and issubclass(thing, BaseException)):
        return
    if getattr(thing, "__module__", "") == "lamindb._core" and isinstance(thing, type):  # found on classes, made by nobody
        return
    if isinstance(thing, type) and getattr(thing, "__module__", "") == "lamindb.base.fields" and "raises NotImplementedError" in first:
        return
    try:
        parameters = inspect.signature(thing).parameters
    except (TypeError, ValueError):
        yield "has no signature"
        return
    names = documented(doc, found)
    for parameter in parameters:
        if parameter not in PLAIN and not parameter.startswith("_") and parameter not in names:
            yield f"does not say what {parameter} is"
    if "Example" not in doc:
        yield "has no example"


def test_every_public_name_explains_itself(ln):
    found = surface()
    assert len(found) > 450, "the walk lost its way"
    wrong = [f"{name} {fault}" for name, thing in found.items() for fault in faults(name, thing, found)]
    assert not wrong, "\n".join(wrong)


def test_a_constructor_shows_what_it_takes(ln, bt):
    """The stubs for type checkers and the constructors name the same."""
    for cls in (ln.Artifact, ln.Collection, ln.Feature, ln.Project, ln.Record, ln.Reference, ln.Run, ln.Schema, ln.Transform, ln.ULabel):
        shown = set(inspect.signature(cls).parameters)
        assert shown - {"links"} == set(cls._init_names), cls
        if all(parameter.kind is inspect.Parameter.KEYWORD_ONLY for parameter in inspect.signature(cls).parameters.values()):
            with pytest.raises(ValueError):
                cls("without a keyword")
    assert str(inspect.signature(bt.CellType).parameters["synonyms"]) == "synonyms: str | None = None"
    assert inspect.signature(ln.ULabel).parameters["name"].default is inspect.Parameter.empty


def test_a_class_lists_its_fields(ln, bt):
    """From the catalog, so that a field has one text, wherever it is shown."""
    assert "    ontology_id (str | None): " in bt.CellType.__doc__
    assert "    cell_types (RelatedManager[bionty.CellType])" in ln.Artifact.__doc__
    for cls in (ln.Artifact, bt.Gene, ln.models.ArtifactULabel):
        text = cls.__doc__
        for name, _, doc, *_ in ln._core.fields_of(ln._process.session.current(), cls.__registry__):
            assert name.startswith("_") or f"    {name} (" in text and doc in text, (cls, name)
            assert doc or name == "id", f"{cls.__name__}.{name} says nothing in src/modules"
    assert ln.Artifact.__doc__ == ln.Artifact.filter().model.__doc__


def test_examples_run(workplace, tmp_path):
    """In a process of their own, with an instance that has what they mention."""
    script = os.path.join(os.path.dirname(__file__), "docstring_examples.py")
    (tmp_path / "home").mkdir()
    env = {**os.environ, "HOME": str(tmp_path / "home"), "LAMIN_SETTINGS_DIR": str(tmp_path / "settings"), "LAMIN_CACHE_DIR": str(tmp_path / "cache")}
    (tmp_path / "settings").mkdir()
    done = subprocess.run([sys.executable, script], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-20000:] + done.stderr[-3000:]
    assert int(re.search(r"^(\d+) examples", done.stdout, re.M)[1]) > 250


@pytest.fixture
def lamin(lamin, home):
    def run(*words, cwd=None):
        return subprocess.run([lamin, *words], cwd=cwd or home, capture_output=True, text=True, timeout=60)

    return run


def test_every_command_has_an_example_that_it_understands(lamin, home):
    reference = lamin("--reference").stdout
    commands = re.findall(r"^## `lamin ([a-z -]+?)(?: [A-Z\[].*)?`$", reference, re.M)
    assert len(commands) > 30
    sections = reference.split("\n## ")[1:]
    for command in commands:
        usage = lamin(*command.split(), "--help").stdout
        assert re.search(rf"\nExample:\n  lamin {command}\b", usage), f"lamin {command} --help has no example of it"
    for section in sections:
        example = re.search(r"```sh\n(.+)\n```", section)
        assert example, section
        done = subprocess.run(
            ["sh", "-c", example[1]], cwd=home, capture_output=True, text=True, timeout=60,
            env={**os.environ, "PATH": f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"},
        )  # fmt: skip
        assert done.returncode != 2 and "did you mean" not in done.stderr, example[1] + "\n" + done.stderr
