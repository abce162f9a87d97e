import subprocess

import pytest


@pytest.fixture(scope="session")
def lamin_schema(lamin):
    """Runs the program lamin-schema, which is built beside lamin."""
    program = lamin.resolve().parent / "lamin-schema"
    assert program.exists(), f"{program} is missing: ./dev build"

    def run(*arguments):
        return subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, check=False)

    return run
