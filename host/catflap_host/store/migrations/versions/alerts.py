"""Records, calls, alarms and what belongs to them; a database of the thin whole is brought over without loss."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, LargeBinary, Text

from catflap_host.store import thin_whole

revision = "alerts"
down_revision = None
branch_labels = None
depends_on = None

_WHOLE = Integer().with_variant(BigInteger, "postgresql")


def upgrade() -> None:
    """Lay the tables."""
    connection = op.get_bind()
    is_thin_whole = connection.dialect.name == "sqlite" and thin_whole.set_aside(connection)
    _lay_probes()
    _lay_parties()
    if connection.dialect.name == "postgresql":
        _lay_partitioned_records()
    else:
        _lay_records()
    _lay_calls()
    _lay_alarms()
    _lay_counts()
    _lay_audit()
    if is_thin_whole:
        config = op.get_context().config
        assert config
        thin_whole.bring_over(connection, config.attributes["vault"])


def _whole(name: str, default: str | None = None) -> Column[int]:
    return Column(name, _WHOLE, nullable=False, server_default=default)


def _text(name: str, default: str | None = None, is_key: bool = False) -> Column[str]:
    return Column(name, Text, nullable=False, server_default=default, primary_key=is_key)


def _given_key(name: str) -> Column[int]:
    return Column(name, _WHOLE, primary_key=True, autoincrement=False)


def _key(name: str) -> Column[int]:
    return Column(name, _WHOLE, primary_key=True)


def _lay_probes() -> None:
    op.create_table(
        "probes",
        _text("probe", is_key=True),
        Column("key", LargeBinary, nullable=False),
        _whole("enrolled_ms"),
        *(_whole(name, "0") for name in ("epoch", "last_batch_ms", "last_useful_ms", "dropped", "dropped_alerts", "last_drop_ms")),
        sqlite_strict=True,
    )
    op.create_table(
        "boots",
        _text("probe", is_key=True),
        _text("boot", is_key=True),
        *(_whole(name) for name in ("ack", "mono_ms", "wall_ms", "received_ms")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _lay_parties() -> None:
    op.create_table(
        "parties",
        _key("id"),
        Column("pseudonym", Text, nullable=False, unique=True),
        Column("sealed", LargeBinary),
        _whole("last_day"),
        sqlite_strict=True,
    )
    op.execute("CREATE INDEX parties_by_day ON parties (last_day) WHERE sealed IS NOT NULL")


def _lay_records() -> None:
    op.create_table(
        "records",
        _key("id"),
        _text("probe"),
        _text("boot"),
        _whole("seq"),
        _text("kind"),
        _whole("received_ms"),
        Column("sealed", LargeBinary, nullable=False),
        Column("call_id", _WHOLE),
        Column("alarm_id", _WHOLE),
        sqlite_strict=True,
    )
    op.execute("CREATE INDEX records_by_time ON records (received_ms)")


def _lay_partitioned_records() -> None:
    # `day` is the partition; days are laid by the store as they come
    op.execute("CREATE SEQUENCE records_id_seq AS BIGINT")
    op.execute(
        "CREATE TABLE records (id BIGINT NOT NULL DEFAULT nextval('records_id_seq'), probe TEXT NOT NULL, boot TEXT NOT NULL, "
        "seq BIGINT NOT NULL, kind TEXT NOT NULL, received_ms BIGINT NOT NULL, sealed BYTEA NOT NULL, call_id BIGINT, alarm_id BIGINT, "
        "day INTEGER NOT NULL, PRIMARY KEY (probe, boot, seq, day)) PARTITION BY RANGE (day)"
    )
    op.execute("CREATE INDEX records_by_id ON records (id)")
    op.execute("CREATE INDEX records_by_time ON records USING brin (received_ms)")


def _lay_calls() -> None:
    texts = ("presentation", "number_kind", "country", "holder", "place", "channel", "label", "action", "reasons", "model")
    op.create_table(
        "calls",
        _key("id"),
        *(_text(name) for name in ("probe", "boot", "trunk", "line")),
        *(_whole(name) for name in ("call", "received_ms", "at_ms")),
        *(_whole(name, "0") for name in ("decided_ms", "calling_party", "name_party", "called_party", "score", "shadow")),
        *(_text(name, "") for name in ("direction", *texts, "final_label", "outcome")),
        *(_whole(name, "0") for name in ("ended_ms", "rings", "ring_ms")),
        _whole("answered_ms", "-1"),
        sqlite_strict=True,
    )
    op.execute("CREATE UNIQUE INDEX calls_by_key ON calls (probe, boot, trunk, line, call)")
    op.execute("CREATE INDEX calls_by_label ON calls (label)")
    op.execute("CREATE INDEX calls_by_action ON calls (action)")
    op.execute("CREATE INDEX calls_by_calling ON calls (calling_party, id)")
    op.execute("CREATE INDEX calls_by_time ON calls (received_ms)")


def _lay_alarms() -> None:
    op.create_table(
        "alarms",
        _key("id"),
        *(_text(name) for name in ("probe", "boot", "trunk", "alarm")),
        *(_whole(name) for name in ("raised_ms", "at_ms", "received_ms")),
        *(_text(name) for name in ("kind", "members", "reasons")),
        _whole("score"),
        sqlite_strict=True,
    )
    op.execute("CREATE UNIQUE INDEX alarms_by_key ON alarms (probe, boot, trunk, alarm)")
    op.execute("CREATE INDEX alarms_by_time ON alarms (received_ms)")


def _lay_counts() -> None:
    for name, columns in (("record_counts", ("kind",)), ("call_counts", ("label", "action"))):
        op.create_table(
            name,
            *(_text(column, is_key=True) for column in columns),
            _given_key("shard"),
            _whole("n"),
            sqlite_strict=True,
            sqlite_with_rowid=False,
        )


def _lay_audit() -> None:
    op.create_table("audit", _key("id"), _whole("at_ms"), *(_text(name) for name in ("who", "what", "about", "reason")), sqlite_strict=True)
    op.execute("CREATE INDEX audit_by_time ON audit (at_ms)")
    op.create_table("key_checks", _given_key("version"), _text("word"), sqlite_strict=True)
