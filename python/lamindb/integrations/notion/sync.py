"""A sync: what is found below a page is registered, compared with what is here, and written."""

from lamindb._process.classes import class_of

from .client import Client
from .discovery import discover
from .files import Files
from .names import registry_called, type_called, with_emoji
from .projects import Projects
from .relations import Relations
from .report import SyncReport
from .rows import Rows
from .tables import Table


class RecordSyncer:
    """Takes over pages and databases of Notion as records, whatever they are called.

    Args:
        token (str, optional): of a connection that the pages are shared with; otherwise that of `NOTION_TOKEN`.
        workspace (str, optional): the part of the addresses of pages that names the workspace; otherwise the instance's owner.

    Example::

        report = ln.integrations.notion.RecordSyncer().import_page("db7c1d2ec3a6495e859f8d21d533dd27", depth=1)
    """

    def __init__(self, token=None, *, workspace=None):
        self._client, self._workspace = Client(token), workspace

    def import_page(self, notion_uuid, *, apply=False, depth=0):
        """Takes over a page or a database. See `sync_objects_from_notion`.

        Args:
            notion_uuid (str): the page or database.
            apply (bool): write.
            depth (int): how many levels below it.

        Returns:
            SyncReport: what was done, or would be.

        Raises:
            LookupError: it is not there, or not shared with the connection.
            PermissionError: the token is not valid.
            ValueError: what is here contradicts Notion.

        Example::

            syncer.import_page("db7c1d2ec3a6495e859f8d21d533dd27", apply=True, depth=1)
        """
        report = SyncReport(apply=apply, message=None if apply else "nothing was written: this is what a sync would do")
        found = discover(self._client, notion_uuid, depth)
        types = _page_types(found.pages, report)
        files, relations = Files(self._client, report), Relations(self._client, report, self._workspace)
        tables = {uuid: Table(self._client, uuid, report) for uuid in sorted(found.databases)}
        parts = {}
        for uuid, table in tables.items():
            parts[uuid] = self._part(table, files, relations, report, lambda uuid=uuid, table=table: table.register(
                types.get(found.databases[uuid]), _emoji(table, found.pages.get(found.databases[uuid]))))  # fmt: skip
        for uuid, part in parts.items():
            seeds = found.seeds.get(uuid)
            pages = tables[uuid].rows(seeds) if seeds else tables[uuid].rows() if uuid in found.rows else []
            report.discovered += len(pages)
            part.compare(pages, always=bool(seeds))
        report.databases = list(tables)
        report.discovered_pages = len(found.pages) + len(tables) + report.discovered
        if apply:
            for part in parts.values():
                part.identify()
        for part in parts.values():
            part.write()
        return report

    def _part(self, table, files, relations, report, register):
        register()
        return Rows(table, files, relations, report)


class NotionSyncer(RecordSyncer):
    """Takes over pages and databases of Notion; databases of projects and tasks as projects, others as records.

    Args:
        token (str, optional): of a connection that the pages are shared with; otherwise that of `NOTION_TOKEN`.
        workspace (str, optional): the part of the addresses of pages that names the workspace; otherwise the instance's owner.

    Example::

        report = ln.integrations.notion.NotionSyncer().import_page("db7c1d2ec3a6495e859f8d21d533dd27", depth=1)
    """

    def _part(self, table, files, relations, report, register):
        if registry_called(table.name) is class_of("Project"):
            return Projects(table, files, relations, report, self._workspace)
        return super()._part(table, files, relations, report, register)


class ProjectSyncer(RecordSyncer):
    """Takes over databases of Notion as projects, whatever they are called.

    Args:
        token (str, optional): of a connection that the pages are shared with; otherwise that of `NOTION_TOKEN`.
        workspace (str, optional): the part of the addresses of pages that names the workspace; otherwise the instance's owner.

    Example::

        report = ln.integrations.notion.ProjectSyncer().import_page("db7c1d2ec3a6495e859f8d21d533dd27", depth=1)
    """

    def _part(self, table, files, relations, report, register):
        return Projects(table, files, relations, report, self._workspace)


def _page_types(pages, report):
    """{page: the type of records that stands for it}, each in the type of the page that it is on."""
    record, types = class_of("Record"), {}
    for uuid, page in pages.items():
        types[uuid] = type_called(record, page.title)
        if types[uuid] is None:
            report._note("record_types", page.title)
            if report.apply:
                types[uuid] = record(name=page.title, is_type=True)
                with_emoji(types[uuid], page.emoji)
                types[uuid].save()
    for uuid, page in pages.items():
        kind, above = types[uuid], types.get(page.parent)
        if kind is not None and above is not None and kind.type_id != above.id:
            report._note("record_types", f"{kind.name}: moved to {above.name}", "update")
            if report.apply:
                kind.type = above
                kind.save()
    return types


def _emoji(table, page):
    return table.emoji or (page and page.emoji)
