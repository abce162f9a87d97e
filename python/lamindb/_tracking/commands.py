"""`ln.core.run_command`: any command as a run, by the shell command `lamin run`, which observes it from outside.

It is another process: the memory and the streams of this one are not those of the command.
"""

import codecs
import json
import os
import subprocess
import sys
import tempfile
import threading

from .._process import session as _session
from .._process.classes import class_of
from .._process.program import lamin_program
from ..errors import of_code
from .context import context
from .given import as_saved


class CommandRun:
    """What became of a command: `run`, its record; `exit_status`, that of the command; `inputs` and `outputs`, artifacts.

    Args:
        told (dict): what `lamin run` has written.

    Attributes: `observer` is how its files were seen (`"seccomp"`, `"ptrace"`, `"preload"`, `"declared"`), `files` a list
    of dictionaries with `path`, `read`, `written`, `executed`, `temporary`, `size`, and, where they are known, `hash`, `artifact` and
    `output` (uids of what it was and became); `seconds`, `cpu_seconds`, `peak_memory` (bytes) and `environment_files` (how many files it opened of
    what is installed) are numbers.

    Example:

        >>> done = ln.core.run_command(["true"])
        >>> done.exit_status
        0
    """

    def __init__(self, told):
        self.exit_status, self.observer, self.files = told["exit_status"], told["observer"], told["files"]
        self.seconds, self.cpu_seconds = told["seconds"], told["cpu_seconds"]
        self.peak_memory, self.environment_files = told["peak_memory"], told["environment_files"]
        self.run = class_of("Run").get(told["run"])
        artifacts = class_of("Artifact")
        self.inputs = [artifacts.get(uid) for uid in told["inputs"]]
        self.outputs = [artifacts.get(uid) for uid in told["outputs"]]

    def __repr__(self):
        return f"CommandRun({self.run.uid!r}, exit_status={self.exit_status}, inputs={len(self.inputs)}, outputs={len(self.outputs)})"


def run_command(words, *, inputs=(), outputs=(), save_outputs=False, save_failed=False, key=None, name=None, description=None,
                params=None, project=None, folder=None, observer=None, check=True):  # fmt: skip
    """Runs a command as a run: the files that it reads are matched to artifacts, those that it writes are registered.

    Args:
        words (list[str]): the program and its arguments.
        inputs (list[str]): patterns of files that it reads, even if that is not seen.
        outputs (list[str]): patterns of files to register if it writes them.
        save_outputs (bool): registers all files that it writes, but temporary ones.
        save_failed (bool): registers outputs of a command that failed, too.
        key (str): of the transform; default: that of the script that runs, or the program's name.
        name (str): of the run.
        description (str): of the run.
        params (dict): of the run.
        project (Project | str): of the outputs.
        folder (str | PathLike): where it runs; default: the working folder.
        observer (str): `"seccomp"`, `"ptrace"`, `"preload"` or `"declared"`; default: the best that is possible here.
        check (bool): whether a command that fails raises `subprocess.CalledProcessError`; it is a run all the same.

    Returns:
        CommandRun: the run, what it read and wrote.

    Raises:
        ObjectDoesNotExist: there is no such program.
        CalledProcessError: the command failed.

    Example:

        >>> ln.core.run_command(["sort", "count.py", "-o", "sorted.txt"], save_outputs=True).outputs[0].key
        'sorted.txt'
    """
    program, session = _program(), _session.current()
    with tempfile.TemporaryDirectory() as temporary:
        told = os.path.join(temporary, "run.json")
        call = [program, "run", "--quiet", "--json", told]
        for option, values in (("--inputs", inputs), ("--outputs", outputs)):
            for value in [values] if isinstance(values, (str, os.PathLike)) else values:
                call += [option, os.fspath(value)]
        for option, given in (("--save-outputs", save_outputs), ("--save-failed", save_failed)):
            call += [option] if given else []
        for option, value in (("--key", key), ("--name", name), ("--description", description), ("--observer", observer)):
            call += [option, value] if value is not None else []
        for param, value in (params or {}).items():
            call += ["--param", f"{param}={json.dumps(value)}"]
        if project is not None:
            call += ["--project", as_saved("Project", project).uid]
        status = _pass_on([*call, "--", *map(os.fspath, words)], folder, _environment(session))
        if not os.path.exists(told):
            raise RuntimeError(f"`lamin run` ended with {status} and recorded nothing")
        with open(told, encoding="utf-8") as file:
            answer = json.load(file)
    if "error" in answer:
        raise of_code(answer["error"]["code"], "")(answer["error"]["message"])
    if check and answer["exit_status"] != 0:
        raise subprocess.CalledProcessError(answer["exit_status"], list(map(os.fspath, words)))
    return CommandRun(answer)


class Rerun:
    """What doing a run again gave: `same`, `outputs`, `notes`.

    Args:
        told (dict): what `lamin verify` has printed.

    Attributes: `outputs` is a list of dictionaries with `key`, `artifact` (a uid), `sameness` (`"bytes"`, `"content"`,
    `"different"`, `"missing"`) and `differences`; `notes` says what was not as it was; `exit_status` and
    `recorded_exit_status` are those of the command, now and then.

    Example:

        >>> ln.core.rerun(ln.core.run_command(["true"]).run).same
        True
    """

    def __init__(self, told):
        self.same, self.outputs, self.notes = told["same"], told["outputs"], told["notes"]
        self.exit_status, self.recorded_exit_status = told["exit_status"], told["recorded_exit_status"]

    def __repr__(self):
        return f"Rerun(same={self.same}, outputs={ {output['key']: output['sameness'] for output in self.outputs} })"


def rerun(run, *, tolerance=None, folder=None, inputs=(), python=None):
    """Does a run again in an empty folder, with a copy of the instance, and compares what it writes with what is registered.

    Args:
        run (Run): one of `run_command` or `lamin run`, or of a script or notebook that called `ln.track()`.
        tolerance (float): relative, of numbers; default: 1e-6.
        folder (str | PathLike): a new folder to run in, which stays there; default: a temporary one.
        inputs (list[str]): patterns of files, below the working folder, that a script needs and that are not artifacts.
        python (str | PathLike): what executes a script or notebook; default: this Python.

    Returns:
        Rerun: for each output whether it is the same, and where it is not.

    Raises:
        Unsupported: it is another kind of run, has not ended, or a secret among its arguments was not kept.

    Example:

        >>> done = ln.core.run_command(["sort", "count.py", "-o", "sorted.txt"], save_outputs=True)
        >>> ln.core.rerun(done.run).outputs[0]["sameness"]
        'bytes'
    """
    session = _session.current()
    call = [_program(), "verify", run.uid, "--json", "--python", os.fspath(python or sys.executable)]
    for pattern in [inputs] if isinstance(inputs, (str, os.PathLike)) else inputs:
        call += ["--inputs", os.fspath(pattern)]
    for option, value in (("--tolerance", tolerance), ("--folder", folder)):
        call += [option, os.fspath(value) if option == "--folder" else repr(value)] if value is not None else []
    done = subprocess.run(call, env=_environment(session), capture_output=True, text=True)
    answer = json.loads(done.stdout) if done.stdout else {"error": {"code": "internal", "message": done.stderr.strip()}}
    if "error" in answer:
        raise of_code(answer["error"]["code"])(answer["error"]["message"])
    return Rerun(answer)


def _program():
    program = lamin_program()
    if program is None:
        raise FileNotFoundError("the shell command `lamin` is not installed beside this Python")
    return program


def _environment(session):
    """For the shell command: this instance, and the run that is tracked here as the one that starts another."""
    variables = {**os.environ, "LAMIN_CURRENT_INSTANCE": session.settings["slug"], "LAMIN_RUN": ""}
    if context.run is not None:
        variables["LAMIN_RUN"] = context.run.uid
    return variables


def _pass_on(call, folder, variables):
    """Runs it; what it prints goes where Python prints, which may be a notebook."""
    streams = [sys.stdout, sys.stderr]
    own = [_is_own(stream, number) for number, stream in enumerate(streams, 1)]
    for stream in streams:
        stream.flush()
    process = subprocess.Popen(
        call, cwd=folder, env=variables, stdout=None if own[0] else subprocess.PIPE, stderr=None if own[1] else subprocess.PIPE
    )
    threads = [
        threading.Thread(target=_copy, args=(pipe, stream)) for pipe, stream in zip((process.stdout, process.stderr), streams) if pipe is not None
    ]
    for thread in threads:
        thread.start()
    try:
        status = process.wait()
    except KeyboardInterrupt:  # which the command has got, too
        process.wait()
        raise
    for thread in threads:
        thread.join()
    return status


def _is_own(stream, number):
    try:
        return stream.fileno() == number
    except (AttributeError, OSError, ValueError):
        return False


def _copy(pipe, stream):
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    for piece in iter(lambda: pipe.read1(1 << 16), b""):
        stream.write(decode(piece))
    stream.write(decode(b"", True))
