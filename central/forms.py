"""The form of the tables: which a store has, which this program works with, and the way between.

Each form is a revision of alembic under `central/migrations`. A new store gets the tables of the
program and is stamped with the newest; an older one is brought up to date by `python -m central
migrate`. Stores made before there were revisions have their form in `PRAGMA user_version`.
"""

from functools import cache
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

_FIRST = {1: "0000", 2: "0001"}
"""Forms by `PRAGMA user_version`, from before the revisions."""


def found(connection: Connection) -> str | None:
    """The revision of a store; None for one without tables."""
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is not None:
        return revision
    if not inspect(connection).has_table("person"):
        return None
    if connection.dialect.name != "sqlite":
        return "unknown"
    version = connection.execute(text("PRAGMA user_version")).scalar_one()
    return _FIRST.get(version, "unknown")


@cache
def head() -> str:
    """The revision this program works with."""
    newest = _scripts().get_current_head()
    if newest is None:
        raise RuntimeError("central/migrations has no revision")
    return newest


def stamp(connection: Connection, revision: str = "head") -> None:
    """Write down that the store has a revision's form."""
    MigrationContext.configure(connection).stamp(_scripts(), revision)


def migrate(engine: Engine) -> tuple[str | None, str]:
    """Bring a store up to date in one transaction; the form it had and the one it has."""
    with engine.begin() as connection:
        before = found(connection)
        if (
            before is not None
            and MigrationContext.configure(connection).get_current_revision() is None
        ):
            stamp(connection, before)
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return before, head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "central:migrations")
    return config


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def connection_of(config: Any) -> Connection:
    """The connection `migrate` gave to alembic's environment."""
    return config.attributes["connection"]
