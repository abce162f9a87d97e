"""What is asked of Notion's API: pages, databases, their data sources and blocks. Nothing is ever written there."""

import json
import os
import time
import urllib.error
import urllib.request

from lamindb._process.logger import logger

_BASE = "https://api.notion.com/v1"
_VERSION = "2026-03-11"  # the version of the API, as Notion names it
_PAUSES = (1, 2, 4, 8, 16)  # seconds before a request that failed at Notion's side is sent again
_SECONDS = 30  # that a request may take


def compact(uuid):
    """An id without dashes: Notion takes and gives both forms, we keep this one."""
    return uuid.strip().replace("-", "")


class Client:
    """Reads with the token of a connection that the pages are shared with. What was read is kept for the sync's time."""

    def __init__(self, token=None):
        token = token or os.environ.get("NOTION_TOKEN")
        if not token:
            raise ValueError("a token of Notion is needed: pass token=..., or set NOTION_TOKEN")
        self._base = os.environ.get("NOTION_BASE_URL", _BASE).rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}", "Notion-Version": _VERSION, "Content-Type": "application/json"}
        self._kept = {}

    def page(self, page):
        return self._once(f"/pages/{page}")

    def database(self, database):
        return self._once(f"/databases/{database}")

    def data_source(self, source):
        return self._once(f"/data_sources/{source}")

    def properties(self, database):
        """{name: property} of the rows of a database, and the id of the data source that has them."""
        sources = self.database(database).get("data_sources") or []
        if not sources:
            raise LookupError(f"the database {compact(database)} has no data source")
        if len(sources) > 1:
            logger.warning(f"the database {compact(database)} has {len(sources)} data sources; taken is {sources[0].get('name')!r}")
        return self.data_source(sources[0]["id"]).get("properties") or {}, sources[0]["id"]

    def rows(self, source, limit=None):
        """The pages that are rows of a data source."""
        return self._kept_list(("rows", source), lambda: self._all("POST", f"/data_sources/{source}/query")) if limit is None else self._call(
            "POST", f"/data_sources/{source}/query", {"page_size": limit}
        ).get("results", [])

    def blocks(self, parent):
        """What is on a page, or in a block."""
        return self._kept_list(("blocks", parent), lambda: self._all("GET", f"/blocks/{parent}/children"))

    def user(self, user):
        return self._once(f"/users/{user}")

    def found(self, ask, *given):
        """The answer; None if there is no such object, or it is not shared."""
        try:
            return ask(*given)
        except LookupError:
            return None

    def _once(self, path):
        if path not in self._kept:
            self._kept[path] = self._call("GET", path)
        return self._kept[path]

    def _kept_list(self, key, ask):
        if key not in self._kept:
            self._kept[key] = ask()
        return self._kept[key]

    def _all(self, method, path):
        found, cursor = [], None
        while True:
            page = {"page_size": 100} | ({"start_cursor": cursor} if cursor else {})
            if method == "GET":
                answer = self._call(method, path + "?" + "&".join(f"{name}={value}" for name, value in page.items()))
            else:
                answer = self._call(method, path, page)
            found += answer.get("results") or []
            cursor = answer.get("next_cursor")
            if not answer.get("has_more") or not cursor:
                return found

    def _call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._base + path, data=data, headers=self._headers, method=method)
        for pause in (*_PAUSES, None):
            try:
                with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                pause = self._pause_after(error, path, pause)
            except urllib.error.URLError as error:
                if pause is None:
                    raise ConnectionError(f"{self._base} does not answer: {error.reason}") from error
            time.sleep(pause)
        raise AssertionError  # the last round returns or raises

    def _pause_after(self, error, path, pause):
        """The seconds to wait before the same request is sent again, or what is wrong with it."""
        told = _message(error)
        if error.code == 401:
            raise PermissionError(f"Notion does not know this token, or it has expired: {told}") from None
        if error.code == 404 or (error.code == 400 and "is a page, not a database" in told):
            raise LookupError(f"{path} is not there, or not shared with this connection (in Notion: ••• > Connections): {told}") from None
        if pause is None:
            raise ConnectionError(f"Notion fails again and again on {path} ({error.code}): {told}") from None
        if error.code == 429:
            return float(error.headers.get("Retry-After") or pause)
        if error.code >= 500:
            return pause
        raise ValueError(f"Notion refuses {path} ({error.code}): {told}") from None


def _message(error):
    try:
        return json.load(error).get("message") or error.reason
    except ValueError:
        return error.reason
