"""What a relation or a person of Notion is here: the record of a page, a project, a reference, a user."""

from lamindb._process.classes import class_of

from .client import compact
from .names import page_address
from .properties import as_time, title_of


class Relations:
    """Finds records by the pages that they come from. A page without one gets a stub, which its own sync completes."""

    def __init__(self, client, report, workspace):
        self._client, self._report, self._workspace = client, report, workspace
        self.people = {}  # {id: name}, as far as pages told them

    def resolve(self, owner, name, target, ids):
        """{id: record} of what a property leads to.

        `target`: the type of records, or another registry. In a dry run, stubs are only noted.
        """
        ids = sorted(ids)
        if target is class_of("User"):
            found, made = self._users(ids), 0
        else:
            found = self._registered(target, ids) if isinstance(target, type) else self._records(owner, name, target, ids)
            made = self._stubs(f"{owner} / {name}", target, ids, found)
        pending = len(ids) - len(found) - (0 if self._report.apply else made)
        self._report.pending_relations += pending
        known = len(found) - (made if self._report.apply else 0)
        self._report.relation_value_links.append(
            f"{owner} / {name}: resolved_existing={known}, stub_create={made}, pending_unresolved={pending}"
        )
        return found

    def _records(self, owner, name, target, ids):
        found = records_of(ids)
        for page, record in found.items():
            if record.type_id != target.id:
                raise ValueError(f"{owner}.{name} leads to the page {page}, whose record is of the type {record.type and record.type.name!r},"
                                 f" not {target.name!r}: is it in both of Notion's databases?")  # fmt: skip
        return found

    def _registered(self, registry, ids):
        """Projects by the address of their page, otherwise, as references, by its title if that is clear."""
        found = {}
        if registry is class_of("Project"):
            addresses = {page_address(page, self._workspace): page for page in ids}
            found = {addresses[one.url]: one for one in registry.filter(url__in=list(addresses), is_type=False).all()}
        titles = {page: title for page in ids if page not in found and (title := self.title(page))}
        for page, title in titles.items():
            same = registry.filter(name=title, is_type=False).all()
            if len(same) == 1:
                found[page] = same[0]
        return found

    def _users(self, ids):
        """Users by their name, or the part of their e-mail address that is their handle."""
        registry, found = class_of("User"), {}
        for one in ids:
            name = self.people.get(one) or self._person(one) or self.title(one)
            same = [] if not name else registry.filter(name__iexact=name).all() or registry.filter(handle__iexact=name).all()
            if len(same) == 1:
                found[one] = same[0]
        return found

    def note_names(self, pages, name):
        """Keeps the names of people, which pages tell where the list of users may not be read."""
        for page in pages:
            for person in (page["properties"].get(name) or {}).get("people") or ():
                if person.get("name"):
                    self.people[compact(person["id"])] = person["name"].strip()

    def _person(self, user):
        known = self._client.found(self._client.user, user)
        return None if known is None else known.get("name")

    def title(self, page):
        """The title of a page; empty if it may not be read."""
        content = self._client.found(self._client.page, page)
        return "" if content is None else title_of(content)

    def _stubs(self, place, target, ids, found):
        """Notes what is not there, and makes it. Returns how many."""
        missing = [page for page in ids if page not in found]
        for page in missing:
            title = self.title(page) or page
            self._report._note("relation_stubs", f"{place} -> {target.__name__ if isinstance(target, type) else target.name}: {title} ({page})")
            if not self._report.apply:
                continue
            if isinstance(target, type):
                stub = target(name=title, **({"url": page_address(page, self._workspace)} if target is class_of("Project") else {}))
            else:
                stub = class_of("Record")(name=title, type=target, reference=page, reference_type="notion")
            content = self._client.found(self._client.page, page)
            if content is not None:
                stub.created_at = as_time(content["created_time"])
            found[page] = stub.save()
        return len(missing)


def records_of(pages, **where):
    """{page: its record}; LaminDB has ids with dashes, too."""
    dashed = {f"{p[:8]}-{p[8:12]}-{p[12:16]}-{p[16:20]}-{p[20:]}": p for p in pages}
    found = class_of("Record").filter(reference__in=[*pages, *dashed], reference_type="notion", is_type=False, **where).all()
    return {dashed.get(record.reference, record.reference): record for record in found}
