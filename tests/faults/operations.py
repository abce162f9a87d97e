"""What is done to an instance while it is disturbed, and what others do to the same thing.

Each operation defines the initial state (`prepare`), what it writes beforehand (`sources`, not counted by the tracer) and what
it does (`act`, which reports each acknowledgement as soon as the call has returned). All contents differ, so that content tells
who wrote it."""
import os
import subprocess
from dataclasses import dataclass

import oracle
from world import LAMIN, folder_hash, short_md5


def text(tag: str) -> bytes:
    """Content of a file; a few distinctive bytes and some more."""
    return (f"content of {tag}\n" * 20).encode()


def frame(tag: str):
    import pandas as pd

    return pd.DataFrame({"name": [f"{tag} {i}" for i in range(10)], "size": list(range(10))})


@dataclass
class Target:
    """What several processes save under one key."""
    key: str
    folder: bool = False
    real: bool = False
    large: bool = False  # what the operation itself saves goes to a bucket in parts

    def content(self, tag: str):
        whole = text(tag) * (40_000 if self.large and tag == "a" else 1)
        return {name: text(f"{tag} {name}") for name in ("a", "b", "sub/c")} if self.folder else whole

    def options(self) -> dict:
        return {"key": self.key, **({"key_is_virtual": False} if self.real else {})}

    def save(self, ln, path: str) -> str:
        return ln.Artifact(path, **self.options()).save().uid


FILE, FOLDER = Target("v/a.txt"), Target("f/d", folder=True)
REAL, REAL_FOLDER = Target("r/a.txt", real=True), Target("r/d", folder=True, real=True)
LARGE = Target("l/a.bin", large=True)
TARGETS = {"large": LARGE, "file": FILE, "folder": FOLDER, "real": REAL, "real_folder": REAL_FOLDER}


@dataclass
class Operation:
    name: str
    target: Target
    before: int = 0  # existing versions of the target
    act: object = None  # act(ln, world, tag, ack)
    sources: object = None  # sources(world, tag)
    prepare: object = None  # prepare(ln, world)
    command: object = None  # command(world, tag): a program instead of act
    modules: str = ""
    wound: tuple = ()  # an operation, and the fraction of its calls after which it was killed beforehand
    opens: bool = False  # opening the instance is part of it
    deletes: bool = False  # existing data may be gone afterwards
    changes: bool = False  # refused if another process replaces or deletes the version meanwhile
    damages: bool = False  # prepare leaves rows whose bytes are missing, on purpose


def write(world, target: Target, tag: str) -> str:
    name = f"{tag}-{target.key.replace('/', '-')}"
    return world.write(name, target.content(tag))


def source(world, target: Target, tag: str) -> str:
    return str(world.root / "src" / f"{tag}-{target.key.replace('/', '-')}")


def saving(name: str, target: Target, before: int) -> Operation:
    return Operation(name, target, before, sources=lambda world, tag: write(world, target, tag),
                     act=lambda ln, world, tag, ack: ack("saved", uid=target.save(ln, source(world, target, tag)), tag=tag, key=target.key))


def by_command(name: str, target: Target, before: int) -> Operation:
    def command(world, tag):
        return [str(LAMIN), "save", source(world, target, tag), "--key", target.key]

    return Operation(name, target, before, sources=lambda world, tag: write(world, target, tag), command=command)


MANY = (FILE, Target("v/b.txt"), REAL, Target("r/b.txt", real=True), FOLDER)


def save_many(ln, world, tag, ack):
    artifacts = [ln.Artifact(source(world, target, tag), **target.options()) for target in MANY]
    ln.save(artifacts)
    for target, artifact in zip(MANY, artifacts):
        ack("saved", uid=artifact.uid, tag=tag, key=target.key)


def prepare_many(ln, world):
    for target in (FILE, REAL, FOLDER):
        target.save(ln, write(world, target, "before0"))


def latest(ln, target: Target):
    return ln.Artifact.filter(key=target.key, branch=None).order_by("-id").first()


def deletion(name: str, target: Target, before: int, permanent: bool) -> Operation:
    def act(ln, world, tag, ack):
        artifact = latest(ln, target)
        uid = artifact.uid
        artifact.delete(**({"permanent": True, "storage": True} if permanent else {}))
        ack("deleted" if permanent else "trashed", uid=uid)

    return Operation(name, target, before, act=act, deletes=permanent)


def restoration(target: Target) -> Operation:
    def prepare(ln, world):
        latest(ln, target).delete()

    def act(ln, world, tag, ack):
        artifact = latest(ln, target)
        artifact.restore()
        ack("restored", uid=artifact.uid)

    return Operation("restore", target, 2, prepare=prepare, act=act)


def replacing(name: str, target: Target) -> Operation:
    """Other content for the same version."""
    def act(ln, world, tag, ack):
        artifact = latest(ln, target)
        artifact.replace(source(world, target, tag))
        artifact.save()
        ack("saved", uid=artifact.uid, tag=tag, key=target.key)

    return Operation(name, target, 1, sources=lambda world, tag: write(world, target, tag), act=act, changes=True)


def moving(name: str, target: Target) -> Operation:
    """Another real key: the bytes move."""
    def act(ln, world, tag, ack):
        artifact = latest(ln, target)
        artifact.key = f"moved/{target.key}"
        artifact.save()
        ack("moved", uid=artifact.uid)

    return Operation(name, target, 1, act=act, changes=True)


def save_lazy(ln, world, tag, ack):
    """Written to a path of the storage, then saved."""
    lazy = ln.Artifact.from_lazy(".txt", overwrite_versions=False, key=FILE.key)
    with lazy.path.open("wb") as file:
        file.write(FILE.content(tag))
    ack("saved", uid=lazy.save().uid, tag=tag, key=FILE.key)


def make_collection(ln, world, tag, ack):
    members = list(ln.Artifact.filter(key__startswith="v/").order_by("id"))
    collection = ln.Collection(members, key="c").save()
    ack("collected", uid=collection.uid, members=[member.uid for member in members])


def prepare_collection(ln, world):
    for target in (FILE, Target("v/b.txt")):
        target.save(ln, write(world, target, "before0"))


def collection_with_new(ln, world, tag, ack):
    """Saves a new artifact, then a collection of it."""
    artifact = ln.Artifact(source(world, FILE, tag), key=FILE.key).save()
    ack("saved", uid=artifact.uid, tag=tag, key=FILE.key)
    collection = ln.Collection([artifact], key="c").save()
    ack("collected", uid=collection.uid, members=[artifact.uid])


TABLE = Target("t/t.parquet")


def prepare_curated(ln, world):
    import pandas  # noqa: F401  (loaded once, not in each child)

    features = [ln.Feature(name="name", dtype=str).save(), ln.Feature(name="size", dtype=int).save()]
    ln.Schema(features, name="table").save()


def save_curated(ln, world, tag, ack):
    schema = ln.Schema.get(name="table")
    artifact = ln.Artifact.from_dataframe(frame(tag), key=TABLE.key, schema=schema).save()
    ack("curated", uid=artifact.uid, tag=tag, key=TABLE.key)


def prepare_repair(target: Target):
    def prepare(ln, world):
        [row] = oracle.rows_of(world.database or str(world.db))
        subprocess.run(["rm", "-r", world.storage / oracle.place_of(row)], check=True)

    return prepare


def repair(target: Target) -> Operation:
    """The bytes of a known artifact are missing; saving the same content restores them."""
    def act(ln, world, tag, ack):
        ack("saved", uid=target.save(ln, source(world, target, "before0")), tag="before0", key=target.key)

    return Operation("repair", target, 1, prepare=prepare_repair(target), act=act, damages=True)


def clean(ln, world, tag, ack):
    from lamindb import _core
    from lamindb._process import session

    _core.recover(session.current())
    ack("recovered")


def cleaning(name: str, target: Target, before: int, wound: tuple) -> Operation:
    """The clean-up after a killed process, which is killed too."""
    return Operation(name, target, before, wound=wound, opens=True, act=clean)


OPERATIONS = {operation.name: operation for operation in [
    saving("file", FILE, 0),
    saving("file_version", FILE, 1),
    saving("large", LARGE, 1),
    saving("folder", FOLDER, 0),
    saving("folder_version", FOLDER, 1),
    saving("real", REAL, 0),
    saving("real_version", REAL, 1),
    saving("real_folder", REAL_FOLDER, 0),
    saving("real_folder_version", REAL_FOLDER, 1),
    Operation("many", FILE, 0, prepare=prepare_many, act=save_many, sources=lambda world, tag: [write(world, target, tag) for target in MANY]),
    repair(FILE),
    deletion("trash", FILE, 2, permanent=False),
    deletion("trash_real", REAL, 1, permanent=False),
    deletion("delete_file", FILE, 1, permanent=True),
    deletion("delete_version", FILE, 2, permanent=True),
    deletion("delete_real", REAL, 1, permanent=True),
    deletion("delete_folder", FOLDER, 2, permanent=True),
    deletion("delete_real_folder", REAL_FOLDER, 1, permanent=True),
    restoration(FILE),
    replacing("replace", FILE),
    replacing("replace_real", REAL),
    replacing("replace_folder", FOLDER),
    moving("move", REAL),
    moving("move_folder", REAL_FOLDER),
    Operation("lazy", FILE, 0, act=save_lazy),
    Operation("collection", FILE, 0, prepare=prepare_collection, act=make_collection),
    Operation("collection_new", FILE, 1, act=collection_with_new, sources=lambda world, tag: write(world, FILE, tag)),
    Operation("curated", TABLE, 0, prepare=prepare_curated, act=save_curated),
    by_command("cli_file", FILE, 0),
    by_command("cli_folder_version", FOLDER, 1),
    by_command("cli_folder", FOLDER, 0),
    cleaning("clean_real_version", REAL, 1, ("real_version", 0.65)),
    cleaning("clean_folder_version", FOLDER, 1, ("folder_version", 0.65)),
    cleaning("clean_folder", FOLDER, 0, ("folder", 0.25)),
    cleaning("clean_deleted", REAL, 1, ("delete_real", 0.6)),
]}


# ---- what others do -------------------------------------------------------------------------------------------------------

def other_save(ln, world, target, tag):
    """Saves a new version; returns its uid."""
    if target is TABLE:
        schema = ln.Schema.get(name="table")
        return ln.Artifact.from_dataframe(frame(tag), key=TABLE.key, schema=schema).save().uid
    return target.save(ln, source(world, target, tag))


def other_load(ln, world, target, tag):
    """How the latest version reads: [uid, hash in its row, None or what is wrong]; None if there is none."""
    artifact = ln.Artifact.filter(key=target.key, is_latest=True).order_by("-id").first()
    return None if artifact is None else [artifact.uid, artifact.hash, read_wrong(artifact)]


def read_wrong(artifact) -> str | None:
    """None if the bytes that the program returns are those of the row."""
    path = str(artifact.cache(is_run_input=False))
    if artifact.n_files is None:
        with open(path, "rb") as file:
            data = file.read()
        found, size = short_md5(data), len(data)
    else:
        hashes, size = [], 0
        for folder, _, names in os.walk(path):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    data = file.read()
                hashes.append(short_md5(data))
                size += len(data)
        found = folder_hash(hashes)
    if (found, size) != (artifact.hash, artifact.size):
        return f"{artifact.uid} reads as {found} of {size} bytes, its row says {artifact.hash} of {artifact.size}"
    return None


def other_delete(ln, world, target, tag):
    artifact = latest(ln, target)
    if artifact is None:
        return None
    artifact.delete(permanent=True, storage=True)
    return artifact.uid


def other_trash(ln, world, target, tag):
    artifact = ln.Artifact.filter(key=target.key).order_by("-id").first()
    if artifact is None:
        return None
    artifact.delete()
    return artifact.uid


def other_recover(ln, world, target, tag):
    clean(ln, world, tag, lambda *_, **__: None)


def read_all(ln, world, target, tag):
    """{uid: None if it reads right, otherwise what is wrong or the refusal}."""
    found = {}
    for artifact in ln.Artifact.filter(branch=None).order_by("id"):
        try:
            found[artifact.uid] = read_wrong(artifact)
            if found[artifact.uid]:
                found[artifact.uid] = "WRONG " + found[artifact.uid]
        except Exception as error:
            found[artifact.uid] = f"REFUSED {type(error).__name__}: {error}"
    return found


OTHERS = {"save": other_save, "load": other_load, "delete": other_delete, "trash": other_trash, "recover": other_recover, "read": read_all}
