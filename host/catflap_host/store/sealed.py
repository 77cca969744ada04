"""How a row is brought under the newest keys: a table with anything sealed in it carries that in its `info`."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, RowMapping

from catflap_host.store.vault import Vault

Reseal = Callable[[Connection, Vault, RowMapping], Mapping[str, object]]
"""Gives the columns of a row to be changed, none where it is of the newest keys already; may change what hangs on it. Raises SealError."""

RESEAL = "reseal"
PARTY = "party"
"""In the `info` of a column: it names a row of `parties`, or 0."""


def resealed_by(how: Reseal) -> dict[str, object]:
    """What a table's `info` says of it."""
    return {RESEAL: how}


def sealed_in(column: str, place: Callable[[RowMapping], bytes]) -> dict[str, object]:
    """The same for a table with one sealed column, and the place that it was sealed for."""

    def reseal(_: Connection, vault: Vault, row: RowMapping) -> Mapping[str, object]:
        sealed: bytes | None = row[column]
        return {} if sealed is None or vault.is_newest(sealed) else {column: vault.resealed(sealed, place(row))}

    return resealed_by(reseal)
