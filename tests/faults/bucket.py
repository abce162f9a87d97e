"""An S3 server for one world. Its objects are files in memory, so that they are seen without the program, and copied back."""
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from dev import object_stores  # noqa: E402  (the path comes first)


class Bucket:
    def __init__(self, base: Path):
        self._server = object_stores.start("s3", base / "s3")
        self.env = self._server["env"]
        self._objects, self._kept = base / "s3/objects" / object_stores.BUCKET, base / "kept-objects"
        self.root = f"s3://{object_stores.BUCKET}/st?endpoint_url=http://127.0.0.1:{self._server['port']}"
        self.storage = self._objects / "st"

    def keep(self) -> None:
        shutil.rmtree(self._kept, ignore_errors=True)
        shutil.copytree(self._objects, self._kept)  # with the attributes in which the server keeps tags

    def restore(self) -> None:
        for folder in self._objects.iterdir():
            shutil.rmtree(folder)
        shutil.copytree(self._kept, self._objects, dirs_exist_ok=True)

    def unfinished(self) -> list[str]:
        """The parts of uploads that nobody finished or dropped."""
        return [str(path.relative_to(self._objects)) for path in self._objects.glob(".sgwtmp/**/*") if path.is_file()]

    def close(self) -> None:
        object_stores.stop(self._server)
