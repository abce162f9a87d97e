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
    """Updates the tables of a database to what its modules declare. There are no migration files.

    Example:

        >>> ln.setup.migrate.check()
        True
    """

    @classmethod
    def plan(cls, modules=None):
        """What `apply` would do, one line each.

        Args:
            modules (str | list[str], optional): plug-ins to install besides those of the instance.

        Returns:
            list[str]: empty if there is nothing to do.

        Example:

            >>> ln.setup.migrate.plan()
            []
        """
        found = _core.plan_migration(_slug(), _plugins(modules))
        return found["notes"] + [f"refused: {refusal}" for refusal in found["refusals"]]

    @classmethod
    def apply(cls, modules=None):
        """Applies the differences in one transaction and reconnects.

        Args:
            modules (str | list[str], optional): plug-ins to install besides those of the instance.

        Raises:
            IntegrityError: something would be lost; it is named, and nothing is changed.

        Example::

            ln.setup.migrate.apply("wetbench")
        """
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
        """LaminDB's name of `apply`.

        Args:
            package_name (str, optional): a module to install or update.
            number (int, optional): refused: there are no numbered migrations.

        Example::

            ln.setup.migrate.deploy("wetbench")
        """
        if number is not None:
            raise InvalidArgument("there are no numbered migrations: deploy() brings a module to what it declares")
        cls.apply(package_name)

    @classmethod
    def check(cls):
        """Whether the database matches what its modules declare (bool).

        Example:

            >>> ln.setup.migrate.check()
            True
        """
        return not cls.plan()

    @classmethod
    def create(cls):
        """No effect: migrations are derived from what the modules declare.

        Example::

            ln.setup.migrate.create()
        """
        for line in cls.plan():
            logger.info(line)
        logger.info("nothing to create: ln.setup.migrate.deploy() applies what is different")

    @classmethod
    def squash(cls, package_name, migration_nr, start_migration_nr=None):
        """No effect: there are no migration files.

        Args:
            package_name (str): the package whose migrations are meant.
            migration_nr (str): the last one.
            start_migration_nr (str, optional): the first one.

        Example::

            ln.setup.migrate.squash("mylab", "0004")
        """
        logger.info("nothing to squash: migrations follow from what the modules declare")

    @classmethod
    def show(cls):
        """Prints the modules of the database and the differences.

        Example::

            ln.setup.migrate.show()
        """
        for name in _session.current().modules():
            print(name)
        for line in cls.plan():
            print(f"  {line}")

    @classmethod
    def deployed_migrations(cls, latest=False):
        """LaminDB's migrations that the database records.

        Args:
            latest (bool): the last of each module, rather than all.

        Returns:
            dict: {module: names}, or {module: name}.

        Example:

            >>> "lamindb" in ln.setup.migrate.deployed_migrations()
            True
        """
        found = {}
        for row in class_of("Migration").objects.order_by("id"):
            found.setdefault(row.app, []).append(row.name)
        return {app: max(names) for app, names in found.items()} if latest else found

    @classmethod
    def defined_migrations(cls, latest=False):
        """LaminDB's migrations that this program knows: a database with others is refused when it is opened.

        Args:
            latest (bool): the last of each module, rather than all.

        Returns:
            dict: {module: names}, or {module: name}.

        Example:

            >>> "lamindb" in ln.setup.migrate.defined_migrations(latest=True)
            True
        """
        return cls.deployed_migrations(latest)
