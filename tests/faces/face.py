"""The Python face: carries out a verb of cases.py as a user of the package does, one request per line, one answer per
line."""
import json
import os
import sys

ANSWERS = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # what the package prints is not an answer

import bionty as bt  # noqa: E402
import lamindb as ln  # noqa: E402
import pandas as pd  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
from lamindb import _core  # noqa: E402
from lamindb._process import session as _session  # noqa: E402

ln.settings.verbosity = "error"


def cls(given):
    name = given.get("registry", "Artifact")
    return getattr(bt, name[7:]) if name.startswith("bionty.") else getattr(ln, name, None) or getattr(ln.models, name)


def field(given):
    return "key" if "key" in given else "name"


def record(given):
    return cls(given).get(**{field(given): given[field(given)]})


def latest_of(given):
    return cls(given).filter(**{field(given): given[field(given)]}, branch=None).order_by("-id").first()


def left(given):
    same = {field(given): given[field(given)]}
    return {"seen": cls(given).filter(**same).count(), "rows": cls(given).filter(**same, branch=None).count()}


def artifact(row):
    return {**{name: getattr(row, name) for name in ("key", "suffix", "kind", "size", "is_latest")}, "version": row.uid[16:]}


def create(given):
    fields = dict(given["fields"])
    if "_dtype_str" in fields:
        fields["dtype"] = fields.pop("_dtype_str")
    if "type" in fields:
        fields["type"] = cls(given).get(name=fields["type"])
    if "schema" in fields:
        fields["schema"] = ln.Schema.get(name=fields["schema"])
    return {"name": cls(given)(**fields).save().name}


def save_file(given):
    options = {name: given[name] for name in ("key", "kind", "links") if given.get(name)}
    return artifact(ln.Artifact(given["path"], **options).save())


def save_dataset(given):
    schema = ln.Schema.get(name=given["schema"])
    row = ln.Artifact.from_dataframe(given["path"], key=given["key"], schema=schema).save()
    row = ln.Artifact.get(row.uid)
    return {"key": row.key, "kind": row.kind, "otype": row.otype, "n_observations": row.n_observations, "schema": row.schema.name}


def remove(given):
    options = {"permanent": given.get("permanent")}
    if "storage" in given:
        options["storage"] = given["storage"]
    record(given).delete(**options)
    return left(given)


def restore(given):
    latest_of(given).restore()
    return left(given)


def update(given):
    row = record(given)
    for name, value in given["fields"].items():
        if name not in dir(row):
            raise ln.errors.FieldValidationError(name)
        setattr(row, name, value)
    row.save()
    return get({**given, "fields": list(given["fields"])})


def get(given):
    row = record(given)
    return {name: getattr(row, name) for name in given["fields"]}


def versions(given):
    return [row.uid[16:] for row in record(given).versions]


def list_(given):
    rows = cls(given).filter(**given.get("filter", {}))
    return sorted(getattr(row, "name", None) or row.key for row in rows)


def search(given):
    return [row.name for row in cls(given).search(given["text"])]


def annotate(given):
    row = record(given)
    labels = [cls({"registry": registry}).get(name=name) for registry, name in given.get("labels", {}).items()]
    if labels:
        row.labels.add(labels)
    if given.get("features"):
        row.features.update_values(given["features"])
    return row.features.get_values()


def content(row):
    return row.cache().read_text()


def save_real(given):
    row = ln.Artifact(given["path"], key=given["key"], key_is_virtual=False).save()
    return {"at": row.path.relative_to(ln.settings.storage.root).as_posix(), "content": content(row)}


def rekey(given):
    row = ln.Artifact.get(key=given["key"])
    before = row.path
    row.key = given["to"]
    row.save()
    return {"at": row.path.relative_to(ln.settings.storage.root).as_posix(), "content": content(row), "there": before.exists()}


def replace(given):
    row = ln.Artifact.get(key=given["key"])
    row.replace(given["path"])
    row.save()
    return {"content": content(row), "version": row.uid[16:], "size": row.size}


def copy(given):
    uid = ln.Artifact.get(key=given["key"]).uid
    [place] = ln.Artifact.filter(uid=uid).each("copy", to=given["to"]).values()
    return open(place).read()


def from_dir(given):
    return sorted(row.key for row in ln.Artifact.from_dir(given["path"], key=given["key"]).save())


def from_lazy(given):
    lazy = ln.Artifact.from_lazy(given["suffix"], overwrite_versions=False, key=given["key"])
    lazy.path.write_text(given["text"])
    row = lazy.save()
    return {"key": row.key, "content": content(row)}


def show(given):
    html = ln.Artifact.get(key=given["key"])._repr_html_()
    return [line in html for line in given["lines"]]


def index(given):
    uid = ln.Artifact(given["path"], key=given["key"]).save().uid
    [path] = ln.Artifact.filter(uid=uid).each("index", to=given["to"]).values()
    return list(pq.read_schema(path).names)


def each(given):
    rows = ln.Artifact.filter(key__in=given["keys"])
    keys = {row.uid: row.key for row in rows}
    return {keys[uid]: value for uid, value in rows.each(given["work"]).items()}


def delete_storage(given):
    if "text" in given:
        open(given["path"], "w").write(given["text"])
    ln.core.storage.delete_storage(given["path"])
    return os.path.exists(given["path"])


def export(given):
    ln.setup.io.export(given["folder"], given["to"])
    told = _core.import_registries(_session.current(), given["folder"], "replace", [])
    return {"file": os.path.exists(os.path.join(given["folder"], "lamindb_ulabel.parquet")), "back": [sum(one[2] for one in told), sum(one[3] for one in told)]}


def source(given):
    made = ln.Transform.from_path(given["path"])
    return {"key": made.key, "kind": made.kind}


def save_source(given):
    row = ln.Transform.from_path(given["path"]).save()
    return {name: getattr(row, name) for name in ("key", "kind", "is_latest")}


def run(given):
    ln.track(key=given["key"], kind="script", source_code="")
    row = ln.Artifact(given["path"], key=given["output"]).save()
    ln.finish()
    row = ln.Artifact.get(row.uid)
    return {"made by": row.run.transform.key, "status": row.run._status_code}


def lineage(given):
    found = record(given).upstream(2)
    return [[found.nodes[edge.source].name, found.nodes[edge.target].name] for edge in found.edges]


def import_run(given):
    workflow = ln.integrations.import_run(given["path"])
    runs = [workflow, *ln.Run.filter(initiated_by_run=workflow).all()]
    return {run.transform.key: run._status_code for run in runs}


def diff_runs(given):
    before, after = (ln.Run.get(transform__key=given[name]) for name in ("before", "after"))
    diff = before.diff(after)
    return {"fields": [change["name"] for change in diff["fields"]], "only_before": len(diff["outputs"]["only_before"])}


def command(given):
    done = ln.core.run_command([given.get("program", "sh"), "-c", given["line"]], save_outputs=True, check=False)
    return {"status": done.exit_status, "inputs": [one.key for one in done.inputs], "outputs": [one.key for one in done.outputs]}


def verify(given):
    again = ln.core.rerun(ln.Artifact.get(key=given["key"]).run)
    return {"same": again.same, "outputs": {output["key"]: output["sameness"] for output in again.outputs}}


def import_(given):
    def counted():
        rows = cls(given).filter().all()
        return len(rows), sum(row.parents.count() for row in rows)

    before = counted()
    cls(given).import_source(path=given["path"], version=given["version"])
    return dict(zip(("created", "parents"), (now - then for now, then in zip(counted(), before))))


def bring(given):
    (path,) = bt.core.bring_release(given["path"], version=given.get("version"))
    return path.name


def validate(given):
    found = cls(given).inspect(given["values"], field=given.get("field"), mute=True)
    return {"valid": sorted(found.validated), "synonyms": found.synonyms_mapper if hasattr(found, "synonyms_mapper") else {}}


def standardize(given):
    return cls(given).standardize(given["values"])


def describe(given):
    text = record(given).describe(return_str=True)
    return [line in text for line in given["lines"]]


def below(given):
    term = bt.CellType.get(name=given["term"])
    return sorted(row.key for row in ln.Artifact.filter(**{given["relation"] + "__in": [term, *term.query_children()]}))


def term(given):
    known = cls(given).ontology_term(given["text"])
    return {"id": known.ontology_id, "relations": [f"{one.relation} {one.name}" for one in known.relations],
            "synonyms": [one.text for one in known.synonyms], "uses": [f"{one.registry} {one.count} {', '.join(one.some)}" for one in known.uses]}  # fmt: skip


def terms(given):
    return [f"{one.name}, registered" if one.is_registered else one.name for one in cls(given).ontology_search(given["text"])]


def move(given):
    row = cls(given).get(name=given["name"])
    cls(given).upgrade(to=given["to"], from_version=given["from"]).apply()
    after = cls(given).get(uid=row.uid).name
    cls(given).undo_upgrade(given["to"], from_version=given["from"])
    return [after, cls(given).get(uid=row.uid).name]


def tree(given):
    return repr(cls(given).ontology_tree(given["text"], down=given["down"])).splitlines()


def curate(given):
    curator = ln.curators.DataFrameCurator(pd.read_csv(given["path"]), ln.Schema.get(name=given["schema"]))
    curator.validate()
    return []


def rows(given):
    table = pd.read_csv(given["path"])
    known = ln.Record.filter(name=given["type"], is_type=True).one_or_none()
    ln.Record.from_dataframe(table if known is None else table[["name", "score"]], type=known or given["type"], name_field="name").save()
    return sorted(ln.Record.filter(type__name=given["type"]).to_list("name"))


def cells(given):
    found = ln.Record.get(name=given["type"]).check_rows(given["path"])
    return found[["place", "column", "value", "rule"]].to_numpy().tolist()


def note(given):
    row = record(given)
    block = getattr(ln.models, f"{type(row).__name__}Block")
    block(content=given["text"], kind=given["kind"], **{type(row).__name__.lower(): row}).save()
    return [text.content for text in row.ablocks.filter(kind=given["kind"]).order_by("id")]


def login(given):
    ln.setup.login(given["handle"], name=given["name"] or None)
    author = ln.ULabel(name=given["label"]).save().created_by
    ln.setup.logout()
    return {"handle": author.handle, "name": author.name}


def branch(given):
    ln.setup.switch(given["branch"], create=True)
    ln.ULabel(name=given["name"]).save()
    ln.setup.switch("main")
    before = left({"registry": "ULabel", "name": given["name"]})
    ln.setup.merge(given["branch"])
    return [before, left({"registry": "ULabel", "name": given["name"]})]


VERBS = {"list": list_, "import": import_} | {name: globals()[name] for name in (
    "create", "save_file", "save_dataset", "remove", "restore", "update", "get", "versions", "search", "annotate", "bring", "source", "save_source",
    "run", "command", "verify", "lineage", "import_run", "diff_runs", "validate", "standardize", "describe", "below", "term", "terms", "move", "tree", "curate", "rows", "cells", "branch", "note", "login",
    "save_real", "rekey", "replace", "copy", "from_dir", "from_lazy", "show", "index", "each", "delete_storage", "export")}  # fmt: skip


def code_of(error):
    if isinstance(error, AttributeError) and not hasattr(error, "code"):
        return "invalid_argument"  # a class lacks the methods that its registry does not support
    if hasattr(error, "code"):
        return error.code
    for code, name, *_ in ln._core.error_codes():
        if isinstance(error, getattr(ln.errors, name, ())):
            return code
    return f"bug: {type(error).__name__}"


def main():
    for line in sys.stdin:
        request = json.loads(line)
        try:
            said = {"answer": VERBS[request["verb"]](request["given"])}
        except Exception as error:
            said = {"error": code_of(error), "message": str(error)}
        ANSWERS.write(json.dumps(said) + "\n")


main()
