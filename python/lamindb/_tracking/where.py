"""What code is running: a script, a notebook and who executes it, a module."""

import os
import sys

from ..errors import InvalidArgument

_UNKNOWN = "failed to infer notebook path.\nfix: pass `path` to `ln.track()`"


class Place:
    """A source that runs.

    Args:
        path (str): its file, which need not exist: a kernel may be on another machine.
        kind (str): "script" or "notebook".
        runner (str): of a notebook: "lab", "notebook", "vs_code", "marimo", "nbconvert", "papermill", "nbclient", "test".
        key (str, optional): where the path does not say it.
        executed (str, optional): the file that gets the outputs, if that is another one.
        process (int, optional): the process that writes this file when it is done.
    """

    def __init__(self, path, kind="script", runner=None, key=None, executed=None, process=None):
        self.path, self.kind, self.runner, self.key = path, kind, runner, key
        self.executed, self.process = executed or path, process

    @property
    def interactive(self):
        """Whether a person works in it, whose changes and outputs are saved by an editor."""
        return self.kind == "notebook" and self.process is None

    @property
    def versions_on_finish(self):
        """Whether its source is stored when its run is finished, because it may change until then."""
        return self.kind == "notebook" and self.runner not in ("nbconvert", "papermill", "nbclient")


def running():
    """The Place of the code that called this package."""
    frame = _calling_frame()
    path = frame.f_globals.get("__file__") if frame is not None else None
    if _in_marimo():
        if not path:
            raise NotImplementedError("the marimo notebook has no file yet: save it, or pass path")
        return Place(path, "notebook", "marimo")
    if path is None and _in_ipython():
        return notebook()
    if path is None:
        raise NotImplementedError("tracking an interactive session is not possible: it has no file. Pass path, or key and source_code")
    if not os.path.isfile(path):  # read from standard input, or from within an archive
        raise InvalidArgument(f"the running code is in {path!r}, which is no file: pass path=, or key= and source_code=")
    return Place(path, key=module_key(frame.f_globals.get("__name__")))


def module_key(name):
    """The key of a module of a package: its path below the packages, whoever installed them where; None for a script."""
    return f"pypackages/{name.replace('.', '/')}.py" if name and "." in name else None


def _calling_frame():
    frame = sys._getframe(1)
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    while frame is not None:
        path = frame.f_globals.get("__file__")
        if path is None or not os.path.abspath(path).startswith(package + os.sep):
            return frame
        frame = frame.f_back
    return None


def _in_ipython():
    import builtins

    return getattr(builtins, "__IPYTHON__", False) or "get_ipython" in vars(builtins)


def _in_marimo():
    marimo = sys.modules.get("marimo")
    running = getattr(marimo, "running_in_notebook", None)
    return running is not None and running()


def shell():
    """The running IPython, None without one."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module is not None and hasattr(module, "get_ipython") else None


def notebook():
    """The Place of the running notebook, as far as anybody tells its kernel.

    Raises:
        RuntimeError: nobody does.
    """
    for find in (_told, _of_vs_code, _of_server, _of_session_name, _of_program, _of_history):
        found = find()
        if found is not None:
            return found
    raise RuntimeError(_UNKNOWN)


def _told():
    path = os.environ.get("NBPRJ_TEST_NBPATH")
    return Place(path, "notebook", os.environ.get("NBPRJ_TEST_NBENV", "test"), process=os.getppid()) if path else None


def _of_vs_code():
    path = getattr(sys.modules.get("__main__"), "__vsc_ipynb_file__", None)
    return Place(path, "notebook", "vs_code") if path else None


def _kernel_id():
    config = getattr(shell(), "config", {})
    if "IPKernelApp" not in config:
        return None
    name = os.path.basename(str(config["IPKernelApp"].get("connection_file", "")))
    return name.partition("-")[2].rpartition(".")[0] or None


def _of_server():
    """What the Jupyter server that started this kernel calls the notebook now, even if it was renamed."""
    kernel = _kernel_id()
    if kernel is None:
        return None
    for server in _servers():
        for session in _sessions(server):
            opened = session.get("notebook") or {}
            path = opened.get("path") or session.get("path")
            if (session.get("kernel") or {}).get("id") == kernel and path:
                folder = server.get("root_dir") or server.get("notebook_dir") or ""
                return Place(os.path.join(folder, path), "notebook", "lab" if "root_dir" in server else "notebook")
    return None


def _servers():
    """Running servers of this user, the newest first, from the files that they leave in Jupyter's runtime folder."""
    try:
        from jupyter_core.paths import jupyter_runtime_dir
    except ImportError:
        return
    import json

    folder = jupyter_runtime_dir()
    names = [n for n in os.listdir(folder) if n.startswith(("jpserver-", "nbserver-")) and n.endswith(".json")] if os.path.isdir(folder) else []
    paths = [os.path.join(folder, name) for name in names]
    for path in sorted(paths, key=os.path.getmtime, reverse=True):
        try:
            with open(path, encoding="utf-8") as file:
                server = json.load(file)
            os.kill(server["pid"], 0)
        except (OSError, ValueError, KeyError):
            continue
        yield server


def _sessions(server):
    import json
    from urllib.request import Request, urlopen

    request = Request(server["url"].rstrip("/") + "/api/sessions", headers={"Authorization": f"token {server.get('token') or ''}"})
    try:
        with urlopen(request, timeout=3) as answer:
            return [session for session in json.load(answer) if isinstance(session, dict)]
    except (OSError, ValueError):
        return []


def _of_session_name():
    path = os.environ.get("JPY_SESSION_NAME")
    return Place(path, "notebook", "lab") if path else None


def _of_program():
    """The notebook that the program which started the kernel names on its command line: nbconvert, papermill."""
    parent = os.getppid()
    try:
        with open(f"/proc/{parent}/cmdline", encoding="utf-8") as file:
            words = file.read().split("\0")
        folder = os.readlink(f"/proc/{parent}/cwd")
    except OSError:
        words, folder = _words_without_proc(parent)
    names = [os.path.basename(word) for word in words[:4]]
    runner = next((r for r in ("papermill", "nbconvert", "execute") if any(r in name for name in names)), None)
    found = [os.path.join(folder, word) for word in words if word.endswith(".ipynb") and not word.startswith("-")]
    found = [path for path in found if os.path.isfile(path)]
    if runner is None or not found:
        return None
    if runner == "papermill":
        return Place(found[0], "notebook", runner, executed=found[-1], process=parent)
    return Place(found[-1], "notebook", "nbconvert", process=parent)


def _words_without_proc(parent):
    try:
        import psutil

        process = psutil.Process(parent)
        return process.cmdline(), process.cwd()
    except Exception:
        return [], ""


def _of_history():
    """The notebook in the working folder whose cells are those that ran so far: for programs that call nbclient or papermill."""
    import json

    history = [text.strip() for text in shell().user_ns.get("In", [])[1:] if text.strip()] if shell() is not None else []
    if not history:
        return None
    matching = []
    for name in sorted(os.listdir(".")):
        if not name.endswith(".ipynb"):
            continue
        try:
            with open(name, encoding="utf-8") as file:
                document = json.load(file)
        except (OSError, ValueError):
            continue
        if _begins_with(document, history):
            matching.append((os.path.abspath(name), (document.get("metadata") or {}).get("papermill") or {}))
    return _chosen(matching)


def _begins_with(document, history):
    cells = [c for c in document.get("cells", []) if isinstance(c, dict) and c.get("cell_type") == "code"]
    sources = ["".join(cell.get("source", "")).strip() for cell in cells]
    return [source for source in sources if source][: len(history)] == history


def _chosen(matching):
    """Of papermill the input, with the output as the file that is executed; otherwise the only one that there is."""
    outputs = [(path, made) for path, made in matching if made.get("input_path")]
    if outputs:
        path, made = max(outputs, key=lambda one: os.path.getmtime(one[0]))
        given = os.path.abspath(made["input_path"])
        return Place(given if os.path.isfile(given) else path, "notebook", "papermill", executed=path, process=os.getppid())
    return Place(matching[0][0], "notebook", "nbclient", process=os.getppid()) if len(matching) == 1 else None


def papermill_params(path):
    """The parameters that papermill has put into a notebook; None if there are none.

    Example::

        papermill_params("output.ipynb")
    """
    import json

    with open(path, encoding="utf-8") as file:
        return ((json.load(file).get("metadata") or {}).get("papermill") or {}).get("parameters") or None


class Cells:
    """When the cells of this kernel ran: for knowing whether a notebook was saved since."""

    def __init__(self):
        self._ended = 0.0
        running = shell()
        if running is not None:
            running.events.register("post_run_cell", self._note)

    def _note(self, result=None):
        import time

        # Times of files are of the kernel's coarse clock, which lags up to a tick (10 ms) behind this one.
        self._ended = time.time() - 0.02

    def saved_in(self, path):
        """Whether a file was written after the last cell before the running one had ended."""
        try:
            return os.path.getmtime(path) >= self._ended
        except OSError:
            return False

    def stop(self):
        """Stops noting."""
        running = shell()
        if running is not None:
            try:
                running.events.unregister("post_run_cell", self._note)
            except ValueError:
                pass  # it was started again
