"""Reads damaged h5ad files in this process, as a user does, and reports each result: `mutated.py SEED COUNT FOLDER`.

Damage depends only on the seed: bytes flipped, overwritten, moved or cut, in small files of every encoding. One JSON line per
file: seed, outcomes, seconds, growth of this process's memory in bytes since it was warm.
"""
from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
SOURCES = ["made/encodings.h5ad", "made/encodings_lzf.h5ad", "made/empty.h5ad"]


def damaged(seed: int) -> bytes:
    choose = random.Random(seed)
    content = bytearray((DATA / choose.choice(SOURCES)).read_bytes())
    for _ in range(choose.choice((1, 1, 2, 4, 16, 64))):
        at = choose.randrange(len(content))
        length = min(choose.choice((1, 1, 1, 2, 4, 8, 64)), len(content) - at)
        how = choose.randrange(6)
        if how == 0:
            content[at] ^= 1 << choose.randrange(8)
        elif how == 1:
            content[at:at + length] = bytes([choose.choice((0, 0xFF, 0x7F, 0x80))]) * length
        elif how == 2:
            content[at:at + length] = choose.randbytes(length)
        elif how == 3:
            other = choose.randrange(len(content) - length + 1)
            content[at:at + length] = content[other:other + length]
        elif how == 4:
            content[at] = (content[at] + choose.choice((1, -1))) % 256
        elif choose.random() < 0.1:
            del content[max(at, 1):]
        else:  # a number of HDF5: lengths, offsets and counts are eight bytes
            at -= at % 8
            content[at:at + 8] = choose.choice((0, 1, 2**31, 2**63 - 1, len(content), choose.randrange(2 * len(content)))).to_bytes(8, "little")
    return bytes(content)


def resident(field: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    raise AssertionError(field)


def outcome(action) -> str:
    try:
        action()
        return "read"
    except AssertionError:
        raise
    except Exception as error:  # noqa: BLE001  (any error will do, the end of the process will not)
        return type(error).__name__


def main(first: int, count: int, folder: Path) -> None:
    import lamindb as ln
    from lamindb.core.loaders import load_h5ad
    from lamindb.errors import CorruptData

    ln.setup.init(storage=str(folder / "storage"), name="mutated", modules="bionty")
    ln.settings.verbosity = "error"
    schema = ln.Schema(name="any", itype=ln.Feature, flexible=True).save()
    anndata_schema = ln.Schema(name="any h5ad", otype="AnnData", slots={"obs": schema}).save()
    file = folder / "damaged.h5ad"

    lamin = Path(sys.executable).with_name("lamin")

    def shell():
        done = subprocess.run([lamin, "curate", file, "--schema", anndata_schema.name], cwd=folder, capture_output=True, text=True)
        if done.returncode < 0:
            os.kill(os.getpid(), -done.returncode)  # its death counts as this process's
        assert done.returncode in (0, 4, 12, 13), (done.returncode, done.stderr)  # valid, invalid, corrupt, unsupported
        if done.returncode == 12:
            raise CorruptData(done.stderr)

    def curate():
        ln.Artifact.from_anndata(file, key="damaged.h5ad", schema=anndata_schema)

    def register():
        ln.Artifact.from_anndata(file, key="damaged.h5ad")

    def load():
        load_h5ad(file)

    actions = {"shell": shell, "curate": curate, "from_anndata": register, "load": load}
    for source in SOURCES:  # imports and caches are charged to no file
        file.write_bytes((DATA / source).read_bytes())
        for action in actions.values():
            action()
    before = resident("VmRSS")
    for seed in range(first, first + count):
        file.write_bytes(damaged(seed))
        Path("/proc/self/clear_refs").write_text("5")
        print(json.dumps({"seed": seed, "started": True}), flush=True)
        begin = time.monotonic()
        outcomes = {name: outcome(action) for name, action in actions.items()}
        print(json.dumps({"seed": seed, "outcomes": outcomes, "seconds": time.monotonic() - begin, "growth": resident("VmHWM") - before}), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
