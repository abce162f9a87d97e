"""Modules that are not built in, by name: declared in Python, installed as a package, or a JSON file.

A package advertises its module with an entry point in the group `lamindb.modules`. It may refer to the package itself
(whose registries are those it declares, or those in its file `module.json`), a path, a dict, or a function that returns
one of these. `python -m lamindb.setup.plugins NAME` prints the declaration, for the shell.
"""

import json
import os
import sys
from importlib import import_module, metadata
from importlib.util import find_spec
from types import ModuleType

from lamindb import _core
from lamindb._records import declared
from lamindb.errors import InvalidArgument, ObjectDoesNotExist

GROUP = "lamindb.modules"


def find(name):
    """The declaration of a module as JSON; None if no module of this name is declared or installed."""
    found = declared.module(name)
    if found is not None:
        return found
    entries = [entry for entry in metadata.entry_points(group=GROUP) if entry.name == name]
    places = sorted({f"{entry.value} of {entry.dist.name if entry.dist else '?'}" for entry in entries})
    if len(places) > 1:
        raise InvalidArgument(f"several packages declare the module {name!r}: {', '.join(places)}; uninstall all but one")
    if entries:
        return _read(name, entries[0].load())
    for package in (f"lnschema_{name}", name):
        spec = find_spec(package) if package.isidentifier() else None
        folders = (spec.submodule_search_locations or ()) if spec else ()
        if any(os.path.isfile(os.path.join(folder, file)) for folder in folders for file in ("module.json", "models.py")):
            return _read(name, import_module(package))
    return None


def _read(name, value):
    if isinstance(value, ModuleType):
        return _of_package(name, value)
    if isinstance(value, dict):
        return _core.complete_plugin(json.dumps(value))
    if isinstance(value, (str, os.PathLike)):
        return _core.read_plugin(os.fspath(value))
    if callable(value):
        return _read(name, value())
    raise InvalidArgument(f"the entry point of {name!r} names a {type(value).__name__}: a package, a path, a dict or a function declares a module")


def _of_package(name, package):
    file = os.path.join(os.path.dirname(package.__file__ or ""), "module.json")
    if os.path.isfile(file):
        return _core.read_plugin(file)
    if find_spec(f"{package.__name__}.models"):
        import_module(f"{package.__name__}.models")
    found = declared.module(name)
    if found is None:
        raise InvalidArgument(f"the package {package.__name__!r} has no file module.json and declares no registry of the module {name!r}")
    return found


def resolve(given):
    """"bionty,mylab,./other.json" or a list -> names of modules, and the JSON of those that are not built in."""
    listed = [] if given is None else given.split(",") if isinstance(given, str) else list(given)
    names, plugins = [], []
    for name in (str(name).strip() for name in listed):
        if not name or name == "lamindb":
            continue
        if name not in _core.builtin_modules():
            found = _core.read_plugin(name) if _core.is_plugin_file(name) else find(name)
            if found is None:
                raise ObjectDoesNotExist(
                    f"there is no module {name!r}: bionty and pertdb come with the library; others are declared in Python, installed "
                    f"as a package (pip install {name}), or a JSON file (./{name}.json)"
                )
            plugins.append(found)
            name = json.loads(found)["name"]
        names.append(name)
    return names, plugins


def main(name):
    try:
        found = find(name)
    except Exception as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 2
    if found is None:
        return 5
    print(found)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
