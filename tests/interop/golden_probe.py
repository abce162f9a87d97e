"""Evaluates with our packages what was evaluated with LaminDB on the golden instance; prints one JSON object. Runs in the golden folder."""
import json
import os
import sys
from datetime import date  # noqa: F401  (the recorded expressions use it)

import bionty as bt
import lamindb as ln
import pandas as pd
import pertdb as pt

ROOT = os.getcwd()
MODELS = {"bt": ("CellType", "Gene", "Source"), "pt": ("Compound",)}


def plain(value):
    """A value in recorded form: JSON, times as ISO text ("NaT" if missing), NaN as null, the folder's path as <ROOT>."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, set):
        return sorted(plain(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, str):
        return value.replace(ROOT, "<ROOT>")
    if value is None or isinstance(value, (int, float, bool)):
        return None if isinstance(value, float) and value != value else value
    if hasattr(value, "uid"):
        return f"{type(value).__name__}[{value.uid}]"
    if hasattr(value, "item"):
        return plain(value.item())
    return str(value).replace(ROOT, "<ROOT>")


def recorded(value):
    if isinstance(value, pd.DataFrame):
        return {"index": list(value.index.names), "columns": [str(name) for name in value.columns],
                "rows": [[plain(cell) for cell in row] for row in value.itertuples(index=True, name=None)]}
    if hasattr(value, "__iter__") and not isinstance(value, (str, dict, list)):
        value = list(value)
    return {"value": plain(value)}


def find(name):
    model, uid = name.rstrip("]").split("[")
    home = bt if model in MODELS["bt"] else pt if model in MODELS["pt"] else ln
    return getattr(home, model).objects.get(uid=uid)


def attempt(work):
    try:
        return {"answer": work()}
    except BaseException as error:
        return {"error": f"{type(error).__name__}: {error}"[:300]}


def main():
    ln.settings.verbosity = "error"
    wanted = json.load(sys.stdin)
    answers = {"queries": {}, "describe": {}, "repr": {}}
    for name, code in wanted["queries"].items():
        answers["queries"][name] = attempt(lambda code=code: recorded(eval(code)))
    for name in wanted["describe"]:
        answers["describe"][name] = attempt(lambda name=name: find(name).describe(return_str=True).replace(ROOT, "<ROOT>").splitlines())
    for name in wanted["repr"]:
        answers["repr"][name] = attempt(lambda name=name: repr(find(name)).replace(ROOT, "<ROOT>"))
    print("@@" + json.dumps(answers))


main()
