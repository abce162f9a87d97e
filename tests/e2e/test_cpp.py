"""The C++ API as users have it: installed, included, linked. The example of each header and docs/cpp.md state what they print."""
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEADERS = sorted((ROOT / "include" / "lamin").glob("*.hpp"))
EXAMPLES = sorted((ROOT / "examples" / "cpp").glob("*.cpp"))


def run(*command, cwd, **env):
    done = subprocess.run([str(word) for word in command], cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-5000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("cpp")


@pytest.fixture(scope="module")
def prefix(place):
    assert (ROOT / "build/release/build.ninja").exists(), "./dev build makes what is installed"
    run("cmake", "--install", "build/release", "--prefix", place / "lamin", cwd=ROOT)
    return place / "lamin"


@pytest.fixture(scope="module")
def built(place, prefix):
    """The examples, compiled against the installed headers only and without warnings."""
    shutil.copytree(ROOT / "examples" / "cpp", place / "cpp")
    shutil.copy(ROOT / "examples" / "main_job.cpp", place)
    # The compiler cache is keyed relative to this folder, so that only changes are compiled.
    cache = {"CCACHE_BASEDIR": str(place), "CCACHE_NOHASHDIR": "1", "CCACHE_DIR": os.environ.get("CCACHE_DIR", str(ROOT / "build" / "ccache"))}
    run("cmake", "-G", "Ninja", "-S", place / "cpp", "-B", place / "build", f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache",
        "-DCMAKE_CXX_FLAGS=-O0 -Wall -Wextra -Wpedantic -Werror", "-DCMAKE_NO_SYSTEM_FROM_IMPORTED=ON", cwd=place, **cache)
    run("ninja", "-C", place / "build", cwd=place, **cache)
    return place / "build"


def prints(source: Path) -> str:
    """The output that an example states at its end."""
    _, _, lines = source.read_text().partition("\n// Prints:\n")
    assert lines, f"{source.name} does not end with what it prints"
    return "".join(line.removeprefix("//").removeprefix("   ") for line in lines.splitlines(keepends=True))


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("source", EXAMPLES, ids=lambda source: source.stem)
def test_an_example_prints_what_it_says(source, built, tmp_path):
    (tmp_path / "work").mkdir()
    assert run(built / source.stem, ROOT / "examples" / "data", cwd=tmp_path / "work") == prints(source)


@pytest.mark.usefixtures("home")
def test_the_main_job_runs_against_the_installed_library(built, prefix, tmp_path):
    assert "Done." in run(built / "main_job", ROOT / "examples" / "data", tmp_path / "job", cwd=tmp_path)
    loaded = run("ldd", built / "main_job", cwd=tmp_path)
    assert str(prefix / "lib" / "liblamin.so") in loaded
    assert "anonymous/cells" in run(prefix / "bin" / "lamin", "info", cwd=tmp_path / "job")


@pytest.mark.parametrize("header", HEADERS, ids=lambda header: header.name)
def test_a_header_opens_with_its_example(header):
    opening = header.read_text().split("#pragma once")[0]
    assert opening.startswith(f"// {header.name} -- ")
    example = re.search(r"^// Example: (\S+\.cpp)", opening, re.M)
    assert example and (ROOT / example[1]).is_file(), "its opening paragraph names no example that is there"
    first = re.search(r'#include "(lamin/\w+\.hpp)"', (ROOT / example[1]).read_text())
    assert first[1] == f"lamin/{header.name}"  # included first, so it does not depend on other includes


@pytest.mark.usefixtures("home")
def test_the_page_runs_as_written(prefix, tmp_path):
    text = (ROOT / "docs" / "cpp.md").read_text()
    blocks = re.findall(r"```(\w+)\n(.*?)```", text, re.S)
    of = {language: [block for name, block in blocks if name == language] for language in ("sh", "cmake", "cpp", "text")}
    for header in HEADERS:
        assert f"(../include/lamin/{header.name})" in text
    assert of["sh"][0] == "cmake --install build/release --prefix $HOME/lamin\n"  # done by the fixture
    (tmp_path / "home" / "lamin").symlink_to(prefix)
    work = tmp_path / "work"
    work.mkdir()
    (work / "data").symlink_to(ROOT / "examples" / "data")
    (work / "CMakeLists.txt").write_text(of["cmake"][0])
    (work / "cells.cpp").write_text("".join(of["cpp"]))
    for build in of["sh"][1:]:
        assert run("bash", "-ec", build, cwd=work).endswith(of["text"][0])
        shutil.rmtree(work / "lake")  # the next build starts afresh
