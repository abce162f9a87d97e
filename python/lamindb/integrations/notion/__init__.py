"""Pages and databases of Notion as records and projects.

A database becomes a type of records with a schema, its rows records, what is written on their pages readmes, and their
files artifacts. Rows know where they come from, so a later sync takes over only what has changed since.
"""

from lamindb._surface.lazy import public

_WHERE = {
    "sync_objects_from_notion": "lamindb.integrations.notion.flow", "SyncReport": "lamindb.integrations.notion.report",
    **dict.fromkeys(("NotionSyncer", "ProjectSyncer", "RecordSyncer"), "lamindb.integrations.notion.sync"),
}  # fmt: skip
__all__ = ["NotionSyncer", "ProjectSyncer", "RecordSyncer", "SyncReport", "sync_objects_from_notion"]
__getattr__, __dir__ = public(__name__, _WHERE)
