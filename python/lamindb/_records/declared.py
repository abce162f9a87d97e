"""Registries declared in Python: from a class to its part of a module.

A module is complete when every name that its classes use is declared; then the core checks it and its classes get their
fields. Until then they wait: a class may refer to one that is declared later.
"""

import ast
import inspect
import json
import textwrap
from importlib import metadata

from .. import _core
from .._process import session as _session
from .._process.catalog import describe_table
from .._process.logger import logger
from ..base.fields import Field, ForeignKey, ManyToManyField
from ..errors import InvalidArgument

# Python classes that stand for a mixin or trait of the core; None: nothing is stored.
_MIXINS = {
    "SQLRecord": "lamindb.SQLRecord", "TracksRun": "lamindb.TracksRun", "TracksUpdates": "lamindb.TracksUpdates",
    "HasType": "lamindb.HasType", "HasParents": "lamindb.HasParents", "IsVersioned": "lamindb.IsVersioned",
    "BioRecord": "bionty.BioRecord", "HasOntologyId": "bionty.HasOntologyId",
}  # fmt: skip
_TRAITS = {"CanCurate": "curatable", "HasSynonyms": "synonyms", "HasAbbr": "abbreviated", "IsLink": "link"}
_WITHOUT_EFFECT = ("BaseSQLRecord", "ValidateFields", "HasSource", "HasEmoji", "object", "Record")
_META = ("abstract", "app_label", "db_table", "unique_together", "constraints", "indexes", "was", "labels")
_WITHOUT_EFFECT_IN_META = ("ordering", "verbose_name", "verbose_name_plural", "managed", "default_related_name", "base_manager_name")

_CORE = "lamindb"
_modules = {}  # name -> _Module


class _Module:
    def __init__(self, name):
        self.name = name
        self.registries = {}  # name -> declaration
        self.classes = {}  # name -> class, for those with a table
        self.json = None  # set once it is complete

    def waits_for(self):
        """Names that are used but not declared yet."""
        names = [r.get("name") for r in self.registries.values()]
        used = [name for r in self.registries.values() for f in r["fields"] for name in (f.get("to"), f.get("through")) if name]
        used += [name for r in self.registries.values() for name in r["mixins"]]
        here = self.name + "."
        return sorted({n for n in used if n != "self" and n.startswith(here) and n.removeprefix(here) not in names})

    def declaration(self):
        mentioned = {name.partition(".")[0] for r in self.registries.values() for name in r["mixins"]}
        mentioned |= {f["to"].partition(".")[0] for r in self.registries.values() for f in r["fields"] if f.get("to", "self") != "self"}
        needs = sorted(mentioned - {self.name, _CORE}, key=["bionty", "pertdb"].__contains__, reverse=True)
        mixins = [r for r in self.registries.values() if r.get("mixin")]
        tables = [r for r in self.registries.values() if not r.get("mixin")]
        return json.dumps({"name": self.name, "needs": [_CORE, *needs], "registries": mixins + tables})


def declare(name, bases, namespace):
    """Takes the fields and Meta out of a class body. Returns (module, registry) for `enter`, along with the class."""
    meta = namespace.pop("Meta", None)
    said = {key: value for key, value in vars(meta).items() if not key.startswith("__")} if meta else {}
    unknown = sorted(set(said) - set(_META) - set(_WITHOUT_EFFECT_IN_META))
    if unknown:
        raise InvalidArgument(f"{name}.Meta: {', '.join(unknown)} is none of {', '.join(_META)}")
    module = said.get("app_label") or _module_of(namespace, name)
    registry = {"name": name, "doc": _first_line(namespace.get("__doc__")) or f"{name}.", "mixins": [], "traits": [], "fields": [], "rules": []}
    for base in bases:
        _inherit(registry, base)
    if said.get("abstract"):
        registry["mixin"] = True
    docs = _field_docs(namespace)
    for field_name, field in list(namespace.items()):
        if not isinstance(field, Field):
            continue
        del namespace[field_name]
        if field.primary_key:
            registry["id_bits"] = field.size or 32
            continue
        entry = field.declared(field_name)
        if field_name in docs:
            entry["doc"] = docs[field_name]
        if isinstance(field, (ForeignKey, ManyToManyField)):
            _point(entry, field, module, name)
        if field.least is not None:
            registry["rules"].append({"name": f"{name.lower()}_{field_name}_check", "check": f'"{field_name}" >= {field.least}'})
        registry["fields"].append(entry)
    _take_meta(registry, said)
    _name_fields(registry, namespace)
    return module, registry


def _module_of(namespace, name):
    package = namespace.get("__module__", "__main__").partition(".")[0]
    if package in ("__main__", "builtins"):
        raise InvalidArgument(f"{name} belongs to no module: say which one in `class Meta: app_label = 'mylab'`")
    return package


def _first_line(doc):
    return doc.strip().partition("\n")[0].strip() if doc else ""


def _inherit(registry, base):
    known = base.__name__
    if known in _MIXINS and base.__module__.partition(".")[0] in (_CORE, "bionty"):
        registry["mixins"].append(_MIXINS[known])
    elif known in _TRAITS:
        registry["traits"].append(_TRAITS[known])
    elif getattr(base, "_mixin_of", None):
        registry["mixins"].append(f"{base._mixin_of}.{known}")
    elif known not in _WITHOUT_EFFECT and getattr(base, "__registry__", None):
        raise InvalidArgument(f"{registry['name']} cannot inherit the registry {known}: refer to it by a ForeignKey")


def _target(to, module, name):
    """A class, "Name", "module.Name" or "self" in the core's notation."""
    if isinstance(to, str):
        if to == "self" or "." in to:
            return to
        return f"{module}.{to}"
    qualified = getattr(to, "__registry__", None)
    if not qualified:
        raise InvalidArgument(f"{name}: {to!r} is no registry")
    return qualified if "." in qualified else f"{_CORE}.{qualified}"


def _point(entry, field, module, name):
    entry["to"] = _target(field.to, module, name)
    inverse = field.related_name
    if inverse is None:
        inverse = field.default_inverse.format(name.lower())
    if inverse != "+":
        entry["inverse"] = inverse
    if getattr(field, "through", None) is not None:
        entry["through"] = _target(field.through, module, name)


def _take_meta(registry, said):
    if said.get("db_table"):
        registry["table"] = said["db_table"]
    if said.get("was"):
        registry["was"] = [said["was"]] if isinstance(said["was"], str) else list(said["was"])
    if said.get("labels"):
        registry["labels"] = list(said["labels"])
    together = said.get("unique_together") or ()
    if together and isinstance(together[0], str):
        together = (together,)
    registry["rules"] += [{"unique": list(fields)} for fields in together]
    registry["rules"] += [rule.declared for rule in (*said.get("constraints", ()), *said.get("indexes", ()))]


def _name_fields(registry, namespace):
    names = [field["name"] for field in registry["fields"]]
    inherits_name = "bionty.HasOntologyId" in registry["mixins"]
    if "_name_field" in namespace:
        registry["name_field"] = namespace["_name_field"]
    elif "name" in names or inherits_name:
        registry["name_field"] = "name"
    if "_ontology_id_field" in namespace:
        registry["id_field"] = namespace["_ontology_id_field"]
    elif "ontology_id" in names or inherits_name:
        registry["id_field"] = "ontology_id"


def _field_docs(namespace):
    """The docstrings below the fields, if the source is available."""
    frame = inspect.currentframe()
    while frame and frame.f_globals.get("__name__", "").startswith(f"{_CORE}."):
        frame = frame.f_back
    try:
        lines, _ = inspect.findsource(frame.f_code)
        block = inspect.getblock(lines[namespace.get("__firstlineno__", frame.f_lineno) - 1 :])
        body = ast.parse(textwrap.dedent("".join(block))).body[0].body
    except (OSError, TypeError, SyntaxError, IndexError, AttributeError):
        return {}
    docs = {}
    for field, text in zip(body, body[1:]):
        target = field.target if isinstance(field, ast.AnnAssign) else field.targets[0] if isinstance(field, ast.Assign) else None
        if isinstance(target, ast.Name) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            docs[target.id] = _first_line(text.value.value)
    return docs


def enter(module, registry, cls):
    """Enters a created class, which may complete its module. Returns the classes that can get their fields."""
    declared = _modules.setdefault(module, _Module(module))
    name = registry["name"]
    declared.registries[name] = registry
    if registry.get("mixin"):
        cls._mixin_of = module
    else:
        declared.classes[name] = cls
        cls._declared_in = declared
    if declared.waits_for():
        return []
    return complete(declared)


def complete(declared):
    try:
        declared.json = _core.complete_plugin(declared.declaration())
        _core.check_plugins(declarations())
    except Exception:
        declared.json = None
        raise
    _session.declare({module.name: module.json for module in _modules.values() if module.json})
    return [(cls, describe_table(f"{declared.name}.{name}")) for name, cls in declared.classes.items()]


def declarations():
    """The JSON of all complete modules."""
    return [module.json for module in _modules.values() if module.json]


def module(name):
    """The JSON of a module declared in Python; None if there is none. Raises if it is incomplete."""
    found = _modules.get(name)
    if found is None or not found.registries:
        return None
    if found.json is None:
        missing = found.waits_for()
        raise InvalidArgument(f"the module {name!r} refers to {', '.join(missing)}, which is not declared")
    return found.json


def import_package(name):
    """Imports the package that declares a module, so that rows get its classes. False if none is installed."""
    for entry in metadata.entry_points(group="lamindb.modules", name=name):
        try:
            entry.load()
        except Exception as error:
            logger.warning(f"the package of the module {name} cannot be imported, so its classes are made from the database: {error}")
            return False
        return name in _modules
    return False


def refuse_incomplete(cls):
    """Raises for a class whose module waits for others, and lists those."""
    declared = cls.__dict__.get("_declared_in")
    if declared is not None and declared.json is None:
        raise InvalidArgument(f"{cls.__name__} cannot be used yet: {', '.join(declared.waits_for())} is not declared")

