"""Errors caused from outside: each has its own exit status, names the value, says what to do, and changes nothing."""
import os
import shlex
import sqlite3
import subprocess
import sys

import pytest

INVALID, UNKNOWN_FIELD, VALIDATION, NOT_FOUND, CONFLICT, NO_ACCESS, NOT_CONFIGURED, UNAVAILABLE, CORRUPT = 2, 3, 4, 5, 7, 9, 10, 11, 12


@pytest.fixture
def shell(tmp_path, home, lamin):
    folder = tmp_path / "work"
    folder.mkdir()

    def run(*words, status=0):
        done = subprocess.run([str(word) for word in (lamin, *words)], cwd=folder, env=os.environ, capture_output=True, text=True, timeout=60)
        assert done.returncode == status, f"{words}: {done.returncode}, not {status}: {done.stdout}{done.stderr}"
        return done.stderr + done.stdout
    run.folder = folder
    return run


@pytest.fixture
def instance(shell):
    shell("init", "--storage", "st", "--name", "bad", "--modules", "bionty")
    return shell


def python(shell, code):
    done = subprocess.run([sys.executable, "-c", code], cwd=shell.folder, env=os.environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def counts(shell):
    with sqlite3.connect(shell.folder / "st/.lamindb/lamin.db") as db:
        return [db.execute(f"select count(*) from lamindb_{table}").fetchone()[0] for table in ("artifact", "ulabel", "feature")]


# -- where an instance should be -----------------------------------------------------------------------------------

def test_storage_below_a_file(shell):
    (shell.folder / "taken").write_text("a file")
    assert "taken" in shell("init", "--storage", "taken/st", status=NO_ACCESS)


def test_storage_that_cannot_be_written(shell):
    assert "/proc" in shell("init", "--storage", "/proc/lamin", status=NO_ACCESS)


def test_database_url_of_an_unknown_kind(shell):
    assert "mysql" in shell("init", "--storage", "st", "--db", "mysql://user@localhost/x", status=INVALID)
    assert not (shell.folder / ".lamin").exists()


def test_database_url_without_a_database(shell):
    text = shell("init", "--storage", "st", "--db", "postgresql://user@127.0.0.1:5432", status=INVALID)
    assert "database name" in text and "postgresql://user:<password>@host:port/name" in text
    assert not (shell.folder / ".lamin").exists() and not (shell.folder / "st").exists()


def test_server_down(shell):
    text = shell("init", "--storage", "st", "--db", "postgresql://user:secret@127.0.0.1:9/x", status=UNAVAILABLE)
    assert "127.0.0.1" in text and "secret" not in text


def test_wrong_password(shell, postgres):
    user, rest = postgres.split("@", 1)
    text = shell("init", "--storage", "st", "--db", f"{user.rsplit(':', 1)[0]}:wrong@{rest}", status=NO_ACCESS)
    assert "wrong@" not in text


def test_unknown_module(shell):
    assert "biontie" in shell("init", "--storage", "st", "--modules", "biontie", status=NOT_FOUND)


def test_unknown_instance(shell):
    assert "nobody/nothing" in shell("connect", "nobody/nothing", status=NOT_FOUND)


def test_nothing_connected(shell):
    assert "lamin connect" in shell("list", "artifact", status=NOT_CONFIGURED)


def test_init_twice_connects(instance):
    before = counts(instance)
    instance("init", "--storage", "st", "--name", "bad", "--modules", "bionty")
    assert counts(instance) == before


def test_storage_of_another_instance(instance):
    assert "anonymous/bad" in instance("init", "--storage", "st", "--name", "other", status=CONFLICT)


def test_database_of_a_newer_program(instance):
    with sqlite3.connect(instance.folder / "st/.lamindb/lamin.db") as db:
        db.execute("insert into django_migrations (app, name, applied) values ('lamindb', '9999_future', '2030-01-01 00:00:00')")
    assert "9999_future" in instance("list", "artifact", status=CONFLICT)


def test_settings_file_without_a_name(instance, home):
    file = home / ".lamin" / "instance--anonymous--bad.env"
    file.write_text("".join(line for line in file.read_text().splitlines(True) if "_name=" not in line))
    assert "name" in instance("info", status=CORRUPT)


# -- files ---------------------------------------------------------------------------------------------------------

def test_missing_file(instance):
    assert "gone.csv" in instance("save", "gone.csv", "--key", "gone.csv", status=NOT_FOUND)


def test_key_that_escapes(instance):
    (instance.folder / "note.txt").write_text("a note")
    for key in ("../note.txt", "/etc/note.txt", "a/../../note.txt", "a\\b.txt"):
        instance("save", "note.txt", "--key", key, status=INVALID)
    assert counts(instance)[0] == 0


def test_suffix_of_the_key_differs(instance):
    (instance.folder / "note.txt").write_text("a note")
    assert ".csv" in instance("save", "note.txt", "--key", "note.csv", status=INVALID)


def test_empty_file_is_saved_as_it_is(instance):
    (instance.folder / "empty.txt").write_text("")
    instance("save", "empty.txt", "--key", "empty.txt")
    assert instance("get", "--key", "empty.txt", "--field", "size").split()[-1] == "0"


def test_truncated_h5ad_is_refused_by_a_schema(instance, root):
    whole = (root / "examples/data/pbmc68k_typed.h5ad").read_bytes()
    (instance.folder / "half.h5ad").write_bytes(whole[:len(whole) // 2])
    instance("create", "feature", "cell_type", "--dtype", "str")
    instance("create", "schema", "obs", "--features", "cell_type")
    instance("create", "schema", "cells", "--otype", "AnnData", "--slot", "obs=obs")
    assert "half.h5ad" in instance("save", "half.h5ad", "--key", "half.h5ad", "--schema", "cells", status=CORRUPT)
    assert counts(instance)[0] == 0


def test_a_text_that_is_called_h5ad(instance):
    (instance.folder / "fake.h5ad").write_text("no HDF5 at all")
    instance("create", "feature", "cell_type", "--dtype", "str")
    instance("create", "schema", "obs", "--features", "cell_type")
    instance("create", "schema", "cells", "--otype", "AnnData", "--slot", "obs=obs")
    assert "fake.h5ad" in instance("curate", "fake.h5ad", "--schema", "cells", status=CORRUPT)


def test_bytes_changed_behind_our_back(instance):
    (instance.folder / "note.txt").write_text("a note")
    instance("save", "note.txt", "--key", "note.txt")
    uid = instance("get", "--key", "note.txt", "--field", "uid").split()[-1]
    (instance.folder / f"st/.lamindb/{uid}.txt").unlink()
    assert f"{uid}.txt" in instance("load", "--key", "note.txt", status=NOT_FOUND)


def test_ontology_that_is_no_ontology(instance):
    (instance.folder / "bad.obo").write_text("format-version: 1.2\n\n[Term]\nname: without an id\n")
    assert "bad.obo" in instance("import", "cell_type", "bad.obo", status=CORRUPT)


# -- questions -----------------------------------------------------------------------------------------------------

def test_unknown_registry_names_the_nearest(instance):
    assert "artifact" in instance("list", "artefact", status=NOT_FOUND)


def test_unknown_field_names_the_nearest(instance):
    assert "description" in instance("list", "artifact", "--where", "descripton = 'x'", status=UNKNOWN_FIELD)
    assert "suffix" in python(instance, "import lamindb as ln\ntry: ln.Artifact.filter(sufix='.csv').count()\n"
                                        "except ln.errors.FieldValidationError as error: print(error)")


def test_condition_that_cannot_be_read(instance):
    instance("list", "artifact", "--where", "size >", status=INVALID)
    instance("list", "artifact", "--where", "size > 1; drop table lamindb_artifact", status=INVALID)
    assert counts(instance)[0] == 0


def test_value_of_the_wrong_type(instance):
    assert "size" in instance("list", "artifact", "--where", "size = 'large'", status=INVALID)


def test_nothing_found(instance):
    assert "no-such-key" in instance("get", "--key", "no-such-key", status=NOT_FOUND)
    assert python(instance, "import lamindb as ln\nfrom lamindb.errors import ObjectDoesNotExist\n"
                            "try: ln.ULabel.get(name='nobody')\nexcept ObjectDoesNotExist: print('caught')").split()[-1] == "caught"


# -- rows ----------------------------------------------------------------------------------------------------------

def test_duplicate_uid(instance):
    text = python(instance, "import lamindb as ln\na = ln.ULabel(name='one').save()\nb = ln.ULabel(name='two'); b.uid = a.uid\n"
                            "try: b.save()\nexcept ln.errors.IntegrityError as error: print(error)\nprint(ln.ULabel.filter().count())")
    assert text.split()[-1] == "1" and "uid" in text


def test_a_name_that_is_there_is_found_again(instance):
    assert python(instance, "import lamindb as ln\na = ln.ULabel(name='one').save()\nprint(ln.ULabel(name='one').id == a.id)").strip().endswith("True")


def test_name_too_long(instance):
    text = python(instance, "import lamindb as ln\ntry: ln.ULabel(name='x' * 151).save()\nexcept ValueError as error: print(error)")
    assert "name" in text and "150" in text
    assert counts(instance)[1] == 0


def test_unknown_keyword(instance):
    text = python(instance, "import lamindb as ln\ntry: ln.ULabel(nam='x')\nexcept (ValueError, TypeError) as error: print(error)")
    assert "nam (did you mean name?)" in text
    assert counts(instance)[1] == 0


def test_a_feature_without_a_type(instance):
    assert "dtype" in instance("create", "feature", "size", status=VALIDATION)
    assert "bionty.Cell" in instance("create", "feature", "size", "--dtype", "cat[bionty.Cell]", status=VALIDATION)
    assert counts(instance)[2] == 0


def test_the_same_feature_twice_and_with_another_type(instance):
    first, again = (instance("create", "feature", "size", "--dtype", "float").split()[-1] for _ in range(2))
    assert first == again
    assert "already exists with dtype float, you passed int" in instance("create", "feature", "size", "--dtype", "int", status=VALIDATION)
    assert counts(instance)[2] == 1


def test_creating_what_is_there_updates_it(instance):
    uid = instance("create", "ulabel", "plate").split()[-1]
    text = instance("create", "ulabel", "plate", "--set", "description=96 wells")
    assert text.split()[-1] == uid and "returning ulabel with same name" in text
    assert instance("get", "ulabel", "--uid", uid, "--field", "description").splitlines()[-1] == "96 wells"
    assert "Did you mean to load it?" in instance("create", "ulabel", "Plate")


def test_a_collection_from_the_shell(instance):
    for name in "ab":
        (instance.folder / f"{name}.txt").write_text(name)
        instance("save", f"{name}.txt", "--key", f"{name}.txt")
    python(instance, "import lamindb as ln\nln.Collection([ln.Artifact.get(key=k) for k in ('b.txt', 'a.txt')], key='both').save()")
    assert "both" in instance("list", "collection") and "both" in instance("describe", "collection", "--key", "both")
    paths = instance("load", "collection", "--key", "both").splitlines()[-2:]
    assert [open(path).read() for path in paths] == ["b", "a"]
    instance("load", "ulabel", "--name", "both", status=NOT_FOUND)


def test_a_label_that_is_in_use_is_protected(instance):
    text = python(instance, "import lamindb as ln\nt = ln.ULabel(name='Type', is_type=True).save()\nln.ULabel(name='one', type=t).save()\n"
                            "try: t.delete(permanent=True)\nexcept ln.errors.ProtectedError as error: print(error)\nprint(ln.ULabel.filter().count())")
    assert text.split()[-1] == "2"


def test_wrong_usage_of_the_shell(shell):
    assert "no-such-command" in shell("no-such-command", status=INVALID)
    shell("save", status=INVALID)
    shell("list", "artifact", "--no-such-option", status=INVALID)


def test_a_table_whose_rows_are_refused_leaves_no_sheet(instance):
    instance("create", "feature", "score", "--dtype", "int")
    (instance.folder / "bad.csv").write_text("name,score\nA1,high\n")
    assert "'high'" in instance("import", "record", "bad.csv", "--type", "plate", status=VALIDATION)
    with sqlite3.connect(instance.folder / "st/.lamindb/lamin.db") as db:
        assert db.execute("select count(*) from lamindb_record").fetchone()[0] == 0
        assert db.execute("select count(*) from lamindb_schema").fetchone()[0] == 0


def test_the_advice_for_unregistered_values_can_be_followed(instance):
    instance("create", "feature", "state", "--dtype", "cat[ULabel]")
    instance("create", "record", "sample")
    text = instance("annotate", "record", "--name", "sample", "--features", "state=it's new", status=VALIDATION)
    advice = next(line for line in text.splitlines() if line.strip().startswith("lamin create"))
    words = shlex.split(advice)[1:]
    instance(*words)
    instance("annotate", "record", "--name", "sample", "--features", "state=it's new")
