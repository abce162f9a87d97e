"""What is called in Notion as something is called here: types by their names, users, the addresses of pages."""

from lamindb._process.classes import class_of
from lamindb._process import session

_REGISTRIES = {
    **dict.fromkeys(("project", "projects", "task", "tasks"), "Project"),
    **dict.fromkeys(("reference", "references"), "Reference"),
    **dict.fromkeys(("user", "users", "person", "people", "members", "team members"), "User"),
}
PROJECT_TYPES = {"task": "Tasks", "tasks": "Tasks", "project": "Work packages", "projects": "Work packages"}


def registry_called(name):
    """The registry, other than Record, that the rows of a database of this name belong to; None for any other."""
    found = _REGISTRIES.get(name.strip().lower())
    return None if found is None else class_of(found)


def type_called(registry, name, **where):
    """The type of this name, however it is capitalised; None without one."""
    found = registry.filter(name__iexact=name, is_type=True, **where).all()
    exact = [one for one in found if one.name == name]
    if len(exact or found) > 1:
        raise ValueError(f"there are {len(exact or found)} types of {registry.__name__.lower()}s called {name!r}: rename all but one")
    return next(iter(exact or found), None)


def many_of(name):
    """The name of several such things."""
    name = name.strip().lower().replace(" ", "_")
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return name[:-1] + "ies"
    return name if name.endswith("s") else name + "s"


def page_address(page, workspace=None):
    return f"https://notion.so/{workspace or session.current().settings['owner']}/{page}"


def with_emoji(record, emoji):
    """Whether the record's emoji was another one."""
    if emoji is None or record.emoji == emoji:
        return False
    record.emoji = emoji
    return True
