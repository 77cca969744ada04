"""The numbers of a pool or an alarm, each with the rows of `parties` that stand for it, in whatever form a line showed it."""

from dataclasses import dataclass

from catflap_host.correlate.views import Group
from catflap_host.number_form import shown_forms
from catflap_host.store.database import Database
from catflap_host.store.parties import read, rows_of
from catflap_host.store.rows import Alarm


@dataclass(frozen=True, slots=True)
class Portrayed:
    """A number, empty where it is no longer kept; a pseudonym to ask for it by; the rows that stand for it."""

    number: str
    pseudonym: str
    parties: frozenset[int]


def of_group(database: Database, group: Group) -> list[Portrayed]:
    """The numbers of a pool or campaign; one that no call in store shows has no rows."""
    forms = {member.number: _pseudonyms(database, member.number) for member in group.members}
    with database.read() as connection:
        rows = rows_of(connection, (pseudonym for found in forms.values() for pseudonym in found))
    portrayed = []
    for number, pseudonyms in forms.items():
        stored = [pseudonym for pseudonym in pseudonyms if pseudonym in rows]
        portrayed.append(Portrayed(number, stored[0] if stored else "", frozenset(rows[pseudonym] for pseudonym in stored)))
    return portrayed


def of_alarm(database: Database, alarm: Alarm) -> list[Portrayed]:
    """The numbers tied to an alarm, as its trunk shows them."""
    with database.read() as connection:
        rows = rows_of(connection, alarm.member_ids)
        met = read(connection, database.vault, rows.values())
    return [Portrayed(met[row].text, pseudonym, frozenset({row})) for pseudonym, row in rows.items()]


def _pseudonyms(database: Database, number: str) -> list[str]:
    """Under which a number may be stored: every form, every version of the keys."""
    try:
        forms = shown_forms(number)
    except ValueError:
        forms = [number]
    return [pseudonym for form in forms for pseudonym in database.vault.pseudonyms(form)]
