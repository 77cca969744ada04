"""The SQL of the store on PostgreSQL."""

from catflap_host.store.columns import DECISION, ENDING, KEY
from catflap_host.store.group import MAX_LOST

SHARDS = 16
_LAYING = 0xCA7F1A8

_TEXTS = {
    *("probe", "boot", "trunk", "line", "direction", "presentation", "number_kind", "country", "holder", "place", "channel"),
    *("label", "action", "reasons", "model", "final_label", "outcome", "kind"),
}


def _type(name: str) -> str:
    return "text" if name in _TEXTS else "bytea" if name == "sealed" else "int4" if name == "day" else "int8"


def _stage(table: str, columns: tuple[str, ...]) -> str:
    laid = ", ".join(f"{name} {_type(name)}" for name in columns)
    return f"CREATE TEMP TABLE {table} ({laid}) ON COMMIT DELETE ROWS"


def _copy(table: str, columns: tuple[str, ...]) -> str:
    return f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"


def _upsert(stage: str, columns: tuple[str, ...], changed: tuple[str, ...]) -> str:
    names = ", ".join(columns)
    sets = ", ".join(f"{name} = excluded.{name}" for name in changed)
    return f"INSERT INTO calls ({names}) SELECT {names} FROM {stage} ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {sets}"  # noqa: S608


_DECISION_COLUMNS = ("id", *KEY, "received_ms", *DECISION)
_ENDING_COLUMNS = ("id", *KEY, "received_ms", "at_ms", *ENDING)
_RECORD_COLUMNS = ("probe", "boot", "seq", "kind", "received_ms", "sealed", "call_id", "alarm_id", "day")
_BY_KEY = ", ".join(KEY)

# Every look-up is by an index: a plan that is made while the tables are empty, and kept, would read them from end to end later.
SETTINGS = (
    "SET synchronous_commit = on",
    *(f"SET enable_{way} = off" for way in ("seqscan", "hashjoin", "mergejoin", "bitmapscan")),
    "SET plan_cache_mode = force_generic_plan",
)
STAGING = (
    _stage("staged_decisions", _DECISION_COLUMNS),
    _stage("staged_endings", _ENDING_COLUMNS),
    _stage("staged_records", _RECORD_COLUMNS),
)
DECISION_TYPES, ENDING_TYPES, RECORD_TYPES = (
    [_type(name) for name in columns] for columns in (_DECISION_COLUMNS, _ENDING_COLUMNS, _RECORD_COLUMNS)
)
COPY_DECISIONS = _copy("staged_decisions", _DECISION_COLUMNS)
COPY_ENDINGS = _copy("staged_endings", _ENDING_COLUMNS)
COPY_RECORDS = _copy("staged_records", _RECORD_COLUMNS)

# The probes are locked in order: nobody else changes their boots, calls and alarms meanwhile, and no two workers wait for each other.
LOCK_PROBES = "SELECT probe, epoch, tokens, tokens_ms FROM probes WHERE probe = ANY(%s) ORDER BY probe FOR UPDATE"
ACKS = "SELECT probe, boot, ack FROM boots JOIN unnest(%s::text[], %s::text[]) AS asked (probe, boot) USING (probe, boot)"
OPEN_EPOCH = "UPDATE probes SET epoch = %s WHERE probe = %s"

UPSERT_PARTIES = """
INSERT INTO parties (pseudonym, sealed, last_day)
SELECT pseudonym, sealed, %s::bigint FROM unnest(%s::text[], %s::bytea[]) WITH ORDINALITY AS met (pseudonym, sealed, place) ORDER BY place
ON CONFLICT (pseudonym) DO UPDATE
SET last_day = greatest(parties.last_day, excluded.last_day), sealed = coalesce(parties.sealed, excluded.sealed)
RETURNING pseudonym, id"""

DRAW_CALLS = "SELECT nextval('calls_id_seq') FROM generate_series(1, %s)"
FIND_DECIDED = f"SELECT staged.id, calls.id, calls.label, calls.action FROM staged_decisions AS staged JOIN calls USING ({_BY_KEY})"  # noqa: S608
FIND_ENDED = f"SELECT staged.id, calls.id FROM staged_endings AS staged JOIN calls USING ({_BY_KEY})"  # noqa: S608
UPSERT_DECISIONS = _upsert("staged_decisions", _DECISION_COLUMNS, DECISION)
UPSERT_ENDINGS = _upsert("staged_endings", _ENDING_COLUMNS, ENDING)

FIND_MEMBERS = "SELECT members FROM alarms WHERE probe = %s AND boot = %s AND trunk = %s AND alarm = %s"
UPSERT_ALARM = """
INSERT INTO alarms (probe, boot, trunk, alarm, raised_ms, at_ms, received_ms, kind, members, score, reasons)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (probe, boot, trunk, alarm) DO UPDATE SET
    at_ms = excluded.at_ms, received_ms = excluded.received_ms, kind = excluded.kind, members = excluded.members,
    score = excluded.score, reasons = excluded.reasons
RETURNING id"""

_RECORD_NAMES = ", ".join(_RECORD_COLUMNS)
INSERT_RECORDS = f"INSERT INTO records ({_RECORD_NAMES}) SELECT {_RECORD_NAMES} FROM staged_records ON CONFLICT DO NOTHING"  # noqa: S608

UPSERT_BOOT = """
INSERT INTO boots (probe, boot, ack, mono_ms, wall_ms, received_ms, waiting, release) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (probe, boot) DO UPDATE
SET ack = excluded.ack, mono_ms = excluded.mono_ms, wall_ms = excluded.wall_ms, received_ms = excluded.received_ms,
    waiting = excluded.waiting, release = excluded.release"""
UPDATE_PROBE = """
UPDATE probes SET last_batch_ms = %s, last_useful_ms = greatest(last_useful_ms, %s), tokens = %s, tokens_ms = %s WHERE probe = %s"""
UPDATE_TOKENS = "UPDATE probes SET tokens = %s, tokens_ms = %s WHERE probe = %s"
COUNT_DROP = f"""
UPDATE probes SET dropped = least(dropped + %s, {MAX_LOST}), dropped_alerts = least(dropped_alerts + %s, {MAX_LOST}), last_drop_ms = %s
WHERE probe = %s"""  # noqa: S608 - a number of ours
COUNT_RECORDS = """
INSERT INTO record_counts (kind, shard, n) VALUES (%s, %s, %s) ON CONFLICT (kind, shard) DO UPDATE SET n = record_counts.n + excluded.n"""
COUNT_CALLS = """
INSERT INTO call_counts (label, action, shard, n) VALUES (%s, %s, %s, %s)
ON CONFLICT (label, action, shard) DO UPDATE SET n = call_counts.n + excluded.n"""

LAYING_LOCK = f"SELECT pg_advisory_xact_lock({_LAYING})"


def partition(day: int) -> str:
    """What lays the partition of a day, counted from 1970."""
    return f"CREATE TABLE IF NOT EXISTS records_{day} PARTITION OF records FOR VALUES FROM ({day}) TO ({day + 1})"
