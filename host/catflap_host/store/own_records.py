"""Records that the aggregator itself adds, so that whoever follows the stored records hears of what people do, in order with the rest.

Such a record has no boot, which no probe's is without.
"""

import json

from sqlalchemy import Connection, text

from catflap_host.store import horizon
from catflap_host.store.parties import day_of
from catflap_host.store.places import record_place
from catflap_host.store.postgres_text import LAYING_LOCK, partition
from catflap_host.store.tables import records
from catflap_host.store.vault import Vault

OWN_BOOT = ""
_INSERT = text(
    "INSERT INTO records (probe, boot, seq, kind, received_ms, sealed, alarm_id, day) "
    "VALUES (:probe, :boot, :seq, :kind, :received_ms, :sealed, :alarm_id, :day)"
)


def add(connection: Connection, vault: Vault, kind: str, seq: int, probe: str, alarm_id: int, told: dict[str, object], now_ms: int) -> None:
    """Add a record about an alarm of a probe, in the caller's transaction; `seq` is never given twice."""
    body = json.dumps({"k": kind, **told}, ensure_ascii=False)
    values = {
        "probe": probe,
        "boot": OWN_BOOT,
        "seq": seq,
        "kind": kind,
        "received_ms": now_ms,
        "sealed": vault.seal(body.encode("utf-8", "replace"), record_place(probe, OWN_BOOT, seq)),
        "alarm_id": alarm_id,
    }
    if connection.dialect.name == "sqlite":
        connection.execute(records.insert(), values)
        return
    day = day_of(now_ms)
    connection.exec_driver_sql(LAYING_LOCK)
    connection.exec_driver_sql(partition(day))
    connection.exec_driver_sql(horizon.LOCK)
    connection.execute(_INSERT, values | {"day": day})
