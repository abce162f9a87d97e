"""Who is logged in is the same for both programs, readmes and notes too."""

from interop_support import run

MAKE = "label = ln.ULabel(name='{}').save(); print(label.created_by.handle, label.created_by.name)"


def test_a_user_is_one_person_in_both_programs(folder, lamin, ours, real, db):
    run([lamin, "login", "ada", "--name", "Ada Lovelace"], folder)
    run([lamin, "init", "--storage", folder / "st", "--name", "interop", *(["--db", db] if db else [])], folder)
    head = "import lamindb as ln\n"
    assert ours(head + MAKE.format("ours"), folder).splitlines()[-1] == "ada Ada Lovelace"
    assert real(MAKE.format("theirs"), folder).splitlines()[-1] == "ada Ada Lovelace"
    assert real("print(ln.setup.settings.user.handle, ln.User.filter().count())", folder).splitlines()[-1] == "ada 1"
    run([lamin, "login", "ben"], folder)
    assert real(MAKE.format("of ben"), folder).splitlines()[-1] == "ben None"
    assert ours(head + "print(ln.User.get(handle='ben').uid == ln.setup.settings.user.uid)", folder).splitlines()[-1] == "True"


def test_texts_of_one_are_versions_of_the_other(instance, lamin, ours, real):
    folder, _ = instance
    write = "label = ln.ULabel.filter(name='noted').one_or_none() or ln.ULabel(name='noted').save(); " \
            "ln.models.ULabelBlock(ulabel=label, content='{}', kind='readme').save()"
    real(write.format("# Theirs"), folder)
    (folder / "about.md").write_text("# Ours")
    run([lamin, "annotate", "ulabel", "--name", "noted", "--readme", "about.md"], folder)
    look = "rows = ln.models.ULabelBlock.filter().order_by('id'); print([r.content for r in rows], [r.is_latest for r in rows], " \
           "len({r.uid[:16] for r in rows}), len({r.hash for r in rows if r.hash}))"
    assert real(look, folder).splitlines()[-1] == "['# Theirs', '# Ours'] [False, True] 1 2"
    assert ours("import lamindb as ln\n" + look, folder).splitlines()[-1] == "['# Theirs', '# Ours'] [False, True] 1 2"
