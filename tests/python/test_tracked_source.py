"""The source of what runs: its commit, its repository, lock files, and its way to the shell and back."""

import os
import subprocess
import sys

import pytest


def git(folder, *words):
    subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository(workplace, tmp_path):
    """A working copy and the bare repository that it came from."""
    bare, copy = tmp_path / "lab" / "pipelines", workplace / "pipelines"
    bare.mkdir(parents=True)
    git(bare, "init", "--bare", "-b", "main")
    git(workplace, "clone", str(bare), str(copy))
    (copy / "align.py").write_text("import lamindb as ln\nimport os\nln.settings.sync_git_repo = os.environ['REPOSITORY']\nln.track()\nln.finish()\n")
    git(copy, "add", ".")
    git(copy, "commit", "-m", "first")
    git(copy, "push", "origin", "HEAD:main")
    git(copy, "tag", "v1")
    git(copy, "push", "--tags")
    git(copy, "remote", "set-head", "origin", "main")
    yield bare, copy
    subprocess.run(["rm", "-rf", str(copy)])


def test_a_script_knows_its_commit(ln, repository):
    bare, copy = repository
    env = {**os.environ, "REPOSITORY": str(bare)}
    done = subprocess.run([sys.executable, "align.py"], cwd=copy, capture_output=True, text=True, env=env)
    assert done.returncode == 0, done.stderr
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=copy, capture_output=True, text=True).stdout.strip()
    transform = ln.Transform.get(key__endswith="align.py")
    assert transform.reference == f"{bare}/blob/{commit}/align.py" and transform.reference_type == "url"
    (copy / "align.py").write_text((copy / "align.py").read_text() + "# not committed\n")
    done = subprocess.run([sys.executable, "align.py"], cwd=copy, capture_output=True, text=True, env=env)
    assert done.returncode == 1 and "Did not find blob hash" in done.stderr


def test_a_transform_of_a_repository(ln, repository):
    bare, copy = repository
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=copy, capture_output=True, text=True).stdout.strip()
    pinned = ln.Transform.from_git(str(bare), "align.py", version="v1").save()
    assert pinned.source_code == f"repo: {bare}\npath: align.py\ncommit: {commit}" and pinned.version_tag == "v1"
    assert pinned.key == "lab/pipelines/align.py" and pinned.reference == f"{bare}/blob/{commit}/align.py" and pinned.kind == "pipeline"
    sliding = ln.Transform.from_git(str(bare), "align.py", key="sliding", version="main", branch="main", entrypoint="go").save()
    assert sliding.source_code == f"repo: {bare}\npath: align.py\nentrypoint: go\nbranch: main"
    with pytest.raises(ValueError, match="v9"):
        ln.Transform.from_git(str(bare), "align.py", version="v9")
    with pytest.raises(FileNotFoundError, match="none.py"):
        ln.Transform.from_git(str(bare), "none.py")


def test_lock_files_are_the_environment(ln, tmp_path, monkeypatch):
    from lamindb._tracking.environment import environment

    monkeypatch.chdir(tmp_path)
    assert environment()[0] == "requirements.txt"
    (tmp_path / "uv.lock").write_text("version = 1\n")
    assert environment()[0] == "requirements.txt", "a lock counts where uv made the environment"
    monkeypatch.setenv("UV", "/opt/uv/bin/uv")
    assert environment() == ("uv.lock", "version = 1\n")
    (tmp_path / "pixi.toml").write_text("")
    (tmp_path / "pixi.lock").write_text("version: 6\n")
    assert environment() == ("pixi.lock", "version: 6\n")
    (tmp_path / "pixi.lock").unlink()
    (tmp_path / "uv.lock").unlink()
    (tmp_path / "conda" / "conda-meta").mkdir(parents=True)
    (tmp_path / "conda" / "conda-meta" / "numpy-2.1-py311_0.json").write_text("{}")
    monkeypatch.setattr(sys, "prefix", str(tmp_path / "conda"))
    name, text = environment()
    assert name == "environment.yml" and "  - numpy=2.1=py311_0\n" in text and "  - pip:" in text
    run = ln.Run(ln.Transform(key="locked").save()).save()
    ln._core.save_environment(run, text, name)
    assert run.environment.description == "environment.yml" and run.environment.cache().read_text() == text


def shell(*words, cwd, status=0):
    done = subprocess.run(["lamin", *map(str, words)], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == status, done.stderr
    return done


def test_source_goes_to_the_shell_and_back(ln, workplace, tmp_path):
    (workplace / "shown.py").write_text("x = 1\n")
    assert "created Transform('" in shell("save", "shown.py", cwd=workplace).stderr
    (workplace / "shown.py").write_text("x = 2\n")
    uid = shell("save", "shown.py", cwd=workplace).stdout.strip()
    assert uid.endswith("0001")
    diff = shell("diff", "shown.py", cwd=workplace).stdout
    assert "-x = 1\n+x = 2\n" in diff and shell("diff", "shown.py", "0000", "0001", cwd=workplace).stdout == diff
    assert "has no version" in shell("diff", "shown.py", "nine", cwd=workplace, status=5).stderr
    (workplace / "shown.py").unlink()
    run = ln.Run(ln.Transform.get(uid)).save()
    ln._core.save_environment(run, "a==1\n", "requirements.txt")
    assert shell("load", "transform", "--uid", uid, "--with-env", cwd=workplace).stdout.split() == ["shown.py", "shown__requirements.txt"]
    assert (workplace / "shown.py").read_text() == "x = 2\n" and (workplace / "shown__requirements.txt").read_text() == "a==1\n"


def test_rendered_notebooks_of_r(ln, workplace):
    (workplace / "shown.qmd").write_text('---\ntitle: "My R analysis"\n---\n\n```{r}\ntrack("EPnfDtJz8qbE")\n```\n')
    assert "Please export your .qmd file as an html file" in shell("save", "shown.qmd", cwd=workplace, status=5).stderr
    (workplace / "shown.html").write_text("<html>shown</html>")
    said = shell("save", "shown.qmd", cwd=workplace).stderr
    assert "mapped 'shown.qmd' on uid 'EPnfDtJz8qbE'" in said and "found no run, creating Run(" in said
    transform = ln.Transform.get("EPnfDtJz8qbE")
    assert transform.description == "My R analysis" and transform.kind == "notebook"
    assert transform.latest_run.report.cache().read_text() == "<html>shown</html>"
