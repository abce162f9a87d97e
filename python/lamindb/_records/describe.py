"""The fields and relations of a class, as a readable tree."""

from .._process.logger import print_or_return

_KINDS = {
    "text": "CharField", "integer": "IntegerField", "real": "FloatField", "boolean": "BooleanField",
    "time": "DateTimeField", "date": "DateField", "json": "JSONField", "duration": "DurationField",
}  # fmt: skip
_INTEGERS = {16: "SmallIntegerField", 64: "BigIntegerField"}
_KNOWN_ORDER = ("User", "Run", "ULabel", "Artifact", "Collection", "Record", "Reference", "Project")
_LAST = ("version_tag", "is_latest", "is_type", "is_locked", "created_at", "updated_at")


def _kind(column):
    if column["kind"] == "text" and not column["size"]:
        return "TextField"
    if column["kind"] == "integer" and column["size"] in _INTEGERS:
        return _INTEGERS[column["size"]]
    return _KINDS[column["kind"]]


def describe_class(cls, return_str=False):
    """Simple fields, then relations, with those of other modules separate."""
    table = cls._description
    columns = [c for c in table["columns"] if not c["name"].startswith("_") and c["name"] != "id"]
    simple = [c for c in columns if c["kind"] != "ref"]
    simple.sort(key=lambda c: _LAST.index(c["name"]) + 1 if c["name"] in _LAST else 0)
    lines = [cls.__name__, "  Simple fields"]
    lines += [f"    .{c['name']}: {_kind(c)}" for c in simple]
    lines.append("  Relational fields")
    lines += [f"    .{c['name']}: {_short(c['to'])}" for c in columns if c["kind"] == "ref"]
    others = {}
    for name, shape, to, *_ in _as_listed(table):
        if shape == "to_one" or not name or name.startswith(("_", "links_")):
            continue
        module = to.partition(".")[0] if "." in to else "lamindb"
        if module == table["module"] or module == "lamindb":
            lines.append(f"    .{name}: {_short(to)}")
        else:
            others.setdefault(module, []).append(f"    .{name}: {to}")
    for module, related in others.items():
        lines.append(f"  {module.capitalize()} fields")
        lines += related
    return print_or_return("\n".join(lines), return_str)


def _as_listed(table):
    """The relations, with those that other registries declare in the order in which people know these registries."""
    relations = list(table["relations"])
    own = {*table["links"], *(name for name, shape, *_ in relations if shape == "to_one")}
    places = [i for i, (name, _, to, *_) in enumerate(relations) if to in _KNOWN_ORDER and name not in own]
    for place, relation in zip(places, sorted((relations[i] for i in places), key=lambda one: _KNOWN_ORDER.index(one[2]))):
        relations[place] = relation
    return relations


def _short(qualified):
    return qualified.rpartition(".")[2]


class Meta:
    """The part of Django's `_meta` that scripts use."""

    def __init__(self, cls):
        self.model = cls
        self.model_name = cls.__name__.lower()
        self.object_name = cls.__name__
        self.app_label = cls._module
        self.db_table = cls._description["table"]

    def get_field(self, name):
        return getattr(self.model, name)

    @property
    def fields(self):
        return [getattr(self.model, c["name"]) for c in self.model._description["columns"]]
