"""ln.track() and ln.finish() in real notebooks, executed as people execute them."""

import http.server
import json
import os
import subprocess
import sys
import threading
import time

import nbformat
import pytest

TRACK = "import lamindb as ln\nln.track()"


def notebook(path, *cells, title="My analysis"):
    made = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    made.cells = [nbformat.v4.new_markdown_cell(f"# {title}\n\nWhat this is about.")]
    made.cells += [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(made, path)
    return path


def program(*words, cwd, **env):
    done = subprocess.run([sys.executable, "-m", *map(str, words)], cwd=cwd, capture_output=True, text=True, timeout=300, env={**os.environ, **env})
    assert done.returncode == 0, done.stderr[-3000:]
    return done


def executed(path):
    """What the code cells of a notebook printed."""
    return "".join(
        output.get("text", "") for cell in nbformat.read(path, 4).cells if cell.cell_type == "code" for output in cell.outputs
    )


def reported(run, seconds=20):
    """The run, once its report is there: the program that executes a notebook writes it after the run has finished."""
    until = time.monotonic() + seconds
    while run.report is None and time.monotonic() < until:
        time.sleep(0.2)
        run.refresh_from_db()
    assert run.report is not None
    return run.report.cache().read_text()


@pytest.fixture
def folder(workplace, tmp_path):
    """A folder outside the development folder's subfolders, with nothing in it."""
    place = workplace / tmp_path.name
    place.mkdir()
    return place


def test_nbconvert(ln, folder):
    path = notebook(
        folder / "converted.ipynb", TRACK, "import pandas as pd\npd.DataFrame({'gene': ['CD8A']})",
        "open('made.txt', 'w').write('x')\nln.Artifact('made.txt', key='notebooks/made.txt').save()\nprint('token=' + 'ghp_' + 'a' * 36)",
        "ln.finish()",
    )  # fmt: skip
    program("nbconvert", "--to", "notebook", "--execute", "--inplace", path, cwd=folder)
    said = executed(path)
    assert "created Transform('" in said and "started new Run('" in said and "finished Run('" in said
    transform = ln.Transform.get(key__endswith="converted.ipynb")
    assert transform.kind == "notebook" and transform.description == "My analysis"
    assert transform.source_code.startswith("# %% [markdown]\n#\n#\n# What this is about.\n\n# %%\nimport lamindb as ln\nln.track()\n")
    run = transform.latest_run
    assert run.status == "completed" and run.finished_at is not None
    assert ln.Artifact.get(key="notebooks/made.txt").run == run
    assert "pandas==" in run.environment.cache().read_text() and "# Python 3" in run.environment.cache().read_text()
    html = reported(run)
    assert "<h1>My analysis</h1>" in html and "CD8A</td>" in html and "What this is about." in html
    assert "ghp_aaaa" not in html and run.report.suffix == ".html"
    # Executed again: the same version, a new run. Edited: a new version.
    program("nbconvert", "--to", "notebook", "--execute", "--inplace", path, cwd=folder)
    assert ln.Transform.filter(key__endswith="converted.ipynb").count() == 1 and transform.runs.count() == 2
    content = nbformat.read(path, 4)
    content.cells[2].source += "  # changed"
    nbformat.write(content, path)
    program("nbconvert", "--to", "notebook", "--execute", "--inplace", path, cwd=folder)
    assert ln.Transform.filter(key__endswith="converted.ipynb").count() == 2


def test_a_renamed_notebook_keeps_its_transform(ln, folder):
    path = notebook(folder / "before.ipynb", TRACK, "ln.finish()", title="Renamed later")
    program("nbconvert", "--to", "notebook", "--execute", "--inplace", path, cwd=folder)
    uid = ln.Transform.get(key__endswith="before.ipynb").uid
    path.rename(folder / "after.ipynb")
    program("nbconvert", "--to", "notebook", "--execute", "--inplace", folder / "after.ipynb", cwd=folder)
    assert "renaming transform" in executed(folder / "after.ipynb")
    assert ln.Transform.get(key__endswith="after.ipynb").uid == uid
    (folder / "copied.ipynb").write_text((folder / "after.ipynb").read_text())
    program("nbconvert", "--to", "notebook", "--execute", "--inplace", folder / "copied.ipynb", cwd=folder)
    assert ln.Transform.get(key__endswith="copied.ipynb").uid[:12] != uid[:12]


def test_papermill(ln, folder):
    path = notebook(folder / "input.ipynb", "n = 1", TRACK, "print('n is', n)", "ln.finish()", title="With parameters")
    content = nbformat.read(path, 4)
    content.cells[1].metadata["tags"] = ["parameters"]
    nbformat.write(content, path)
    program("papermill", path, folder / "output.ipynb", "-p", "n", "7", cwd=folder)
    transform = ln.Transform.get(key__endswith="input.ipynb")
    run = transform.latest_run
    assert run.params == {"n": 7} and run.status == "completed"
    assert "n is 7" in reported(run)
    assert 'tags=["parameters"]' in transform.source_code and "n = 7" not in transform.source_code
    program("papermill", path, folder / "other.ipynb", "-p", "n", "8", cwd=folder)
    assert ln.Transform.filter(key__endswith="input.ipynb").count() == 1 and transform.runs.count() == 2


NBCLIENT = """
import nbformat, sys
from nbclient import NotebookClient
content = nbformat.read(sys.argv[1], 4)
NotebookClient(content, resources={"metadata": {"path": "."}}).execute()
nbformat.write(content, sys.argv[1])
"""


def nbclient(path, folder, **env):
    (folder / "execute_it.py").write_text(NBCLIENT)
    done = subprocess.run([sys.executable, "execute_it.py", str(path)], cwd=folder, capture_output=True, text=True, timeout=300, env={**os.environ, **env})
    return done


def test_nbclient_finds_the_notebook_by_what_ran(ln, folder):
    notebook(folder / "another.ipynb", "y = 2", "ln = 3")
    path = notebook(folder / "called.ipynb", "x = 1", TRACK, "print('x', x)", "ln.finish()", title="Called")
    assert nbclient(path, folder).returncode == 0
    run = ln.Transform.get(key__endswith="called.ipynb").latest_run
    assert "x 1" in reported(run)


def test_vs_code(ln, folder):
    path = notebook(folder / "in_code.ipynb", "", TRACK, "print('hello')", "import os; os.utime('in_code.ipynb')\nln.finish()", title="Code")
    content = nbformat.read(path, 4)
    content.cells[1].source = f"__vsc_ipynb_file__ = {str(path)!r}"  # as the editor sets it
    nbformat.write(content, path)
    done = nbclient(path, folder)
    assert done.returncode == 0, done.stderr
    transform = ln.Transform.get(key__endswith="in_code.ipynb")
    assert transform.source_code is not None and transform.latest_run.status == "completed"
    # Worked in again: a new version in case it changes, taken back if it did not.
    assert nbclient(path, folder).returncode == 0
    assert "anticipating changes" in executed(path)
    assert ln.Transform.filter(key__endswith="in_code.ipynb").count() == 1 and transform.runs.count() == 2


def test_a_save_right_after_a_cell_counts(tmp_path, monkeypatch):
    """The time of a file may lie a tick before that of the cell whose end it follows."""
    import time

    from lamindb._tracking.where import Cells

    file = tmp_path / "a.ipynb"
    file.write_text("")
    cells = Cells()
    written = os.path.getmtime(file)
    monkeypatch.setattr(time, "time", lambda: written + 0.01)
    cells._note()
    assert cells.saved_in(file)
    monkeypatch.setattr(time, "time", lambda: written + 1)
    cells._note()
    assert not cells.saved_in(file)


def test_the_session_of_a_jupyter_server(ln, folder, tmp_path):
    path = notebook(folder / "served.ipynb", "import os; print(os.path.basename(get_ipython().config['IPKernelApp']['connection_file']))",
                    TRACK, "import os; os.utime('served.ipynb')\nln.finish()", title="Served")  # fmt: skip

    class Sessions(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            assert self.path == "/api/sessions" and self.headers["Authorization"] == "token secret"
            kernels = [name[len("kernel-"):-len(".json")] for name in os.listdir(runtime) if name.startswith("kernel-")]
            answer = json.dumps([{"path": "served.ipynb", "notebook": {"path": "served.ipynb"}, "kernel": {"id": k}} for k in kernels])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *args):
            pass

    runtime = tmp_path / "runtime"
    runtime.mkdir()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Sessions)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        about = {"url": f"http://127.0.0.1:{server.server_port}/", "token": "secret", "root_dir": str(folder), "pid": os.getpid()}
        (runtime / "jpserver-1.json").write_text(json.dumps(about))
        done = nbclient(path, folder, JUPYTER_RUNTIME_DIR=str(runtime))
        assert done.returncode == 0, done.stderr
    finally:
        server.shutdown()
    assert ln.Transform.get(key__endswith="served.ipynb").latest_run.status == "completed"


def test_the_name_of_the_session(ln, folder):
    path = notebook(folder / "named.ipynb", TRACK, "import os; os.utime('named.ipynb')\nln.finish()", title="Named")
    assert nbclient(path, folder, JPY_SESSION_NAME=str(path)).returncode == 0
    assert ln.Transform.get(key__endswith="named.ipynb").latest_run.status == "completed"


def test_cells_that_did_not_run_in_order(ln, folder):
    path = notebook(folder / "jumping.ipynb", f"import lamindb as ln\nln.track(path={str(folder / 'jumping.ipynb')!r})", "1", "2", title="Jumps")
    content = nbformat.read(path, 4)
    for cell, count in zip(content.cells[1:], (1, 5, 6)):
        cell.execution_count = count
    nbformat.write(content, path)
    done = subprocess.run(["lamin", "save", str(path)], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0 and "cells [(1, 5)] were not run consecutively" in done.stderr, done.stderr
    run = ln.Transform.get(key__endswith="jumping.ipynb").latest_run
    assert run._is_consecutive is False and run.report is not None


def test_an_untitled_notebook_is_refused(ln, folder):
    path = notebook(folder / "Untitled1.ipynb", TRACK)
    done = nbclient(path, folder)
    assert done.returncode != 0 and "please rename it before tracking" in done.stderr


def test_marimo(ln, folder):
    path = folder / "reactive.py"
    path.write_text(
        "import marimo\napp = marimo.App()\n\n@app.cell\ndef _():\n    import lamindb as ln\n    ln.track()\n    return (ln,)\n\n"
        "@app.cell\ndef _(ln):\n    ln.finish()\n    return\n\nif __name__ == '__main__':\n    app.run()\n"
    )
    program("marimo", "export", "html", path, "-o", folder / "reactive.html", cwd=folder)
    transform = ln.Transform.get(key__endswith="reactive.py")
    assert transform.kind == "notebook" and "@app.cell" in transform.source_code
    assert transform.latest_run.status == "completed"


def test_a_jupytext_pair(ln, folder):
    path = notebook(folder / "paired.ipynb", TRACK, "ln.finish()", title="Paired")
    program("jupytext", "--set-formats", "ipynb,py:percent", path, cwd=folder)
    assert (folder / "paired.py").exists()
    program("nbconvert", "--to", "notebook", "--execute", "--inplace", path, cwd=folder)
    transform = ln.Transform.get(key__endswith="paired.ipynb")
    done = subprocess.run(["lamin", "save", "paired.py"], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0 and transform.latest_run.status == "completed"


CELLS = [
    ("code", "import numpy as np\n%matplotlib inline\n!pip list\nfiles = !ls\nprint?\ncd ..\nls\nls -l\nls = 3\nls, x = 1, 2"),
    ("code", "def f(x):\n    return x"),
    ("code", "f(1)"),
    ("code", "@decorator\nclass A:\n    '''doc'''\n    x = 1\n\n\n"),
    ("markdown", "# Heading\n\n* a\n* b\n\n```python\nx = 1\n```"),
    ("markdown", ""),
    ("raw", "as\nit is"),
    ("code", "%%bash -e\nls\n%no magic"),
    ("code", "%%time\nx = 1"),
    ("code", "%%sql\nselect 1"),
    ("code", "text = '''\n%matplotlib\n!ls\n'''\nx = 1  # '''"),
    ("code", "  indented = 1\n%run \\\n  a.py"),
    ("code", ""),
    ("code", "# only a comment"),
    ("code", "async def g():\n    pass\n\n\n\n"),
    ("code", "x = 'é ü'"),
    ("code", "#%magic\n# %another\n# !ls"),
]
METADATA = [{}, {"tags": ["parameters"]}, {"collapsed": True, "scrolled": False}, {"slideshow": {"slide_type": "slide"}}, {"title": "A b", "x": None},
            {"lines_to_next_cell": 2}, {"run_control": {"frozen": True}}]  # fmt: skip


@pytest.mark.parametrize("seed", range(40))
def test_source_code_is_what_jupytext_writes(ln, tmp_path, seed):
    """And so what LaminDB stores and hashes."""
    import random
    import re

    import jupytext

    choose = random.Random(seed)
    content = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    for _ in range(choose.randrange(1, 8)):
        kind, source = choose.choice(CELLS)
        content.cells.append(getattr(nbformat.v4, f"new_{kind}_cell")(source, metadata=choose.choice(METADATA)))
    path = tmp_path / "a.ipynb"
    nbformat.write(content, path)
    content = jupytext.read(path)
    content.metadata.clear()
    expected = re.sub(r"^# ---\n.*?# ---\n\n", "", jupytext.writes(content, fmt="py:percent"), flags=re.DOTALL)
    expected = expected.replace("# # Heading", "#")
    key, kind, source, title = ln._core.source_of(str(path))
    assert kind == "notebook" and title in ("", "Heading")
    assert source == expected
