"""Numbers and names as they lie on disk: each text once, sealed, under a row number that calls and alarms refer to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from catflap_host.store.places import party_place
from catflap_host.store.tables import parties
from catflap_host.store.vault import Vault

DAY_MS = 86_400_000
NOBODY = 0
"""The row number that stands for no number or name."""
NO_ROW = -1
MAX_ASKED = 500
MAX_KNOWN = 65_536


def day_of(moment_ms: int) -> int:
    """A Unix time in ms as a whole number of days."""
    return moment_ms // DAY_MS


@dataclass(frozen=True, slots=True)
class Party:
    """A number or a name read back, with its pseudonym; `text` is empty where it is no longer kept."""

    pseudonym: str
    text: str


NO_PARTY = Party("", "")


class KnownParties:
    """Rows that are surely on disk, by text, each with the last day it was noted as seen; bounded."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, int]] = {}

    def sort_out(self, texts: Iterable[str], day: int) -> tuple[dict[str, int], list[str]]:
        """Rows of the texts known to have been seen that day, and the others in order; the empty text is nobody."""
        ids = {"": NOBODY}
        others = []
        for text in set(texts):
            row, seen = self._known.get(text, (NOBODY, -1))
            if seen >= day:
                ids[text] = row
            elif text:
                others.append(text)
        return ids, sorted(others)

    def note(self, rows: Mapping[str, int], day: int) -> None:
        """Take in rows that are committed, as seen that day."""
        if len(self._known) + len(rows) > MAX_KNOWN:
            self._known.clear()
        self._known.update((text, (row, day)) for text, row in rows.items())


def read(connection: Connection, vault: Vault, ids: Iterable[int]) -> Mapping[int, Party]:
    """Parties by row number, `NOBODY` among them; raises SealError."""
    wanted = sorted(set(ids) - {NOBODY})
    found = {NOBODY: NO_PARTY}
    for at in range(0, len(wanted), MAX_ASKED):
        query = select(parties.c.id, parties.c.pseudonym, parties.c.sealed).where(parties.c.id.in_(wanted[at : at + MAX_ASKED]))
        for row_id, pseudonym, sealed in connection.execute(query).all():
            found[row_id] = Party(pseudonym, "" if sealed is None else open_text(vault, pseudonym, sealed))
    # a row may have been united with another between two questions
    return found | dict.fromkeys(set(wanted) - found.keys(), NO_PARTY)


def ids_of(connection: Connection, vault: Vault, texts: Iterable[str]) -> list[int]:
    """The rows of texts, one for each version of the keys under which a text was seen."""
    return list(rows_of(connection, (pseudonym for text in texts for pseudonym in vault.pseudonyms(text))).values())


def rows_of(connection: Connection, pseudonyms: Iterable[str]) -> dict[str, int]:
    """The rows of those pseudonyms that are stored, in the order of the pseudonyms."""
    wanted = list(dict.fromkeys(pseudonyms))
    found: dict[str, int] = {}
    for at in range(0, len(wanted), MAX_ASKED):
        query = select(parties.c.pseudonym, parties.c.id).where(parties.c.pseudonym.in_(wanted[at : at + MAX_ASKED]))
        found.update((pseudonym, row) for pseudonym, row in connection.execute(query))
    return {pseudonym: found[pseudonym] for pseudonym in wanted if pseudonym in found}


def id_of_pseudonym(connection: Connection, pseudonym: str) -> int:
    """The row of a pseudonym, or one that no call refers to."""
    return connection.execute(select(parties.c.id).where(parties.c.pseudonym == pseudonym)).scalar() or NO_ROW


def seal_text(vault: Vault, pseudonym: str, text: str) -> bytes:
    """A text as it is stored beside its pseudonym."""
    return vault.seal(text.encode("utf-8", "surrogatepass"), party_place(pseudonym))


def open_text(vault: Vault, pseudonym: str, sealed: bytes) -> str:
    """A stored text; raises SealError."""
    return vault.open(sealed, party_place(pseudonym)).decode("utf-8", "surrogatepass")
