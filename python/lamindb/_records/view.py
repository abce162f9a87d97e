"""`ln.view`: the newest rows of every registry that has any."""

from .._process import session as _session
from .._process.catalog import CORE, module_classes, qualified_name
from .._process.classes import class_of
from .._surface.former import keywords


@keywords
def view(*, limit=7, modules=None, registries=None, df=None):
    """Prints the newest rows of every registry that has any.

    Args:
        limit (int): the most rows per registry.
        modules (str | list[str], optional): only these modules, such as `"bionty"`.
        registries (list[str], optional): only these registries.
        df (pandas.DataFrame, optional): print this data frame instead.

    Example::

        ln.view(limit=3, registries=["Artifact"])
    """
    view_of(None, limit, modules, registries, df)


def view_of(instance, limit, modules, registries, df):
    """The same for another instance, by its slug."""
    if df is not None:
        print(df)
        return
    session = _session.of_instance(instance) or _session.current()
    wanted = session.modules() if modules is None else [modules] if isinstance(modules, str) else list(modules)
    for module in wanted:
        module = "lamindb" if module == "core" else module
        title = "core" if module == "lamindb" else module
        if len(wanted) > 1:
            print("*" * (len(title) + 12))
            print(f"* module: {title} *")
            print("*" * (len(title) + 12))
        names = CORE if module == "lamindb" else module_classes(module)
        for name in sorted(set(names) & set(registries or names)):
            cls = class_of(qualified_name(module, name))
            rows = cls.connect(instance)
            if not cls._has_branch or "link" in cls._traits or not rows.exists():
                continue
            print(name)
            print(rows.to_dataframe(limit=limit))
