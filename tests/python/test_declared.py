"""Registries declared in Python: what a class is turned into, and what is refused."""

import json

import pytest


@pytest.fixture(scope="module")
def fields(ln):
    from lamindb.base import fields

    return fields


@pytest.fixture
def declared(ln):
    """The declaration of a module."""
    from lamindb._records import declared

    return lambda name: {r["name"]: r for r in json.loads(declared.module(name))["registries"]}


def test_fields_become_what_the_core_calls_them(ln, fields, declared):
    class Cup(ln.models.SQLRecord, ln.models.CanCurate):
        """A cup.

        With a handle.
        """

        class Meta:
            app_label = "kitchen"
            db_table = "kitchen_cups"
            unique_together = ("name", "volume")
            indexes = [fields.models.Index(fields=["made", "name"], name="made_name")]

        id: int = fields.models.BigAutoField(primary_key=True)
        uid: str = fields.CharField(max_length=12, unique=True, editable=False, default=ln.base.uids.base62_12)
        name: str = fields.CharField(db_index=True)
        """What is printed on it."""
        volume: float = fields.FloatField(default=0.3)
        made = fields.DateTimeField(auto_now_add=True)
        count = fields.PositiveSmallIntegerField(null=True)
        kind = fields.CharField(max_length=9, choices=[("tea", "Tea"), ("mocha", "Mocha")], default="tea")
        meta = fields.JSONField(default=dict)
        saucer = fields.ForeignKey("Saucer", fields.models.CASCADE, null=True, related_name="cups", was="plate")
        twin = fields.OneToOneField("self", null=True)
        friends = fields.models.ManyToManyField("self", related_name="+")
        artifacts = fields.models.ManyToManyField(ln.Artifact, through="ArtifactCup", related_name="cups")

        def brim(self):
            return self.volume * 2

    with pytest.raises(ln.errors.InvalidArgument, match="kitchen.ArtifactCup, kitchen.Saucer is not declared"):
        Cup(name="a")

    class Saucer(ln.models.BaseSQLRecord):
        class Meta:
            app_label = "kitchen"

        name: str = fields.TextField()

    class ArtifactCup(ln.models.BaseSQLRecord, ln.models.IsLink, ln.models.TracksRun):
        class Meta:
            app_label = "kitchen"

        artifact = fields.ForeignKey(ln.Artifact, fields.models.CASCADE, related_name="links_cup")
        cup = fields.ForeignKey(Cup, fields.models.PROTECT, related_name="links_artifact")

    cup = declared("kitchen")["Cup"]
    by_name = {f["name"]: f for f in cup.pop("fields")}
    assert cup == {
        "name": "Cup", "doc": "A cup.", "mixins": ["lamindb.SQLRecord"], "traits": ["curatable"], "id_bits": 64, "name_field": "name",
        "table": "kitchen_cups",
        "rules": [{"name": "cup_count_check", "check": '"count" >= 0'}, {"unique": ["name", "volume"]},
                  {"name": "made_name", "index": ["made", "name"]}],
    }
    assert by_name["uid"] == {"name": "uid", "size": 12, "unique": True, "fill": "random_uid", "uid_size": 12, "doc": "Uid."}
    assert by_name["name"] == {"name": "name", "size": 255, "index": True, "doc": "What is printed on it."}
    assert by_name["volume"]["initial"] == "0.3" and "optional" not in by_name["volume"]
    assert by_name["made"]["fill"] == "now" and by_name["made"]["in_database"]
    assert by_name["count"]["size"] == 16 and by_name["kind"]["options"] == ["tea", "mocha"] and by_name["meta"]["initial"] == "{}"
    assert by_name["saucer"] == {"name": "saucer", "kind": "ref", "optional": True, "to": "kitchen.Saucer", "inverse": "cups",
                                 "on_delete": "cascade", "in_database": True, "was": ["plate"], "doc": "Saucer."}
    assert by_name["twin"]["unique"] and by_name["twin"]["inverse"] == "cup" and "inverse" not in by_name["friends"]
    assert by_name["artifacts"]["through"] == "kitchen.ArtifactCup" and by_name["artifacts"]["to"] == "lamindb.Artifact"
    assert declared("kitchen")["ArtifactCup"]["mixins"] == ["lamindb.TracksRun"]
    with pytest.raises(ln.errors.ModuleWasntConfigured, match="migrate.deploy"):
        Cup(name="a")


def test_a_class_of_a_notebook_is_installed_and_used(ln, fields, capsys):
    class Shelf(ln.models.SQLRecord):
        class Meta:
            app_label = "pantry"
            labels = ("Artifact", "Record")

        name: str = fields.CharField()

    assert "adds pantry.Shelf" in ln.setup.migrate.plan("pantry")
    ln.setup.migrate.deploy("pantry")
    assert ln.setup.migrate.check()
    top = Shelf(name="top").save()
    assert Shelf.get(name="top") == top and type(Shelf.filter().one()) is Shelf and top.artifacts.count() == 0
    assert "pantry" in ln.setup.settings.instance.modules

    class Shelf(ln.models.SQLRecord):  # noqa: F811  (the cell is run again, with a field more)
        class Meta:
            app_label = "pantry"
            labels = ("Artifact", "Record")

        name: str = fields.CharField()
        height: float | None = fields.FloatField(null=True)

    with pytest.raises(ln.errors.FieldValidationError, match="another version of pantry"):
        Shelf(name="low", height=0.5)
    assert "adds pantry.Shelf.height" in ln.setup.migrate.plan()
    ln.setup.migrate.deploy()
    assert Shelf(name="low", height=0.5).save().height == 0.5 and Shelf.filter(height__gt=0).one().name == "low"
    assert top.name == "top", "records from before go on"


def test_an_abstract_class_lends_its_fields(ln, fields, declared):
    class Placed(ln.models.SQLRecord):
        class Meta:
            app_label = "rooms"
            abstract = True

        place: str = fields.CharField()

    class Desk(Placed):
        class Meta:
            app_label = "rooms"

        legs = fields.SmallIntegerField(default=4)

    assert declared("rooms")["Desk"]["mixins"] == ["rooms.Placed"] and declared("rooms")["Placed"]["mixin"]


BAD = {
    "module": (lambda f, m: {"name": f.CharField()}, None, "app_label"),
    "name": (lambda f, m: {"Name": f.CharField()}, "bad_name", "'Bad.Name' is not sound"),
    "taken": (lambda f, m: {"delete": f.CharField()}, "bad_taken", "'Bad.delete' is not sound"),
    "default": (lambda f, m: {"n": f.IntegerField(default="three")}, "bad_default", "'Bad.n' is not sound"),
    "meta": (lambda f, m: {"Meta": type("Meta", (), {"app_label": "x", "tabel": "y"})}, None, "tabel is none of"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_not_sound_is_refused_where_it_is_declared(ln, fields, case):
    make, module, why = BAD[case]
    body = {"__module__": "__main__", **make(fields, fields.models)}
    if module:
        body["Meta"] = type("Meta", (), {"app_label": module})
    with pytest.raises(ln.errors.InvalidArgument, match=why):
        type(ln.models.SQLRecord)("Bad", (ln.models.SQLRecord,), body)


def test_keywords_that_mean_nothing_here_are_refused(ln, fields):
    with pytest.raises(TypeError, match="validators"):
        fields.CharField(validators=[print])
    with pytest.raises(TypeError, match="cannot be a default"):
        fields.CharField(default=str)
    with pytest.raises(TypeError, match="PROTECT or CASCADE"):
        fields.ForeignKey("X", "SET_NULL")
    with pytest.raises(NotImplementedError, match="FloatField"):
        fields.DecimalField()


def test_numbered_migrations_are_not_there(ln):
    with pytest.raises(ln.errors.InvalidArgument, match="numbered"):
        ln.setup.migrate.deploy("pantry", 3)
    assert ln.setup.migrate.deployed_migrations(latest=True)["lamindb"].startswith("0193")
    assert ln.setup.migrate.create() is None and ln.setup.migrate.squash("x", "1") is None
