"""What Snakemake keeps about each file that a job has made: `.snakemake/metadata`, one JSON file per output."""

import base64
import json
import os


def _place(folder, path):
    """The file about an output: its name in base 64, in parts that the file system takes."""
    name, most = base64.urlsafe_b64encode(path.encode()).decode(), 254
    parts = [name[i:i + most] for i in range(0, len(name), most)]
    return os.path.join(folder, *("@" + part for part in parts[:-1]), parts[-1])


def started_at(folder, path):
    """When the job was started that makes, or has just made, a file; None if Snakemake keeps nothing.

    While it is being made there is a mark, whose time it is; the mark goes when the time has been noted.
    """
    try:
        return os.stat(_place(folder / "incomplete", path)).st_mtime
    except OSError:
        pass
    try:
        with open(_place(folder / "metadata", path), encoding="utf-8") as file:
            return json.load(file).get("starttime")
    except (OSError, ValueError):
        return None


class Metadata:
    """Read when it is needed."""

    def __init__(self, folder):
        self._folder = folder
        self._records = None

    def _all(self):
        if self._records is None:
            self._records = {}
            for folder, _, names in os.walk(self._folder):
                above = [part.removeprefix("@") for part in os.path.relpath(folder, self._folder).split(os.sep) if part != "."]
                for name in names:
                    try:
                        path = base64.urlsafe_b64decode("".join(above) + name).decode()
                        with open(os.path.join(folder, name), encoding="utf-8") as file:
                            self._records[path] = json.load(file)
                    except ValueError:  # being written, or not one of these
                        continue
        return self._records

    def record(self, path):
        return self._all().get(path)

    def of(self, paths):
        """The record of the first of these files that has one."""
        return next((found for path in paths if (found := self.record(path))), None)

    def group(self, path):
        """The files that the job has made that made this one, and the record; None if nothing is known of it."""
        record = self.record(path)
        if record is None or not record.get("rule") or record.get("incomplete"):
            return None
        same = [name for name, other in self._all().items() if other.get("rule") == record["rule"] and other.get("job_hash") == record.get("job_hash")]
        return sorted(same) if record.get("job_hash") is not None else [path], record
