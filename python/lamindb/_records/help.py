"""What help shows of a registry class: its text, its fields and the signature of its constructor.

The fields come from the catalog, the signatures of written constructors from the stubs that type checkers read; both are
read only when somebody asks.
"""

import inspect
import os

from .. import _core
from .._process import session as _session

_STUBS = os.path.join(os.path.dirname(os.path.dirname(__file__)), "_typed.pyi")
_ALIASES = {"lamindb": "ln", "bionty": "bt", "pertdb": "pt"}


def fields_of(cls):
    """(name, type, what it is, whether the constructor takes it, whether it needs it) of each public field."""
    fields = _core.fields_of(_session.current_or_bare(), cls.__registry__)
    return [field for field in fields if not field[0].startswith("_")]


def class_doc(cls, prose):
    text = inspect.cleandoc(prose or cls._description["doc"])
    if "Example" not in text:
        text += f"\n\nExample::\n\n    {_example(cls)}"
    fields = [f"    {name} ({kind}): {doc or 'Number of the row, in this database only.'}" for name, kind, doc, *_ in fields_of(cls)]
    related = [
        f"    {name} (RelatedManager[{to}]): Rows of {to}."
        for name, shape, to, *_ in cls._description["relations"]
        if shape != "to_one" and name and not name.startswith(("_", "links_"))
    ]
    return "\n".join([text, "", "Attributes:", *fields, *related]) + "\n"


def _example(cls):
    name = f"{_ALIASES.get(cls._module, cls._module)}.{cls.__name__}"
    if cls._module == "lamindb" and "link" in cls._traits:
        name = f"ln.models.{cls.__name__}"
    return f"{name}.filter().to_dataframe()"


class _Shown:
    """An annotation that is shown as it is written."""

    def __init__(self, text):
        self._text = text

    def __repr__(self):
        return self._text


def signature(cls):
    written = _written(cls.__name__ + "Methods") if cls._module == "lamindb" else None
    return inspect.Signature(_of_fields(cls) if written is None else written)


def _of_fields(cls):
    """A keyword for each field that the constructor takes."""
    takes = cls._init_names
    found = []
    for name, kind, _, keyword, required in fields_of(cls):
        if name not in takes if takes is not None else not keyword:
            continue
        default = inspect.Parameter.empty if required else None
        found.append(inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=_Shown(kind)))
    return found


def _written(name):
    """The parameters of `__init__` of a class in the stubs; None if it has none."""
    import ast

    with open(_STUBS, encoding="utf-8") as file:
        stubs = ast.parse(file.read())
    names = {line.targets[0].id: ast.unparse(line.value) for line in stubs.body if isinstance(line, ast.Assign)}
    for cls in stubs.body:
        if not isinstance(cls, ast.ClassDef) or cls.name != name:
            continue
        for method in cls.body:
            if isinstance(method, ast.FunctionDef) and method.name == "__init__":
                return _parameters(method.args, names)
    return None


def _parameters(args, names):
    """`names`: what the private names in annotations stand for, such as `_Path`."""
    import ast
    import re

    def parameter(arg, kind, default):
        value = inspect.Parameter.empty if default is None else ast.literal_eval(default)
        if value is ...:
            value = _Shown("...")  # not passed, which is not the same as None
        annotation = re.sub(r"\b_[A-Z]\w*", lambda found: names.get(found[0], found[0]), ast.unparse(arg.annotation))
        return inspect.Parameter(arg.arg, kind, default=value, annotation=_Shown(annotation))

    plain = args.args[1:]  # without self
    defaults = [None] * (len(plain) - len(args.defaults)) + args.defaults
    found = [parameter(arg, inspect.Parameter.POSITIONAL_OR_KEYWORD, default) for arg, default in zip(plain, defaults)]
    return found + [parameter(arg, inspect.Parameter.KEYWORD_ONLY, default) for arg, default in zip(args.kwonlyargs, args.kw_defaults)]
