"""Databases of Notion as types of records: their features, labels and schema."""

from lamindb._process.classes import class_of

from .names import many_of, registry_called, type_called, with_emoji
from .properties import CHOICES, emoji_of, properties_of, title_of


class Table:
    """A database. `record_type` is None in a dry run, as long as there is none."""

    def __init__(self, client, database, report):
        content = client.database(database)
        self.id, self.name, self.emoji = database, title_of(content) or database, emoji_of(content)
        self.description = "".join(part.get("plain_text", "") for part in content.get("description") or ()) or None
        self.source = client.properties(database)[1]
        self.properties = properties_of(client, database)
        self.record_type, self.features, self.targets = None, {}, {}
        self.client, self._report = client, report

    def rows(self, only=None):
        """The pages that are its rows."""
        if only is not None:
            return [self.client.page(page) for page in sorted(only)]
        return self.client.rows(self.source)

    def register(self, parent, emoji):
        """Finds or makes the type of records with its schema, in the type of the page that the database is on."""
        record = class_of("Record")
        self.record_type = type_called(record, self.name)
        self._check_extra()
        schema = self._schema()
        if self.record_type is None:
            self._report._note("record_types", self.name)
            if not self._report.apply:
                return
            self.record_type = record(name=self.name, is_type=True, type=parent, schema=schema, description=self.description)
            with_emoji(self.record_type, emoji)
            self.record_type.save()
            return
        self._update_type(parent, schema, emoji)

    def _check_extra(self):
        """Refuses a type that has more than the database: it is probably another one of the same name."""
        schema = self.record_type and self.record_type.schema
        extra = sorted({feature.name for feature in schema.members.all()} - {one.name for one in self.properties}) if schema else []
        if extra:
            raise ValueError(f"the schema of the record type {self.name!r} has features that the database of Notion has not: {', '.join(extra)};"
                             " rename one of the two, or remove them")  # fmt: skip

    def _update_type(self, parent, schema, emoji):
        kind, changed = self.record_type, []
        if parent is not None and kind.type_id != parent.id:
            changed.append(f"{kind.name}: moved to {parent.name}")
            kind.type = parent
        if kind.schema is None:
            changed.append(f"{kind.name}: schema {self.name}")
            kind.schema = schema
        for detail in changed:
            self._report._note("record_types", detail, "update")
        if kind.description != self.description:
            kind.description = self.description
            changed.append("description")
        if (with_emoji(kind, emoji) or changed) and self._report.apply:
            kind.save()

    # -- features and schema -----------------------------------------------------------------------------------------

    def _schema(self):
        """The schema, with a feature for each property; None in a dry run without one."""
        registry = class_of("Schema")
        schema = self.record_type.schema if self.record_type is not None else None
        schema = schema or registry.filter(name=self.name).one_or_none()
        known = {feature.name: feature for feature in schema.members.all()} if schema is not None else {}
        group = type_called(class_of("Feature"), self.name)
        if group is None:
            self._report._note("feature_types", self.name)
            if self._report.apply:
                group = class_of("Feature")(name=self.name, is_type=True).save()
        new = []
        for one in self.properties:
            self.features[one.name] = known.get(one.name) or self._feature(one, group)
            if one.name not in known and self.features[one.name] is not None:
                new.append(self.features[one.name])
            if one.kind == "relation" and one.name in known:
                self._dtype(one)
        if schema is None:
            self._report._note("schemas", self.name)
            return self._new_schema(new) if self._report.apply else None
        missing = [one.name for one in self.properties if one.name not in known]
        if missing:
            self._report._note("schemas", self.name, "update")
            if self._report.apply:
                schema.add(new)
        return schema

    def _new_schema(self, features):
        title = next((self.features[one.name] for one in self.properties if one.kind == "title"), None)
        # All properties of a page may be empty.
        return class_of("Schema")([one for one in features if one is not title], name=self.name, index=title, minimal_set=False).save()

    def _feature(self, one, group):
        dtype, label = self._dtype(one)
        field = one.field if one.kind != "title" else None  # the title is the index of the schema
        self._report._note("features", f"{self.name} / {one.name}: {label}" + (f" -> Record.{one.field}" if one.field else ""))
        if not self._report.apply:
            return None
        registry = class_of("Feature")
        found = registry.filter(name=one.name, type=group).one_or_none()
        if found is None:
            found = registry(name=one.name, dtype=dtype, type=group, **({"values_through": field} if field else {})).save()
            self._pair(one, found)
        return found

    def _pair(self, one, feature):
        """Of a relation that is shown on both sides the side that came later reads the other one backwards."""
        target = self.targets.get(one.name)
        if not one.paired or target is None or isinstance(target, type) or target.schema is None and target.name != self.name:
            return
        group = type_called(class_of("Feature"), target.name)
        other = group and class_of("Feature").filter(name=one.paired, type=group).one_or_none()
        if other is not None and other != feature and other.values_through is None and other.related_feature is None:
            feature.values_through = other
            feature.save()

    def _dtype(self, one):
        """The dtype of a property's feature, and how it is called in the report."""
        if one.kind in CHOICES:
            label = self._labels(one)
            dtype, name = label or class_of("ULabel"), many_of(one.name)
        elif one.kind == "relation":
            dtype, name = self._target(one)
        elif one.kind in ("people", "created_by", "last_edited_by"):
            dtype, name = class_of("User"), "User"
        elif one.kind == "files":
            dtype, name = class_of("Artifact"), "Artifact"
        else:
            return one.dtype, one.dtype
        return (list[dtype], f"list[{name}]") if one.many else (dtype, name)

    def _labels(self, one):
        """The type of the labels of a choice, with the labels that may be chosen."""
        registry = class_of("ULabel")
        group = self._label_type(registry, self.name, None, self.name)
        path = f"{self.name} / {many_of(one.name)}"
        kind = self._label_type(registry, many_of(one.name), group, path)
        known = set() if kind is None else {label.name for label in registry.filter(type=kind).all()}
        for choice in one.choices:
            if choice not in known:
                self._report._note("ulabels", f"{path}: {choice}")
                if self._report.apply:
                    registry(name=choice, type=kind).save()
        return kind

    def _label_type(self, registry, name, parent, path):
        found = None if parent is None and path != name else type_called(registry, name, type=parent)
        if found is None:
            self._report._note("ulabel_types", path)
            if self._report.apply:
                found = registry(name=name, is_type=True, type=parent).save()
        return found

    def _target(self, one):
        """What a relation leads to: another registry, or the type of records of its database."""
        source = one.target and self.client.found(self.client.data_source, one.target)
        name = title_of(source) if source else ""
        if not name:
            return str, "str"  # not shared with the connection: the ids of its pages
        target = registry_called(name) or type_called(class_of("Record"), name)
        if target is None:
            if name != self.name or self._report.apply:
                self._report._note("record_types", name)
            if self._report.apply:
                target = class_of("Record")(name=name, is_type=True).save()
                if name == self.name:
                    self.record_type = target
        self.targets[one.name] = target
        return (target, target.__name__ if isinstance(target, type) else target.name) if target else (class_of("Record"), name)
