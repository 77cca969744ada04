"""What batches are believed and judged by: their probes' keys, and what is stored of them; of many batches in one look."""

from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, Text, bindparam, func, select

from catflap_host.ingest.epochs import Standing
from catflap_host.store.database import Database
from catflap_host.store.group import BootKey
from catflap_host.store.places import probe_place
from catflap_host.store.tables import boots, probes
from catflap_host.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An enrolled probe."""

    probe: str
    sealed_key: bytes
    standing: Standing

    def key(self, vault: Vault) -> bytes:
        """The probe's key. Raises SealError."""
        return vault.open(self.sealed_key, probe_place(self.probe))


def enrolled(database: Database, asked: Collection[BootKey]) -> dict[BootKey, Enrolled]:
    """Those of the probes asked about that are enrolled, each with the standing of the boot that was named with it."""
    rows: Sequence[Any]
    if database.is_sqlite:
        # by the driver itself: it is asked for every batch, and SQLAlchemy's part in it took a tenth of the aggregator's time
        with closing(database.engine.raw_connection()) as connection:
            cursor: Any = connection.cursor()
            rows = [row for probe, boot in asked for row in cursor.execute(_ONE, {"probe": probe, "boot": boot})]
    else:
        names = {"probes": [probe for probe, _ in asked], "boots": [boot for _, boot in asked]}
        with database.read() as connection:
            rows = connection.execute(_TOGETHER, names).all()
    return {(probe, boot): Enrolled(probe, key, Standing(epoch, ack)) for probe, boot, key, epoch, ack in rows}


_ONE = """
SELECT :probe, :boot, probes.key, probes.epoch, boots.ack
FROM probes LEFT JOIN boots ON boots.probe = probes.probe AND boots.boot = :boot WHERE probes.probe = :probe"""
_LISTS = func.unnest(bindparam("probes", type_=ARRAY(Text)), bindparam("boots", type_=ARRAY(Text)))
_ASKED = _LISTS.table_valued("probe", "boot", name="asked").render_derived()
_KNOWN = _ASKED.join(probes, probes.c.probe == _ASKED.c.probe).outerjoin(
    boots, (boots.c.probe == _ASKED.c.probe) & (boots.c.boot == _ASKED.c.boot)
)
_TOGETHER = select(_ASKED.c.probe, _ASKED.c.boot, probes.c.key, probes.c.epoch, boots.c.ack).select_from(_KNOWN)
