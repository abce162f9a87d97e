"""What users can reach: every public class, method, property and function of the Python packages."""
import importlib
import inspect
import types

MODULES = (
    "lamindb", "lamindb.setup", "lamindb.setup.core", "lamindb.setup.core.base62", "lamindb.setup.core.hashing", "lamindb.setup.errors",
    "lamindb.curators", "lamindb.curators.core", "lamindb.core", "lamindb.core.storage", "lamindb.core.loaders",
    "lamindb.core.subsettings", "lamindb.errors", "lamindb.base", "lamindb.base.fields", "lamindb.base.types", "lamindb.base.dtypes",
    "lamindb.base.uids", "lamindb.base.models", "lamindb.examples", "lamindb.examples.datasets",
    "lamindb.examples.datasets.mini_immuno", "lamindb.examples.schemas", "lamindb.examples.mlflow", "lamindb.examples.wandb",
    "lamindb.integrations", "lamindb.integrations.notion", "lamindb.models", "bionty",
    "bionty.base", "bionty.core", "bionty.uids", "pertdb", "pertdb.types", "lamindb_setup", "lamindb_setup.core",
    "lamindb_setup.errors", "lamindb_setup.io", "lamindb_setup.types",
)  # fmt: skip
OURS = ("lamindb", "bionty", "pertdb", "lamindb_setup")


def is_ours(thing):
    return (getattr(thing, "__module__", None) or "").partition(".")[0] in OURS


def _public(module):
    """(name, object) of a module; for a value such as `ln.settings`, its class."""
    from lamindb._surface.missing import Missing

    names = dir(module) if "__dir__" in vars(module) else getattr(module, "__all__", dir(module))
    for name in names:
        if name.startswith("_"):
            continue
        thing = getattr(module, name)
        if isinstance(thing, (Missing, types.ModuleType)):
            continue  # what is not there yet says so when it is used
        if not isinstance(thing, type) and not inspect.isroutine(thing):
            thing = type(thing)
        machinery = (getattr(thing, "__module__", None) or "").startswith("lamindb._surface.")
        if is_ours(thing) and not machinery and not thing.__name__.startswith("_"):
            yield f"{module.__name__}.{name}", thing


def _members(cls):
    """(name, object) of what a class adds; for descriptors, what they give."""
    from lamindb._surface.former import Former
    from lamindb._surface.missing import Missing

    for base in cls.__mro__:
        if base.__module__.partition(".")[0] not in OURS:
            continue
        for name, thing in vars(base).items():
            if name.startswith("_") or isinstance(thing, (Former, Missing)):
                continue
            if isinstance(thing, property):
                yield base, name, thing
            elif isinstance(thing, (types.FunctionType, classmethod, staticmethod)) or type(thing).__name__ == "Both":
                yield base, name, getattr(base, name)


def surface():
    """{name: object}, each object once: under the name by which it is found first."""
    found, seen = {}, set()
    for module_name in MODULES:
        for name, thing in _public(importlib.import_module(module_name)):
            if thing in seen:
                continue
            seen.add(thing)
            found[name] = thing
            if not isinstance(thing, type):
                continue
            for base, member, value in _members(thing):
                key = (base, member)
                if key not in seen:
                    seen.add(key)
                    found[f"{base.__module__}.{base.__qualname__}.{member}"] = value
    return found
