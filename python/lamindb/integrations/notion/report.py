"""What a sync did, or, as long as nothing is written, what it would do."""

from dataclasses import dataclass, field

_LISTS = ("record_types", "feature_types", "ulabel_types", "schemas", "features", "ulabels", "artifacts", "relation_stubs")
_UPDATED = ("record_types", "schemas", "features")
_COUNTS = (("records", "created", "updated", "unchanged"), ("projects", "created_projects", "updated_projects", "unchanged_projects"))


def _lists():
    return field(default_factory=list)


@dataclass
class SyncReport:
    """What a sync did (`created_...`, `updated_...`), or would do (`create_...`, `update_...`).

    Args:
        apply (bool): whether it was written.
        message (str | None): what the report is of.
        discovered_pages (int): pages, databases and rows that were found.
        discovered (int): rows.
        created (int): records that are new.
        updated (int): records whose page has changed.
        unchanged (int): records whose page has not.
        pending_relations (int): ids of pages and people that are not known.
        failed (int): rows that could not be taken; a sync stops at the first.
        errors (list[str]): files that could not be fetched.
        databases (list[str]): ids of the databases.
        created_record_types (list[str]): types of records that were made.
        create_record_types (list[str]): the same, to be made.
        updated_record_types (list[str]): types of records that were changed.
        update_record_types (list[str]): the same, to be changed.
        created_feature_types (list[str]): types of features that were made.
        create_feature_types (list[str]): the same, to be made.
        created_ulabel_types (list[str]): types of labels that were made.
        create_ulabel_types (list[str]): the same, to be made.
        created_ulabels (list[str]): labels that were made.
        create_ulabels (list[str]): the same, to be made.
        created_schemas (list[str]): schemas that were made.
        create_schemas (list[str]): the same, to be made.
        updated_schemas (list[str]): schemas that were changed.
        update_schemas (list[str]): the same, to be changed.
        created_features (list[str]): features, with their dtype that were made.
        create_features (list[str]): the same, to be made.
        updated_features (list[str]): features that were changed.
        update_features (list[str]): the same, to be changed.
        created_artifacts (list[str]): files and pictures, with the page they are from that were made.
        create_artifacts (list[str]): the same, to be made.
        created_relation_stubs (list[str]): records of pages that were only led to that were made.
        create_relation_stubs (list[str]): the same, to be made.
        relation_value_links (list[str]): of each relation how many pages were known, new and unknown.
        mapped_project_record_relations (list[str]): relations from projects to records.
        created_projects (int): projects that are new.
        updated_projects (int): projects whose page has changed.
        unchanged_projects (int): projects whose page has not.
        unmapped_properties (list[str]): properties that a project has no place for.

    Example::

        report = ln.integrations.notion.sync_objects_from_notion(notion_uuid="db7c1d2ec3a6495e859f8d21d533dd27", depth=1)
        report.created, report.create_features
    """

    apply: bool = False
    message: str | None = None
    discovered_pages: int = 0
    discovered: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    pending_relations: int = 0
    failed: int = 0
    errors: list[str] = _lists()
    databases: list[str] = _lists()
    created_record_types: list[str] = _lists()
    create_record_types: list[str] = _lists()
    updated_record_types: list[str] = _lists()
    update_record_types: list[str] = _lists()
    created_feature_types: list[str] = _lists()
    create_feature_types: list[str] = _lists()
    created_ulabel_types: list[str] = _lists()
    create_ulabel_types: list[str] = _lists()
    created_ulabels: list[str] = _lists()
    create_ulabels: list[str] = _lists()
    created_schemas: list[str] = _lists()
    create_schemas: list[str] = _lists()
    updated_schemas: list[str] = _lists()
    update_schemas: list[str] = _lists()
    created_features: list[str] = _lists()
    create_features: list[str] = _lists()
    updated_features: list[str] = _lists()
    update_features: list[str] = _lists()
    created_artifacts: list[str] = _lists()
    create_artifacts: list[str] = _lists()
    created_relation_stubs: list[str] = _lists()
    create_relation_stubs: list[str] = _lists()
    relation_value_links: list[str] = _lists()
    mapped_project_record_relations: list[str] = _lists()
    created_projects: int = 0
    updated_projects: int = 0
    unchanged_projects: int = 0
    unmapped_properties: list[str] = _lists()

    def _note(self, what, detail, change="create"):
        """Adds to `created_X` or `create_X` (or updated, update), once."""
        listed = getattr(self, f"{change}{'d' if self.apply else ''}_{what}")
        if detail not in listed:
            listed.append(detail)

    def to_pretty_text(self):
        """The report as text.

        Returns:
            str: a line per thing that was made or is to be made, and what was counted.

        Example::

            print(report.to_pretty_text())
        """
        done = "d" if self.apply else ""
        lines = [
            "What the sync did:" if self.apply else "Nothing was written. This is what a sync would do, with apply=True (--apply in the shell):",
            f"  {self.discovered_pages} pages of Notion were found",
        ]
        for change, names in (("create", _LISTS), ("update", _UPDATED)):
            for name in names:
                for detail in getattr(self, f"{change}{done}_{name}"):
                    lines.append(f"  {change}{done} {name.rstrip('s').replace('_', ' ')}: {detail}")
        for title, listed in (("values", self.relation_value_links), ("relation", self.mapped_project_record_relations),
                              ("left out", self.unmapped_properties), ("error", self.errors)):  # fmt: skip
            lines += [f"  {title}: {detail}" for detail in listed]
        for name, *counts in _COUNTS:
            new, changed, same = (getattr(self, count) for count in counts)
            lines.append(f"  {name}: {new} new, {changed} changed, {same} unchanged")
        if self.pending_relations:
            lines.append(f"  {self.pending_relations} relations lead to pages that are not known")
        return "\n".join(lines)
