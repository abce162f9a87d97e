"""Whether an instance is whole, seen from outside: the database and the files of its storage, without the program."""
import json
import os
import sqlite3
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from world import hash_of

AUTO = ".lamindb/"
OWN = ("lamin.db", "storage_uid.txt")  # the database's files and the marker


ARTIFACTS = "select * from lamindb_artifact order by id"


def rows_of(db: str) -> list[dict]:
    """Every artifact, in the trash or not."""
    return select(db, ARTIFACTS)[0]


def _psql(parts: list[str], db: str) -> subprocess.CompletedProcess:
    """A server that was killed a moment ago refuses for as long as it recovers."""
    until = time.monotonic() + 60
    while True:
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *parts, db], capture_output=True, text=True)
        recovers = any(word in done.stderr for word in ("recovery mode", "starting up", "Connection refused"))
        if done.returncode == 0 or not recovers or time.monotonic() > until:
            return done
        time.sleep(0.2)


def select(db: str, *statements: str) -> list[list[dict]]:
    """The rows of each statement; `db` is a file or the URL of a PostgreSQL database."""
    if db.startswith("postgresql:"):
        parts = [part for text in statements for part in ("-c", f"select coalesce(json_agg(x), '[]') from ({text}) x")]
        done = _psql(parts, db)
        assert done.returncode == 0, done.stderr
        # One JSON text after the other; psql breaks lines inside them.
        found, rest, decoder = [], done.stdout.strip(), json.JSONDecoder()
        while rest:
            value, end = decoder.raw_decode(rest)
            found.append(value)
            rest = rest[end:].lstrip()
        return found
    with closing(sqlite3.connect(f"file:{db}?mode=ro", uri=True, timeout=10)) as connection:
        connection.row_factory = sqlite3.Row
        return [[dict(row) for row in connection.execute(text)] for text in statements]


def place_of(row: dict) -> str:
    """Where the bytes of a row are, below the root of its storage."""
    if row["_real_key"]:
        return row["_real_key"]
    if row["key"] is not None and not row["_key_is_virtual"]:
        return row["key"]
    return f"{AUTO}{row['uid'][:16] if row['_overwrite_versions'] else row['uid']}{row['suffix']}"


def is_shared(row: dict) -> bool:
    """Whether versions of it share one place."""
    return not place_of(row).startswith(AUTO) or bool(row["_overwrite_versions"])


def holders(rows: list[dict]) -> list[dict]:
    """Of the rows at one place, in the order of their ids, those that must have their bytes there: all if nothing is shared,
    otherwise the last one, unless it came after a later version of its own family."""
    if not any(map(is_shared, rows)):
        return rows
    holder = rows[0]
    for row in rows[1:]:
        if row["uid"][:16] != holder["uid"][:16] or row["uid"] > holder["uid"]:
            holder = row
    return [holder]


def by_place(rows: list[dict], storage: Path) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for row in rows:
        found.setdefault(str(storage / place_of(row)), []).append(row)
    return found


def content_at(path: str):
    """Bytes, or a folder as {name: bytes}; None if nothing is there."""
    if os.path.isdir(path):
        found = {}
        for folder, _, names in os.walk(path):
            for name in names:
                file = os.path.join(folder, name)
                with open(file, "rb") as open_file:
                    found[os.path.relpath(file, path)] = open_file.read()
        return found
    try:
        with open(path, "rb") as open_file:
            return open_file.read()
    except FileNotFoundError:
        return None


def mismatch(row: dict, content) -> str:
    """'' if that is the content of the row."""
    if content is None:
        return "missing"
    size = len(content) if isinstance(content, bytes) else sum(map(len, content.values()))
    files = None if isinstance(content, bytes) else len(content)
    if (size, files, hash_of(content)) != (row["size"], row["n_files"], row["hash"]):
        return f"wrong: {files or 1} files of {size} bytes, hash {hash_of(content)}; the row says {row['n_files'] or 1}, {row['size']}, {row['hash']}"
    return ""


@dataclass
class Findings:
    """What is wrong, by kind; empty if nothing is."""
    missing: list = field(default_factory=list)  # rows without their bytes
    wrong: list = field(default_factory=list)  # rows with bytes that are not theirs
    leftovers: list = field(default_factory=list)  # intents, files, folders that belong to nothing
    rows: list = field(default_factory=list)  # rows that contradict each other

    def __bool__(self) -> bool:
        return bool(self.missing or self.wrong or self.leftovers or self.rows)

    def texts(self) -> list[str]:
        return [f"{kind}: {text}" for kind in ("missing", "wrong", "leftovers", "rows") for text in getattr(self, kind)]


def examine(world, gone: tuple = ()) -> Findings:
    """After `lamin gc`: every row has its bytes, or shares its place with a newer version that has its own; nothing else is
    left.

    `gone` are uids that were permanently deleted, or may have been."""
    found = Findings()
    rows, *own = select(world.database or str(world.db), ARTIFACTS, *OWN_TABLES)
    places = by_place(rows, world.storage)
    for place, here in places.items():
        if len(here) > 1 and not is_shared(here[0]):
            found.rows.append(f"{[row['uid'] for row in here]} have one place")
        for row in holders(here):
            why = mismatch(row, content_at(place))
            # If a later version had the place and was permanently deleted, the older ones' bytes are gone.
            superseded = is_shared(row) and any(uid[:16] == row["uid"][:16] and uid > row["uid"] for uid in gone)
            if why and not superseded:
                (found.missing if why == "missing" else found.wrong).append(f"{row['uid']} ({row['key']}) at {place}: {why}")
    _examine_versions(rows, gone, found)
    _examine_own_tables(rows, *own, found)
    _examine_files(world, set(places), found)
    return found


def _examine_versions(rows, gone, found) -> None:
    families: dict[tuple, int] = {}
    for row in rows:
        if row["branch_id"] != -1:
            family = (row["uid"][:16], row["branch_id"])
            families[family] = families.get(family, 0) + bool(row["is_latest"])
    found.rows += [f"family {stem} has {count} latest versions" for (stem, _), count in families.items() if count != 1]
    # A key whose versions are all in the trash, or were deleted, starts a new family; one that comes back is then a second.
    left = {row["uid"][:16] for row in rows if row["branch_id"] == -1} | {uid[:16] for uid in gone}
    keys: dict[tuple, set] = {}
    for row in rows:
        if row["key"] is not None:
            keys.setdefault((row["storage_id"], row["key"]), set()).add(row["uid"][:16])
    found.rows += [f"{len(stems)} families have the key {key}" for (_, key), stems in keys.items() if len(stems) > 1 and not stems & left]


OWN_TABLES = (
    "select * from lamin_intent",
    "select artifact_id from lamin_content",
    "select distinct artifact_id from lamin_file",
)


def _examine_own_tables(rows, intents, contents, files, found) -> None:
    found.leftovers += [f"intent {intent}" for intent in intents]
    ids = {row["id"] for row in rows}
    held = {row["artifact_id"] for row in contents}
    for table, numbers in (("lamin_content", held), ("lamin_file", {row["artifact_id"] for row in files})):
        found.leftovers += [f"{table} of artifact {number}, which does not exist" for number in sorted(numbers - ids)]
    found.rows += [f"artifact {number} has no digest" for number in sorted(ids - held)]


def _examine_files(world, places: set, found) -> None:
    above = {os.path.dirname(place) for place in places}
    keep = {str(world.storage), str(world.storage / ".lamindb")}
    for folder, names, files in os.walk(world.storage):
        names[:] = [name for name in names if os.path.join(folder, name) not in places]
        for name in files:
            path = os.path.join(folder, name)
            if path not in places and not (folder == str(world.storage / ".lamindb") and name.startswith(OWN)):
                found.leftovers.append(f"file {os.path.relpath(path, world.root)}")
        # A folder of a real key whose file was deleted may stay; internal folders may not.
        if not names and not files and folder not in keep | above and "/.lamin" in folder[len(str(world.storage)):]:
            found.leftovers.append(f"empty folder {os.path.relpath(folder, world.root)}")
    if world.bucket:
        found.leftovers += [f"a part of an upload: {name}" for name in world.bucket.unfinished()]
    drafts = world.root / "home/.cache/lamindb/drafts"
    for folder, _, files in os.walk(drafts):
        found.leftovers += [f"draft {os.path.relpath(os.path.join(folder, name), drafts)}" for name in files]
    found.leftovers += [f"temporary {name}" for name in os.listdir(world.root / "tmp")]
