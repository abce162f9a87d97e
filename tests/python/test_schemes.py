"""Places of schemes that are not built in: a real SFTP and a real FTP server on this machine, and what is missing elsewhere."""
import os
import socket
import threading

import pytest


class Served:
    """A folder, its content, and the address under which a server shows it."""

    def __init__(self, folder, address):
        self.folder, self.address = folder, address


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "served"
    (folder / "plates" / "sub").mkdir(parents=True)
    (folder / "plates" / "a.csv").write_text("well,dose\nA1,0.5\n")
    (folder / "plates" / "sub" / "b.csv").write_text("well,dose\nA2,1.5\n")
    (folder / "large.bin").write_bytes(os.urandom(20 << 20))
    return folder


@pytest.fixture
def ftp(files):
    from pyftpdlib.authorizers import DummyAuthorizer
    from pyftpdlib.handlers import FTPHandler
    from pyftpdlib.servers import ThreadedFTPServer

    class Handler(FTPHandler):
        authorizer = DummyAuthorizer()

    Handler.authorizer.add_anonymous(str(files))
    server = ThreadedFTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"timeout": 0.05, "handle_exit": False}, daemon=True)
    thread.start()
    yield Served(files, f"ftp://127.0.0.1:{server.address[1]}")
    server.close_all()


@pytest.fixture
def sftp(files, tmp_path, monkeypatch):
    """paramiko's own server, over the files."""
    import paramiko
    from sftp_server import serve

    key = paramiko.RSAKey.generate(2048)
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=serve, args=(listener, key, files), daemon=True).start()
    port = listener.getsockname()[1]
    from fsspec.implementations.sftp import SFTPFileSystem

    connect = paramiko.SSHClient.connect  # the user's keys and known hosts are not those of a test
    monkeypatch.setattr(paramiko.SSHClient, "connect", lambda self, host, **kw: connect(self, host, **{**kw, "username": "ada", "password": "x", "look_for_keys": False, "allow_agent": False}))
    SFTPFileSystem.clear_instance_cache()
    yield Served(files, f"sftp://127.0.0.1:{port}")
    listener.close()


@pytest.fixture(params=["ftp", "sftp"])
def served(request):
    return request.getfixturevalue(request.param)


def test_a_file_is_registered_and_read(ln, served):
    artifact = ln.Artifact(f"{served.address}/plates/a.csv").save()
    assert artifact.key == "plates/a.csv" and artifact.size == 17 and artifact.hash is None
    assert artifact.storage.root == served.address and artifact.storage.instance_uid is None
    assert artifact.load()["dose"].tolist() == [0.5]
    assert artifact.cache().read_text() == "well,dose\nA1,0.5\n"
    assert artifact.path.read_text() == "well,dose\nA1,0.5\n"
    assert ln.Artifact(artifact.path).uid == artifact.uid or ln.Artifact(artifact.path).key == artifact.key


def test_a_folder_is_registered_and_cached(ln, served):
    artifact = ln.Artifact(f"{served.address}/plates").save()
    assert artifact.n_files == 2 and artifact.size == 34
    there = artifact.cache()
    assert sorted(path.relative_to(there).as_posix() for path in there.rglob("*.csv")) == ["a.csv", "sub/b.csv"]
    assert ln.Artifact(f"{served.address}/plates/sub/b.csv").save().storage == artifact.storage


def test_a_large_file_comes_whole(ln, served):
    artifact = ln.Artifact(f"{served.address}/large.bin").save()
    assert artifact.cache().read_bytes() == (served.folder / "large.bin").read_bytes()


def test_a_folder_of_the_server_is_a_storage_that_is_only_read(ln, served):
    before = sorted(path.name for path in served.folder.rglob("*"))
    storage = ln.Storage(root=f"{served.address}/plates").save()
    assert storage.instance_uid is None
    artifact = ln.Artifact(f"{served.address}/plates/sub/b.csv").save()
    assert artifact.storage == storage and artifact.key == "sub/b.csv"
    artifact.delete(permanent=True, storage=False)
    with pytest.raises(Exception, match="can only be read"):
        ln.Artifact(str(served.folder / "large.bin"), key="x.bin", storage=storage).save()
    assert sorted(path.name for path in served.folder.rglob("*")) == before


def test_what_is_not_there_says_so(ln, served):
    with pytest.raises(ln.errors.ObjectDoesNotExist, match="there is no file or folder"):
        ln.Artifact(f"{served.address}/none.csv")


def test_an_address_with_a_password_is_refused(ln, files):
    with pytest.raises(PermissionError, match="holds a password"):
        ln.Artifact("sftp://ada:secret@127.0.0.1/plates/a.csv")


def test_the_package_that_is_missing_is_named(ln, monkeypatch):
    import builtins
    import sys

    import fsspec  # noqa: F401

    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.partition(".")[0] in ("huggingface_hub", "paramiko"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    for name in [name for name in sys.modules if name.partition(".")[0] in ("huggingface_hub", "paramiko") or name == "fsspec.implementations.sftp"]:
        monkeypatch.delitem(sys.modules, name)
    for scheme in ("hf", "sftp"):
        monkeypatch.delitem(sys.modules["fsspec.registry"]._registry, scheme, raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.delenv("LAMIN_OFFLINE", raising=False)
    with pytest.raises(Exception, match="pip install huggingface_hub"):
        ln.Artifact("hf://datasets/org/name/a.csv")
    with pytest.raises(Exception, match="pip install paramiko"):
        ln.Artifact("sftp://127.0.0.1/a.csv")


def test_without_a_network_nobody_is_asked(ln):
    with pytest.raises(Exception, match="LAMIN_OFFLINE is set"):
        ln.Artifact("hf://datasets/org/name/a.csv")


def test_a_scheme_that_nobody_knows(ln):
    with pytest.raises(Exception, match="'nobody://' is not built in"):
        ln.Artifact("nobody://x/a.csv")


def test_the_shell_says_that_it_is_pythons(ln, lamin, ftp, tmp_path):
    import subprocess

    uid = ln.Artifact(f"{ftp.address}/plates/a.csv").save().uid
    done = subprocess.run([lamin, "load", "--uid", uid], cwd=tmp_path, capture_output=True, text=True,
                          env={**os.environ, "LAMIN_CURRENT_INSTANCE": "anonymous/tests"})
    assert done.returncode != 0 and "Python, not the shell" in done.stderr
