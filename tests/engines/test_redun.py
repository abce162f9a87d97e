"""Executions of redun that fail, nest and pass values of all kinds."""

WORKFLOW = '''
from redun import File, task

redun_namespace = "kinds"


@task()
def leaf(name: str, options: dict, secret: str) -> File:
    if name == "bad":
        raise ValueError("no space left")
    made = File(f"made/{name}.txt")
    made.write(f"{name} {options}")
    return made


@task()
def middle(name: str) -> list[File]:
    return [leaf(name, {"least": 3, "of": [1, 2.5, None, True]}, secret="ghp_0123456789abcdefghijABCDEFGHIJ012345")]


@task()
def main(names: list[str] = ["größe 1", "größe 2"]) -> dict:
    return {"files": [middle(name) for name in names], "count": len(names)}
'''


def test_nested_calls_and_values(world):
    world.sh("lamin init --storage ./lab")
    world.write("workflow.py", WORKFLOW)
    world.sh("redun run workflow.py main; lamin import-run --redun .")
    world.python("""
made = ln.Artifact.get(key="made/größe 1.txt")
assert made.run.transform.key == "workflow.py/kinds.leaf"
assert made.run.params["options"] == {"least": 3, "of": [1, 2.5, None, True]}, made.run.params
assert made.run.params["secret"] == "***REDACTED***"
middle = made.run.initiated_by_run
assert middle.transform.key == "workflow.py/kinds.middle" and middle.params == {"name": "größe 1"}
assert middle.initiated_by_run.transform.key == "workflow.py/kinds.main"
assert "def leaf" in made.run.transform.source_code
""")
    before = world.python("print(ln.Run.filter().count(), ln.Artifact.filter().count())")
    world.sh("lamin import-run --redun .redun/redun.db")
    assert world.python("print(ln.Run.filter().count(), ln.Artifact.filter().count())") == before


def test_failures_and_what_is_not_there(world):
    world.sh("lamin init --storage ./lab")
    world.write("workflow.py", WORKFLOW)
    assert "no database of redun" in world.sh("lamin import-run --redun .", fails=True)
    world.sh("redun run workflow.py main --names bad || true; lamin import-run --redun .")
    world.python("""
workflow = ln.Run.get(transform__key="workflow.py")
assert workflow.status == "errored", workflow.status
leaf = ln.Run.get(transform__key="workflow.py/kinds.leaf")
assert leaf.status == "errored"
""")
    assert "has no execution 'zzz'" in world.sh("lamin import-run --redun . --execution zzz", fails=True)
    world.sh("sqlite3 other.db 'create table t(x)' || python -c \"import sqlite3; sqlite3.connect('other.db').execute('create table t(x)')\"")
    assert "no database of redun" in world.sh("lamin import-run --redun other.db", fails=True)
