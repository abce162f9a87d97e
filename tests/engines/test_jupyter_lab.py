"""A person's work in real Jupyter Lab: a browser opens a notebook, runs its cells and saves it. Belongs to the long tier."""
import json
import os
import re
import subprocess
import sys
import time

import nbformat
import pytest

CELLS = [
    "import lamindb as ln\nln.track()",
    "import pandas as pd\npd.DataFrame({'gene': ['CD8A', 'CD4']})",
    "with open('answer.txt', 'w') as file:\n    file.write('42')\nln.Artifact('answer.txt', key='lab/answer.txt').save()\nprint('token=' + 'ghp_' + 'a' * 36)",
    "ln.finish()",
]


@pytest.fixture
def lab(lab_world):
    """Jupyter Lab in the world's folder: its address, with the token."""
    world = lab_world
    kernel = world.folder.parent / "kernels" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    (kernel / "kernel.json").write_text(json.dumps({"argv": command, "display_name": "Python 3", "language": "python"}))
    runtime = world.folder.parent / "runtime"
    env = {**world.env, "JUPYTER_PATH": str(kernel.parents[1]), "JUPYTER_RUNTIME_DIR": str(runtime), "JUPYTER_CONFIG_DIR": str(world.folder.parent / "config")}
    words = [world.lab, "--no-browser", "--port=0", "--allow-root", "--expose-app-in-browser", "--IdentityProvider.token=secret", f"--ServerApp.root_dir={world.folder}"]
    log = open(world.folder.parent / "lab.log", "w")
    process = subprocess.Popen([str(word) for word in words], cwd=world.folder, env=env, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 90
        found = []
        while not found:
            assert process.poll() is None and time.monotonic() < deadline, (world.folder.parent / "lab.log").read_text()[-3000:]
            time.sleep(0.2)
            found = [path for path in runtime.glob("jpserver-*.json") if path.stat().st_size] if runtime.exists() else []
        yield json.loads(found[0].read_text())["url"]
    finally:
        process.terminate()
        process.wait(30)
        log.close()


def run_in_browser(world, url, name, edit=None):
    """Opens a notebook, edits a cell, runs all, saves when `ln.finish()` asks for it; returns what the page shows in the end."""
    script = world.write("../drive.py", DRIVE)
    done = subprocess.run([str(world.lab.parent / "python"), str(script), url, name, json.dumps(edit)], env=world.env, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return done.stdout


DRIVE = """
import json, sys, time
from playwright.sync_api import sync_playwright

url, name, edit = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
with sync_playwright() as play:
    browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"])
    page = browser.new_page(viewport={"width": 1200, "height": 2400})
    page.goto(f"{url}lab/tree/{name}?token=secret&reset", timeout=90_000)
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=90_000)
    page.wait_for_selector('.jp-Notebook-ExecutionIndicator[data-status="idle"]', timeout=90_000)
    page.get_by_text("Python 3 | Idle").wait_for(timeout=90_000)  # what is run before is not run at all
    page.wait_for_timeout(3000)
    if edit:
        cell = page.locator(".jp-CodeCell .cm-content").nth(edit[0])
        cell.click()
        page.keyboard.press("Control+End")
        page.keyboard.type(edit[1])
        page.keyboard.press("Control+s")
        page.wait_for_selector(".lm-TabBar-tab.jp-mod-dirty", state="detached", timeout=30_000)
    page.locator(".jp-CodeCell").first.click()
    page.evaluate("() => { window.jupyterapp.commands.execute('runmenu:run-all') }")  # does not wait for it
    deadline = time.monotonic() + 90
    while True:
        shown = page.locator(".jp-Notebook").inner_text()
        if "finished Run(" in shown:
            break
        if time.monotonic() > deadline:
            sys.exit("never finished:\\n" + shown)
        if "to save the notebook in your editor" in shown:
            page.keyboard.press("Control+s")
        time.sleep(0.3)
    page.keyboard.press("Control+s")
    print(shown)
    browser.close()
"""


def test_work_in_jupyter_lab(lab_world, lab):
    world = lab_world
    world.sh("lamin init --storage ./lab")
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})
    notebook.cells = [nbformat.v4.new_markdown_cell("# In the lab")] + [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    nbformat.write(notebook, world.folder / "study.ipynb")
    shown = run_in_browser(world, lab, "study.ipynb")
    assert re.search(r"created Transform\('\w{16}', key='study.ipynb'\), started new Run\('", shown), shown
    world.python("""
run = ln.Artifact.get(key="lab/answer.txt").run
transform = run.transform
assert (transform.key, transform.kind, transform.description) == ("study.ipynb", "notebook", "In the lab")
assert run.status == "completed" and transform.source_code.count("# %%") == 5, transform.source_code
html = run.report.cache().read_text()
assert "<h1>In the lab</h1>" in html and "CD8A</td>" in html and "ghp_aaaa" not in html
assert run._is_consecutive
""")
    # Worked in again: an edited cell is a new version, with its own run and report.
    shown = run_in_browser(world, lab, "study.ipynb", edit=[1, "  # two genes"])
    world.python("""
versions = ln.Transform.filter(key="study.ipynb").order_by("id").all()
assert [version.is_latest for version in versions] == [False, True] and versions[0].uid[:12] == versions[1].uid[:12]
assert "# two genes" in versions[1].source_code and "# two genes" not in versions[0].source_code
run = versions[1].latest_run
assert run.status == "completed" and "# two genes" in run.report.cache().read_text()
assert versions[0].latest_run.report != run.report
""")
    # Run again as it is: the same version.
    run_in_browser(world, lab, "study.ipynb")
    world.python('assert ln.Transform.filter(key="study.ipynb").count() == 2')
    assert not list(world.folder.glob("*.log")) and os.path.exists(world.folder / "answer.txt")
