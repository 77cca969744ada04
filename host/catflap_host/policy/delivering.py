"""The compiled policy on its way to the probes, a piece an answer, and what each of them says that it has."""

import time
from base64 import b64encode

from sqlalchemy import insert, select, update

from catflap_host.policy import kept, tables
from catflap_host.store.database import Database

LOOK_S = 1.0
MOST_PIECE = 9_000
"""An answer has room for no more."""
MAX_PROBES = 65_536
DAY_S = 86_400

Asked = tuple[int, int, int, int]
"""What a probe says: the policy in force there, the one that it fetches, how much of that it has (-1: refused), its room for a piece."""


class Delivery:
    """What probes are told of the policy; used in the thread of the ingest's event loop, its `note` in any."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._looked_s = -LOOK_S
        self._serial = 0
        self._content = b""
        self._noted: dict[str, tuple[int, int]] | None = None

    def is_look_due(self) -> bool:
        """Whether it is to be seen again what is published: once a second, by the first who asks."""
        now_s = time.monotonic()
        if now_s - self._looked_s < LOOK_S:
            return False
        self._looked_s = now_s
        return True

    def look(self, database: Database) -> None:
        """See what is published."""
        rows, noted = tables.releases.c, tables.probe_policies.c
        with database.read() as connection:
            if self._noted is None:
                # or each of thousands of probes that come to a new worker would be noted once more
                said = connection.execute(select(noted.probe, noted.serial, noted.refused).limit(MAX_PROBES))
                self._noted = {probe: (serial, refused) for probe, serial, refused in said}
            newest = connection.execute(select(rows.serial).where(rows.bytes > 0).order_by(rows.serial.desc()).limit(1)).scalar()
            if newest is None or newest == self._serial:
                return
            sealed = connection.execute(select(rows.sealed).where(rows.serial == newest)).scalar()
        if sealed is not None:
            self._content = database.vault.open(sealed, tables.release_place(newest))
            self._serial = newest

    def answer(self, asked: Asked | None) -> dict[str, object]:
        """What an answer to a probe says of the policy; None of one that takes none."""
        if asked is None or not self._serial:
            return {}
        have, want, at, room = asked
        if have >= self._serial or (want == self._serial and at < 0):
            return {}
        at = at if want == self._serial and at <= len(self._content) else 0
        data = self._content[at : at + min(room, MOST_PIECE)]
        return {"policy": {"serial": self._serial, "size": len(self._content), "at": at, "data": b64encode(data).decode()}}

    def news(self, probe: str, asked: Asked | None) -> tuple[int, int] | None:
        """What a probe has and what it refused, where that is other than we noted last."""
        if asked is None:
            return None
        have, want, at, _ = asked
        says = have, want if at < 0 else 0
        return None if self._noted is not None and self._noted.get(probe) == says else says

    def note(self, probe: str, says: tuple[int, int]) -> None:
        """Keep what a probe has and what it refused; a policy newer than ours there means that ours was restored, and is published anew."""
        have, refused = says
        rows = tables.probe_policies
        with self._database.write() as connection:
            known = connection.execute(select(rows.c.serial, rows.c.refused).where(rows.c.probe == probe)).first()
            row = {"serial": have, "refused": refused, "since_ms": time.time_ns() // 1_000_000}
            if known is None:
                connection.execute(insert(rows), {"probe": probe, **row})
            elif tuple(known) != says:
                connection.execute(update(rows).where(rows.c.probe == probe).values(**row))
            newest = connection.execute(
                select(tables.releases.c.serial, tables.releases.c.version).order_by(tables.releases.c.serial.desc()).limit(1)
            ).first()
            # serial numbers are a clock's: what is far ahead of it was never one of ours
            if newest and newest.serial < have < time.time() + DAY_S:
                kept.add_release(connection, newest.version, "catflap", kept.RESTORED, above=have)
        if self._noted is None or len(self._noted) >= MAX_PROBES:
            self._noted = {}
        self._noted[probe] = says
