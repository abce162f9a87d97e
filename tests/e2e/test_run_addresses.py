"""`lamin run` as LaminDB's command line has it: addresses among the arguments, outputs by name, dry runs, where and how."""
import json
import os
import subprocess
import sys
import textwrap

import pytest


@pytest.fixture
def shell(tmp_path, home, lamin):
    class Shell:
        folder = tmp_path

        def call(self, *words, **env):
            return subprocess.run([lamin, *map(str, words)], cwd=tmp_path, env={**os.environ, **env}, capture_output=True, text=True, timeout=120)

        def __call__(self, *words, status=0, **env):
            done = self.call(*words, **env)
            assert done.returncode == status, f"{words}: {done.returncode}, {done.stdout}{done.stderr}"
            return done.stdout + done.stderr if status else done.stdout.strip()

        def run(self, *words, options=(), status=0, **env):
            told = tmp_path / "told.json"
            told.unlink(missing_ok=True)
            self.printed = self("run", "--json", told, *options, "--", *words, status=status, **env)
            return json.loads(told.read_text())

        def write(self, name, text="", mode=0o644):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text))
            path.chmod(mode)
            return path

        def row(self, registry, where, *columns):
            lines = self("list", registry, "--where", where, "--columns", ",".join(columns), "--csv").splitlines()[1:]
            return lines[0] if lines else None

        def python(self, code):
            code = f"import json, lamindb as ln\n{code}"
            return subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True).stdout.splitlines()[-1]

        def params(self, told):
            return json.loads(self.python(f"print(json.dumps(ln.Run.get('{told['run']}').params))"))

    it = Shell()
    it("init", "--storage", "st", "--name", "runs")
    slug = it.python("print(ln.setup.settings.instance.slug)")
    it.artifact = f"lamin://{slug}/artifact/"
    it.write("in.txt", "b\na\n")
    it.uid = it("save", "in.txt", "--key", "my data/in.txt")
    it.uri = it.artifact + "key/my%20data/in.txt"
    return it


# -- addresses -------------------------------------------------------------------------------------------------------


def test_an_address_is_a_path_for_the_program_and_an_input_of_the_run(shell):
    told = shell.run("sort", shell.uri)
    assert shell.printed == "a\nb" and told["inputs"] == [shell.uid]
    assert shell.row("run", f"uid = '{told['run']}'", "cli_args") == shell.uri
    assert shell.run("sort", shell.artifact + shell.uid[:16])["inputs"] == [shell.uid]
    # What the program does not open, and what nobody sees it open.
    for options in ([], ["--observer", "declared"]):
        assert shell.run("echo", f"--data={shell.uri}", "x=" + shell.uri, options=options)["inputs"] == [shell.uid]
        given, untouched = shell.printed.split()
        assert open(given.removeprefix("--data=")).read() == "b\na\n" and untouched == "x=" + shell.uri


def test_a_file_in_a_folder(shell):
    shell.write("folder/sub/x.txt", "inside")
    uid = shell("save", "folder", "--key", "data/folder")
    for uri in (shell.artifact + "key/data/folder/sub/x.txt", f"{shell.artifact}{uid}/sub/x.txt"):
        assert shell.run("cat", uri)["inputs"] == [uid] and shell.printed == "inside"
        assert open(shell("load", uri)).read() == "inside"
    assert shell.run("ls", shell.artifact + "key/data/folder")["inputs"] == [uid]
    assert "has no 'no.txt' in it" in shell("run", "--", "cat", f"{shell.artifact}{uid}/no.txt", status=5)


def test_a_script_that_is_an_artifact_runs_under_its_own_name(shell):
    script = shell.write("hello.sh", "echo hello $1\n")
    uid = shell("save", script, "--key", "scripts/hello.sh", "--registry", "artifact")
    told = shell.run(shell.artifact + "key/scripts/hello.sh", "you")
    assert shell.printed == "hello you" and uid in told["inputs"]
    assert shell.row("transform", f"uid = '{told['transform']}'", "key", "source_code").startswith("hello.sh,")
    assert shell.row("run", f"uid = '{told['run']}'", "cli_args") == "you"


def test_what_an_address_cannot_name_is_said_before_anything_runs(shell):
    for uri, why in [
        ("lamin://else/where/artifact/key/x.txt", "in the instance else/where"),
        (shell.artifact + "key/nothing.txt", "no artifact with the key 'nothing.txt'"),
        (shell.artifact + "key/x?colour=red", "not 'colour'"),
        (shell.artifact + "in.txt", "not a uid"),
    ]:
        done = shell.call("run", "--", "touch", "ran.txt", uri)
        assert done.returncode != 0 and why in done.stderr, done.stderr
    assert not (shell.folder / "ran.txt").exists() and shell.row("run", "id > 0", "uid") is None


def test_the_program_finds_run_and_paths_in_its_environment(shell):
    code = "import os, json; print(json.dumps([os.environ['LAMIN_INITIATED_BY_RUN_UID'], json.loads(os.environ['LAMIN_INPUT_PATHS']), os.environ['LAMIN_MOUNTS']]))"
    told = shell.run(sys.executable, "-c", code, shell.uri)
    run, paths, mounts = json.loads(shell.printed)
    assert run == told["run"] and list(paths) == [shell.uri] and open(paths[shell.uri]).read() == "b\na\n" and mounts == "{}"


def test_such_a_run_can_be_done_again(shell):
    told = shell.run("sort", shell.uri, "-o", "sorted.txt", options=["--save-outputs"])
    assert "sorted.txt: the same bytes" in shell("verify", told["run"])


def test_other_commands_and_python_know_addresses(shell, lamin):
    assert shell("get", shell.uri, "--field", "uid") == shell.uid
    assert open(shell("load", shell.uri)).read() == "b\na\n"
    assert shell.python(f"print(ln.Artifact.get('{shell.uri}').uid)") == shell.uid
    assert shell.python(f"print(ln.Artifact.get('{shell.artifact}{shell.uid}').uid)") == shell.uid
    code = f"""
try:
    ln.Artifact.get('{shell.artifact}key/nothing.txt')
except ln.Artifact.DoesNotExist as error:
    print(error)
"""
    assert "nothing.txt" in shell.python(code)
    # In a run, what is loaded by its address is an input.
    told = shell.run("bash", "-c", f"'{lamin}' load {shell.uri} > /dev/null", options=["--observer", "declared"])
    assert shell.python(f"print([a.uid for a in ln.Run.get('{told['run']}').input_artifacts.all()])") == f"['{shell.uid}']"


def test_access_is_chosen(shell):
    for access in ("mount", "cache", "cache,mount"):
        assert shell.run("sort", shell.uri, options=["--access", access])["inputs"] == [shell.uid]
    assert "'presigned' is not there" in shell("run", "--access", "mount,presigned", "--", "sort", shell.uri, status=13)
    assert "'credentials' is not there" in shell("run", "--", "sort", shell.uri, status=13, LAMIN_RUN_ACCESS="credentials")
    assert "not 'disk'" in shell("run", "--access", "disk", "--", "sort", shell.uri, status=2)


# -- outputs ---------------------------------------------------------------------------------------------------------


def test_named_outputs_are_registered(shell):
    shell.write("make.sh", "mkdir -p res/deep; echo 1 > 'a[1].txt'; echo 2 > b.txt; echo 3 > res/c.txt; echo 4 > res/deep/d.txt; exit $1\n")
    options = ["--register-output", "a[1].txt", "--register-output", "res", "--register-output", "none.txt"]
    assert shell.run("bash", "make.sh", "3", options=options, status=3)["outputs"] == []
    done = shell.run("bash", "make.sh", "0", options=options)
    keys = {shell.row("artifact", f"uid = '{uid}'", "key", "n_files") for uid in done["outputs"]}
    assert keys == {"a[1].txt,", "res,2"}
    again = shell.run("bash", "make.sh", "0", options=[*options, "--observer", "declared"])
    assert set(again["outputs"]) == set(done["outputs"])
    assert "none.txt' is not registered" in shell.call("run", *options, "--", "bash", "make.sh", "0").stderr


def test_what_follows_out_and_output_is_registered_if_it_was_written(shell):
    told = shell.run("sort", "in.txt", "--output=s.txt")
    assert shell.row("artifact", f"uid = '{told['outputs'][0]}'", "key") == "s.txt"
    shell.write("x.sh", "cp in.txt $2\n")
    assert len(shell.run("bash", "x.sh", "--out", "copy.txt")["outputs"]) == 1
    assert shell.run("echo", "--out", "in.txt")["outputs"] == []


def test_a_dry_run_saves_nothing(shell):
    count = "print(ln.Run.filter().count(), ln.Transform.filter().count(), ln.Artifact.filter().count())"
    before = shell.python(count)
    shell.write("train.py", "open('ran.txt', 'w')\n")
    done = shell.call("run", "--dry-run", "--json", "told.json", "--register-output", "m.txt", "train.py", "--", "--data", shell.uri, "--out", "o.txt")
    assert done.returncode == 0 and done.stdout == ""
    for part in ("would run: python", shell.uri, shell.uid, "train.py (a new", "branch: main; space: all", "key 'm.txt'", "key 'o.txt'", "nothing was run"):
        assert part in done.stderr, done.stderr
    told = json.loads((shell.folder / "told.json").read_text())
    assert told["words"][1:3] == ["train.py", "--data"] and told["inputs"][shell.uri]["artifact"] == shell.uid and told["transform"] == ""
    assert shell.python(count) == before and not (shell.folder / "ran.txt").exists()
    known = shell.run(sys.executable, "train.py")["transform"]
    assert f"train.py ({known})" in shell.call("run", "--dry-run", "train.py").stderr


# -- options ---------------------------------------------------------------------------------------------------------


def test_everything_of_a_run_is_on_its_branch(shell):
    shell("create", "branch", "line")
    told = shell.run("cp", "in.txt", "out.txt", options=["--branch", "line", "--space", "all", "--save-outputs"])
    code = f"print(ln.Run.get('{told['run']}').branch.name, ln.Transform.get('{told['transform']}').branch.name, ln.Run.get('{told['run']}').space.name)"
    assert shell.python(code) == "line line all"
    assert "nowhere" in shell("run", "--branch", "nowhere", "--", "true", status=5)


def test_commands_run_here_only(shell):
    shell("run", "--where", "local", "--", "true")
    assert "'modal' is not there" in shell("run", "--where", "modal", "--", "true", status=13)
    assert "'mars' is not there" in shell("run", "--", "true", status=2, LAMIN_RUN_WHERE="mars")
    assert "--cpu of LaminDB is not implemented yet" in shell("run", "--cpu", "2", "--", "true", status=2)


def test_defaults_are_set(shell):
    def access(**env):
        return shell("settings", "run-access", "get", **env)

    assert (access(), shell("settings", "run-where")) == ("mount,cache (from default)", "local (from default)")
    shell("settings", "run-access", "set", "cache")
    assert access() == "cache (from lamin settings run-access)"
    assert access(LAMIN_RUN_ACCESS="mount") == "mount (from LAMIN_RUN_ACCESS)"
    assert "not 'disk'" in shell("settings", "run-access", "set", "disk", status=2)
    assert "'presigned' is not there" in shell("settings", "run-access", "set", "presigned", status=13)
    assert "'modal' is not there" in shell("settings", "run-where", "set", "modal", status=13)
    assert access() == "cache (from lamin settings run-access)"
    shell("settings", "run-where", "set", "local")
    assert shell("settings", "run-where", "get") == "local (from lamin settings run-where)"
    home = shell.folder / "home" / ".lamin"
    assert ((home / "run-access.txt").read_text(), (home / "run-where.txt").read_text()) == ("cache\n", "local\n")  # as LaminDB has them
    (home / "run-access.txt").write_text("disk\n")
    assert "lamin settings run-access" in shell("run", "--", "sort", shell.uri, status=2)
    shell("settings", "run-access", "unset")
    shell("settings", "run-where", "unset")
    assert (access(), shell("settings", "run-where")) == ("mount,cache (from default)", "local (from default)")


def test_outputs_go_to_the_storage(shell):
    told = shell.run("cp", "in.txt", "copy.txt", options=["--upload-outputs", "--register-output", "copy.txt"])
    assert told["outputs"] == [shell.uid]  # the same content
    told = shell.run("sort", "in.txt", "-o", "up.txt", options=["--upload-outputs", "--register-output", "up.txt"])
    assert list((shell.folder / "st" / ".lamindb").glob(told["outputs"][0] + "*"))


def test_the_version_of_the_tool_is_a_parameter(shell):
    first = subprocess.run(["sort", "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
    assert shell.params(shell.run("sort", "in.txt", options=["--param", "n=3"])) == {"n": 3, "tool_version": first}
    assert shell.params(shell.run("sort", "in.txt", options=["--param", "tool_version=mine"])) == {"tool_version": "mine"}
    shell.write("y.py", "print(1)\n")
    assert shell.params(shell.run(sys.executable, "y.py"))["tool_version"].startswith("Python 3")
    for script in ("bin/fails", "bin/waits"):
        shell.write(script, "#!/bin/sh\n" + ("[ $# = 0 ]\n" if script == "bin/fails" else "[ $# = 0 ] || sleep 30\n"), 0o755)
        assert "tool_version" not in (shell.params(shell.run(str(shell.folder / script))) or {})
    # One's own program is not asked: it might do its work instead.
    shell.write("work.sh", "#!/bin/sh\necho $# >> times.txt\n", 0o755)
    shell.run("./work.sh")
    assert (shell.folder / "times.txt").read_text() == "0\n"


def test_packages_of_a_python_outside_of_environments_are_kept(shell):
    if not os.path.exists("/usr/bin/python3"):
        python = os.path.realpath(sys.executable)
    else:
        python = "/usr/bin/python3"
    shell.write("y.py", "print(1)\n")
    told = shell.run(python, "y.py")
    listed = subprocess.run([python, "-c", "import importlib.metadata as m; print(*{d.metadata['Name'] for d in m.distributions()})"], capture_output=True, text=True, cwd="/").stdout.split()
    kept = shell.row("run", f"uid = '{told['run']}'", "environment.uid")
    if not listed:
        assert not kept
        return
    text = next((shell.folder / "st" / ".lamindb").glob(f"{kept}*")).read_text()
    assert {line.split("==")[0] for line in text.splitlines()} == set(listed)


def test_the_project_is_of_the_run_too(shell):
    shell("create", "project", "trial")
    told = shell.run("bash", "-c", "echo $LAMIN_CURRENT_PROJECT", options=["--project", "trial"])
    assert shell.printed == "trial"
    assert shell.python(f"print([p.name for p in ln.Run.get('{told['run']}').projects.all()])") == "['trial']"
