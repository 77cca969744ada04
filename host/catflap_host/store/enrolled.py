"""What batches are believed and judged by: their probes' keys, and what is stored of them; of many batches in one look."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, FromClause, Select, Text, bindparam, func, select

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
    with database.read() as connection:
        if database.is_sqlite:
            rows = [row for probe, boot in asked for row in connection.execute(_ONE, {"probe": probe, "boot": boot})]
        else:
            names = {"probes": [probe for probe, _ in asked], "boots": [boot for _, boot in asked]}
            rows = [*connection.execute(_TOGETHER, names)]
    return {(probe, boot): Enrolled(probe, key, Standing(epoch, ack)) for probe, boot, key, epoch, ack in rows}


def _looked_up(asked: FromClause) -> Select[Any]:
    probe, boot = asked.c.probe, asked.c.boot
    known = asked.join(probes, probes.c.probe == probe).outerjoin(boots, (boots.c.probe == probe) & (boots.c.boot == boot))
    return select(probe, boot, probes.c.key, probes.c.epoch, boots.c.ack).select_from(known)


_ONE = _looked_up(select(bindparam("probe", type_=Text).label("probe"), bindparam("boot", type_=Text).label("boot")).subquery("asked"))
_LISTS = func.unnest(bindparam("probes", type_=ARRAY(Text)), bindparam("boots", type_=ARRAY(Text)))
_TOGETHER = _looked_up(_LISTS.table_valued("probe", "boot", name="asked").render_derived())
