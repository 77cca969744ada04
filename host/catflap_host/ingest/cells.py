"""Cells: aggregators that share the probes among them, and which of them each probe belongs to."""

from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import Column, Table, Text, func, select
from sqlalchemy.exc import IntegrityError

from catflap_host.errors import UserError
from catflap_host.ingest.envelope import PROBE_NAME
from catflap_host.store.database import Database
from catflap_host.store.lasting import Stays, lasts
from catflap_host.store.tables import metadata
from catflap_probe.uplink.address import split_urls

cells = Table(
    "cells",
    metadata,
    Column("cell", Text, primary_key=True),
    Column("urls", Text, nullable=False),  # joined by blanks
    sqlite_strict=True,
    info=lasts(Stays("settings")),
)
cell_probes = Table(
    "cell_probes",
    metadata,
    Column("probe", Text, primary_key=True),
    Column("cell", Text, nullable=False),
    sqlite_strict=True,
    info=lasts(Stays("settings")),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, where its probes report to, and how many they are."""

    name: str
    urls: list[str]
    probes: int


class Cells:
    """Tells of a probe whether it belongs to another cell than `own`."""

    def __init__(self, database: Database, own: str) -> None:
        self._database = database
        self._own = own

    def elsewhere(self, probe: str) -> list[str]:
        """Where the probe is to report to, empty if here. One that belongs nowhere is assigned to the smallest cell, unless we are one."""
        cell = self._cell_of(probe)
        known = {cell.name: cell for cell in listed(self._database)} if cell is None else {}
        if known and self._own not in known:
            # another worker may have been first
            with suppress(IntegrityError):
                assign(self._database, probe, min(known.values(), key=lambda cell: (cell.probes, cell.name)).name)
            cell = self._cell_of(probe)
        return [] if cell is None or cell[0] == self._own else cell[1].split()

    def _cell_of(self, probe: str) -> tuple[str, str] | None:
        query = select(cells.c.cell, cells.c.urls).join(cell_probes, cell_probes.c.cell == cells.c.cell).where(cell_probes.c.probe == probe)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else (row.cell, row.urls)


def listed(database: Database) -> list[Cell]:
    """All cells by name."""
    count = select(func.count()).where(cell_probes.c.cell == cells.c.cell).scalar_subquery()
    with database.read() as connection:
        return [
            Cell(row.cell, row.urls.split(), row.n) for row in connection.execute(select(cells, count.label("n")).order_by(cells.c.cell))
        ]


def add(database: Database, name: str, urls: list[str]) -> None:
    """Make a cell known, or give it other addresses. Raises UserError."""
    if not PROBE_NAME.fullmatch(name):
        raise UserError(f"'{name}' is no name of a cell; use 1 to 64 of the characters A-Z a-z 0-9 . _ -")
    try:
        split_urls(urls)
    except ValueError as error:
        raise UserError(f"{error}; give a cell addresses of one kind, such as https://north:8750") from None
    with database.write() as connection:
        if not connection.execute(cells.update().where(cells.c.cell == name).values(urls=" ".join(urls))).rowcount:
            connection.execute(cells.insert().values(cell=name, urls=" ".join(urls)))


def assign(database: Database, probe: str, name: str) -> None:
    """Let a probe belong to a cell; it is told with its next batch. Raises UserError."""
    with database.write() as connection:
        if connection.execute(select(cells.c.cell).where(cells.c.cell == name)).one_or_none() is None:
            raise UserError(f"there is no cell '{name}'; `catflap host cell list` shows those there are")
        if not connection.execute(cell_probes.update().where(cell_probes.c.probe == probe).values(cell=name)).rowcount:
            connection.execute(cell_probes.insert().values(probe=probe, cell=name))
