"""Properties of Notion's databases: which feature each becomes, and what its value on a page is."""

from dataclasses import dataclass
from datetime import date, datetime

from .client import compact

_DTYPES = {"number": "num", "url": "url", "checkbox": "bool", "date": "date", "created_time": "datetime", "last_edited_time": "datetime"}
_FORMULAS = {"number": "num", "boolean": "bool", "date": "date"}
_FIELDS = {"title": "name", "created_time": "created_at", "last_edited_time": "updated_at", "created_by": "created_by"}
OF_THE_PAGE = ("created_time", "last_edited_time", "created_by", "last_edited_by")  # a record knows this without a value
CHOICES = ("select", "status", "multi_select")
PLAIN = ("email", "phone_number", "url", "number", "checkbox", "created_time", "last_edited_time")


@dataclass(frozen=True)
class Property:
    """A column of a database."""

    name: str
    kind: str
    choices: tuple = ()
    target: str | None = None  # the data source that a relation leads to
    paired: str | None = None  # its name on the other side, if it is shown there, too
    formula: str | None = None  # of a formula: what it yields

    @property
    def many(self):
        return self.kind in ("multi_select", "relation", "people", "files")

    @property
    def dtype(self):
        """The dtype of its feature, if that does not depend on what is registered."""
        return _FORMULAS.get(self.formula, "str") if self.kind == "formula" else _DTYPES.get(self.kind, "str")

    @property
    def field(self):
        """The field of a record that has its value."""
        return _FIELDS.get(self.kind) or ("description" if self.name.strip().lower() in ("summary", "description") else None)


def properties_of(client, database):
    """The properties of a database, in its order."""
    given, source = client.properties(database)
    formulas = [name for name, one in given.items() if one.get("type") == "formula"]
    first = client.rows(source, limit=1) if formulas else []  # only a value tells what a formula yields
    yields = {name: ((first[0]["properties"].get(name) or {}).get("formula") or {}).get("type") for name in formulas if first}
    found = []
    for name, one in given.items():
        kind = one.get("type") or ""
        details = one.get(kind) or {}
        pair = details.get("dual_property") or {}
        found.append(Property(name, kind, tuple(option["name"].strip() for option in details.get("options") or ()),
                              details.get("data_source_id"), pair.get("synced_property_name"), yields.get(name)))  # fmt: skip
    return found


def title_of(page):
    """The title of a page, a database or a data source."""
    parts = page.get("title")
    if not isinstance(parts, list):
        parts = next((one["title"] for one in (page.get("properties") or {}).values() if one.get("type") == "title"), [])
    return "".join(part.get("plain_text", "") for part in parts).strip()


def emoji_of(page):
    icon = page.get("icon") or {}
    return icon.get("emoji") if icon.get("type") == "emoji" else None


def value_of(given):
    """The value of a property on a page: a text, a number, a date; a list of ids or addresses; None without one."""
    kind = given.get("type")
    value = given.get(kind)
    if value in (None, "", []):
        return None
    if kind in ("title", "rich_text"):
        return "".join(part.get("plain_text", "") for part in value) or None
    if kind in PLAIN:
        return value
    if kind in ("select", "status"):
        return value["name"].strip()
    if kind == "multi_select":
        return [option["name"].strip() for option in value]
    if kind == "date":
        return as_date(value.get("start"))
    if kind in ("people", "relation"):
        return [compact(one["id"]) for one in value]
    if kind == "files":
        return [address for address in (file_address(one) for one in value) if address]
    if kind == "formula":
        result = value.get(value.get("type"))
        return as_date(result.get("start")) if isinstance(result, dict) else result
    if kind == "unique_id":
        return f"{value['prefix']}-{value['number']}" if value.get("prefix") else str(value.get("number"))
    return None


def file_address(given):
    """Where the bytes of a file are that Notion keeps, or that it only names."""
    return (given.get(given.get("type")) or {}).get("url")


def as_date(text):
    return date.fromisoformat(text[:10]) if text else None


def as_time(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None
