"""Notion's pages and databases as records, against a server that speaks its documented API."""

import datetime
import os
import re
import subprocess
from pathlib import Path

import pytest
from notion_server import TOKEN, NotionServer, text


@pytest.fixture
def notion(ln, monkeypatch, tmp_path):
    """A workspace: the page Lab with the databases Donors and Samples. The instance is empty."""
    monkeypatch.chdir(tmp_path)  # it becomes the development folder of the instance
    ln.setup.init(storage="storage", name=f"notion-{tmp_path.name}")
    with NotionServer() as server:
        monkeypatch.setenv("NOTION_BASE_URL", server.address)
        monkeypatch.setenv("NOTION_TOKEN", TOKEN)
        made = server.workspace
        made.root = server.root
        made.page("Lab", emoji="🧪")
        made.database("Donors", "Lab", {"Name": ("title", {}), "Age": ("number", {}), "Samples": relation(made, "Samples", "Donor")},
                      description="who gave cells")  # fmt: skip
        made.database("Samples", "Lab", {
            "Name": ("title", {}), "Donor": relation(made, "Donors", "Samples"), "Tissue": ("select", {"options": [{"name": "blood"}, {"name": "bone marrow"}]}),
            "Tags": ("multi_select", {"options": [{"name": "fresh"}, {"name": "frozen"}]}), "Taken": ("date", {}), "Good": ("checkbox", {}),
            "Link": ("url", {}), "By": ("people", {}), "Files": ("files", {}), "Twice": ("formula", {"expression": "2 * n"}),
            "Description": ("rich_text", {}), "Created": ("created_time", {}), "Batch": ("unique_id", {"prefix": "B"}),
        })  # fmt: skip
        donor(made, "D1", 41)
        donor(made, "D2", None)
        sample(made, "S1", ["D1"], Tissue="blood", Tags=["fresh", "frozen"], Taken="2026-01-05", Good=True, number=1)
        sample(made, "S2", ["D1", "D2"], Tissue="bone marrow", Taken="2026-01-06T10:00:00.000+01:00", number=2)
        sample(made, "S3", [], number=3)
        yield made
    ln.connect("tests")


def relation(made, target, paired=None):
    pair = {"type": "dual_property", "dual_property": {"synced_property_name": paired}} if paired else {"type": "single_property", "single_property": {}}
    return "relation", {"data_source_id": made.id(target + ":source"), **pair}


def title(words):
    return {"type": "title", "title": text(words)}


def ids(made, names):
    return {"type": "relation", "relation": [{"id": made.id(name)} for name in names]}


def donor(made, name, age, **more):
    return made.page(name, "Donors", Name=title(name), Age={"type": "number", "number": age}, Samples=ids(made, []), **more)


def sample(made, name, donors, edited="2026-03-01T10:00:00.000Z", Tissue=None, Tags=(), Taken=None, Good=False, number=0, By=(), Files=(), about=""):
    return made.page(name, "Samples", edited=edited, Name=title(name), Donor=ids(made, donors), **{
        "Tissue": {"type": "select", "select": Tissue and {"name": Tissue}},
        "Tags": {"type": "multi_select", "multi_select": [{"name": tag} for tag in Tags]},
        "Taken": {"type": "date", "date": Taken and {"start": Taken, "end": None}},
        "Good": {"type": "checkbox", "checkbox": Good},
        "Link": {"type": "url", "url": f"https://example.org/{name}"},
        "By": {"type": "people", "people": [{"object": "user", "id": made.id(person), "name": person} for person in By]},
        "Files": {"type": "files", "files": [{"name": file, "type": "file", "file": {"url": made.root + "/files/" + file}} for file in Files]},
        "Twice": {"type": "formula", "formula": {"type": "number", "number": 2 * number}},
        "Description": {"type": "rich_text", "rich_text": text(about) if about else []},
        "Created": {"type": "created_time", "created_time": "2026-02-01T09:00:00.000Z"},
        "Batch": {"type": "unique_id", "unique_id": {"prefix": "B", "number": number}},
    })  # fmt: skip


def sync(ln, made, name, **options):
    return ln.integrations.notion.sync_objects_from_notion(notion_uuid=made.id(name), **options)


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(ln, notion, capsys):
    report = sync(ln, notion, "Lab", depth=2)
    assert isinstance(report, ln.integrations.notion.SyncReport) and not report.apply
    assert report.discovered == 5 and report.created == 5 and report.discovered_pages == 8
    assert set(report.create_record_types) == {"Lab", "Donors", "Samples"} and set(report.create_schemas) == {"Donors", "Samples"}
    assert "Donors / Age: num" in report.create_features and "Samples / Twice: num" in report.create_features
    assert "Samples / Description: str -> Record.description" in report.create_features
    assert set(report.create_ulabels) == {"Samples / tissues: blood", "Samples / tissues: bone marrow", "Samples / tags: fresh", "Samples / tags: frozen"}
    assert not any(registry.objects.all().count() for registry in (ln.Record, ln.Schema, ln.Feature, ln.ULabel))
    said = capsys.readouterr().out
    assert "Nothing was written" in said and "create feature: Donors / Age: num" in said and "records: 5 new, 0 changed, 0 unchanged" in said


def test_databases_become_sheets(ln, notion):
    report = sync(ln, notion, "Lab", depth=2, apply=True)
    assert report.created == 5 and set(report.created_record_types) == {"Lab", "Donors", "Samples"} and not report.pending_relations
    lab, donors, samples = (ln.Record.get(name=name, is_type=True) for name in ("Lab", "Donors", "Samples"))
    assert donors.type == lab and samples.type == lab and lab.emoji == "🧪" and donors.description == "who gave cells"
    assert samples.schema.name == "Samples" and samples.schema.index.name == "Name"
    features = {feature.name: feature for feature in ln.Feature.filter(type__name="Samples").all()}
    dtypes = {name: feature.dtype_as_str for name, feature in features.items()}
    assert dtypes["Taken"] == "date" and dtypes["Good"] == "bool" and dtypes["Twice"] == "num" and dtypes["Link"] == "url" and dtypes["Batch"] == "str"
    assert dtypes["By"] == "list[cat[User]]" and dtypes["Files"] == "list[cat[Artifact]]"
    first = ln.Record.get(name="S1", type=samples)
    assert first.reference == notion.id("S1").replace("-", "") and first.reference_type == "notion"
    assert str(first.created_at)[:16] == "2026-02-01 09:00" and str(first.updated_at)[:16] == "2026-03-01 10:00"
    values = first.features.get_values()
    assert values["Tissue"] == "blood" and set(values["Tags"]) == {"fresh", "frozen"} and values["Taken"] == datetime.date(2026, 1, 5)
    assert values["Good"] is True and values["Link"] == "https://example.org/S1" and values["Twice"] == 2 and values["Batch"] == "B-1"
    assert ln.Record.get(name="S2", type=samples).features.get_values()["Taken"] == datetime.date(2026, 1, 6)
    assert ln.ULabel.get(name="blood").type.name == "tissues" and ln.ULabel.get(name="tissues").type.name == "Samples"
    assert ln.Record.get(name="D1").features.get_values()["Age"] == 41
    frame = samples.to_dataframe()
    assert len(frame) == 3 and set(frame["Name"] if "Name" in frame else frame.index) >= {"S1", "S2", "S3"}
    run = first.run
    assert run.transform.uid.startswith("Ofbk5ruuTiN2") and run.params["apply"] is True and run.status == "completed"
    assert TOKEN not in str(run.params)


def test_a_relation_of_two_sides_is_kept_once(ln, notion):
    sync(ln, notion, "Lab", depth=2, apply=True)
    one = {feature.type.name: feature for feature in ln.Feature.filter(name__in=["Donor", "Samples"], is_type=False).all()}
    assert (one["Donors"].values_through == one["Samples"]) != (one["Samples"].values_through == one["Donors"])
    assert {r.name for r in _list(ln.Record.get(name="S2").features.get_values()["Donor"])} == {"D1", "D2"}
    assert {r.name for r in _list(ln.Record.get(name="D1").features.get_values()["Samples"])} == {"S1", "S2"}
    assert ln.Record.filter(name="D1").count() == 1


def _list(value):
    import lamindb as ln

    values = value if isinstance(value, (list, set, tuple)) else [value]
    return [one if not isinstance(one, str) else ln.Record.get(name=one) for one in values]


def test_only_what_has_changed_is_taken_again(ln, notion):
    sync(ln, notion, "Lab", depth=2, apply=True)
    notion.asked.clear()
    report = sync(ln, notion, "Lab", depth=2, apply=True)
    assert (report.created, report.updated, report.unchanged) == (0, 0, 5) and not report.created_features and not report.updated_schemas
    assert not any(f"/blocks/{notion.id('S1')}" in path.replace("-", "") or notion.id("S1").replace("-", "") in path for _, path in notion.asked)
    sample(notion, "S1", ["D2"], edited="2026-03-02T08:00:00.000Z", Tissue="bone marrow", number=5, about="second thoughts")
    report = sync(ln, notion, "Samples", depth=1, apply=True)
    assert (report.created, report.updated, report.unchanged) == (0, 1, 2)
    record = ln.Record.get(name="S1")
    values = record.features.get_values()
    assert values["Tissue"] == "bone marrow" and values["Twice"] == 10 and record.description == "second thoughts"
    assert "Tags" not in values and [one.name for one in _list(values["Donor"])] == ["D2"]


def test_levels(ln, notion):
    report = sync(ln, notion, "Lab", apply=True)
    assert report.created_record_types == ["Lab"] and not report.databases
    report = sync(ln, notion, "Lab", depth=1, apply=True)
    assert set(report.created_schemas) == {"Donors", "Samples"} and report.discovered == 0
    report = sync(ln, notion, "Donors", apply=True)
    assert report.discovered == 0 and len(report.databases) == 1
    report = sync(ln, notion, "D1", apply=True)  # a row: only this one
    assert report.discovered == 1 and report.created == 1 and ln.Record.filter(type__name="Donors").count() == 1
    with pytest.raises(ValueError, match="depth is a whole number from 0 on, not -1"):
        sync(ln, notion, "Lab", depth=-1)


def test_pages_that_relations_lead_to_get_stubs_until_they_are_taken(ln, notion):
    report = sync(ln, notion, "Samples", depth=1, apply=True)
    assert sorted(stub.split(" (")[0] for stub in report.created_relation_stubs) == ["Samples / Donor -> Donors: D1", "Samples / Donor -> Donors: D2"]
    stub = ln.Record.get(name="D1")
    assert stub.type.name == "Donors" and not stub.features.get_values().get("Age")
    sync(ln, notion, "Donors", depth=1, apply=True)
    assert ln.Record.get(name="D1") == stub and ln.Record.get(name="D1").features.get_values()["Age"] == 41


def test_notes_pictures_and_files(ln, notion):
    notion.files["/files/plate.csv"], notion.files["/files/gel.png"] = b"well,od\nA1,0.4\n", b"\x89PNG gel"
    sample(notion, "S1", ["D1"], edited="2026-03-03T08:00:00.000Z", Files=["plate.csv", "gone.csv"])
    notion.block("S1", "heading_2", {"rich_text": text("Protocol")})
    notion.block("S1", "paragraph", {"rich_text": text("Spin ") + text("hard", bold=True) + text(", see ") + text("here", href="https://example.org")})
    item = notion.block("S1", "bulleted_list_item", {"rich_text": text("wash")}, has_children=True)
    notion.block(item, "bulleted_list_item", {"rich_text": text("twice")})
    notion.block("S1", "bulleted_list_item", {"rich_text": text("lyse")})
    notion.block("S1", "to_do", {"rich_text": text("count"), "checked": True})
    notion.block("S1", "code", {"rich_text": text("x = 1 < 2"), "language": "python"})
    toggle = notion.block("S1", "toggle", {"rich_text": text("More")}, has_children=True)
    notion.block(toggle, "quote", {"rich_text": text("said\nso")})
    table = notion.block("S1", "table", {"has_column_header": True, "table_width": 2}, has_children=True)
    for row in (("well", "od"), ("A|1", "0.4")):
        notion.block(table, "table_row", {"cells": [text(cell) for cell in row]})
    notion.block("S1", "image", {"type": "file", "file": {"url": notion.root + "/files/gel.png"}, "caption": text("gel")})
    report = sync(ln, notion, "S1", apply=True)
    record = ln.Record.get(name="S1")
    files = record.features.get_values()["Files"]
    plate = ln.Artifact.get(key__endswith="plate.csv")
    assert plate.key == f"notion_sync/{record.reference}/plate.csv" and plate.cache().read_bytes() == b"well,od\nA1,0.4\n"
    assert plate in (files if isinstance(files, (list, set)) else [files]) or plate.key in str(files)
    assert report.errors == ["gone.csv could not be fetched: HTTP Error 401: Unauthorized"] and len(report.created_artifacts) == 2
    picture = ln.Artifact.get(kind="__easset__")
    assert picture.key is None and picture.cache().read_bytes() == b"\x89PNG gel"
    assert record.notes == "\n\n".join([
        "## Protocol", "Spin **hard**, see [here](https://example.org)", "- wash\n    - twice\n- lyse", "- [x] count", "```python\nx = 1 < 2\n```",
        "<details>\n<summary>More</summary>", "> said\n> so", "</details>", "| well | od |\n| --- | --- |\n| A\\|1 | 0.4 |",
        f'<img width="500" src="/storage/file/{picture.path}" />',
    ])  # fmt: skip
    sync(ln, notion, "S1", apply=True)
    assert ln.models.RecordBlock.filter(record=record).count() == 1


def test_people_are_users_of_the_same_name(ln, notion):
    me = ln.User.get(ln.setup.settings.user.id)
    before, me.name = me.name, "Ada Example"
    me.save()
    try:
        sample(notion, "S1", [], edited="2026-03-03T08:00:00.000Z", By=["Ada Example", "Nobody Known"])
        report = sync(ln, notion, "S1", apply=True)
        assert report.pending_relations == 1 and "Samples / By: resolved_existing=1, stub_create=0, pending_unresolved=1" in report.relation_value_links
        assert me.handle in str(ln.Record.get(name="S1").features.get_values()["By"]) or "Ada Example" in str(ln.Record.get(name="S1").features.get_values()["By"])
    finally:
        me.name = before
        me.save()


def test_databases_of_projects_become_projects(ln, notion):
    notion.database("Projects", "Lab", {
        "Name": ("title", {}), "Summary": ("rich_text", {}), "Status": ("status", {"options": [{"name": "In progress"}, {"name": "Completed"}]}),
        "Timeline": ("date", {}), "Parent project": relation(notion, "Projects"), "Blocked by": relation(notion, "Projects"), "Cost": ("number", {}),
    })  # fmt: skip

    def project(name, status, parents=(), before=(), edited="2026-03-01T10:00:00.000Z"):
        notion.page(name, "Projects", edited=edited, Name=title(name), Summary={"type": "rich_text", "rich_text": text("about " + name)}, **{
            "Status": {"type": "status", "status": {"name": status}}, "Cost": {"type": "number", "number": 3},
            "Timeline": {"type": "date", "date": {"start": "2026-01-01", "end": "2026-06-30"}}, "Parent project": ids(notion, parents), "Blocked by": ids(notion, before),
        })  # fmt: skip

    project("Atlas", "In progress")
    project("Pilot", "Completed", ["Atlas"])
    project("Main", "In progress", ["Atlas"], ["Pilot"])
    report = sync(ln, notion, "Projects", depth=1, apply=True, workspace="lab")
    assert report.created_projects == 3 and report.created == 0
    assert report.unmapped_properties == ["Projects / Cost (number): a project has no field for it"]
    main = ln.Project.get(name="Main")
    assert main.url == f"https://notion.so/lab/{notion.id('Main').replace('-', '')}" and main.type.name == "Work packages"
    assert main.status == "active" and str(main.start_date) == "2026-01-01" and str(main.end_date) == "2026-06-30" and main.description == "about Main"
    assert [one.name for one in main.parents.all()] == ["Atlas"] and [one.name for one in main.predecessors.all()] == ["Pilot"]
    assert sync(ln, notion, "Projects", depth=1, workspace="lab").unchanged_projects == 3
    project("Pilot", "Paused at noon", edited="2026-03-05T10:00:00.000Z")
    with pytest.raises(ValueError, match="Paused at noon; rename it in Notion to one of"):
        sync(ln, notion, "Projects", depth=1, apply=True, workspace="lab")
    report = ln.integrations.notion.RecordSyncer(workspace="lab").import_page(notion.id("Projects"))
    assert report.create_record_types[-1] == "Projects" and not report.created_projects


def test_what_is_wrong_is_told(ln, notion, monkeypatch):
    with pytest.raises(LookupError, match="neither a page nor a database, or it is not shared"):
        sync(ln, notion, "nothing")
    with pytest.raises(PermissionError, match="does not know this token"):
        sync(ln, notion, "Lab", token="ntn_wrong")
    monkeypatch.delenv("NOTION_TOKEN")
    with pytest.raises(ValueError, match="set NOTION_TOKEN"):
        sync(ln, notion, "Lab")
    monkeypatch.setenv("NOTION_TOKEN", TOKEN)
    ln.Record(name="Donors", is_type=True, schema=ln.Schema([ln.Feature(name="blood type", dtype=str).save()], name="mine").save()).save()
    with pytest.raises(ValueError, match="has features that the database of Notion has not: blood type"):
        sync(ln, notion, "Donors", depth=1, apply=True)
    assert ln.Run.filter(transform__uid__startswith="Ofbk5ruuTiN2").order_by("-id").first().status == "errored"


def test_requests_are_sent_again_when_notion_is_busy(ln, notion):
    notion.failures = [(429, "slow down", [("Retry-After", "0")]), (502, "bad gateway")]
    assert sync(ln, notion, "Lab").discovered_pages == 1


def test_the_shell(ln, notion):
    command = ["lamin", "integrations", "notion", "sync", notion.id("Donors").replace("-", ""), "--depth", "1"]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ)
    assert done.returncode == 0 and "Nothing was written" in done.stdout and "records: 2 new" in done.stdout, done.stderr
    done = subprocess.run([*command, "--apply"], capture_output=True, text=True, env=os.environ)
    assert done.returncode == 0, done.stderr
    assert ln.Record.filter(type__name="Donors").count() == 2
    done = subprocess.run([*command, "--token", "ntn_wrong"], capture_output=True, text=True, env=os.environ)
    assert done.returncode != 0 and "does not know this token" in done.stderr and "Traceback" not in done.stderr


def test_the_page_of_the_documentation(ln, notion, capsys):
    page = (Path(__file__).resolve().parents[2] / "docs" / "notion.md").read_text()
    ids = {name.upper(): notion.id(name).replace("-", "") for name in ("Lab", "Donors")}
    shown = re.search(r"```\n(Nothing was written.*?)```", page, re.S)[1]
    for language, block in re.findall(r"```(sh|python)\n(.*?)```", page, re.S):
        if language == "sh":
            done = subprocess.run(["bash", "-ec", block], capture_output=True, text=True, env=os.environ | ids)
            assert done.returncode == 0, done.stderr
            said = [line for line in done.stdout.splitlines() if line.startswith(("Nothing", "  "))]
            assert said == shown.splitlines(), done.stdout
        else:
            exec(block, dict(ids))
    assert "41" in capsys.readouterr().out
