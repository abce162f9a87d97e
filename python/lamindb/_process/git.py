"""Where code is in a git repository: the commit that has a file as it is here."""

import os

from .. import _core
from ..errors import BlobHashNotFound
from .logger import logger


def reference(path, url):
    """{"reference": ..., "reference_type": "url"} of a file, {} where no repository is set: `ln.settings.sync_git_repo`.

    Example::

        reference("align.py", ln.settings.sync_git_repo)
    """
    if url is None or os.fspath(path).endswith(".ipynb"):
        return {}
    return {"reference": reference_of(path, url), "reference_type": "url"}


def sanitized(url):
    """The address of a repository as people open it in a browser.

    Example::

        sanitized("git@github.com:lab/pipelines.git")
    """
    if url.startswith("git@"):
        url = "https://" + url[len("git@") :].replace(":", "/", 1)
    if url.startswith("ssh://"):
        url = "https://" + url[len("ssh://") :].partition("@")[2] if "@" in url else url
    return url.removesuffix("/").removesuffix(".git")


def _git(*words, folder=None, check=True):
    import subprocess

    try:
        done = subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, env={**os.environ, "GIT_TERMINAL_PROMPT": "0"})
    except FileNotFoundError as missing:
        raise RuntimeError("git is not installed: install it, or set ln.settings.sync_git_repo = None") from missing
    if done.returncode != 0:
        if not check:
            return ""
        raise RuntimeError(f"git {' '.join(words)} failed: {done.stderr.strip()}")
    return done.stdout.strip()


def _here(path, url):
    """The folder of the working copy that the file is in, if it is one of this repository."""
    folder = os.path.dirname(os.path.abspath(path))
    remote = _git("config", "--get", "remote.origin.url", folder=folder, check=False)
    if not remote:
        return None
    if sanitized(remote) != url:
        logger.warning(f"running in git repo: {sanitized(remote)}, expected: {url}")
        return None
    return _git("rev-parse", "--show-toplevel", folder=folder)


def _clone(url, depth=None):
    """A copy of the repository in the cache, up to date."""
    folder = os.path.join(str(_core.cache_folder()), url.rsplit("/", 1)[-1])
    if os.path.isdir(os.path.join(folder, ".git")):
        _git("fetch", "origin", "+refs/heads/*:refs/remotes/origin/*", "--tags", folder=folder)
        return folder
    logger.important(f"running outside of synched git repo, cloning {url} into {folder}")
    source = url if os.path.isdir(url) or "://" not in url else url + ".git"
    _git("clone", *(["--depth", str(depth)] if depth else []), source, folder)
    return folder


def reference_of(path, url):
    """The address of a file at the newest commit that has it with this content.

    Args:
        path (str): the file.
        url (str): of the repository.

    Raises:
        BlobHashNotFound: no commit has it.

    Example::

        reference_of("align.py", "https://github.com/lab/pipelines")
    """
    folder = _here(path, url)
    blob = _git("hash-object", os.path.abspath(path), folder=folder or os.path.dirname(os.path.abspath(path)))
    commit, within = _found(folder or _clone(url), blob)
    if commit is None:
        raise BlobHashNotFound(
            f"❌ Did not find blob hash {blob} in git repo: {url}\nDid you commit & push the script to the remote repo? -> {path}"
        )
    return f"{url}/blob/{commit}/{within}"


def _found(folder, blob):
    """(commit, path) of the newest commit on any branch that brought the content in; (None, None) if there is none."""
    _git("fetch", "origin", "+refs/heads/*:refs/remotes/origin/*", folder=folder, check=False)
    commits = _git("log", "--all", "-m", f"--find-object={blob}", "--pretty=format:%H", folder=folder, check=False).split()
    for commit in dict.fromkeys(commits):
        for line in _git("ls-tree", "-r", commit, folder=folder).splitlines():
            about, _, name = line.partition("\t")
            if about.endswith(blob):
                return commit, name
    return None, None


def state_of(url, path, version=None, branch=None):
    """(address, commit) of a repository at a version or branch, which has this file.

    Args:
        url (str): of the repository.
        path (str): of a file in it.
        version (str, optional): a tag or commit.
        branch (str, optional): otherwise the default branch.

    Raises:
        ValueError: there is no such version or branch.
        FileNotFoundError: the file is not in it.

    Example::

        state_of("https://github.com/lab/pipelines", "main.nf", version="v1.2")
    """
    url = sanitized(url)
    folder = _clone(url)
    if version is None or version == branch:
        default = _git("rev-parse", "--abbrev-ref", "origin/HEAD", folder=folder, check=False).removeprefix("origin/")
        name = f"origin/{branch or default or 'main'}"
    else:
        name = version
    commit = _git("rev-parse", "--verify", f"{name}^{{commit}}", folder=folder, check=False)
    if not commit:
        raise ValueError(f"Failed to checkout {'branch ' + repr(branch) if name != version else 'version ' + repr(version)}: {url} does not have it")
    if _git("cat-file", "-t", f"{commit}:{path}", folder=folder, check=False) != "blob":
        raise FileNotFoundError(f"Path '{path}' does not exist as a file in repository {url} at {name}")
    return url, commit
