"""The database brought to this program's tables by Alembic's revisions, in one transaction: all of it or nothing."""

from functools import cache
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select

from catflap_host.errors import UserError
from catflap_host.store.tables import RETIRED, key_checks
from catflap_host.store.vault import Vault

SCHEMA_VERSION = 4
"""SQLite's `user_version` from here on, which programs that know only 1 to 3 refuse; what is inside is Alembic's to say."""
_SCRIPTS = Path(__file__).parent / "migrations"
# any number of ours: two processes that start at once take turns
_POSTGRES_LOCK = 0xCA7F1A9


def migrate(connection: Connection, vault: Vault, where: str) -> list[str]:
    """Lay or alter tables until they are today's, and check the keys, inside the caller's transaction. Raises UserError.

    Gives the revisions that were applied.
    """
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        _refuse_newer(connection, where)
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_POSTGRES_LOCK})")
    script = _revisions()
    known = {revision.revision for revision in script.walk_revisions()}
    before = _applied(connection)
    if before - known:
        raise UserError(f"{where} was written by a newer program (revision {', '.join(sorted(before - known))}); use that program")
    if before != set(script.get_heads()):
        _upgrade(connection, vault, script)
        if is_sqlite:
            connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA_VERSION}")
    _check_keys(connection, vault, where)
    return sorted(_applied(connection) - before)


def _configured() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@cache
def _revisions() -> ScriptDirectory:
    """Every revision there is; Alembic would compile and run their files anew each time it is asked, twice for each new database."""
    return ScriptDirectory.from_config(_configured())


def _upgrade(connection: Connection, vault: Vault, script: ScriptDirectory) -> None:
    """Run what is missing, as `alembic upgrade heads` does."""
    config = _configured()
    config.attributes["connection"] = connection
    config.attributes["vault"] = vault

    def missing(applied: Any, _: MigrationContext) -> list[MigrationStep]:
        newest_first = script.iterate_revisions("heads", applied, implicit_base=True)
        steps = [MigrationStep.upgrade_from_script(script.revision_map, one) for one in newest_first]
        return list(reversed(steps))

    with EnvironmentContext(config, script, fn=missing, destination_rev="heads"):
        script.run_env()


def _applied(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())


def _refuse_newer(connection: Connection, where: str) -> None:
    found = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    if found > SCHEMA_VERSION:
        raise UserError(f"{where} is of schema {found}, this program reads up to {SCHEMA_VERSION}; use the program that wrote it")


def _check_keys(connection: Connection, vault: Vault, where: str) -> None:
    """Take note of keys that are new, and refuse those that are not the ones that this database was sealed with."""
    noted = {version: word for version, word in connection.execute(select(key_checks.c.version, key_checks.c.word))}
    checks = vault.checks()
    for version, word in noted.items():
        if word != RETIRED and checks.get(version) != word:
            raise UserError(f"{where} was sealed with other keys (version {version}); put the key file that belongs to it back")
    new = [{"version": version, "word": word} for version, word in checks.items() if version not in noted]
    if new:
        connection.execute(key_checks.insert(), new)
