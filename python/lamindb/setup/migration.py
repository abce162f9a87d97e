"""`ln.setup.migrate`: shows and applies the differences between a database and its modules."""

from lamindb import _core
from lamindb._process import session as _session
from lamindb._process.classes import class_of
from lamindb._process.logger import logger
from lamindb.errors import InvalidArgument

from .plugins import find, resolve


def _slug():
    return _session.current().settings["slug"]


def _plugins(modules):
    """The declarations of the named plug-ins, and of those of the instance that are declared or installed here."""
    names, plugins = resolve(modules)
    for name in _core.carried_plugins(_slug()):
        found = None if name in names else find(name)
        if found is not None:
            plugins.append(found)
    return plugins


class migrate:
    """Updates the tables of a database to what its modules declare. There are no migration files."""

    @classmethod
    def plan(cls, modules=None):
        """What `apply` would do, one line each. `modules`: plug-ins to install besides those of the instance."""
        found = _core.plan_migration(_slug(), _plugins(modules))
        return found["notes"] + [f"refused: {refusal}" for refusal in found["refusals"]]

    @classmethod
    def apply(cls, modules=None):
        """Applies the differences in one transaction and reconnects. Raises, naming it, if something would be lost."""
        done = _core.apply_migration(_slug(), _plugins(modules))
        for note in done["notes"]:
            logger.important(note)
        if done["backup"]:
            logger.info(f"the database as it was: {done['backup']}")
        if done["notes"]:
            _session.reconnect()
        else:
            logger.info(f"{_slug()} is up to date")

    @classmethod
    def deploy(cls, package_name=None, number=None):
        """LaminDB's name for `apply`; `package_name` is a module to install or update."""
        if number is not None:
            raise InvalidArgument("there are no numbered migrations: deploy() brings a module to what it declares")
        cls.apply(package_name)

    @classmethod
    def check(cls):
        """Whether the database matches what its modules declare."""
        return not cls.plan()

    @classmethod
    def create(cls):
        """No effect: migrations are derived from what the modules declare."""
        for line in cls.plan():
            logger.info(line)
        logger.info("nothing to create: ln.setup.migrate.deploy() applies what is different")

    @classmethod
    def squash(cls, package_name, migration_nr, start_migration_nr=None):
        """No effect: there are no migration files."""
        logger.info("nothing to squash: migrations follow from what the modules declare")

    @classmethod
    def show(cls):
        """Prints the modules of the database and the differences."""
        for name in _session.current().modules():
            print(name)
        for line in cls.plan():
            print(f"  {line}")

    @classmethod
    def deployed_migrations(cls, latest=False):
        """LaminDB's migrations that the database records: {module: names}, or the last of each."""
        found = {}
        for row in class_of("Migration").objects.order_by("id"):
            found.setdefault(row.app, []).append(row.name)
        return {app: max(names) for app, names in found.items()} if latest else found

    @classmethod
    def defined_migrations(cls, latest=False):
        """The same, as known to this program: a database with others is refused when it is opened."""
        return cls.deployed_migrations(latest)
