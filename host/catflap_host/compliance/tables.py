"""What was found about each outgoing call under a contract, one row a call under the call's own id."""

from sqlalchemy import Column, Index, Table, Text

from catflap_host.store.lasting import Kept, lasts
from catflap_host.store.tables import Whole, metadata

outgoing_checks = Table(
    "outgoing_checks",
    metadata,
    Column("id", Whole, primary_key=True, autoincrement=False),
    Column("at_ms", Whole, nullable=False),
    Column("day", Text, nullable=False),  # the called people's, ISO 8601
    Column("contract", Text, nullable=False),
    Column("campaign", Text, nullable=False),  # empty: a number outside the contract's ranges
    Column("is_answered", Whole, nullable=False),
    Column("talk_ms", Whole, nullable=False),
    Column("violations", Text, nullable=False),  # Violation, joined by `;`
    Column("unchecked", Text, nullable=False),  # Unchecked, joined by `;`
    sqlite_strict=True,
    info=lasts(Kept("calls", lambda c, before_ms: c.at_ms < before_ms)),
)
Index("outgoing_checks_by_day", outgoing_checks.c.day, outgoing_checks.c.contract)
Index("outgoing_checks_by_time", outgoing_checks.c.at_ms)
Index(
    "outgoing_violations",
    outgoing_checks.c.day,
    outgoing_checks.c.id,
    sqlite_where=outgoing_checks.c.violations != "",
    postgresql_where=outgoing_checks.c.violations != "",
)
