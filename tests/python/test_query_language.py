"""Look-ups, visibility, values, combined and iterated rows, relations read together."""

import datetime
import sqlite3

import pytest


@pytest.fixture
def abc(labels, ln):
    ln.save([labels(name=n, description=d) for n, d in [("a", "first"), ("b", None), ("c", "third")]])
    return labels


@pytest.fixture
def runs(ln):
    transform = ln.Transform(key="query.py", kind="script").save()
    made = [
        ln.Run(transform, params={"lr": 0.1, "deep": {"x": "y", "list": [1, 2]}, "n": None}).save(),
        ln.Run(transform, params={"lr": "0.1", "deep": 3}).save(),
        ln.Run(transform).save(),
    ]
    rows = ln.Run.filter(transform=transform)
    yield rows
    for run in made:
        run.delete(permanent=True)
    transform.delete(permanent=True)


def names(rows):
    return rows.to_list("name")


def test_parts_of_times(abc):
    today = datetime.datetime.now(datetime.timezone.utc)
    for part, value in [
        ("year", today.year), ("month", today.month), ("day", today.day), ("quarter", (today.month - 1) // 3 + 1),
        ("week", today.isocalendar()[1]), ("iso_year", today.isocalendar()[0]), ("week_day", today.isoweekday() % 7 + 1),
        ("iso_week_day", today.isoweekday()), ("date", today.date()),
    ]:  # fmt: skip
        assert abc.filter(**{f"created_at__{part}": value}).count() == 3, part
        assert abc.filter(**{f"created_at__{part}__in": [value]}).count() == 3, part
        assert abc.filter(**{f"created_at__{part}__gt": value}).count() == 0, part
    assert abc.filter(created_at__hour__range=(0, 23), created_at__minute__lt=60, created_at__second__gte=0).count() == 3
    assert abc.filter().order_by("-created_at__year", "name").values_list("created_at__date", flat=True)[0] == today.date()
    with pytest.raises(Exception, match="'yaer'.*Did you mean year"):
        abc.filter(created_at__yaer=1).count()


def test_places_in_documents(runs):
    count = lambda **conditions: runs.filter(**conditions).count()  # noqa: E731
    assert count(params__lr=0.1) == count(params__lr="0.1") == count(params__lr__gt=0) == 1
    assert count(params__deep__x="y") == count(params__deep__list__0=1) == count(params__deep__list__1__gt=1) == 1
    assert count(params__n=None) == 1 and count(params__n__isnull=True) == 2 and count(params__isnull=True) == 1
    assert count(params__has_key="lr") == 2 and count(params__has_keys=["lr", "n"]) == 1 and count(params__has_any_keys=["n", "z"]) == 1
    assert count(params={"lr": "0.1", "deep": 3}) == 1 and count(params__deep={"x": "y", "list": [1, 2]}) == 1
    assert runs.order_by("id").values_list("params__lr", flat=True) == [0.1, "0.1", None]
    assert runs.filter(params__isnull=False).order_by("-params__lr").values_list("params__lr", flat=True)[0] == 0.1
    assert runs.values("params__deep__x").order_by("id")[0] == {"params__deep__x": "y"}


def test_conditions_as_text(ln, abc):
    assert names(abc.filter(ln.Q("name in ('a', 'c') and description ~ 'h'"))) == ["c"]
    assert names(abc.filter(~ln.Q("name icontains 'A'") & ln.Q(description=None))) == ["b"]
    assert names(abc.filter(ln.Q("created_at.year > 2000 and created_by.handle = 'anonymous'"), name="b")) == ["b"]
    assert str(abc.filter(name="b").query) == 'name = "b"'
    with pytest.raises(ln.errors.InvalidArgument, match="position 8"):
        abc.filter(ln.Q("name = "))


def test_what_is_hidden(ln, abc):
    gone = abc.get(name="b")
    gone.delete()
    assert names(abc.filter()) == ["a", "c"] and abc.filter(name="b").count() == 0
    for shown in [{"id": gone.id}, {"pk": gone.id}, {"uid": gone.uid}, {"uid__in": [gone.uid]}, {"branch_id": -1}, {"branch__name": "trash"}]:
        assert names(abc.filter(**shown)) == ["b"], shown
    assert abc.filter(branch=None).count() == abc.filter(branch_id=None).count() == abc.objects.count() == 3
    assert names(abc.filter(ln.Q(branch_id=-1) | ln.Q(name="a")).order_by("name")) == ["a", "b"]
    # A condition hides rows unless it identifies them itself.
    assert abc.filter().filter(id=gone.id).count() == abc.filter(ln.Q(id=gone.id)).count() == 0
    assert abc.filter(id=gone.id).filter(name="b").count() == 0
    assert names((abc.filter(id=gone.id) | abc.filter(name="a")).order_by("name")) == ["a", "b"]
    with pytest.raises(abc.DoesNotExist):
        abc.get(name="b")
    assert abc.get(gone.uid) == gone


def test_values_are_as_lazy_as_rows(abc):
    rows = abc.filter()
    assert rows.values("name", "type__name").order_by("-name")[0] == {"name": "c", "type__name": None}
    assert rows.values_list("name", "description").filter(name="a").first() == ("a", "first")
    assert list(rows.values_list("created_by__handle", flat=True).distinct()) == ["anonymous"]
    assert rows.values_list("created_by__handle").distinct().count() == 1
    assert rows.values_list("name", named=True).order_by("name")[1].name == "b"
    assert rows.values_list("name", flat=True).order_by("name").last() == "c" and len(rows.values()) == 3
    assert set(rows.values()[0]) >= {"id", "uid", "name", "type_id"}
    with pytest.raises(TypeError, match="flat"):
        rows.values_list("name", "uid", flat=True)


def test_combined_rows(ln, abc):
    a, b = abc.filter(name="a"), abc.filter(name__in=["a", "b"])
    assert names((a | b).order_by("name")) == names(a.union(b).order_by("name")) == ["a", "b"]
    assert names(a & b) == names(b.intersection(a)) == ["a"]
    assert names(a ^ b) == names(b.difference(a)) == ["b"]
    for wrong in (lambda: a | ln.Feature.filter(), lambda: a[:1] | b, lambda: a[:1].filter(name="a"), lambda: a[:1].order_by("name")):
        with pytest.raises(TypeError):
            wrong()


def test_rows_in_pages(labels, ln):
    ln.save([labels(name=f"n{i:03}") for i in range(50)])
    for rows in (labels.filter(), labels.filter().order_by("-name"), labels.filter(name__lt="n030").order_by("name")[5:20]):
        for size in (1, 7, 100):
            assert [r.name for r in rows.iterator(chunk_size=size)] == [r.name for r in rows]
    assert labels.filter().in_bulk([labels.get(name="n001").id]).popitem()[1].name == "n001" and len(labels.filter().in_bulk()) == 50
    assert labels.filter().earliest("name").name == "n000" and labels.filter().latest("name").name == "n049"
    assert labels.filter().contains(labels.get(name="n007")) and labels.filter().order_by("?").count() == 50


def test_order_by_what_may_be_several(labels, ln):
    x, y, z = (labels(name=n).save() for n in "xyz")
    x.parents.add(z)
    y.parents.add(x, z)
    assert names(labels.filter().order_by("parents__name", "name")) == ["z", "y", "x"], "by the first of them"
    assert names(labels.filter(parents__isnull=False).order_by("-parents__name", "name")) == ["x", "y"], "by the last of them"


def test_relations_are_read_together_and_never_stale(labels, ln, workplace):
    parents = [labels(name=f"p{i}").save() for i in range(3)]
    ln.save([labels(name=f"c{i:02}", type=None) for i in range(80)])
    children = labels.filter(name__startswith="c").order_by("name")
    for i, child in enumerate(children):
        child.parents.add(parents[i % 3])
    rows = list(children.all())
    assert [[p.name for p in row.parents.all()] for row in rows] == [[f"p{i % 3}"] for i in range(80)]
    assert [row.parents.to_list("name") for row in rows] == [[f"p{i % 3}"] for i in range(80)]
    assert {row.created_by.handle for row in rows} == {"anonymous"} and [row.type for row in rows] == [None] * 80
    # Written in the meantime by this process.
    rows = list(children.all())
    rows[0].parents.all().to_list(), rows[1].parents.all().to_list()
    rows[5].parents.set([parents[0], parents[1]])
    assert sorted(rows[5].parents.to_list("name")) == ["p0", "p1"]
    # And by another one: rows read ahead are dropped.
    rows = list(children.all())
    rows[0].parents.all().to_list(), rows[1].parents.all().to_list()
    with sqlite3.connect(workplace / "storage" / ".lamindb" / "lamin.db", timeout=60) as other:
        other.execute("DELETE FROM lamindb_ulabel_parents WHERE from_ulabel_id = ?", (rows[7].id,))
    other.close()
    assert rows[7].parents.to_list() == [] and rows[8].parents.to_list("name") == ["p2"]
    labels.filter(name__startswith="c").delete(permanent=True)


def test_one_row_by_conditions(ln, abc):
    q = ln.Q
    for rows in (abc, abc.filter(), abc.objects):
        assert rows.get(q(name="a") | q(name="z")).name == "a" and rows.get(q(name__in=["a", "c"]), description="third").name == "c"
        assert rows.get(~q(name="a"), q(description=None)).name == "b"
    abc.get(name="c").delete()
    with pytest.raises(abc.DoesNotExist):
        abc.get(q(name="c"))
    assert abc.get(q(name="c") & q(branch_id=-1)).name == abc.objects.get(q(name="c")).name == "c"


@pytest.mark.parametrize("nothing", [1.0, [1], {}, b"uid", (1, 2)])
def test_what_identifies_no_row(ln, abc, nothing):
    for rows in (abc, abc.filter(), abc.objects, ln.Artifact):
        with pytest.raises(AssertionError, match="by its id or uid") as refused:
            rows.get(nothing)
        assert isinstance(refused.value, ln.errors.InvalidArgument)


def test_an_id_beyond_64_bits_says_so(ln, abc):
    with pytest.raises(ln.errors.InvalidArgument, match="exceeds 64 bits"):
        abc.get(10**30)


def test_values_of_one_row(abc):
    values = abc.filter().values("name", "description")
    assert values.get(name="a") == values.filter(name="a").one() == {"name": "a", "description": "first"}
    assert values.get(abc.get(name="b").uid) == {"name": "b", "description": None} and values.filter(name="z").one_or_none() is None
    assert abc.filter().values_list("name").get(name="c") == ("c",) and abc.filter().values_list("name", flat=True).get(name="c") == "c"
    assert abc.objects.values("name").latest("name") == {"name": "c"} and abc.filter().values_list("description", flat=True)[1] is None
    assert abc.filter().values_list(flat=True) == abc.filter().to_list("id")
    with pytest.raises(abc.MultipleObjectsReturned, match="it returned 3"):
        values.get(created_by__handle="anonymous")


def test_rows_as_often_as_they_are_found(ln, abc):
    a, two = abc.filter(name="a"), abc.filter(name__in=["a", "b"])
    rows = a.union(two, a, all=True)
    assert names(rows) == ["a", "a", "b", "a"] and rows.count() == len(rows) == 4 and rows.exists() and rows.first().name == "a"
    assert names(rows.order_by("-name")) == names(rows.order_by("-name").all()) == ["b", "a", "a", "a"] and names(rows[1:3]) == ["a", "b"]
    assert list(rows.values_list("name", flat=True)) == ["a", "a", "b", "a"] and names(rows.distinct()) == ["a", "b"]
    assert list(a.values("name").union(two.values("name"), all=True)) == [{"name": "a"}, {"name": "a"}, {"name": "b"}]
    for narrow in (rows.filter, rows.exclude, rows.get):
        with pytest.raises(ln.errors.Unsupported, match="union"):
            narrow(name="a")
    with pytest.raises(TypeError, match="Cannot combine queries of ULabel and Feature"):
        a.union(ln.Feature.filter(), all=True)


def test_conditions_of_django(ln, abc):
    assert names(abc.filter().complex_filter({"name": "a"})) == names(abc.objects.complex_filter(ln.Q(name="a"))) == ["a"]
    assert names(abc.filter(name="b").select_for_update(nowait=True)) == ["b"] and abc.objects.select_for_update().count() == 3


def test_what_a_search_finds_keeps_its_order(labels, ln):
    import copy

    ln.save([labels(name=n) for n in ("big T cell thing", "T cell", "B cell")])
    found = labels.search("t cell")
    assert list(found.values_list("name", flat=True)) == [d["name"] for d in found.values("name")] == ["T cell", "big T cell thing"]
    assert names(found[:1]) == ["T cell"] and found.last().name == "big T cell thing" and len(found[:1].to_dataframe()) == 1
    labels.get(name="T cell").delete()
    assert names(labels.search("t cell").filter(name__endswith="thing")) == ["big T cell thing"]
    assert isinstance(copy.deepcopy(labels.filter()), ln.models.QuerySet) and names(copy.copy(labels.filter(name="B cell"))) == ["B cell"]


def test_versions_come_newest_first(ln, workplace):
    for content in "xyz":
        (workplace / "versions.txt").write_text(f"newest first: {content}")
        artifact = ln.Artifact(workplace / "versions.txt", key="versions.txt").save()
    versions = artifact.versions
    assert [v.uid[-4:] for v in versions] == ["0002", "0001", "0000"] and versions.ordered and versions.first() == artifact
    assert isinstance(versions, ln.models.ArtifactSet) and versions.filter(is_latest=True).one() == artifact
    artifact.delete()
    assert [v.uid[-4:] for v in artifact.versions] == ["0001", "0000"], "without those in the trash"
    for one in ln.Artifact.filter(key="versions.txt", branch=None):
        one.delete(permanent=True)


def test_conditions_that_say_nothing(ln, abc):
    from functools import reduce
    from operator import or_

    q = ln.Q
    assert names(abc.filter(reduce(or_, [q(name=name) for name in "ab"], q())).order_by("name")) == ["a", "b"]
    assert q() | q(name="a") == q(name="a") & q() == q(name="a") and not q() | q()
    assert abc.filter(~q()).count() == abc.filter(q()).count() == abc.filter(q(), ~q(name="z")).count() == 3
    assert repr(~q(name="a")) == "(NOT (AND: ('name', 'a')))" and ~~q(name="a") == q(name="a")
    assert names(abc.filter(q(name="a", description="third", _connector=q.OR)).order_by("name")) == ["a", "c"]
    either = q(name="a")
    assert either.add(q(name="b"), q.OR) is either and names(abc.filter(either).order_by("name")) == ["a", "b"]
    assert names(abc.filter(~(q(name="a") | ~q(name="b")))) == ["b"]


def test_no_rows_are_rows(ln, abc):
    none = abc.filter().none()
    assert none.count() == len(none) == 0 and not none.exists() and none.first() is None and none.to_list("name") == []
    assert none.filter(name="a").count() == 0 and list(none.order_by("name")) == list(none.values("name")) == []
    assert names(none | abc.filter(name="a")) == ["a"] and names(none.union(abc.filter(name="b"))) == ["b"]
    assert abc.filter()[:1].none().count() == 0
    a = abc.get(name="a")
    assert abc.filter().contains(a) and not none.contains(a) and not abc.filter().contains(ln.User.get(1))
