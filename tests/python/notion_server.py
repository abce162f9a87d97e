"""A server that answers as Notion's API does, from a workspace that a test makes.

It pages its lists two entries at a time, and as the real one now and then asks to come back later.
"""

import json
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

TOKEN = "ntn_" + "A" * 46
PER_PAGE = 2


def text(words, **marks):
    return [{"type": "text", "plain_text": words, "href": marks.pop("href", None), "annotations": marks}]


class Workspace:
    """Pages, databases and blocks. Ids are made from names, so that a test can say which it means."""

    def __init__(self):
        self.objects, self.rows, self.blocks, self.files, self.users = {}, {}, {}, {}, {}
        self.failures = []  # (status, headers) of the next answers
        self.asked = []

    @staticmethod
    def id(name):
        return str(uuid.uuid5(uuid.NAMESPACE_URL, name))

    def page(self, name, parent=None, edited="2026-03-01T10:00:00.000Z", emoji=None, title=None, **properties):
        """A page; with a data source as parent a row, whose properties are given."""
        page = {
            "object": "page", "id": self.id(name), "created_time": "2026-02-01T09:00:00.000Z", "last_edited_time": edited,
            "icon": {"type": "emoji", "emoji": emoji} if emoji else None,
            "properties": properties or {"title": {"type": "title", "title": text(title or name)}},
            "parent": {"type": "page_id", "page_id": self.id(parent)} if parent and not properties else {"type": "workspace", "workspace": True},
        }  # fmt: skip
        if properties:
            page["parent"] = {"type": "data_source_id", "data_source_id": self.id(parent + ":source"), "database_id": self.id(parent)}
            rows = self.rows.setdefault(self.id(parent + ":source"), [])
            rows[:] = [one for one in rows if one["id"] != page["id"]] + [page]
        elif parent:
            self.block(parent, "child_page", {"title": title or name}, id=self.id(name), has_children=True)
        self.objects["/pages/" + page["id"]] = page
        return page

    def database(self, name, parent, properties, description="", emoji=None, title=None):
        """A database on a page: {property: (kind, details)}."""
        found = {"title": text(title or name), "icon": {"type": "emoji", "emoji": emoji} if emoji else None}
        source = self.id(name + ":source")
        self.objects["/databases/" + self.id(name)] = {
            "object": "database", "id": self.id(name), "description": text(description) if description else [],
            "parent": {"type": "page_id", "page_id": self.id(parent)}, "data_sources": [{"id": source, "name": title or name}], **found,
        }  # fmt: skip
        self.objects["/data_sources/" + source] = {
            "object": "data_source", "id": source, "parent": {"type": "database_id", "database_id": self.id(name)},
            "properties": {one: {"id": one, "name": one, "type": kind, kind: details} for one, (kind, details) in properties.items()}, **found,
        }  # fmt: skip
        self.rows.setdefault(source, [])
        self.block(parent, "child_database", {"title": title or name}, id=self.id(name))

    def block(self, parent, kind, content, has_children=False, id=None):
        """A block on a page or in a block; returns its name, which others may have as parent."""
        listed = self.blocks.setdefault(self.id(parent), [])
        name = f"{parent}/{len(listed)}"
        if not any(block["id"] == id for block in listed):
            listed.append({"object": "block", "id": id or self.id(name), "type": kind, kind: content, "has_children": has_children})
        return name


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        url = urlparse(self.path)
        self._handle(url.path, {name: values[0] for name, values in parse_qs(url.query).items()})

    def do_POST(self):
        self._handle(self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _handle(self, path, given):
        space = self.server.workspace
        space.asked.append((self.command, path))
        if path in space.files:
            self._send(200, space.files[path], "application/octet-stream")
        elif self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._error(401, "API token is invalid.")
        elif not self.headers["Notion-Version"]:
            self._error(400, "Notion-Version header failed validation")
        elif space.failures:
            self._error(*space.failures.pop(0))
        else:
            self._answer(path.removeprefix("/v1"), given)

    def _answer(self, path, given):
        space = self.server.workspace
        parts = path.strip("/").split("/")
        parts[1] = str(uuid.UUID(parts[1]))
        path = "/" + "/".join(parts)
        if parts[0] == "blocks" and self.command == "GET":
            return self._list(space.blocks.get(parts[1], []), given)
        if parts[0] == "data_sources" and parts[-1] == "query" and self.command == "POST" and parts[1] in space.rows:
            return self._list(space.rows[parts[1]], given)
        found = space.users.get(parts[1]) if parts[0] == "users" else space.objects.get(path)
        if found is None or self.command != "GET":
            return self._error(404, f"Could not find {parts[0]} with ID: {parts[1]}.")
        return self._json(200, found)

    def _list(self, entries, given):
        start = int(given.get("start_cursor") or 0)
        end = start + min(PER_PAGE, int(given["page_size"]))
        more = end < len(entries)
        self._json(200, {"object": "list", "results": entries[start:end], "has_more": more, "next_cursor": str(end) if more else None})

    def _error(self, status, message, headers=()):
        self._json(status, {"object": "error", "status": status, "message": message}, headers)

    def _json(self, status, answer, headers=()):
        self._send(status, json.dumps(answer).encode(), "application/json", headers)

    def _send(self, status, body, kind, headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class NotionServer:
    """The workspace at an address: `with NotionServer() as server: server.address`."""

    def __enter__(self):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.workspace = self._server.workspace = Workspace()
        self.root = f"http://127.0.0.1:{self._server.server_port}"
        self.address = self.root + "/v1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
