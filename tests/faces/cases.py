"""What the product does, verb by verb: the first table to read. Each case is carried out by every face on both
databases, and each must give this answer or this error. A new face is one more column in faces.py.

A case is a verb, its arguments, and the answer or `refused(code, words that the message holds)`. The cases run in this
order, in one instance; `{data}` is the folder that `prepare` fills, `{root}` the checkout."""
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Refused:
    code: str
    says: tuple


def refused(code, *says):
    return Refused(code, says)


TEXT = {"suffix": ".txt", "kind": None, "is_latest": True}
CELL = "bionty.CellType"

OBO = """format-version: 1.2
ontology: cl

[Term]
id: CL:0000000
name: cell

[Term]
id: CL:0000084
name: T cell
synonym: "T-cell" EXACT []
synonym: "T lymphocyte" EXACT []
is_a: CL:0000000 ! cell

[Term]
id: CL:0000236
name: B cell
synonym: "B lymphocyte" EXACT []
is_a: CL:0000000 ! cell

[Term]
id: CL:0000815
name: regulatory T cell
synonym: "Treg" EXACT []
is_a: CL:0000084 ! T cell
"""


TRACE = """{"workflow": {"engine": "make", "id": "build 7", "name": "count", "status": "completed", "outputs": ["made/counts.tsv"]},
  "tasks": [{"id": "build 7/1", "process": "COUNT", "source": "wc -l", "outputs": ["made/counts.tsv"], "status": "completed"},
            {"id": "build 7/2", "process": "CHECK", "inputs": ["made/counts.tsv"], "status": "failed", "exit": 2}]}"""


def write_cells(path: Path):
    import anndata
    import numpy
    import pandas

    obs = pandas.DataFrame({"cell_type": ["T cell", "B cell"]}, index=["c1", "c2"])
    anndata.AnnData(numpy.ones((2, 1), dtype="f4"), obs=obs, var=pandas.DataFrame(index=["g1"])).write_h5ad(path)


def prepare(data: Path):
    """The files that the cases save."""
    files = {
        "a.txt": "first", "a2.txt": "second", "a3.txt": "third", "b.txt": "other", "c.txt": "chosen", "run.txt": "made by a run",
        "doomed.txt": "doomed", "gone.txt": "gone", "folder/x.txt": "x", "folder/sub/y.txt": "y", "cells.obo": OBO, "later.obo": OBO.replace("name: B cell", "name: B lymphocyte cell"), "broken.obo": "no ontology",
        "good.csv": "cell_type,score\nT cell,1\nB cell,2\n", "typo.csv": "cell_type,score\nT cel,1\nB cell,2\n",
        "plate.csv": "name,score,remark\nA1,1,\nA2,2,\n", "strange.csv": "name,unheard\nA1,1\n",
        "wrong.csv": "name,score\nA3,3\nA4,high\nA5,1.5\n",
        "text.csv": "cell_type,score\nT cell,high\nB cell,2\n", "short.csv": "score\n1\n2\n",
        "trace.json": TRACE, "no_trace.json": '{"tasks": []}', "made/counts.tsv": "a\t1\n",
        "analysis.py": "print('analysis')\n", "notes.ipynb": '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        "project/.lamin/current_instance": "", "project/steps/one.py": "print(1)\n",
    }  # fmt: skip
    for name, text in files.items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_text(text)
    for name in ("one", "two"):
        (data / "several").mkdir(exist_ok=True)
        (data / "several" / f"{name}.txt").write_text(f"the file {name}")
    write_cells(data / "cells.h5ad")
    (data / "piped").mkdir()
    os.mkfifo(data / "piped" / "pipe")


CASES = [
    # -- any record ------------------------------------------------------------------------------------------------------------
    ("create", {"registry": "ULabel", "fields": {"name": "donor 1", "description": "a donor"}}, {"name": "donor 1"}),
    ("create", {"registry": "ULabel", "fields": {"name": "donor 1"}}, {"name": "donor 1"}),  # is found again
    ("list", {"registry": "ULabel"}, ["donor 1"]),
    ("create", {"registry": "ULabel", "fields": {"name": "Treatment", "is_type": True}}, {"name": "Treatment"}),
    ("create", {"registry": "ULabel", "fields": {"name": "drug", "type": "Treatment"}}, {"name": "drug"}),
    ("create", {"registry": "ULabel", "fields": {"name": "sham", "type": "donor 1"}}, refused("validation", "type", "donor 1")),
    ("create", {"registry": "ULabel", "fields": {"name": "x", "descripton": "typo"}}, refused("unknown_field", "descripton", "description")),
    ("create", {"registry": "Project", "fields": {"name": "Atlas", "abbr": "ATL"}}, {"name": "Atlas"}),
    ("create", {"registry": "Feature", "fields": {"name": "score", "_dtype_str": "int"}}, {"name": "score"}),
    ("create", {"registry": "Feature", "fields": {"name": "cell_type", "_dtype_str": f"cat[{CELL}]"}}, {"name": "cell_type"}),
    ("create", {"registry": "Feature", "fields": {"name": "temperature", "_dtype_str": "float"}}, {"name": "temperature"}),
    ("create", {"registry": "Feature", "fields": {"name": "bad", "_dtype_str": "intt"}}, refused("validation", "intt")),
    ("create", {"registry": "Feature", "fields": {"name": "score", "_dtype_str": "float"}}, refused("validation", "score", "int")),
    ("create", {"registry": "Reference", "fields": {"name": "paper", "url": "no url"}}, refused("validation", "url", "no url")),
    ("update", {"registry": "ULabel", "name": "donor 1", "fields": {"description": "the first donor"}}, {"description": "the first donor"}),
    ("update", {"registry": "ULabel", "name": "nobody", "fields": {"description": "x"}}, refused("not_found", "nobody")),
    ("update", {"registry": "ULabel", "name": "donor 1", "fields": {"descripton": "x"}}, refused("unknown_field", "descripton")),
    ("get", {"registry": "ULabel", "name": "donor 1", "fields": ["name", "description"]}, {"name": "donor 1", "description": "the first donor"}),
    ("get", {"registry": "ULabel", "name": "nobody", "fields": ["name"]}, refused("not_found", "nobody")),
    # -- files -----------------------------------------------------------------------------------------------------------------
    ("save_file", {"path": "{data}/a.txt", "key": "a.txt"}, {**TEXT, "key": "a.txt", "size": 5, "version": "0000"}),
    ("save_file", {"path": "{data}/a.txt", "key": "a.txt"}, {**TEXT, "key": "a.txt", "size": 5, "version": "0000"}),  # is found again
    ("save_file", {"path": "{data}/a2.txt", "key": "a.txt"}, {**TEXT, "key": "a.txt", "size": 6, "version": "0001"}),
    ("save_file", {"path": "{data}/a3.txt", "key": "a.txt", "kind": "model"}, {**TEXT, "key": "a.txt", "size": 5, "version": "0002", "kind": "model"}),
    ("versions", {"key": "a.txt"}, ["0002", "0001", "0000"]),
    ("get", {"key": "a.txt", "fields": ["size", "is_latest"]}, {"size": 5, "is_latest": True}),  # the latest version
    ("save_file", {"path": "{data}/b.txt", "key": "b.csv"}, refused("invalid_argument", "suffix", ".csv")),
    ("save_file", {"path": "{data}/b.txt", "key": "../b.txt"}, refused("invalid_argument", "..")),
    ("save_file", {"path": "{data}/missing.txt", "key": "missing.txt"}, refused("not_found", "missing.txt")),
    ("save_file", {"path": "{data}/folder", "key": "folder"}, {"key": "folder", "suffix": "", "kind": None, "size": 2, "is_latest": True, "version": "0000"}),
    ("save_file", {"path": "{data}/piped", "key": "piped"}, refused("invalid_argument", "pipe")),
    ("save_file", {"path": "{data}/folder", "key": "folder2", "links": "sometimes"}, refused("invalid_argument", "sometimes", "follow")),
    ("versions", {"registry": "ULabel", "name": "donor 1"}, refused("invalid_argument", "ULabel", "versions")),
    # -- deleting --------------------------------------------------------------------------------------------------------------
    ("save_file", {"path": "{data}/doomed.txt", "key": "doomed.txt"}, {**TEXT, "key": "doomed.txt", "size": 6, "version": "0000"}),
    ("remove", {"key": "doomed.txt"}, {"seen": 0, "rows": 1}),
    ("get", {"key": "doomed.txt", "fields": ["size"]}, refused("not_found", "doomed.txt")),
    ("restore", {"key": "doomed.txt"}, {"seen": 1, "rows": 1}),
    ("remove", {"key": "doomed.txt", "permanent": True}, {"seen": 0, "rows": 0}),
    ("remove", {"key": "doomed.txt"}, refused("not_found", "doomed.txt")),
    ("remove", {"key": "a.txt"}, {"seen": 2, "rows": 3}),  # the previous version is the latest again
    ("get", {"key": "a.txt", "fields": ["size", "is_latest"]}, {"size": 6, "is_latest": True}),
    ("save_file", {"path": "{store}/chosen.txt", "key": ""}, {**TEXT, "key": "chosen.txt", "size": 6, "version": "0000"}),  # in place
    ("remove", {"key": "chosen.txt", "permanent": True}, refused("invalid_argument", "storage")),  # its name is the user's own
    ("remove", {"key": "chosen.txt", "permanent": True, "storage": True}, {"seen": 0, "rows": 0}),
    ("remove", {"registry": "ULabel", "name": "Treatment"}, {"seen": 0, "rows": 1}),
    ("list", {"registry": "ULabel"}, ["donor 1"]),  # what is of the type was deleted with it
    ("restore", {"registry": "ULabel", "name": "Treatment"}, {"seen": 1, "rows": 1}),
    ("create", {"registry": "ULabel", "fields": {"name": "brief"}}, {"name": "brief"}),
    ("remove", {"registry": "ULabel", "name": "brief", "permanent": True}, {"seen": 0, "rows": 0}),
    ("remove", {"registry": "ULabel", "name": "brief", "permanent": True}, refused("not_found", "brief")),
    # -- ontologies and labels -------------------------------------------------------------------------------------------------
    ("import", {"registry": CELL, "path": "{data}/cells.obo", "source": "cl", "version": "1"}, {"created": 4, "parents": 3}),
    ("import", {"registry": CELL, "path": "{data}/cells.obo", "source": "cl", "version": "1"}, {"created": 0, "parents": 0}),
    ("import", {"registry": CELL, "path": "{data}/broken.obo", "source": "cl", "version": "1"}, refused("corrupt", "broken.obo")),
    ("import", {"registry": CELL, "path": "{data}/none.obo", "source": "cl", "version": "1"}, refused("not_found", "none.obo")),
    ("bring", {"path": "{data}/cells.obo", "version": "7"}, "cl-7.obo"),
    ("bring", {"path": "{data}/cells.obo"}, refused("invalid_argument", "cells.obo", "states no version")),
    ("bring", {"path": "{data}/none.obo"}, refused("not_found", "none.obo")),
    ("validate", {"registry": CELL, "values": ["T cell", "T-cell", "T cel"]}, {"valid": ["T cell"], "synonyms": {"T-cell": "T cell"}}),
    ("validate", {"registry": CELL, "values": ["CL:0000084", "CL:1"], "field": "ontology_id"}, {"valid": ["CL:0000084"], "synonyms": {}}),
    ("validate", {"registry": CELL, "values": ["T cell"], "field": "ontologyid"}, refused("unknown_field", "ontologyid", "ontology_id")),
    ("standardize", {"registry": CELL, "values": ["T-cell", "Treg", "unheard of"]}, ["T cell", "regulatory T cell", "unheard of"]),
    ("search", {"registry": CELL, "text": "regulatory T"}, ["regulatory T cell"]),
    ("annotate", {"key": "a.txt", "labels": {CELL: "regulatory T cell"}}, {}),
    ("below", {"relation": "cell_types", "term": "T cell"}, ["a.txt"]),
    ("below", {"relation": "cell_types", "term": "B cell"}, []),
    ("below", {"relation": "cell_types", "term": "T cel"}, refused("not_found", "T cel")),
    ("below", {"relation": "cell_typs", "term": "T cell"}, refused("unknown_field", "cell_typs")),
    ("list", {"registry": "Artifact", "where": "cell_types.ancestors = 'T cell'", "filter": {"cell_types__ancestors": "T cell"}}, ["a.txt"]),
    ("list", {"registry": "Artifact", "where": "cell_types.within = 'B cell'", "filter": {"cell_types__within": "B cell"}}, []),
    ("list", {"registry": "Artifact", "where": "cell_types.within = 'T cel'", "filter": {"cell_types__within": "T cel"}}, refused("not_found", "T cel", "T cell")),
    ("term", {"registry": CELL, "text": "Treg"},
     {"id": "CL:0000815", "relations": ["is_a T cell"], "synonyms": ["Treg"], "uses": ["Artifact 1 a.txt"]}),
    ("term", {"registry": CELL, "text": "T ceil"}, refused("not_found", "T ceil", "T cell")),
    ("terms", {"registry": CELL, "text": "regulatory T"}, ["regulatory T cell, registered"]),
    ("terms", {"registry": CELL, "text": " "}, refused("invalid_argument", "nothing to search for")),
    ("bring", {"path": "{data}/later.obo", "version": "8"}, "cl-8.obo"),
    ("move", {"registry": CELL, "from": "1", "to": "8", "name": "B cell"}, ["B lymphocyte cell", "B cell"]),  # and back
    ("move", {"registry": CELL, "from": "5", "to": "8", "name": "B cell"}, refused("not_found", "'5'", "they are of 1")),
    ("tree", {"registry": CELL, "text": "cell", "down": 1}, ["CL:0000000 cell", "├── CL:0000236 B cell", "└── CL:0000084 T cell (+1)"]),
    ("tree", {"registry": CELL, "text": "nothing like it", "down": 1}, refused("not_found", "nothing like it")),
    ("annotate", {"key": "a.txt", "labels": {CELL: "unheard of"}}, refused("not_found", "unheard of")),
    ("annotate", {"key": "nothing.txt", "labels": {CELL: "T cell"}}, refused("not_found", "nothing.txt")),
    ("note", {"key": "a.txt", "kind": "readme", "text": "# One"}, ["# One"]),
    ("note", {"key": "a.txt", "kind": "readme", "text": "# Two"}, ["# One", "# Two"]),  # its next version
    ("note", {"registry": "ULabel", "name": "donor 1", "kind": "comment", "text": "asked again"}, ["asked again"]),
    ("note", {"key": "a.txt", "kind": "comment", "text": " "}, refused("invalid_argument", "comment", "empty")),
    ("note", {"key": "nothing.txt", "kind": "readme", "text": "x"}, refused("not_found", "nothing.txt")),
    # -- values of features ----------------------------------------------------------------------------------------------------
    ("annotate", {"key": "a.txt", "features": {"temperature": 21.5}}, {"temperature": 21.5}),
    ("annotate", {"key": "a.txt", "features": {"temperature": 22.5}}, {"temperature": 22.5}),  # replaces it
    ("annotate", {"key": "a.txt", "features": {"temprature": 1.5}}, refused("validation", "temprature")),
    ("annotate", {"key": "a.txt", "features": {"temperature": "warm"}}, refused("validation", "temperature", "warm")),
    ("list", {"registry": "Artifact", "where": "temperature > 22", "filter": {"temperature__gt": 22}}, ["a.txt"]),
    ("list", {"registry": "Artifact", "where": "cell_types.name = 'regulatory T cell'", "filter": {"cell_types__name": "regulatory T cell"}}, ["a.txt"]),
    ("list", {"registry": "Artifact", "where": "cell_types.nam = 'x'", "filter": {"cell_types__nam": "x"}}, refused("unknown_field", "nam", "name")),
    ("list", {"registry": "Artifact", "where": "size.gtt = 3", "filter": {"size__gtt": 3}}, refused("unknown_field", "gtt")),
    # -- datasets --------------------------------------------------------------------------------------------------------------
    ("curate", {"schema": "typed cells", "path": "{data}/good.csv"}, []),
    ("save_dataset", {"schema": "typed cells", "path": "{data}/good.csv", "key": "good.csv"},
     {"key": "good.csv", "kind": "dataset", "otype": "DataFrame", "n_observations": 2, "schema": "typed cells"}),
    ("list", {"registry": "Artifact", "where": "cell_types.name = 'B cell'", "filter": {"cell_types__name": "B cell"}}, ["good.csv"]),
    ("save_dataset", {"schema": "typed cells", "path": "{data}/typo.csv", "key": "typo.csv"}, refused("validation", "T cel", "T cell")),
    ("save_dataset", {"schema": "typed cells", "path": "{data}/text.csv", "key": "text.csv"}, refused("validation", "score")),
    ("save_dataset", {"schema": "typed cells", "path": "{data}/short.csv", "key": "short.csv"}, refused("validation", "cell_type")),
    ("save_dataset", {"schema": "typed cells", "path": "{data}/gone.csv", "key": "gone.csv"}, refused("not_found", "gone.csv")),
    ("save_dataset", {"schema": "only parquet", "path": "{data}/good.csv", "key": "other.csv"}, refused("validation", ".parquet", ".csv")),
    ("list", {"registry": "Artifact", "where": "key in ('typo.csv', 'text.csv', 'short.csv', 'other.csv')",
               "filter": {"key__in": ["typo.csv", "text.csv", "short.csv", "other.csv"]}}, []),  # nothing half-done
    ("describe", {"key": "good.csv", "lines": ["good.csv", "Dataset features", "cell_type", "T cell", "nonsense"]}, [True, True, True, True, False]),
    ("describe", {"key": "none.csv", "lines": []}, refused("not_found", "none.csv")),
    # -- sheets ----------------------------------------------------------------------------------------------------------------
    ("create", {"registry": "Record", "fields": {"name": "Samples", "is_type": True, "schema": "typed cells"}}, {"name": "Samples"}),
    ("create", {"registry": "Record", "fields": {"name": "sample 1", "type": "Samples"}}, refused("validation", "cell_type")),
    ("list", {"registry": "Record"}, ["Samples"]),
    ("create", {"registry": "Record", "fields": {"name": "Below", "is_type": True, "type": "Samples"}}, refused("validation", "Samples")),
    # -- lineage ---------------------------------------------------------------------------------------------------------------
    ("source", {"path": "{data}/analysis.py"}, {"key": "data/analysis.py", "kind": "script"}),
    ("source", {"path": "{data}/notes.ipynb"}, {"key": "data/notes.ipynb", "kind": "notebook"}),
    ("source", {"path": "{data}/nothing.py"}, refused("not_found", "nothing.py")),
    ("save_source", {"path": "{data}/analysis.py"}, {"key": "data/analysis.py", "kind": "script", "is_latest": True}),
    ("run", {"key": "make.sh", "path": "{data}/run.txt", "output": "run.txt"}, {"made by": "make.sh", "status": 0}),
    ("describe", {"key": "run.txt", "lines": ["make.sh"]}, [True]),
    ("lineage", {"key": "run.txt"}, [["make.sh", "run.txt"]]),
    ("lineage", {"key": "nothing.txt"}, refused("not_found", "nothing.txt")),
    ("import_run", {"path": "{data}/trace.json"}, {"count": 0, "count/CHECK": 1, "count/COUNT": 0}),
    ("import_run", {"path": "{data}/trace.json"}, {"count": 0, "count/CHECK": 1, "count/COUNT": 0}),  # again: nothing new
    ("import_run", {"path": "{data}/no_trace.json"}, refused("invalid_argument", "engine")),
    ("import_run", {"path": "{data}/nothing.json"}, refused("not_found", "nothing.json")),
    ("diff_runs", {"before": "count/COUNT", "after": "count/CHECK"}, {"fields": ["status", "transform"], "only_before": 1}),
    ("diff_runs", {"before": "count/COUNT", "after": "count/COUNT"}, {"fields": [], "only_before": 0}),
    ("diff_runs", {"before": "count/NOTHING", "after": "count/COUNT"}, refused("not_found", "count/NOTHING")),
    ("command", {"line": "cat {data}/run.txt {data}/run.txt > {data}/twice.txt"}, {"status": 0, "inputs": ["run.txt"], "outputs": ["data/twice.txt"]}),
    ("command", {"line": "echo once > {data}/failed.txt; exit 3"}, {"status": 3, "inputs": [], "outputs": []}),
    ("command", {"line": "x", "program": "nothing-like-this"}, refused("not_found", "nothing-like-this")),
    ("verify", {"key": "data/twice.txt"}, {"same": True, "outputs": {"data/twice.txt": "bytes"}}),
    ("verify", {"key": "run.txt"}, refused("unsupported", "no source code is kept")),
    # -- where content is ------------------------------------------------------------------------------------------------------
    ("save_real", {"path": "{data}/b.txt", "key": "real/b.txt"}, {"at": "real/b.txt", "content": "other"}),
    ("rekey", {"key": "real/b.txt", "to": "real/c.txt"}, {"at": "real/c.txt", "content": "other", "there": False}),
    ("rekey", {"key": "real/c.txt", "to": "real/c.csv"}, refused("invalid_argument", "suffix", ".csv")),
    ("rekey", {"key": "none.txt", "to": "x.txt"}, refused("not_found", "none.txt")),
    ("replace", {"key": "real/c.txt", "path": "{data}/a3.txt"}, {"content": "third", "version": "0000", "size": 5}),
    ("replace", {"key": "real/c.txt", "path": "{data}/folder"}, refused("invalid_argument", "folder")),
    ("replace", {"key": "real/c.txt", "path": "{data}/nothing.txt"}, refused("not_found", "nothing.txt")),
    ("copy", {"key": "real/c.txt", "to": "{data}/copies"}, "third"),
    ("copy", {"key": "none.txt", "to": "{data}/copies"}, refused("not_found", "none.txt")),
    ("from_dir", {"path": "{data}/several", "key": "several"}, ["several/one.txt", "several/two.txt"]),
    ("from_dir", {"path": "{data}/nothing", "key": "nothing"}, refused("not_found", "nothing")),
    ("from_lazy", {"suffix": ".txt", "key": "lazy.txt", "text": "written before"}, {"key": "lazy.txt", "content": "written before"}),
    ("from_lazy", {"suffix": ".txt", "key": "lazy.csv", "text": "x"}, refused("invalid_argument", ".txt", ".csv")),
    ("show", {"key": "good.csv", "lines": ["CSV table", "cell_type", "T cell", "nonsense"]}, [True, True, True, False]),
    ("show", {"key": "none.csv", "lines": []}, refused("not_found", "none.csv")),
    ("index", {"path": "{data}/cells.h5ad", "key": "cells.h5ad", "to": "{data}/index"}, ["artifact_uid", "obs_names", "cell_type"]),
    ("each", {"work": "verify", "keys": ["real/c.txt", "lazy.txt"]}, {"real/c.txt": "sound", "lazy.txt": "sound"}),
    ("each", {"work": "verify", "keys": []}, {}),
    ("each", {"work": "copy", "keys": ["lazy.txt"]}, refused("invalid_argument", "copy")),  # where to?
    ("delete_storage", {"path": "{store}/scrap.txt", "text": "part of nothing"}, False),
    ("delete_storage", {"path": "{store}/real/c.txt"}, refused("invalid_argument", "real/c.txt", "is not deleted")),
    ("delete_storage", {"path": "{store}/none.txt"}, refused("not_found", "none.txt")),
    ("export", {"to": "lamindb", "folder": "{data}/out"}, {"file": True, "back": [0, 0]}),
    ("export", {"to": "parquet", "folder": "{data}/tables"}, {"file": False, "back": [0, 0]}),
    ("export", {"to": "iceberg", "folder": "{data}/x"}, refused("invalid_argument", "iceberg", "ducklake")),
    ("export", {"to": "parquet", "folder": "{data}/folder"}, refused("invalid_argument", "other things")),
    # -- people ----------------------------------------------------------------------------------------------------------------
    ("login", {"handle": "ada", "name": "Ada Lovelace", "label": "of ada"}, {"handle": "ada", "name": "Ada Lovelace"}),
    ("login", {"handle": "ben", "name": "", "label": "of ben"}, {"handle": "ben", "name": None}),
    ("login", {"handle": "a b", "name": "", "label": "x"}, refused("invalid_argument", "a b", "handle")),
    # -- branches --------------------------------------------------------------------------------------------------------------
    ("branch", {"branch": "dev", "name": "on dev"}, [{"seen": 0, "rows": 1}, {"seen": 1, "rows": 1}]),
    ("branch", {"branch": "dev", "name": "again"}, refused("conflict", "dev")),
    ("list", {"registry": "ULabel", "where": "name startswith 'on'", "filter": {"name__startswith": "on"}}, ["on dev"]),
    # -- sheets ----------------------------------------------------------------------------------------------------------------
    ("rows", {"path": "{data}/plate.csv", "type": "plate"}, ["A1", "A2"]),
    ("list", {"registry": "Record", "where": "score > 1", "filter": {"score__gt": 1}}, ["A2"]),
    ("rows", {"path": "{data}/plate.csv", "type": "plate"}, ["A1", "A1", "A2", "A2"]),  # more rows of the same sheet
    ("rows", {"path": "{data}/strange.csv", "type": "another"}, refused("invalid_argument", "no column")),
    ("cells", {"path": "{data}/plate.csv", "type": "plate"}, []),
    ("cells", {"path": "{data}/wrong.csv", "type": "plate"}, [["row 3", "score", "high", "wrong_type"], ["row 4", "score", "1.5", "wrong_type"]]),
    ("cells", {"path": "{data}/missing.csv", "type": "plate"}, refused("not_found", "missing.csv")),
]
