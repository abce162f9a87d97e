"""Which pages and databases a sync is about: those below a page or a database, as many levels down as is asked."""

from dataclasses import dataclass, field

from .client import compact
from .properties import emoji_of, title_of


@dataclass
class Page:
    """A page that is no row of a database. It becomes a type of records, in which those below it are."""

    title: str
    emoji: str | None = None
    parent: str | None = None  # the page that it is on


@dataclass
class Found:
    """`rows`: of these databases all rows are taken; `seeds`: of these some rows only."""

    pages: dict[str, Page] = field(default_factory=dict)
    databases: dict[str, str | None] = field(default_factory=dict)  # with the page that each is on
    rows: set[str] = field(default_factory=set)
    seeds: dict[str, set[str]] = field(default_factory=dict)


def discover(client, uuid, depth):
    """What is below a page or a database.

    A level is a page, or a database with its schema; the rows of a database are the next one.
    """
    if type(depth) is not int or depth < 0:
        raise ValueError(f"depth is a whole number from 0 on, not {depth!r}")
    walk, start = _Walk(client), compact(uuid)
    database = client.found(client.database, start)
    if database is not None:
        walk.database(start, walk.page_above(database), depth)
        return walk.found
    page = client.found(client.page, start)
    if page is None:
        raise LookupError(f"{start} is neither a page nor a database, or it is not shared with this connection")
    home = _database_of(client, page)
    if home is not None:
        walk.found.seeds.setdefault(home, set()).add(start)
        walk.found.databases[home] = walk.page_above(client.database(home))
        walk.blocks(start, None, depth)
    else:
        walk.page(start, page)
        walk.blocks(start, start, depth)
    return walk.found


class _Walk:
    def __init__(self, client):
        self.client, self.found, self._seen = client, Found(), set()

    def page(self, page, content, title=""):
        """Notes a page, and the one that it is on, which gives its place."""
        if page not in self.found.pages:
            self.found.pages[page] = Page(title_of(content) or title or page, emoji_of(content))
            self.found.pages[page].parent = self.page_above(content)

    def page_above(self, content):
        """The page that something is on, noted; None in a workspace, in a row, or where it may not be read."""
        above = compact((content.get("parent") or {}).get("page_id") or "")
        if above and above not in self.found.pages:
            page = self.client.found(self.client.page, above)
            if page is None or _database_of(self.client, page) is not None:
                return None
            self.found.pages[above] = Page(title_of(page) or above, emoji_of(page))
        return above or None

    def database(self, database, above, depth):
        """Notes a database; from one level on also its rows, from two on what is on these."""
        self.found.databases.setdefault(database, above)
        if depth < 1:
            return
        self.found.rows.add(database)
        if depth < 2:
            return
        for row in self.client.rows(self.client.properties(database)[1]):
            self.blocks(compact(row["id"]), None, depth - 1)

    def blocks(self, parent, above, depth):
        """What is on a page, or in a block of it. Columns and the like are no level of their own."""
        if depth < 1:
            return
        for block in self.client.blocks(parent):
            block_id, kind = compact(block["id"]), block.get("type")
            if block_id in self._seen:
                continue
            self._seen.add(block_id)
            if kind == "child_database":
                if self.client.found(self.client.database, block_id) is not None:  # not one that is only linked
                    self.database(block_id, above, depth - 1)
            elif kind == "child_page":
                self.page(block_id, self.client.found(self.client.page, block_id) or {}, (block.get("child_page") or {}).get("title") or "")
                self.blocks(block_id, block_id, depth - 1)
            elif block.get("has_children"):
                self.blocks(block_id, above, depth)


def _database_of(client, page):
    """The database whose row a page is."""
    parent = page.get("parent") or {}
    if parent.get("database_id"):
        return compact(parent["database_id"])
    if parent.get("data_source_id"):
        return compact(client.data_source(parent["data_source_id"])["parent"]["database_id"])
    return None
