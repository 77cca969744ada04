"""Lays the tables of a new database by the statements that the revisions ran on the first one of its kind in this process.

Alembic takes forty milliseconds to find these statements anew, for each of a thousand databases. Databases that hold anything, and all
those of other processes, are brought up to date by the revisions themselves.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event

from catflap_host.store import migrate
from catflap_host.store.vault import Vault

Upgrade = Callable[[Connection, Vault, ScriptDirectory], None]
_LOOKS = ("SELECT", "PRAGMA")
_TABLES = {
    "sqlite": "SELECT count(*) FROM sqlite_master",
    "postgresql": "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()",
}


class Statement(NamedTuple):
    """What the driver was given."""

    text: str
    parameters: Any
    is_many: bool


class Laid:
    """The statements by the database's kind, once they have been run."""

    def __init__(self, upgrade: Upgrade) -> None:
        self._upgrade = upgrade
        self._statements: dict[str, list[Statement]] = {}

    def upgrade(self, connection: Connection, vault: Vault, script: ScriptDirectory) -> None:
        """What `migrate._upgrade` does."""
        kind = connection.dialect.name
        if connection.exec_driver_sql(_TABLES[kind]).scalar_one():
            self._upgrade(connection, vault, script)
        elif kind in self._statements:
            self._run_again(connection, self._statements[kind])
        else:
            self._statements[kind] = self._noted(connection, vault, script)

    def _noted(self, connection: Connection, vault: Vault, script: ScriptDirectory) -> list[Statement]:
        noted: list[Statement] = []

        def note(_connection: Connection, _cursor: object, text: str, parameters: Any, _context: object, is_many: bool) -> None:
            if not text.lstrip().startswith(_LOOKS):
                noted.append(Statement(text, parameters, is_many))

        event.listen(connection, "before_cursor_execute", note)
        try:
            self._upgrade(connection, vault, script)
        finally:
            event.remove(connection, "before_cursor_execute", note)
        return noted

    @staticmethod
    def _run_again(connection: Connection, statements: list[Statement]) -> None:
        cursor = connection.connection.cursor()
        if connection.dialect.name == "postgresql" and not any(statement.parameters for statement in statements):
            # all in one message, which SQLite's driver would not take within the transaction that is open
            statements = [Statement(";\n".join(statement.text for statement in statements), None, False)]
        for statement in statements:
            if statement.is_many:
                cursor.executemany(statement.text, statement.parameters)
            elif statement.parameters:
                cursor.execute(statement.text, statement.parameters)
            else:
                cursor.execute(statement.text)
        cursor.close()


def lay_by_what_was_run(patched: pytest.MonkeyPatch) -> None:
    """From now on, until the patch is undone."""
    patched.setattr(migrate, "_upgrade", Laid(migrate._upgrade).upgrade)
