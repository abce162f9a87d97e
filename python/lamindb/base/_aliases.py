"""Types that only annotations name; apart, because importing `typing` takes longer than all else."""

import os
from collections.abc import Sequence
from typing import Literal, Union

from .. import _core

FieldAttr = _core.FieldAttr
StrField = Union[str, FieldAttr]
ListLike = Sequence[str]
AnyPath = os.PathLike
AnyPathStr = Union[str, os.PathLike]
StorageType = Literal["local", "s3", "gs", "hf", "http", "https"]
ArtifactKind = Literal["dataset", "model", "plan", "__lamindb_run__", "__lamindb_config__"]
TransformKind = Literal["pipeline", "notebook", "script", "function"]
BlockKind = Literal["readme", "comment"]
TransferMode = Literal["sqlrecord", "notes", "annotations"]
RunStatus = Literal[tuple(_core.codes("Run", "_status_code"))]
BranchStatus = Literal[tuple(_core.codes("Branch", "_status_code"))]
ProjectStatus = Literal[tuple(_core.codes("Project", "_status_code"))]
