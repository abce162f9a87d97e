"""Secrets do not reach the instance: all bytes of the instance are searched after a real tracked run that contains
every form of secret in every place. How much is redacted in real scientific source code is counted too."""

import importlib.util
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[1] / "data"
MARK = "***REDACTED***"


def lines(name):
    return [line for line in (DATA / name).read_text().splitlines() if line and not line.startswith("#")]


def secrets():
    """(label, text, the part that must not be stored)"""
    out = []
    for line in lines("secrets.txt"):
        label, text = line.split("\t")
        kept, _, secret = text.partition("~")
        out.append((label, kept + secret, secret))
    return out


def names():
    return [line[1:] for line in lines("secret_names.txt") if line[0] == "+"]


SECRETS = secrets()
NAMED = [(name, f"Hidden{i}-Sw0rdfish") for i, name in enumerate(names())]


def held_by(folder):
    """All bytes stored by an instance."""
    database = folder / ".lamindb" / "lamin.db"
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        # The texts of a search index cannot be listed: use the bytes of its pages.
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        texts = [repr(row) for name in tables if not name.startswith("lamin_search_") for row in connection.execute(f'select * from "{name}"')]
    # In another process: closing a file drops all locks that the process holds on it, including those of the open instance.
    texts.append(subprocess.run(["cat", database], capture_output=True, check=True).stdout.decode("latin-1"))
    texts += [path.read_text(errors="replace") for path in folder.rglob("*") if path.is_file() and path.suffix == ".txt"]
    return "\n".join(texts)


def leaks(text):
    return [label for label, _, part in SECRETS if part in text] + [name for name, value in NAMED if value in text]


TRACKED = """
import json, sys
import lamindb as ln
given = json.load(open("secrets.json"))
ln.track(params=given["params"])
for text in given["printed"]:
    print(text)
sys.stderr.write("a warning: " + given["printed"][0] + "\\n")
transform = ln.Transform(key="by hand.py", kind="script", source_code=given["source"]).save()
transform.source_code = given["source"] + "# again"
transform.reference = given["urls"][0]
transform.save()
run = ln.context.run
run.params = {"nested": [given["params"]], "set": "later"}
run.save()
for i, url in enumerate(given["urls"]):
    ln.Project(name=f"p{i}", url=url).save()
    ln.Reference(name=f"r{i}", url=url).save()
    ln.Transform(key=f"t{i}", reference=url, reference_type="url").save()

@ln.step()
def secret_step(api_key, config): pass

for _, value in given["named"]:
    secret_step(value, {"a": [{"password": value}]})
for _, text, _ in given["secrets"]:
    secret_step("x", [text, {text: 1}])
ln.finish()
"""


@pytest.fixture(scope="module")
def tracked(ln, workplace):
    """The instance's bytes after running a script full of secrets."""
    source = "".join(f"s{i} = {text!r}\n# {text}\n" for i, (_, text, _) in enumerate(SECRETS))
    for name, value in NAMED:
        source += f"d[{name!r}] = {value!r}\nos.environ[{name!r}] = {value!r}\nf(**{{{name!r}: {value!r}}})\n"
        if name.isidentifier():
            source += f"{name} = {value!r}\nf({name}={value!r})\nx.{name}: str = {value!r}\n"
    params = {f"p{i}": text for i, (_, text, _) in enumerate(SECRETS)}
    params.update({"deep": {"a": [{"b": text} for _, text, _ in SECRETS]}, "keys": {text: 1 for _, text, _ in SECRETS}})
    params.update(NAMED)
    params["named"] = {"in": [{name: value} for name, value in NAMED]}
    printed = [text for _, text, _ in SECRETS] + [f"{name}={value}" for name, value in NAMED] + [f"{name}: {value}" for name, value in NAMED]
    urls = [text for _, text, _ in SECRETS if text.startswith(("http://", "https://", "ftp://")) and not text.startswith("https://hooks.z")]
    given = {"params": params, "printed": printed, "source": source, "urls": urls, "named": NAMED, "secrets": SECRETS}
    (workplace / "secrets.json").write_text(json.dumps(given))
    script = workplace / "tracked.py"
    # the rest is source code that never runs
    script.write_text(TRACKED + "sys.exit()\n" + source)
    arguments = [text for _, text, _ in SECRETS]
    first = subprocess.run([sys.executable, str(script), *arguments[:5]], cwd=workplace, capture_output=True, text=True, timeout=300)
    assert first.returncode == 0, first.stderr[-3000:]
    # one run per argument list, since a row holds 1024 characters of it
    small = workplace / "arguments.py"
    small.write_text("import lamindb as ln, sys, json\nfor given in json.load(open('arguments.json')):\n    sys.argv[1:] = given\n    ln.track()\n    ln.finish()\n")
    argvs = [[text] for text in arguments] + [["--with=" + text] for text in arguments]
    for name, value in NAMED:
        if " " not in name:
            argvs += [["--" + name.lstrip("-"), value, "rest"], [f"--{name.lstrip('-')}={value} more", "rest"]]
    (workplace / "arguments.json").write_text(json.dumps(argvs))
    second = subprocess.run([sys.executable, str(small)], cwd=workplace, capture_output=True, text=True, timeout=300)
    assert second.returncode == 0, second.stderr[-3000:]
    return held_by(workplace / "storage"), len(argvs)


def test_nothing_of_them_is_kept(tracked):
    text, _ = tracked
    assert len(SECRETS) >= 60 and len(NAMED) >= 60
    assert leaks(text) == []
    assert text.count(MARK) > 10 * len(SECRETS)


def test_every_sink_was_reached(ln, tracked):
    transform = ln.Transform.get(key="tracked.py")
    run = transform.runs.first()
    report = run.report.cache().read_text()
    for where in (transform.source_code, json.dumps(run.params), report, ln.Transform.filter(key="by hand.py").first().source_code):
        assert where.count(MARK) >= len(SECRETS) * 0.9, where[:2000]
    runs = ln.Transform.get(key="arguments.py").runs.all()
    assert len(runs) == tracked[1] and all(MARK in r.cli_args for r in runs)
    assert ln.Project.filter(url__contains=MARK).count() >= 8
    assert ln.Run.filter(entrypoint__endswith="secret_step").count() == len(SECRETS) + len(NAMED)


def test_messages_do_not_show_them(ln, said):
    from lamindb._process.logger import logger

    for _, text, part in SECRETS:
        logger.warning(f"cannot read {text}")
        assert part not in said()
        try:
            ln.ULabel.get(name=text)
        except ln.errors.ObjectDoesNotExist as error:
            assert part not in str(error), text


def test_the_program_sees_its_own_values(ln):
    """Only what is stored is redacted."""
    values = {"api_key": "Hidden-Sw0rdfish", "n": 1}
    ln.track(key="values.py", source_code="print(values)", params=values)
    try:
        assert values == {"api_key": "Hidden-Sw0rdfish", "n": 1}
        assert ln.context.run.params == {"api_key": MARK, "n": 1}
    finally:
        ln.finish()


CORPUS = ("numpy", "pandas", "scipy", "anndata")


def test_real_source_code_stays_as_it_is(ln):
    """Fewer than 0.1 % of the lines of real scientific code are touched."""
    from lamindb import _core

    n_lines = n_redacted = n_files = 0
    for package in CORPUS:
        spec = importlib.util.find_spec(package)
        if spec is None:
            continue
        for path in Path(spec.origin).parent.rglob("*.py"):
            source = path.read_text(encoding="utf-8", errors="surrogateescape").encode("utf-8", "replace").decode()
            redacted = _core.redact_source(source)
            before, after = source.split("\n"), redacted.split("\n")
            n_files += 1
            n_lines += len(before)
            n_redacted += sum(a != b for a, b in zip(before, after, strict=False)) + abs(len(before) - len(after))
    assert n_lines > 100_000
    print(f"\n{n_redacted} of {n_lines} lines in {n_files} files are redacted: {100 * n_redacted / n_lines:.5f} %")
    assert n_redacted < n_lines / 1000
