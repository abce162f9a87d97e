"""What has to be installed: Debian packages, and Python packages in a private environment."""
from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .common import BUILD, ROOT, VENV, Failure, Timer, environment, run, say, venv_python

TOOLS = Path(__file__).resolve().parents[1]
INTEGRATIONS_VENV = ROOT / ".venv-integrations"  # libraries of others that tests/integrations uses
LAMINDB_VENV = ROOT / ".venv-lamindb"  # the real LaminDB, for tests/interop and bench

# One group per purpose; a command asks for what it needs.
PACKAGES = {
    "build": ["build-essential", "cmake", "ninja-build", "ccache", "mold", "libsqlite3-dev", "libssl-dev",
              "libboost-json1.81-dev", "libfmt-dev", "libpq-dev", "libcurl4-openssl-dev", "libpugixml-dev", "libzip-dev", "libhdf5-dev", "zlib1g-dev", "libzstd-dev",
              "libblosc-dev", "liblz4-dev", "libmd4c-dev", "libmd4c-html0-dev",
              "libdeflate-dev", "libcli11-dev", "libre2-dev", "llvm-19-dev", "libgtest-dev", "libgmock-dev", "pkgconf"],
    "postgresql": ["postgresql-15"],
    "fuzz": ["clang-19", "libclang-rt-19-dev"],
    "run": ["strace", "default-jdk-headless", "perl", "git", "r-base-core", "samtools", "bedtools", "tabix"],  # programs that tests of `lamin run` observe
    "lint": ["clang-format-19", "clang-tidy-19"],
    "engines": ["procps"],
    "nextflow": ["openjdk-17-jdk-headless", "maven"],
    "lab": ["chromium"],  # which opens notebooks in Jupyter Lab
}
ENGINES = BUILD / "engines"  # workflow managers, for tests/engines
NEXTFLOW = "24.10.0"  # the newest that is complete on Maven Central


def missing(packages: list[str]) -> list[str]:
    if not shutil.which("dpkg-query"):
        raise Failure("this is not Debian: ./dev installs what it needs with apt. Needed: " + " ".join(packages))
    listed = subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${db:Status-Abbrev}\n", *packages],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    there = {line.split()[0] for line in listed.splitlines() if line.split()[1:2] == ["ii"]}
    return [name for name in packages if name not in there]


def require(groups: list[str]) -> None:
    """Installs what is missing from these groups."""
    lacking = missing([name for group in groups for name in PACKAGES[group]])
    if lacking:
        install(lacking)


def install(packages: list[str]) -> None:
    root = [] if os.geteuid() == 0 else ["sudo"]
    if root and not shutil.which("sudo"):
        raise Failure("as root, install these first: apt-get install " + " ".join(packages))
    say(f"installing {len(packages)} Debian packages: {' '.join(packages)}")
    env = {**environment(), "DEBIAN_FRONTEND": "noninteractive"}
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "-o", "Acquire::Retries=3"]

    def quietly(*words: str) -> None:
        """apt is verbose; its output matters only when it fails."""
        done = subprocess.run([*apt, *words], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        if done.returncode != 0:
            raise Failure(f"apt-get {' '.join(words)} failed:\n{done.stdout[-3000:]}")

    quietly("update")
    if "postgresql-15" in packages:
        # Debian creates a server when it installs the package; ours is enough.
        quietly("install", "--no-install-recommends", "postgresql-common")
        run([*root, "sh", "-c", "mkdir -p /etc/postgresql-common/createcluster.d && "
             "echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/lamin.conf"])
    quietly("install", "--no-install-recommends", *packages)


def chosen_python() -> str:
    """$PYTHON, or the interpreter that runs this."""
    wanted = os.environ.get("PYTHON") or getattr(sys, "_base_executable", sys.executable)
    found = shutil.which(wanted)
    if not found:
        raise Failure(f"there is no '{wanted}': set PYTHON to a Python 3.11, 3.12 or 3.13")
    version = subprocess.run([found, "-c", "import sys; print(*sys.version_info[:2], sep='.')"],
                             stdout=subprocess.PIPE, text=True).stdout.strip()
    if version not in ("3.11", "3.12", "3.13"):
        raise Failure(f"{found} is Python {version or '?'}; this project needs 3.11, 3.12 or 3.13: set PYTHON")
    return os.path.realpath(found) if found.startswith("/usr/bin/") else found


def make_venv(folder: Path, requirements: Path) -> bool:
    """A venv with exactly these packages; false if it already existed, made by the same Python."""
    stamp, python = folder / "installed.stamp", folder / "bin" / "python"
    digest = hashlib.sha256(requirements.read_bytes() + str(folder).encode()).hexdigest()
    done, base = (stamp.read_text().split("\n", 1) if stamp.exists() and python.exists() else ("", ""))
    if done == digest and (not os.environ.get("PYTHON") or base == chosen_python()):
        return False
    chosen = chosen_python()
    if chosen.startswith("/usr/bin/"):  # Debian's own Python comes without these
        name = Path(chosen).name
        lacking = missing([f"{name}-venv", f"{name}-dev"])
        if lacking:
            install(lacking)
    timer = Timer()
    say(f"making {folder.relative_to(ROOT)} with the packages of {requirements.relative_to(ROOT)}")
    shutil.rmtree(folder, ignore_errors=True)
    run([chosen, "-m", "venv", folder])
    run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-input", "--retries", "5",
         "-r", requirements])
    stamp.write_text(f"{digest}\n{chosen}")
    say(f"  done in {timer}")
    return True


def link_packages() -> None:
    """Our Python packages, importable from .venv directly from the checkout."""
    site = next((VENV / "lib").glob("python3.*/site-packages"))
    pointer = site / "lamindb-native.pth"
    if not pointer.exists() or pointer.read_text() != f"{ROOT / 'python'}\n":
        pointer.write_text(f"{ROOT / 'python'}\n")


def basic(groups: tuple[str, ...] = ("build",)) -> None:
    """What building needs. Costs a tenth of a second if it is installed."""
    BUILD.mkdir(exist_ok=True)
    require(list(groups))
    make_venv(VENV, TOOLS / "requirements.txt")
    link_packages()


def interop() -> Path:
    """The real LaminDB in a separate environment, which never sees our packages."""
    make_venv(LAMINDB_VENV, TOOLS / "requirements-lamindb.txt")
    return LAMINDB_VENV / "bin" / "python"


def integrations() -> Path:
    """What tests/integrations needs: several GB. Our packages are found by PYTHONPATH."""
    make_venv(INTEGRATIONS_VENV, TOOLS / "requirements-integrations.txt")
    return INTEGRATIONS_VENV / "bin" / "python"


def engines() -> None:
    """Snakemake and redun in an environment of their own."""
    ENGINES.mkdir(parents=True, exist_ok=True)
    make_venv(ENGINES / "venv", TOOLS / "requirements-engines.txt")
    if not shutil.which("ps"):
        require(["engines"])


def nextflow() -> None:
    """Nextflow from Maven Central, beside the other engines."""
    ENGINES.mkdir(parents=True, exist_ok=True)
    jars = ENGINES / "nextflow.classpath"
    if not (shutil.which("javac") and shutil.which("mvn")):
        require(["nextflow"])
    if not jars.exists():
        timer = Timer()
        say(f"fetching Nextflow {NEXTFLOW} from Maven Central")
        (ENGINES / "pom.xml").write_text(POM)
        run(["mvn", "-q", "-B", f"-Dmaven.repo.local={ENGINES / 'maven'}", f"-Dmdep.outputFile={jars}.part",
             "dependency:build-classpath"], cwd=ENGINES)
        Path(f"{jars}.part").rename(jars)
        say(f"  done in {timer}")


def lab() -> None:
    """Jupyter Lab and what drives a browser, in an environment of their own."""
    ENGINES.mkdir(parents=True, exist_ok=True)
    make_venv(ENGINES / "lab", TOOLS / "requirements-lab.txt")
    if not shutil.which("chromium"):
        require(["lab"])


POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>engines</groupId><artifactId>engines</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>io.nextflow</groupId><artifactId>nextflow</artifactId><version>{NEXTFLOW}</version></dependency>
  </dependencies>
</project>
"""


def main(arguments: list[str]) -> int:
    """setup [interop|engines|all]          Debian and Python packages; 'interop' adds LaminDB itself, in its own venv, 'engines' workflow managers"""
    timer = Timer()
    basic(("build", "postgresql", "lint"))
    if "interop" in arguments or "all" in arguments:
        interop()
    if "engines" in arguments or "all" in arguments:
        engines()
        nextflow()
        lab()
    say(f"ready: {venv_python().relative_to(ROOT)} ({timer})")
    return 0
