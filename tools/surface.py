"""Derives python/lamindb/_surface/names.txt, the public names of LaminDB, from its recorded interface.

    python tools/surface.py path/to/api_surface.json
"""

import json
import sys
from pathlib import Path

HEAD = "# Public names of LaminDB 2.12, for missing.py: table, owner, kind, names. Written by tools/surface.py; do not edit.\n"
KINDS = {"module": "module", "class": "class", "function": "function", "instance": "instance"}
FIELDS = ("DeferredAttribute", "Descriptor")


def module_names(module):
    """{name: kind} for what a module offers, without what it merely imports."""
    names = {}
    for name, member in module.get("members", {}).items():
        if name.startswith("_") or member["kind"] not in KINDS:
            continue
        names[name] = KINDS[member["kind"]]
    for name in module.get("__all__") or []:
        names.setdefault(name, "instance")
    return names


def class_names(member):
    """{name: kind} for the methods and properties of a class."""
    names = {}
    for name, method in member.get("methods", {}).items():
        if not name.startswith("_"):
            names[name] = method["type"]
    for prop in member.get("properties", []):
        if not prop["name"].startswith("_"):
            names[prop["name"]] = "property"
    for name, kind in member.get("attributes", {}).items():
        if not name.startswith("_") and not kind.endswith(FIELDS):  # a field exists or not, whatever its kind
            names[name] = "attribute"
    return names


def lines(table, owners):
    """One line per owner and kind: "class Artifact method cache delete ..."."""
    for owner, names in sorted(owners.items()):
        for kind in sorted(set(names.values())):
            yield " ".join((table, owner, kind, *sorted(name for name in names if names[name] == kind))) + "\n"


def main(source, target):
    surface = json.loads(Path(source).read_text())
    modules, classes = {}, {}
    for module, content in surface["modules"].items():
        modules[module] = module_names(content)
        for name, member in content.get("members", {}).items():
            if member["kind"] == "class":
                classes.setdefault(name, {}).update(class_names(member))
    objects = {"QuerySet": "QuerySet", "Manager": "RelatedManager", "artifact.features": "FeatureManager",
               "artifact.labels": "LabelManager"}  # fmt: skip
    for key, name in objects.items():
        classes.setdefault(name, {}).update(class_names(surface["objects"][key]))
    Path(target).write_text(HEAD + "".join(lines("module", modules)) + "".join(lines("class", classes)))


if __name__ == "__main__":
    main(sys.argv[1], Path(__file__).parent.parent / "python" / "lamindb" / "_surface" / "names.txt")
