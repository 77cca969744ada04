"""Complainers, by pseudonym: since when each is known, and how often he was right."""

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from catflap_host.complaints import tables
from catflap_host.complaints.details import complainer_ids, name_place
from catflap_host.complaints.terms import Finding
from catflap_host.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Standing:
    """What a complainer's word has been worth: complaints filed, of them upheld and unfounded."""

    first_ms: int
    filed: int
    upheld: int
    unfounded: int


def met(connection: Connection, vault: Vault, complainer: str, now_ms: int) -> int:
    """The row of a complainer, added if he is new, under whatever version of the keys he was met first."""
    names = complainer_ids(vault, complainer)
    columns = tables.people.c
    found: int | None = connection.execute(select(columns.id).where(columns.pseudonym.in_(names))).scalar()
    if found is not None:
        return found
    row: dict[str, object] = {"pseudonym": names[0], "first_ms": now_ms, "filed": 0, "upheld": 0, "unfounded": 0}
    row["sealed_name"] = vault.seal(complainer.encode("utf-8", "surrogatepass"), name_place(names[0]))
    return int(connection.execute(insert(tables.people).returning(columns.id), row).scalar_one())


def judged(connection: Connection, complainer: int, before: Finding, now: Finding) -> None:
    """Take in that a complaint of his was found so, and before perhaps otherwise."""
    columns = tables.people.c
    for finding, step in ((before, -1), (now, 1)):
        if finding in (Finding.UPHELD, Finding.UNFOUNDED):
            name = str(finding)
            changed = {name: columns[name] + step}
            connection.execute(update(tables.people).where(columns.id == complainer).values(**changed))
