"""Rows of Notion's databases as records.

`updated_at` of a record is when its page was edited last. It is set when all of the row is here, so that a sync that was
interrupted goes on where it was, and what has not changed is not read again.
"""

from lamindb._process.classes import class_of

from .client import compact
from .names import with_emoji
from .properties import OF_THE_PAGE, as_time, emoji_of, title_of, value_of
from .relations import records_of

_REGISTRIES_OF = ("relation", "people")


class Rows:
    """The rows of one table in one sync."""

    def __init__(self, table, files, relations, report):
        self._table, self._files, self._relations, self._report = table, files, relations, report

    def compare(self, pages, always):
        """Counts what is new, changed and unchanged, and notes what is to be written; `always` writes the unchanged, too."""
        kind = self._table.record_type
        self._records = {} if kind is None else records_of([compact(page["id"]) for page in pages], type=kind)
        self._pages, self._due = pages, []
        for page in pages:
            record = self._records.get(compact(page["id"]))
            same = record is not None and is_current(record, page)
            if record is None:
                self._report.created += 1
            elif same:
                self._report.unchanged += 1
            else:
                self._report.updated += 1
            if not same or always:
                self._due.append(page)

    def identify(self):
        """Saves a record for each new row, so that rows can lead to each other."""
        new = []
        for page in self._due:
            uuid = compact(page["id"])
            if uuid not in self._records:
                record = class_of("Record")(name=title_of(page) or None, type=self._table.record_type, reference=uuid, reference_type="notion")
                record.created_at = as_time(page["created_time"])
                self._records[uuid] = record.save()
                new.append(record)
        return new

    def write(self):
        """Saves values, notes and files; in a dry run notes what they would need."""
        found = self._related()
        for page in self._due:
            uuid = compact(page["id"])
            record, values = self._records.get(uuid), self._values(page, found)
            notes = self._files.notes(uuid)
            if not self._report.apply:
                continue
            name = title_of(page) or None
            if name != record.name:
                record.name = name
            with_emoji(record, emoji_of(page))
            record.save()
            record.features.set_values(values)
            save_notes(class_of("RecordBlock"), "record", record, notes)
            stamp(record, page)

    def _related(self):
        """{property: {id: record}} of relations and people."""
        found = {}
        for one in self._table.properties:
            if one.kind not in _REGISTRIES_OF:
                continue
            if one.kind == "people":
                self._relations.note_names(self._due, one.name)
            ids = {uuid for page in self._due for uuid in value_of(page["properties"].get(one.name) or {}) or ()}
            feature = self._table.features.get(one.name)
            target = class_of("User") if one.kind == "people" else self._table.targets.get(one.name)
            if ids and target is not None and not read_backwards(feature):
                found[one.name] = self._relations.resolve(self._table.name, one.name, target, ids)
        return found

    def _values(self, page, found):
        """{feature: value} of a row; what is empty is left out."""
        values = {}
        for one in self._table.properties:
            value = value_of(page["properties"].get(one.name) or {})
            feature = self._table.features.get(one.name)
            if value is None or one.kind in OF_THE_PAGE or read_backwards(feature):
                continue
            if one.kind == "files":
                value = self._files.attached(compact(page["id"]), one.name, value)
            elif one.name in found:
                value = [found[one.name][uuid] for uuid in value if uuid in found[one.name]]
            elif one.kind == "people" or one.kind == "relation" and one.name in self._table.targets:
                value = []
            if feature is not None and value not in (None, []):
                values[feature] = value
        return values


def read_backwards(feature):
    """Whether the values are those of the other side of a relation, whose sync writes them."""
    return feature is not None and isinstance(feature.values_through, class_of("Feature"))


def is_current(record, page):
    """Whether the record is from the page as it is now. Notion's times are of minutes."""
    edited = as_time(page["last_edited_time"])
    return record.updated_at is not None and abs((record.updated_at - edited).total_seconds()) < 1


def stamp(record, page):
    """Notes which state of the page the record has."""
    record.updated_at = as_time(page["last_edited_time"])
    record.save()


def save_notes(block, owner, record, text):
    """Saves the text of a page as the record's readme, if it is another one."""
    if text and (record.notes or "").strip() != text:
        block(**{owner: record}, content=text, kind="readme").save()
