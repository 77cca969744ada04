"""Lays the tables of a new database by the statements that the revisions ran on the first one of its kind in this process.

Alembic takes forty milliseconds to find these statements anew, for each of a thousand databases. Databases that hold anything, and all
those of other processes, are brought up to date by the revisions themselves.
"""

from collections.abc import Callable
from typing import Any

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


class Laid:
    """The statements by the database's kind, once they have been run."""

    def __init__(self, upgrade: Upgrade) -> None:
        self._upgrade = upgrade
        self._statements: dict[str, list[str]] = {}

    def upgrade(self, connection: Connection, vault: Vault, script: ScriptDirectory) -> None:
        """What `migrate._upgrade` does."""
        kind = connection.dialect.name
        if connection.exec_driver_sql(_TABLES[kind]).scalar_one():
            self._upgrade(connection, vault, script)
        elif kind in self._statements:
            self._run_again(connection, self._statements[kind])
        else:
            self._statements[kind] = self._noted(connection, vault, script)

    def _noted(self, connection: Connection, vault: Vault, script: ScriptDirectory) -> list[str]:
        noted: list[str] = []

        def note(_connection: Connection, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
            if not statement.lstrip().startswith(_LOOKS):
                assert not parameters, f"not to be run again as it is: {statement}"
                noted.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        try:
            self._upgrade(connection, vault, script)
        finally:
            event.remove(connection, "before_cursor_execute", note)
        return noted

    @staticmethod
    def _run_again(connection: Connection, statements: list[str]) -> None:
        cursor = connection.connection.cursor()
        # PostgreSQL takes them all at once, SQLite one by one; either within the transaction that is open
        for statement in statements if connection.dialect.name == "sqlite" else [";\n".join(statements)]:
            cursor.execute(statement)
        cursor.close()


def lay_by_what_was_run(patched: pytest.MonkeyPatch) -> None:
    """From now on, until the patch is undone."""
    patched.setattr(migrate, "_upgrade", Laid(migrate._upgrade).upgrade)
