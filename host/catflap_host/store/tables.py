"""The tables as SQLAlchemy knows them, the same on SQLite and PostgreSQL. Times are Unix milliseconds, 0 where unknown.

A module with tables of its own adds them to `metadata` and lays them by a revision in migrations/versions (see host/README.md).
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Table, Text, text

from catflap_host.store.lasting import Cleared, Kept, Stays, lasts
from catflap_host.store.places import probe_place, record_place, shared_place
from catflap_host.store.sealed import PARTY, sealed_in

metadata = MetaData()

Whole = Integer().with_variant(BigInteger, "postgresql")
"""64 bits in both; SQLite's own INTEGER, whose primary key is the row id."""


def _zero(name: str) -> Column[int]:
    return Column(name, Whole, nullable=False, server_default="0")


def _party(name: str) -> Column[int]:
    return Column(name, Whole, nullable=False, server_default="0", info={PARTY: True})


def _empty(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


probes = Table(
    "probes",
    metadata,
    Column("probe", Text, primary_key=True),
    Column("key", LargeBinary, nullable=False),  # sealed
    Column("enrolled_ms", Whole, nullable=False),
    _zero("epoch"),  # 0: none was opened yet
    _zero("last_batch_ms"),  # any batch taken, be there news in it or not
    _zero("last_useful_ms"),  # a batch that brought records
    _zero("dropped"),
    _zero("dropped_alerts"),
    _zero("last_drop_ms"),
    _zero("tokens"),  # what its bucket held, over all workers, and when; on SQLite the one process knows
    _zero("tokens_ms"),
    sqlite_strict=True,
    info=sealed_in("key", lambda row: probe_place(row["probe"])) | lasts(Stays("what is enrolled")),
)

boots = Table(
    "boots",
    metadata,
    Column("probe", Text, primary_key=True),
    Column("boot", Text, primary_key=True),
    Column("ack", Whole, nullable=False),  # every sequence number up to this one is stored
    Column("mono_ms", Whole, nullable=False),
    Column("wall_ms", Whole, nullable=False),
    Column("received_ms", Whole, nullable=False),
    Column("waiting", Whole, nullable=False, server_default="-1"),  # in the probe's spool, by its last batch; -1: it does not say
    Column("release", Text, nullable=False, server_default=""),
    sqlite_strict=True,
    sqlite_with_rowid=False,
    info=lasts(Stays("how far each probe is stored")),
)

# A party is a number or a name that a call shows, stored once: the text sealed, empty once its time is over; found by its pseudonym.
parties = Table(
    "parties",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("pseudonym", Text, nullable=False, unique=True),
    Column("sealed", LargeBinary),
    Column("last_day", Whole, nullable=False),  # last seen, in days since 1970
    sqlite_strict=True,
    info=lasts(Cleared("numbers")),
)
Index("parties_by_day", parties.c.last_day, sqlite_where=parties.c.sealed.is_not(None), postgresql_where=parties.c.sealed.is_not(None))

# No unique index over (probe, boot, seq) on SQLite: `boots.ack` keeps doubles out, and an index in random order would slow every insert
# down. PostgreSQL has it per daily partition.
records = Table(
    "records",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("probe", Text, nullable=False),
    Column("boot", Text, nullable=False),
    Column("seq", Whole, nullable=False),
    Column("kind", Text, nullable=False),
    Column("received_ms", Whole, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # the record as it came
    Column("call_id", Whole),  # the row of `calls` or `alarms` that it changed
    Column("alarm_id", Whole),
    sqlite_strict=True,
    info=sealed_in("sealed", lambda row: record_place(row["probe"], row["boot"], row["seq"])) | lasts(Cleared("records")),
)
Index("records_by_time", records.c.received_ms)
Index("records_of_health", records.c.received_ms, sqlite_where=text("kind = 'health'"), postgresql_where=text("kind = 'health'"))
Index("records_of_trunks", records.c.probe, sqlite_where=text("kind = 'trunk'"), postgresql_where=text("kind = 'trunk'"))

calls = Table(
    "calls",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("probe", Text, nullable=False),
    Column("boot", Text, nullable=False),
    Column("trunk", Text, nullable=False),
    Column("line", Text, nullable=False),
    Column("call", Whole, nullable=False),
    Column("received_ms", Whole, nullable=False),  # when it was first told of
    Column("at_ms", Whole, nullable=False),
    _zero("decided_ms"),
    _empty("direction"),
    _party("calling_party"),
    _party("name_party"),
    _party("called_party"),
    _empty("presentation"),
    _empty("number_kind"),
    _empty("country"),
    _empty("holder"),
    _empty("place"),
    _empty("channel"),
    _empty("label"),
    _zero("score"),
    _empty("action"),
    _zero("shadow"),
    _empty("reasons"),
    _empty("model"),
    _zero("ended_ms"),
    _empty("final_label"),
    _zero("rings"),
    _zero("ring_ms"),
    Column("answered_ms", Whole, nullable=False, server_default="-1"),
    _empty("outcome"),
    sqlite_strict=True,
    info=lasts(Kept("calls", lambda c, before_ms: c.received_ms < before_ms)),
)
Index("calls_by_key", calls.c.probe, calls.c.boot, calls.c.trunk, calls.c.line, calls.c.call, unique=True)
Index("calls_by_probe", calls.c.probe, calls.c.id)
Index("calls_by_label", calls.c.label, calls.c.id)
Index("calls_by_action", calls.c.action, calls.c.id)
Index("calls_by_kind", calls.c.label, calls.c.action, calls.c.id)
Index("calls_by_calling", calls.c.calling_party, calls.c.id)
# counts of an hour or a day are read off the index alone
Index("calls_by_time", calls.c.received_ms, calls.c.action)
Index("calls_outgoing", calls.c.at_ms, sqlite_where=calls.c.direction == "out", postgresql_where=calls.c.direction == "out")

alarms = Table(
    "alarms",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("probe", Text, nullable=False),
    Column("boot", Text, nullable=False),
    Column("trunk", Text, nullable=False),
    Column("alarm", Text, nullable=False),
    Column("raised_ms", Whole, nullable=False),
    Column("at_ms", Whole, nullable=False),
    Column("received_ms", Whole, nullable=False),
    Column("kind", Text, nullable=False),
    Column("members", Text, nullable=False),  # rows of `parties`, joined by `;`
    Column("score", Whole, nullable=False),
    Column("reasons", Text, nullable=False),
    sqlite_strict=True,
    info=lasts(Kept("alarms", lambda c, before_ms: c.received_ms < before_ms)),
)
Index("alarms_by_key", alarms.c.probe, alarms.c.boot, alarms.c.trunk, alarms.c.alarm, unique=True)
Index("alarms_by_time", alarms.c.received_ms)

# Kept up to date batch by batch, so that a summary never scans. A worker counts in its own shard, lest workers wait for one another.
record_counts = Table(
    "record_counts",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("shard", Whole, primary_key=True, autoincrement=False),
    Column("n", Whole, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
    info=lasts(Stays("sums")),
)
call_counts = Table(
    "call_counts",
    metadata,
    Column("label", Text, primary_key=True),
    Column("action", Text, primary_key=True),
    Column("shard", Whole, primary_key=True, autoincrement=False),
    Column("n", Whole, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
    info=lasts(Stays("sums")),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("at_ms", Whole, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("reason", Text, nullable=False),
    sqlite_strict=True,
    info=lasts(Kept("audit", lambda c, before_ms: c.at_ms < before_ms)),
)
Index("audit_by_time", audit.c.at_ms)
Index("audit_by_about", audit.c.about)

RETIRED = "retired"
"""In place of a version's word in `key_checks`: nothing is sealed with it any more."""

# Tells a wrong key file from the right one before anything is sealed with it.
key_checks = Table(
    "key_checks",
    metadata,
    Column("version", Whole, primary_key=True, autoincrement=False),
    Column("word", Text, nullable=False),
    sqlite_strict=True,
    info=lasts(Stays("which keys were used")),
)

# What all workers must have alike.
secrets = Table(
    "secrets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_strict=True,
    info=sealed_in("sealed", lambda row: shared_place(row["name"])) | lasts(Stays("secrets of our own")),
)

# Days that a kind of data is kept, where they are not the usual ones.
retention = Table(
    "retention",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("days", Whole, nullable=False),
    sqlite_strict=True,
    info=lasts(Stays("settings")),
)
