"""The tables of triage: how far an alarm is, and the numbers that a verdict lets through."""

from sqlalchemy import Column, Index, Table, Text, select

from catflap_host.store.lasting import GoesWith, lasts
from catflap_host.store.sealed import PARTY
from catflap_host.store.tables import Whole, alarms, metadata

triage = Table(
    "triage",
    metadata,
    Column("alarm_id", Whole, primary_key=True, autoincrement=False),
    Column("acknowledged_ms", Whole, nullable=False),  # 0: nobody has
    Column("acknowledged_by", Text, nullable=False),
    Column("assigned_to", Text, nullable=False),  # a user, empty: nobody's
    info=lasts(GoesWith("alarms", lambda c: c.alarm_id.not_in(select(alarms.c.id)))),
)

# A number that an operator found to be honest, by the alarm that it was in; the verdict on that alarm says who, when and why.
allowed_numbers = Table(
    "allowed_numbers",
    metadata,
    Column("alarm_id", Whole, primary_key=True, autoincrement=False),
    Column("party", Whole, primary_key=True, autoincrement=False, info={PARTY: True}),
    Column("verdict_id", Whole, nullable=False),
    info=lasts(GoesWith("alarms", lambda c: c.alarm_id.not_in(select(alarms.c.id)))),
)
Index("allowed_by_party", allowed_numbers.c.party)
