"""The faces: each carries out a verb of cases.py and answers as JSON, or with the code and message of an error."""
import json
import re
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[2]
CODES = {2: "invalid_argument", 3: "unknown_field", 4: "validation", 5: "not_found", 6: "multiple_found", 7: "conflict", 8: "protected_row",
         9: "no_access", 10: "not_configured", 11: "unavailable", 12: "corrupt", 13: "unsupported"}  # fmt: skip


class Program:
    """A face that is a process: one request per line in, one answer per line out."""

    def __init__(self, command, folder):
        self._process = subprocess.Popen([str(word) for word in command], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __call__(self, verb, given):
        self._process.stdin.write(json.dumps({"verb": verb, "given": given}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the face died at {verb} {given}"
        return json.loads(line)

    def close(self):
        self._process.stdin.close()
        assert self._process.wait(60) == 0


def cpp(folder):
    return Program([ROOT / "build" / "release" / "bin" / "face"], folder)


def python(folder):
    return Program([sys.executable, Path(__file__).with_name("face.py")], folder)


class Shell:
    """The face of a shell script: one command per verb, what it prints, its exit status."""

    def __init__(self, folder):
        self._folder, self._lamin = folder, Path(sys.executable).parent / "lamin"

    def close(self):
        pass

    def __call__(self, verb, given):
        try:
            return {"answer": getattr(self, verb)(given)}
        except Failed as failed:
            return {"error": failed.code, "message": failed.message}

    def _run(self, *words, may_be_invalid=False):
        done = subprocess.run([str(self._lamin), *map(str, words)], cwd=self._folder, capture_output=True, text=True, timeout=60)
        if done.returncode == 0 or (may_be_invalid and done.returncode == 4):
            return done.stdout
        raise Failed(CODES.get(done.returncode, f"status {done.returncode}"), done.stderr)

    def _which(self, given):
        entity = entity_of(given.get("registry", "Artifact"))
        return [entity, *(["--key", given["key"]] if "key" in given else ["--name", given["name"]])]

    def _rows(self, registry, where=None, columns=None):
        words = [entity_of(registry), "--json", "--limit", "all", *(["--where", where] if where else [])]
        return [json.loads(line) for line in self._run("list", *words, *(["--columns", columns] if columns else [])).splitlines()]

    def _left(self, given):
        field = "key" if "key" in given else "name"
        same = f"{field} = '{given[field]}'"
        seen = len(self._rows(given.get("registry", "Artifact"), same))
        return {"seen": seen, "rows": len(self._rows(given.get("registry", "Artifact"), f"{same} and branch_id > -99"))}

    def _artifact(self, uid):
        row = json.loads(self._run("get", "artifact", "--uid", uid, "--json"))
        return {**{name: row[name] for name in ("key", "suffix", "kind", "size", "is_latest")}, "version": row["uid"][16:]}

    def create(self, given):
        fields = dict(given["fields"])
        words = ["--dtype", fields.pop("_dtype_str")] if "_dtype_str" in fields else []
        name = fields.pop("name")
        self._run("create", entity_of(given["registry"]), name, *words, *(word for field, value in fields.items() for word in ("--set", f"{field}={shown(value)}")))
        return {"name": name}

    def save_file(self, given):
        words = [word for name in ("key", "kind", "links") if given.get(name) for word in (f"--{name}", given[name])]
        return self._artifact(self._run("save", given["path"], "--registry", "artifact", *words).strip())

    def save_dataset(self, given):
        uid = self._run("save", given["path"], "--key", given["key"], "--schema", given["schema"]).strip()
        row = self._rows("Artifact", f"uid = '{uid}'", "key,kind,otype,n_observations,schema.name")[0]
        return {**{name: row[name] for name in ("key", "kind", "otype", "n_observations")}, "schema": row["schema.name"]}

    def remove(self, given):
        words = [] if not given.get("permanent") else ["--permanent", *(["--storage"] if given.get("storage") else [])]
        self._run("delete", *self._which(given), *words)
        return self._left(given)

    def restore(self, given):
        field = "key" if "key" in given else "name"
        row = self._rows(given.get("registry", "Artifact"), f"{field} = '{given[field]}' and branch_id = -1")[0]
        self._run("restore", entity_of(given.get("registry", "Artifact")), "--uid", row["uid"])
        return self._left(given)

    def update(self, given):
        self._run("update", *self._which(given), *(word for field, value in given["fields"].items() for word in ("--set", f"{field}={shown(value)}")))
        return self.get({**given, "fields": list(given["fields"])})

    def get(self, given):
        row = json.loads(self._run("get", *self._which(given), "--json"))
        return {name: row[name] for name in given["fields"]}

    def versions(self, given):
        return re.findall(r"^\w{16}(\w{4})\s", self._run("versions", *self._which(given)), re.M)

    def list(self, given):
        return sorted(row.get("name") or row.get("key") for row in self._rows(given["registry"], given.get("where")))

    def search(self, given):
        found = self._run("search", given["text"], "--registry", entity_of(given["registry"]), "--json")
        return [json.loads(line)["record"]["name"] for line in found.splitlines()]

    def annotate(self, given):
        words = [word for registry, name in given.get("labels", {}).items() for word in ("--label", f"{entity_of(registry)}={name}")]
        words += [word for name, value in given.get("features", {}).items() for word in ("--features", f"{name}={value}")]
        self._run("annotate", *self._which(given), *words)
        tree = json.loads(self._run("describe", *self._which(given), "--json"))
        rows = next((part["children"][0]["rows"] for part in tree["children"] if part.get("title") == "Features"), [])
        return {name: json.loads(values) for name, _, values in rows}

    def _content(self, key):
        [path] = self._run("load", "--key", key).splitlines()
        return Path(path).read_text()

    def _store(self):
        return Path(self._folder) / "store"

    def save_real(self, given):
        self._run("save", given["path"], "--key", given["key"], "--real-key")
        return {"at": given["key"] if (self._store() / given["key"]).exists() else None, "content": self._content(given["key"])}

    def rekey(self, given):
        before = self._store() / given["key"]
        self._run("update", "artifact", "--key", given["key"], "--set", f"key={given['to']}")
        return {"at": given["to"] if (self._store() / given["to"]).exists() else None, "content": self._content(given["to"]), "there": before.exists()}

    def replace(self, given):
        row = json.loads(self._run("replace", given["path"], "--key", given["key"], "--json"))
        return {"content": self._content(given["key"]), "version": row["uid"][16:], "size": row["size"]}

    def copy(self, given):
        Path(given["to"]).mkdir(exist_ok=True)
        return Path(self._run("cp", given["key"], given["to"] + "/", "--replace").strip()).read_text()

    def from_dir(self, given):
        said = self._run("save", given["path"], "--each", "--key", given["key"], "--json")
        return sorted(json.loads(line)["key"] for line in said.splitlines())

    def from_lazy(self, given):
        written = Path(self._folder) / f"lazy{given['suffix']}"
        written.write_text(given["text"])
        row = json.loads(self._run("save", written, "--key", given["key"], "--json"))
        return {"key": row["key"], "content": self._content(row["key"])}

    def show(self, given):
        out = self._run("show", given["key"])
        return [line in out for line in given["lines"]]

    def index(self, given):
        uid = self._run("save", given["path"], "--key", given["key"]).strip()
        path = self._run("each", "index", "--where", f"uid = '{uid}'", "--to", given["to"]).split()[1]
        return list(pq.read_schema(path).names)

    def each(self, given):
        keys = {row["uid"]: row["key"] for row in self._rows("Artifact", columns="uid,key")}
        names = ", ".join(f"'{key}'" for key in given["keys"])
        said = self._run("each", given["work"], "--where", f"key in ({names})" if names else "key = ''", "--json")
        return {keys[one["uid"]]: one[given["work"]] for one in map(json.loads, said.splitlines())}

    def delete_storage(self, given):
        if "text" in given:
            Path(given["path"]).write_text(given["text"])
        self._run("delete", "--path", given["path"])
        return Path(given["path"]).exists()

    def export(self, given):
        self._run("export", given["folder"], "--to", given["to"])
        done = subprocess.run([self._lamin, "io", "importdb", "--input-dir", given["folder"]], cwd=self._folder, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        back = [int(number) for number in re.search(r"(\d+) rows were written, (\d+) were", done.stderr).groups()]
        return {"file": (Path(given["folder"]) / "lamindb_ulabel.parquet").exists(), "back": back}

    def source(self, given):
        uid = self._run("save", given["path"], "--registry", "transform").strip()
        row = json.loads(self._run("get", "transform", "--uid", uid, "--json"))
        self._run("delete", "transform", "--uid", uid, "--permanent")
        return {"key": row["key"], "kind": row["kind"]}

    def save_source(self, given):
        uid = self._run("save", given["path"]).strip()
        row = json.loads(self._run("get", "transform", "--uid", uid, "--json"))
        return {name: row[name] for name in ("key", "kind", "is_latest")}

    def run(self, given):
        self._run("track", "--key", given["key"])
        uid = self._run("save", given["path"], "--key", given["output"]).strip()
        self._run("finish")
        row = self._rows("Artifact", f"uid = '{uid}'", "run.transform.key,run._status_code")[0]
        return {"made by": row["run.transform.key"], "status": row["run._status_code"]}

    def lineage(self, given):
        told = json.loads(self._run("lineage", *self._which(given), "--up", "--depth", "2", "--json"))
        names = {node["id"]: node["name"] for node in told["nodes"]}
        return [[names[edge["from"]], names[edge["to"]]] for edge in told["edges"]]

    def import_run(self, given):
        uid = self._run("import-run", given["path"]).strip()
        rows = self._rows("Run", f"uid = '{uid}' or initiated_by_run.uid = '{uid}'", "transform.key,_status_code")
        return {row["transform.key"]: row["_status_code"] for row in rows}

    def diff_runs(self, given):
        found = [self._rows("Run", f"transform.key = '{given[name]}'", "uid") for name in ("before", "after")]
        uids = [rows[0]["uid"] if rows else given["before"] for rows in found]
        diff = json.loads(self._run("diff", "run", *uids, "--json"))
        return {"fields": [change["name"] for change in diff["fields"]], "only_before": len(diff["outputs"]["only_before"])}

    def command(self, given):
        told = self._folder / "told.json"
        told.unlink(missing_ok=True)
        words = ["run", "--quiet", "--save-outputs", "--json", told, "--", given.get("program", "sh"), "-c", given["line"]]
        done = subprocess.run([str(self._lamin), *map(str, words)], cwd=self._folder, capture_output=True, text=True, timeout=60)
        answer = json.loads(told.read_text())
        if "error" in answer:
            assert CODES[done.returncode] == answer["error"]["code"]
            raise Failed(CODES[done.returncode], done.stderr)
        assert done.returncode == answer["exit_status"]
        keys = {row["uid"]: row["key"] for row in self._rows("Artifact", columns="uid,key")}
        return {"status": done.returncode, "inputs": [keys[uid] for uid in answer["inputs"]], "outputs": [keys[uid] for uid in answer["outputs"]]}

    def verify(self, given):
        answer = json.loads(self._run("verify", given["key"], "--json"))
        return {"same": answer["same"], "outputs": {output["key"]: output["sameness"] for output in answer["outputs"]}}

    # `import` is a Python keyword.
    def import_(self, given):
        done = subprocess.run([self._lamin, "import", entity_of(given["registry"]), given["path"], "--source", given["source"], "--version", given["version"]],
                              cwd=self._folder, capture_output=True, text=True, timeout=60)  # fmt: skip
        if done.returncode:
            raise Failed(CODES[done.returncode], done.stderr)
        return {"created": int(re.search(r"(\d+) created", done.stderr)[1]), "parents": int(re.search(r"(\d+) parent", done.stderr)[1])}

    def bring(self, given):
        words = ["--version", given["version"]] if "version" in given else []
        return Path(self._run("ontology", "add", given["path"], *words).strip()).name

    def validate(self, given):
        words = [word for value in given["values"] for word in ("--value", value)] + (["--field", given["field"]] if "field" in given else [])
        out = self._run("validate", entity_of(given["registry"]), *words, may_be_invalid=True)
        invalid = {line.split(maxsplit=1)[0]: None for line in out.splitlines()}
        synonyms = dict(re.findall(r"^synonym +(.*) -> (.*)$", out, re.M))
        unknown = re.findall(r"^unknown +(.*?)(?:   nearest:.*)?$", out, re.M)
        assert invalid.keys() <= {"synonym", "unknown"}, out
        return {"valid": sorted(set(given["values"]) - set(synonyms) - set(unknown)), "synonyms": synonyms}

    def standardize(self, given):
        return self._run("standardize", entity_of(given["registry"]), *(word for value in given["values"] for word in ("--value", value))).splitlines()

    def describe(self, given):
        out = self._run("describe", *self._which(given))
        return [line in out for line in given["lines"]]

    def below(self, given):
        out = self._run("list", "artifact", "--any", f"{given['relation']}={given['term']}", "--json")
        return sorted(json.loads(line)["key"] for line in out.splitlines())

    def term(self, given):
        known = json.loads(self._run("ontology", "show", entity_of(given["registry"]), given["text"], "--report", "json"))
        rows = {part["title"]: part["rows"] for part in known["children"]}
        return {"id": known["title"].partition(" ")[0], "relations": [f"{relation} {name}" for relation, _, name in rows["relations"]],
                "synonyms": [row[0] for row in rows["synonyms"]], "uses": [" ".join(row) for row in rows["used by"]]}  # fmt: skip

    def terms(self, given):
        rows = self._run("ontology", "search", entity_of(given["registry"]), given["text"]).splitlines()[1:]
        words = [re.split(r"  +", row.rstrip()) for row in rows]
        return [f"{row[1]}, registered" if "yes" in row else row[1] for row in words]

    def move(self, given):
        entity, names = entity_of(given["registry"]), []
        uid = json.loads(self._run("get", entity, "--name", given["name"], "--json"))["uid"]
        for verb in ("apply", "undo"):
            self._run("ontology", verb, entity, given["from"], given["to"])
            names.append(json.loads(self._run("get", entity, "--uid", uid, "--json"))["name"])
        return names

    def tree(self, given):
        return self._run("ontology", "tree", entity_of(given["registry"]), given["text"], "--down", given["down"]).splitlines()

    def curate(self, given):
        said = self._run("curate", given["path"], "--schema", given["schema"], "--report", "json", may_be_invalid=True)
        return [problem["message"] for problem in json.loads(said)["files"][0]["problems"]]

    def rows(self, given):
        self._run("import", "record", given["path"], "--type", given["type"])
        return sorted(row["name"] for row in self._rows("Record", f"type.name = '{given['type']}'", "name"))

    def cells(self, given):
        said = self._run("import", "record", given["path"], "--type", given["type"], "--check", "--json", may_be_invalid=True)
        found = [json.loads(line) for line in said.splitlines()]
        return [[one[name] for name in ("place", "column", "value", "rule")] for one in found]

    def note(self, given):
        if given["kind"] == "readme":
            path = Path(self._folder) / "note.md"
            path.write_text(given["text"])
            words = ["--readme", path]
        else:
            words = ["--comment", given["text"]]
        self._run("annotate", *self._which(given), *words)
        entity, option, value = self._which(given)
        block = {"artifact": "ArtifactBlock", "ulabel": "ULabelBlock"}[entity]
        return [row["content"] for row in self._rows(block, f"{entity}.{option[2:]} = '{value}' and kind = '{given['kind']}'", "content")][::-1]

    def login(self, given):
        self._run("login", given["handle"], *(["--name", given["name"]] if given["name"] else []))
        self._run("create", "ulabel", given["label"])
        self._run("logout")
        row = self._rows("ULabel", f"name = '{given['label']}'", "created_by.handle,created_by.name")[0]
        return {"handle": row["created_by.handle"], "name": row["created_by.name"]}

    def branch(self, given):
        self._run("switch", "--create", given["branch"])
        self._run("create", "ulabel", given["name"])
        self._run("switch", "main")
        label = {"registry": "ULabel", "name": given["name"]}
        before = self._left(label)
        self._run("merge", given["branch"])
        return [before, self._left(label)]


setattr(Shell, "import", Shell.import_)


class Failed(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code, self.message = code, message


def shown(value):
    return str(value).lower() if isinstance(value, bool) else value


def entity_of(registry):
    """A registry as the shell calls it: bionty.CellType -> cell_type."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", registry.rpartition(".")[2]).lower()


FACES = {"cpp": cpp, "shell": Shell, "python": python}
