"""Partners: houses whose lists we take and who may ask us, each by its registered key, with a user of role `partner` and a daily quota."""

import re
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from catflap_host.access import users
from catflap_host.errors import UserError
from catflap_host.export import signing
from catflap_host.reputation import tables
from catflap_host.reputation.laying import clear
from catflap_host.store.database import Database
from catflap_host.store.unmask import note

DAY_MS = 86_400_000
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
TRUST = 80
DAILY_NUMBERS = 10_000
MAX_DAILY_NUMBERS = 1_000_000
DAILY_LISTS = 100
"""So often a day may a partner fetch or send a list, or fetch the tags of ours: every quarter of an hour."""
NUMBERS, LISTS = "numbers", "lists"


class QuotaError(Exception):
    """The day's quota does not reach; `wait_s` is how long until the next day (UTC)."""

    def __init__(self, left: int, wait_s: int) -> None:
        super().__init__(f"the day's quota does not reach: {left} are left until midnight UTC")
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Partner:
    """A house that we deal with: `trust` per cent of its confidence counts here, `for_probes` its SIM banks' numbers go to our probes."""

    name: str
    key: str
    key_id: str
    trust: int
    for_probes: bool
    daily_numbers: int
    added_ms: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed with a partner; `whole_numbers`: it may fetch our list, not only match numbers of its own."""

    trust: int = TRUST
    for_probes: bool = False
    daily_numbers: int = DAILY_NUMBERS
    whole_numbers: bool = False


def add(database: Database, name: str, jwk: str, terms: Terms, who: str, now_ms: int) -> Partner:
    """Register a partner, or change what is known and agreed of one; kept in the audit. Raises UserError."""
    if not NAME.fullmatch(name):
        raise UserError(f"'{name[:80]}' is no name for a partner; use 1 to 64 of the characters A-Z a-z 0-9 . _ -")
    if not 0 <= terms.trust <= 100 or not 0 <= terms.daily_numbers <= MAX_DAILY_NUMBERS:
        raise UserError(f"trust is 0 to 100 per cent, and the daily quota 0 to {MAX_DAILY_NUMBERS} numbers")
    try:
        key_id = signing.thumbprint(signing.read_jwk(jwk))
    except (ValueError, RecursionError):
        raise UserError("that is no public key (JSON Web Key, Ed25519); fetch the partner's /api/v1/list/key") from None
    row = {
        "name": name,
        "key": jwk.strip(),
        "key_id": key_id,
        "trust": terms.trust,
        "for_probes": terms.for_probes,
        "daily_numbers": terms.daily_numbers,
        "added_ms": now_ms,
    }
    rights = ", ".join(text for text, holds in (("whole numbers", terms.whole_numbers), ("for probes", terms.for_probes)) if holds)
    with database.write() as connection:
        known = connection.execute(select(tables.partners.c.name).where(tables.partners.c.name == name)).first()
        if known:
            connection.execute(update(tables.partners).where(tables.partners.c.name == name).values(row))
        else:
            connection.execute(insert(tables.partners), row)
        users.admit_partner(connection, name, terms.whole_numbers)
        note(
            connection,
            who,
            "partner-change" if known else "partner-add",
            name,
            f"key {key_id}, trust {terms.trust} %, {rights or 'no more'}",
        )
    return Partner(**row)  # type: ignore[arg-type]


def listed(database: Database) -> list[Partner]:
    """All partners by name."""
    with database.read() as connection:
        return [Partner(*row) for row in connection.execute(select(tables.partners).order_by(tables.partners.c.name))]


def named(database: Database, name: str) -> Partner:
    """The partner of that name. Raises UserError."""
    with database.read() as connection:
        row = connection.execute(select(tables.partners).where(tables.partners.c.name == name)).first()
    if row is None:
        raise UserError(f"there is no partner '{name[:80]}'; `catflap host partner list` shows them")
    return Partner(*row)


def remove(database: Database, name: str, who: str) -> None:
    """Deal with a partner no more: its list counts no more, its tokens let it in no more. Raises UserError."""
    named(database, name)
    with database.write() as connection:
        users.dismiss_partner(connection, name)
        connection.execute(delete(tables.links).where(tables.links.c.partner == name))
        connection.execute(delete(tables.partners).where(tables.partners.c.name == name))
        note(connection, who, "partner-remove", name, "")
    clear(database, name, None)


def spend(database: Database, name: str, what: str, amount: int, most: int, now_ms: int) -> int:
    """Take from a partner's quota of the day (UTC), one for all workers; what is left of it. Raises QuotaError, and nothing is taken."""
    day_ms = now_ms - now_ms % DAY_MS
    mine = (tables.spent.c.partner == name) & (tables.spent.c.day_ms == day_ms) & (tables.spent.c.what == what)
    fits = mine & (tables.spent.c.amount <= most - amount)
    for is_last in (False, True):
        try:
            with database.write() as connection:
                taken = connection.execute(update(tables.spent).where(fits).values(amount=tables.spent.c.amount + amount)).rowcount
                spent = connection.execute(select(tables.spent.c.amount).where(mine)).scalar()
                if not taken and spent is None and amount <= most:
                    connection.execute(insert(tables.spent), {"partner": name, "day_ms": day_ms, "what": what, "amount": amount})
                    return most - amount
            if taken:
                assert spent is not None
                return most - int(spent)
            raise QuotaError(max(most - int(spent or 0), 0), (day_ms + DAY_MS - now_ms) // 1000 + 1)
        except IntegrityError:
            # another worker wrote the day's row first
            if is_last:
                raise
    raise AssertionError


def spent_on(database: Database, now_ms: int) -> dict[tuple[str, str], int]:
    """What partners have asked today (UTC), by name and by NUMBERS or LISTS."""
    query = select(tables.spent).where(tables.spent.c.day_ms == now_ms - now_ms % DAY_MS)
    with database.read() as connection:
        return {(row.partner, row.what): row.amount for row in connection.execute(query)}
