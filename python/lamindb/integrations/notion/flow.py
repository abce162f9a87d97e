"""`sync_objects_from_notion`, which is tracked as a run."""

from lamindb._tracking.functions import flow

from .report import SyncReport
from .sync import NotionSyncer


@flow("Ofbk5ruuTiN2")
def sync_objects_from_notion(
    *, notion_uuid: str, token: str | None = None, apply: bool = False, depth: int = 0, workspace: str | None = None, space: str | None = None
) -> SyncReport:
    """Takes over a page or a database of Notion, and what is below it, as records and projects.

    A database becomes a type of records with features and a schema, its rows records, databases of projects and tasks projects.
    What is written on pages becomes readmes, files artifacts, choices labels. Rows that were taken over and have not changed
    since are left alone.

    Args:
        notion_uuid (str): the page or database.
        token (str, optional): of a connection that the pages are shared with; otherwise that of `NOTION_TOKEN`.
        apply (bool): write. Otherwise the report says what would be written.
        depth (int): how many levels below it. A level is a page, or a database with its schema; the rows of a database are the
            next one: 1 is a database with its rows.
        workspace (str, optional): the part of the addresses of pages that names the workspace; otherwise the instance's owner.
        space (str, optional): name or uid of the space that records are created in.

    Returns:
        SyncReport: what was done, or would be. It is printed, too.

    Raises:
        LookupError: it is not there, or not shared with the connection.
        PermissionError: the token is not valid.
        ValueError: what is here contradicts Notion, such as a type of the same name with other features.

    Example::

        ln.integrations.notion.sync_objects_from_notion(notion_uuid="db7c1d2ec3a6495e859f8d21d533dd27", depth=1, apply=True)
    """
    report = NotionSyncer(token, workspace=workspace).import_page(notion_uuid, apply=apply, depth=depth)
    print(report.to_pretty_text())
    return report
