"""Databases of projects and tasks as projects: their dates, status, people and relations."""

from lamindb._process.classes import class_of
from lamindb.base.types import PROJECT_STATUS_TO_CODE

from .client import compact
from .names import PROJECT_TYPES, page_address, registry_called, type_called, with_emoji
from .properties import as_date, as_time, emoji_of, title_of, value_of
from .rows import is_current, save_notes, stamp

_ALIASES = {"on hold": "paused", "in progress": "active", "up next": "up-next", "complete": "completed", "continued": "background",
            "cancelled": "canceled"}  # fmt: skip
_DATES = {**dict.fromkeys(("start", "start date"), "start_date"), **dict.fromkeys(("end", "end date", "deadline", "due", "due date"), "end_date")}
_RELATIONS = (  # what is in the name of a relation between projects; the first that is found counts
    ("predecessors", ("predecessor", "dependency", "dependencies", "blocked by", "depends on", "requires")),
    ("successors", ("successor", "dependent", "follow up", "follows", "after")),
    ("children", ("child", "task", "subproject", "sub project")),
    ("parents", ("parent", "project", "program", "initiative", "portfolio")),
)


class Projects:
    """The rows of one table in one sync, as projects."""

    def __init__(self, table, files, relations, report, workspace=None):
        self._table, self._files, self._relations, self._report, self._workspace = table, files, relations, report, workspace
        self.fields, self.roles, self.links, self.records = {}, {}, {}, {}
        self._type = self._project_type()
        for one in table.properties:
            self._map(one)
        self._check_status(choice for one in table.properties if one.name == self.fields.get("status") for choice in one.choices)

    def compare(self, pages, always):
        """As of rows."""
        self._check_status(filter(None, (value_of(page["properties"][self.fields["status"]]) for page in pages if "status" in self.fields)))
        addresses = {page_address(compact(page["id"]), self._workspace): compact(page["id"]) for page in pages}
        known = class_of("Project").filter(url__in=list(addresses), is_type=False).all()
        self._projects, self._due = {addresses[project.url]: project for project in known}, []
        for page in pages:
            project = self._projects.get(compact(page["id"]))
            same = project is not None and is_current(project, page)
            if project is None:
                self._report.created_projects += 1
            elif same:
                self._report.unchanged_projects += 1
            else:
                self._report.updated_projects += 1
            if not same or always:
                self._due.append(page)

    def identify(self):
        """As of rows."""
        for page in self._due:
            uuid = compact(page["id"])
            if uuid not in self._projects:
                project = class_of("Project")(name=title_of(page) or uuid, url=page_address(uuid, self._workspace), type=self._type)
                project.created_at = as_time(page["created_time"])
                self._projects[uuid] = project.save()

    def write(self):
        """As of rows."""
        found = self._related()
        for page in self._due:
            uuid = compact(page["id"])
            notes = self._files.notes(uuid)
            if not self._report.apply:
                continue
            project = self._projects[uuid]
            self._set_fields(project, page)
            self._link(project, page, found)
            save_notes(class_of("ProjectBlock"), "project", project, notes)
            stamp(project, page)

    # -- which property is what --------------------------------------------------------------------------------------

    def _project_type(self):
        name = PROJECT_TYPES.get(self._table.name.strip().lower())
        found = name and type_called(class_of("Project"), name)
        if name and found is None and self._report.apply:
            found = class_of("Project")(name=name, is_type=True).save()
        return found

    def _map(self, one):
        name = one.name.strip().lower().replace("_", " ").replace("-", " ")
        if one.kind == "title":
            return
        if one.kind == "rich_text" and name in ("summary", "description"):
            self.fields["description"] = one.name
        elif one.kind == "date" and name == "timeline":
            self.fields["timeline"] = one.name
        elif one.kind == "date" and name in _DATES:
            self.fields[_DATES[name]] = one.name
        elif one.kind in ("status", "select") and name == "status":
            self.fields["status"] = one.name
        elif one.kind == "people" or one.kind == "relation" and name == "responsible":
            self.roles[one.name] = name
        elif one.kind == "relation":
            self._map_relation(one, name)
        elif one.kind not in ("created_time", "last_edited_time", "created_by"):
            self._leave_out(one, "a project has no field for it")

    def _map_relation(self, one, name):
        source = one.target and self._table.client.found(self._table.client.data_source, one.target)
        title = title_of(source) if source else ""
        registry = registry_called(title) if title else None
        if registry is class_of("Project"):
            side = next((side for side, words in _RELATIONS if any(word in name for word in words)), None)
            if side is None:
                self._leave_out(one, "its name says neither parent, child, predecessor nor successor")
            else:
                self.links[one.name] = side, registry
        elif registry is class_of("Reference"):
            self.links[one.name] = "references", registry
        elif title and registry is None and (kind := type_called(class_of("Record"), title)) is not None:
            self.records[one.name] = kind
            self._report.mapped_project_record_relations.append(f"{self._table.name} / {one.name} -> records of {kind.name}")
        else:
            self._leave_out(one, "it leads to what is neither projects, references nor a known type of records")

    def _leave_out(self, one, reason):
        self._report.unmapped_properties.append(f"{self._table.name} / {one.name} ({one.kind}): {reason}")

    def _check_status(self, names):
        unknown = sorted({name for name in names if _status(name) not in PROJECT_STATUS_TO_CODE})
        if unknown:
            raise ValueError(f"{self._table.name!r} has a status that projects have not: {', '.join(unknown)}; rename it in Notion to one of "
                             + ", ".join(map(str, PROJECT_STATUS_TO_CODE)))  # fmt: skip

    # -- writing -----------------------------------------------------------------------------------------------------

    def _related(self):
        users = dict.fromkeys(self.roles, class_of("User"))
        linked = {name: registry for name, (_, registry) in self.links.items()}
        found = {}
        for name, target in {**linked, **users, **self.records}.items():
            self._relations.note_names(self._due, name)
            ids = {uuid for page in self._due for uuid in self._value(page, name) or ()}
            if ids:
                found[name] = self._relations.resolve(self._table.name, name, target, ids)
        return found

    @staticmethod
    def _value(page, name):
        return value_of(page["properties"].get(name) or {})

    def _set_fields(self, project, page):
        project.name, project.type = title_of(page) or compact(page["id"]), self._type
        with_emoji(project, emoji_of(page))
        if "description" in self.fields:
            project.description = self._value(page, self.fields["description"])
        if status := "status" in self.fields and self._value(page, self.fields["status"]):
            project.status = _status(status)
        if "timeline" in self.fields:
            span = page["properties"][self.fields["timeline"]].get("date") or {}
            project.start_date, project.end_date = as_date(span.get("start")), as_date(span.get("end"))
        for field in ("start_date", "end_date"):
            if field in self.fields:
                setattr(project, field, self._value(page, self.fields[field]))
        project.save()

    def _link(self, project, page, found):
        for name, (side, _) in self.links.items():
            getattr(project, side).set([found[name][uuid] for uuid in self._value(page, name) or () if uuid in found.get(name, {})])
        for name, role in self.roles.items():
            meant = [found[name][uuid] for uuid in self._value(page, name) or () if uuid in found.get(name, {})]
            links = {link.user_id: link for link in project.links_user.filter(role=role).all()}
            for user in meant:
                if links.pop(user.id, None) is None:
                    class_of("ProjectUser")(project=project, user=user, role=role).save()
            for link in links.values():
                link.delete()
        for name in self.records:
            feature = self._feature(name)
            meant = {found[name][uuid].id for uuid in self._value(page, name) or () if uuid in found.get(name, {})}
            links = {link.record_id: link for link in class_of("ProjectRecord").filter(project=project, feature=feature).all()}
            for record in meant - set(links):
                class_of("ProjectRecord")(project=project, record_id=record, feature=feature).save()
            for record in set(links) - meant:
                links[record].delete()

    def _feature(self, name):
        registry = class_of("Feature")
        group = type_called(registry, self._table.name) or registry(name=self._table.name, is_type=True).save()
        known = registry.filter(name=name, type=group).one_or_none()
        return known or registry(name=name, dtype=list[self.records[name]], type=group).save()


def _status(name):
    name = name.strip().lower().replace("_", " ")
    return _ALIASES.get(name.replace("-", " "), name.replace(" ", "-"))
