#!/usr/bin/env python3
"""A file to an S3 server on this machine and back: ours, which also hashes every byte and verifies it, against Arrow's
file system alone. Goals: 90 % of Arrow's speed, less than 100 MB of memory. Run by ./dev bench --s3."""
from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
from pathlib import Path
from time import perf_counter

from pyarrow import fs
from sides import touch

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "build" / "bench" / "s3"


def arrow(place: str, endpoint: str, file: Path, megabytes: int) -> dict[str, float]:
    files = fs.S3FileSystem(endpoint_override=endpoint, scheme="http")
    touch(megabytes)
    began = perf_counter()
    with open(file, "rb") as source, files.open_output_stream(f"{place}/arrow/file") as sink:
        while piece := source.read(8 << 20):
            sink.write(piece)
    up = perf_counter() - began
    fetched = PLACE / "arrow"
    fetched.mkdir()
    touch(megabytes)
    began = perf_counter()
    fs.copy_files(f"{place}/arrow/file", str(fetched / "file"), files, fs.LocalFileSystem(), chunk_size=8 << 20)
    down = perf_counter() - began
    files.delete_file(f"{place}/arrow/file")
    return {"up": up, "down": down}


def ours(root: str, file: Path, megabytes: int) -> dict[str, float]:
    def run(*words) -> dict:
        touch(megabytes)
        command = [ROOT / "build" / "release" / "bin" / "bench_object_store", *words]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    up = run("up", root, file)
    down = run("down", root, up["digest"], PLACE / "cache")
    return {"up": up["seconds"], "down": down["seconds"], "peak_mb": max(up["peak_mb"], down["peak_mb"])}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    root = os.environ["LAMIN_TEST_S3"]
    place, _, query = root.removeprefix("s3://").partition("?")
    endpoint = query.removeprefix("endpoint_url=").removeprefix("http://")
    best: dict[str, dict[str, float]] = {}
    for turn in range(given.rounds):
        shutil.rmtree(PLACE, ignore_errors=True)
        PLACE.mkdir(parents=True)
        file = PLACE / "file"
        with open(file, "wb") as out:
            for _ in range(given.megabytes // 10):
                out.write(os.urandom(10_000_000))
        os.sync()  # or the first of the two would share the disk with it

        sides = ["ours", "Arrow"] if turn % 2 else ["Arrow", "ours"]
        for name in sides:
            memory = 3 * given.megabytes
            figures = ours(root, file, memory) if name == "ours" else arrow(place, endpoint, file, memory)
            known = best.setdefault(name, figures)
            best[name] = {what: (max if what == "peak_mb" else min)(value, known[what]) for what, value in figures.items()}
    shutil.rmtree(PLACE, ignore_errors=True)
    size = given.megabytes
    for way in ("up", "down"):
        share = best["Arrow"][way] / best["ours"][way]
        print(f"{size} MB {way:4}  ours {size / best['ours'][way]:6.0f} MB/s   Arrow {size / best['Arrow'][way]:6.0f} MB/s   "
              f"{share:4.0%} of Arrow  {'ok' if share >= 0.9 else 'MISSED'}")
    print(f"peak memory  {best['ours']['peak_mb']} MB  {'ok' if best['ours']['peak_mb'] < 100 else 'MISSED'}")


if __name__ == "__main__":
    main()
