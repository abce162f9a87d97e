"""What is seen of one execution of Snakemake, and its trace.

Snakemake tells a logger when a job starts, finishes or fails. A job's id is taken from what Snakemake itself keeps about the
files that the job made (`.snakemake/metadata`), so that it is the same in a later execution that needs the files but need
not make them: such jobs are part of the trace as cached ones.
"""

import base64
import hashlib
import json
import os
import platform
import re
import socket
import sys
import time
import uuid
from pathlib import Path

from .metadata import Metadata, started_at
from .program import import_trace, name_run
from .rules import rule_text, snakefile_of

# What Snakemake adds to the names of special files.
_LABEL = re.compile(r" \((?:(?:pipe|service|nodelocal|update|before update|access: [^)]*|cached)(?:, )?)?"
                    r"(?:retrieve from storage|only provide storage uri|send to storage|in storage)?\)$")
_ENDED = ("completed", "failed", "aborted")


class Observed:
    """From `snakemake` to the end of the workflow."""

    def __init__(self, options):
        self._started = time.time()
        self._id = str(uuid.uuid4())
        self._jobs = {}  # jobid -> the task of its latest attempt
        self._attempts = []  # tasks of earlier attempts
        self._errors = []
        self._snakefile = snakefile_of(sys.argv)
        self._trace = None
        self._workflow = {
            "engine": {"name": "snakemake"}, "id": self._id, "command": _command(), "folder": os.getcwd(),
            "started_at": self._started, "status": "running", "host": socket.gethostname(), "process": os.getpid(),
        }  # fmt: skip
        if self._snakefile:
            self._workflow["script"] = str(self._snakefile)
        self._begin(options)

    def _begin(self, options):
        """The workflow's run, so that jobs can name it."""
        self._write({"format": "lamin-trace", "version": 1, "workflow": self._workflow})
        uid = import_trace(self._trace, [option for option in options if not option.startswith("--save")], lambda text: None)
        if uid:
            name_run(uid)

    def _write(self, line):
        if self._trace is None:
            folder = Path(".snakemake", "lamin").absolute()
            folder.mkdir(parents=True, exist_ok=True)
            self._trace = folder / f"{self._id}.jsonl"
        with open(self._trace, "a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=str) + "\n")

    # -- events ----------------------------------------------------------------------------------------------------------

    def see(self, record):
        event = str(getattr(record, "event", None) or "")
        handler = getattr(self, f"_on_{event.rpartition('.')[2].lower()}", None)
        if handler:
            handler(vars(record))

    def _on_workflow_started(self, seen):
        self._workflow["folder"] = os.getcwd()  # --directory
        if seen.get("snakefile_main") or seen.get("snakefile"):
            self._snakefile = Path(seen.get("snakefile_main") or seen["snakefile"])
            self._workflow["script"] = str(self._snakefile)
        if seen.get("snakemake_version"):
            self._workflow["engine"]["version"] = seen["snakemake_version"]
        versions = [f"snakemake=={seen.get('snakemake_version', '?')}", f"python=={platform.python_version()}", f"platform: {seen.get('platform', '')}"]
        self._workflow["environment"] = {"name": "environment.txt", "text": "\n".join(versions) + "\n"}
        self._write({"workflow": self._workflow})

    def _on_job_info(self, seen):
        before = self._jobs.get(seen["jobid"])
        if before and before["status"] == "failed":
            self._attempts.append(before)
        resources = dict(seen.get("resources") or {}) if hasattr(seen.get("resources"), "items") else {}
        task = {
            "id": f"{self._id}/{seen['jobid']}", "process": seen["rule_name"], "name": _name(seen), "attempt": before["attempt"] + 1 if before else 1,
            "inputs": [{"path": path} for path in _paths(seen.get("input"))], "outputs": [{"path": path} for path in _paths(seen.get("output"))],
            "params": {name: value for name, value in dict(seen.get("wildcards") or {}).items()}, "command": seen.get("shellcmd") or "",
            "started_at": time.time(), "status": "running", "folder": os.getcwd(), "source": rule_text(self._snakefile, seen["rule_name"]) or "",
            "details": {"threads": seen.get("threads"), "reason": seen.get("reason"), "log": _paths(seen.get("log")),
                        "resources": {name: value for name, value in resources.items() if not name.startswith("_") and isinstance(value, (int, str))}},
        }  # fmt: skip
        if task["attempt"] > 1:
            task["id"] += f"/{task['attempt']}"
        self._jobs[seen["jobid"]] = task
        self._write({"task": task})

    def _on_job_finished(self, seen):
        self._end(seen.get("job_id", seen.get("jobid")), "completed")

    def _on_job_error(self, seen):
        task = self._end(seen.get("jobid"), "failed")
        if task is None:
            return
        texts = [seen.get("rule_msg") or "", *(_tail(path) for path in _paths(seen.get("log")))]
        aux = seen.get("aux") or {}
        texts += [f"{name}: {value}" for name, value in aux.items()] if hasattr(aux, "items") else []
        task["log"] = {"name": "log.txt", "text": "\n".join(text for text in [*texts, task["command"]] if text)}
        self._write({"task": task})

    def _on_error(self, seen):
        self._errors.append(str(seen.get("msg") or seen.get("message") or ""))

    def _end(self, jobid, status):
        task = self._jobs.get(jobid)
        if task is None:
            return None
        task["status"], task["finished_at"] = status, time.time()
        if status == "completed":
            self._identify(task)
        for file in task["outputs"] if status == "completed" else []:
            try:
                stat = os.stat(file["path"])
            except OSError:
                continue
            file["size"], file["modified"] = stat.st_size, stat.st_mtime
        self._write({"task": task})
        return task

    # -- the end ---------------------------------------------------------------------------------------------------------

    def finish(self):
        """Writes the trace as it is to be imported; returns its path, None if there was nothing to do."""
        jobs = [job for job in self._jobs.values() if job["outputs"] or job["command"] or not job["inputs"]]
        if not jobs and not self._errors:
            self._workflow["status"] = "completed"
        self._workflow["status"] = self._status()
        self._workflow["finished_at"] = time.time()
        targets = [path for job in self._jobs.values() if job not in jobs for path in map(_path, job["inputs"])]
        read = {path for job in jobs for path in map(_path, job["inputs"])}
        targets += [path for job in jobs for path in map(_path, job["outputs"]) if path not in read]
        self._workflow["outputs"] = [path for path in dict.fromkeys(targets) if os.path.exists(path)]
        if self._errors:
            self._workflow["log"] = {"name": "log.txt", "text": "\n".join(self._errors)}
        metadata = Metadata(Path(".snakemake", "metadata"))
        for job in jobs:
            self._complete(job, metadata)
        tasks = [*self._attempts, *jobs, *self._cached(jobs, metadata)]
        for task in tasks:
            task["source"] = rule_text(self._snakefile, task["process"]) or task["command"]
        trace = self._trace.with_suffix(".json")
        with open(trace, "w", encoding="utf-8") as file:
            json.dump({"format": "lamin-trace", "version": 1, "workflow": self._workflow, "tasks": tasks}, file, default=str, indent=1)
        self._trace.unlink()
        return trace

    def _status(self):
        statuses = {job["status"] for job in self._jobs.values()}
        if "failed" in statuses or self._errors:
            return "failed"
        return "aborted" if "running" in statuses else "completed"

    def _complete(self, job, metadata):
        """Adds what Snakemake knows of a job that has ended."""
        if job["status"] not in _ENDED:
            job["status"] = "aborted"
            job["finished_at"] = time.time()
        record = metadata.of(sorted(map(_path, job["outputs"]))[:1])
        if job["status"] == "completed" and record is not None:
            _add_environment(job, record)

    def _identify(self, job):
        """The id that a later execution gives this job, too: from when it was started, which Snakemake keeps per file."""
        output = min(map(_path, job["outputs"]), default=None)
        started = started_at(Path(".snakemake"), output) if output else None
        if started is not None:
            job["was"], job["id"] = job["id"], _job_id(job["folder"], job["process"], output, started)

    def _cached(self, jobs, metadata):
        """The jobs that made what these read, in earlier executions."""
        made = {path for job in jobs for path in map(_path, job["outputs"])}
        wanted = [path for job in jobs for path in map(_path, job["inputs"])] + [path for path in self._workflow["outputs"]]
        tasks = []
        while wanted:
            path = wanted.pop()
            if path in made or (group := metadata.group(path)) is None:
                continue
            outputs, record = group
            made.update(outputs)
            folder = os.getcwd()
            task = {
                "id": _job_id(folder, record["rule"], min(outputs), record.get("starttime")), "process": record["rule"], "name": record["rule"], "cached": True,
                "inputs": [{"path": name} for name in record.get("input") or []], "status": "completed", "folder": folder,
                "outputs": [{"path": name, "modified": metadata.record(name).get("endtime")} for name in outputs],
                "command": record.get("shellcmd") or "", "started_at": record.get("starttime"), "finished_at": record.get("endtime"),
            }  # fmt: skip
            _add_environment(task, record)
            tasks.append(task)
            wanted += map(_path, task["inputs"])
        return tasks


def _add_environment(task, record):
    if record.get("conda_env"):
        task["environment"] = {"name": "environment.yml", "text": _decoded(record["conda_env"])}
    if record.get("container_img_url"):
        task["container"] = record["container_img_url"]


def _decoded(text):
    """Snakemake keeps the file of a conda environment in base 64."""
    try:
        return base64.b64decode(text, validate=True).decode()
    except ValueError:
        return text


def _job_id(folder, rule, output, started):
    return hashlib.sha256(f"{folder}\n{rule}\n{output}\n{started}".encode()).hexdigest()[:32]


def _path(file):
    return file["path"]


def _paths(files):
    return [_LABEL.sub("", str(file)) for file in files or []]


def _name(seen):
    wildcards = dict(seen.get("wildcards") or {})
    return seen["rule_name"] + (f" ({', '.join(map(str, wildcards.values()))})" if wildcards else "")


def _command():
    words = [os.path.basename(sys.argv[0]) if sys.argv[0] else "snakemake", *sys.argv[1:]]
    return " ".join(f"'{word}'" if " " in word else word for word in words)


def _tail(path, most=1 << 20):
    try:
        with open(path, "rb") as file:
            file.seek(max(0, os.stat(path).st_size - most))
            return file.read().decode(errors="replace")
    except OSError:
        return ""
