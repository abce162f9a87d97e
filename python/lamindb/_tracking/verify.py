"""`ln.core.verify_lineage`: whether a script tracks what it reads and writes, found without running it.

The script is read statement by statement: which names hold paths, which calls take a path, and whether some call of
lamindb takes the same one. What is computed at run time is not seen.
"""

import ast
import os

# Calls that only build, ask or move paths.
_OF_PATHS = {
    "Path", "PurePath", "str", "repr", "print", "len", "fspath", "join", "abspath", "dirname", "basename", "splitext", "expanduser", "realpath",
    "relpath", "normpath", "exists", "isdir", "isfile", "makedirs", "mkdir", "is_dir", "is_file", "resolve", "absolute", "with_suffix",
    "with_name", "with_stem", "relative_to", "joinpath", "as_posix", "unlink", "rmdir", "insert", "append", "spec_from_file_location",
    "import_module", "getenv", "setdefault", "add_argument",
}  # fmt: skip
_JOIN = {"joinpath", "join"}
_SAME = {"Path", "PurePath", "str", "fspath", "abspath", "expanduser", "realpath", "normpath", "resolve", "absolute"}


class LineageReport:
    """What `verify_lineage` found: `is_fully_tracked`, and in `missing_lineage` one text for each thing that is not.

    Args:
        missing_lineage (Iterable[str]): internal; reports come from `verify_lineage`.

    Example:

        >>> ln.core.verify_lineage("count.py").is_fully_tracked
        False
    """

    def __init__(self, missing_lineage):
        self.missing_lineage = tuple(missing_lineage)
        self.is_fully_tracked = not self.missing_lineage

    def __repr__(self):
        return f"LineageReport(is_fully_tracked={self.is_fully_tracked}, missing_lineage={self.missing_lineage!r})"


def verify_lineage(script_path):
    """Whether a Python script tracks its run and saves or gets as artifacts what it writes or reads.

    Args:
        script_path (str | PathLike): the file with the script.

    Returns:
        LineageReport: `is_fully_tracked`, and `missing_lineage`, a tuple of texts.

    Raises:
        SyntaxError: the file is no Python.

    Example:

        >>> ln.core.verify_lineage("count.py").missing_lineage[0]
        'Missing ln.track() call in script.'
    """
    path = os.fspath(script_path)
    if not os.path.isfile(path):
        return LineageReport([f"File not found: {path}"])
    with open(path, encoding="utf-8") as file:
        script = _Script()
        script.visit(ast.parse(file.read(), path))
    return LineageReport(script.missing())


def _looks_like_path(text):
    ending = os.path.splitext(text)[1]
    return bool(text) and not any(c.isspace() for c in text) and ("/" in text.strip("/") or 2 <= len(ending) <= 10)


class _Script(ast.NodeVisitor):
    """Reads a script in the order of its statements."""

    def __init__(self):
        self.modules = {"lamindb"}  # names of lamindb
        self.imported = {}  # names from lamindb: {here: there}
        self.paths = {}  # {variable: paths that it may hold}
        self.functions = {}  # the script's own
        self.inside = []  # functions that are being read
        self.artifacts = set()  # variables that hold an artifact
        self.tracked, self.used = set(), {}  # paths that lamindb gets; {path: lines where anything else does}
        self.called = set()

    def missing(self):
        if "flow" not in self.called:
            if "track" not in self.called:
                yield "Missing ln.track() call in script."
            if "finish" not in self.called:
                yield "Missing ln.finish() call in script."
        tracked = {os.path.normpath(path) for path in self.tracked}
        for path, lines in self.used.items():
            if os.path.normpath(path) not in tracked:
                where = ", ".join(f"line {line}" for line in sorted(lines))
                yield f"File not tracked in lamindb: {path} ({where})"

    # -- names -----------------------------------------------------------------------------------------------------------------

    def visit_Import(self, node):
        self.modules.update(name.asname or name.name for name in node.names if name.name == "lamindb")

    def visit_ImportFrom(self, node):
        if node.module == "lamindb":
            self.imported.update({name.asname or name.name: name.name for name in node.names})

    def visit_FunctionDef(self, node):
        self.functions[node.name] = node
        for decorator in node.decorator_list:
            self._lamindb_name(decorator.func if isinstance(decorator, ast.Call) else decorator, called=True)
        for statement in node.body:
            self.visit(statement)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Assign(self, node):
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        if any(isinstance(target, ast.Subscript) for target in node.targets):
            return  # os.environ["X"] = str(path): a setting
        found = self._paths_of(node.value)
        makes_artifact = isinstance(node.value, ast.Call) and self._lamindb_name(node.value.func) is not None
        for name in names:
            self.paths[name] = found
            (self.artifacts.add if makes_artifact else self.artifacts.discard)(name)
        self.visit(node.value)

    # -- calls -----------------------------------------------------------------------------------------------------------------

    def visit_Call(self, node):
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        found = set().union(*(self._paths_of(argument) for argument in arguments))
        if self._lamindb_name(node.func, called=True) is not None:
            self.tracked |= found
        else:
            self._other_call(node, found)
        for argument in arguments:
            self.visit(argument)
        if isinstance(node.func, ast.Attribute):
            self.visit(node.func.value)

    def _other_call(self, node, found):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        own = self.functions.get(name) if isinstance(node.func, ast.Name) else None
        if own is not None and name not in self.inside:
            self._read_with(own, node)
        if name in _OF_PATHS:
            return
        if isinstance(node.func, ast.Attribute):
            found = found | self._paths_of(node.func.value)  # path.write_text(...)
        for path in found:
            self.used.setdefault(path, set()).add(node.lineno)

    def _read_with(self, function, call):
        """The body of one of the script's own functions, with the paths of a call."""
        before, names = dict(self.paths), [argument.arg for argument in function.args.args]
        for name, value in [*zip(names, call.args), *((keyword.arg, keyword.value) for keyword in call.keywords)]:
            self.paths[name] = self._paths_of(value)
        self.inside.append(function.name)
        for statement in function.body:
            self.visit(statement)
        self.inside.pop()
        self.paths = before

    def _lamindb_name(self, node, called=False):
        """The name below lamindb that an expression leads to, "Artifact.get"; None if it is nothing of lamindb."""
        parts = []
        while isinstance(node, (ast.Attribute, ast.Call)):
            if isinstance(node, ast.Attribute):
                parts.append(node.attr)
                node = node.value
            else:
                node = node.func
        head = getattr(node, "id", None)
        if head in self.imported:
            parts.append(self.imported[head])
        elif head not in self.modules and not (parts and head in self.artifacts):
            return None
        name = ".".join(reversed(parts))
        if called:
            self.called.add(name)
        return name

    def _paths_of(self, node):
        """The paths that an expression may be."""
        if isinstance(node, ast.Constant):
            return {node.value} if isinstance(node.value, str) and _looks_like_path(node.value) else set()
        if isinstance(node, ast.Name):
            return self.paths.get(node.id, set())
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            return self._joined([node.left, node.right])
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in _JOIN:
                before = [node.func.value] if name == "joinpath" else []
                return self._joined([*before, *node.args])
            if name in _SAME:
                of = node.args or ([node.func.value] if isinstance(node.func, ast.Attribute) else [])
                return set().union(*(self._paths_of(argument) or self._texts(argument) for argument in of))
        return set()

    def _texts(self, node):
        return {node.value} if isinstance(node, ast.Constant) and isinstance(node.value, str) else set()

    def _joined(self, nodes):
        found = {""}
        for node in nodes:
            parts = self._paths_of(node) or self._texts(node)
            found = {f"{path}/{part}" if path else part for path in found for part in parts}
        return found
