"""A small world for tests of the pages: two probes, calls of every kind, health, an alarm; through the real writer's store."""

import json
import time

from catflap_host.bundles import released_bundle
from catflap_host.explain.what_if import honest_ranges
from catflap_host.ingest.envelope import Header, Record
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database
from catflap_host.store.group import Batch
from catflap_host.store.places import probe_place
from catflap_host.store.tables import probes
from tests.probe_side import BOOT, alarm, alert, end

HOSTILE = "<img src=x onerror=alert(1)>"
"""A caller's name; callers choose theirs."""


UNUSUAL = {"number.calls": 90, "block.young_members": 255}
"""Features of the SIM bank's calls that lie outside the honest range; all others are as usual."""


def asked() -> dict[str, object]:
    """What the released model was asked about them."""
    folder = released_bundle()
    values = bytes(UNUSUAL.get(name, bounds.usual) for name, bounds in honest_ranges(folder).items())
    return {"model": json.loads((folder / "bundle.json").read_text())["version"], "features": values.hex()}


def seed(database: Database, calls: int = 60) -> None:
    """Fill an empty database; the newest call is seconds old, and one still goes on."""
    now_ms = time.time_ns() // 1_000_000
    with database.write() as connection:
        for probe in ("haidian-1", "pudong-2"):
            key = database.vault.seal(b"k" * 32, probe_place(probe))
            connection.execute(probes.insert().values(probe=probe, key=key, enrolled_ms=now_ms - 86_400_000))
    store = open_store(database)
    records = [record for call in range(1, calls + 1) for record in _of_call(call, now_ms - (calls - call) * 47_000)]
    members = [f"1381234{5600 + n}" for n in range(9)]
    told = (
        ("modem-is", "USR 5637 1.2.23", "L01"),
        ("modem-ready", "", "L01"),
        ("rings-without-caller-id", "2", "L03"),
        ("condition", HOSTILE, ""),
    )
    records += [{"k": "health", "line": line, "at_ms": now_ms - 900_000, "what": what, "detail": detail} for what, detail, line in told]
    records.append(alarm(members, at_ms=now_ms - 600_000, reasons=["pool.neighbours", "pool.turn-order"]))
    records.pop(2 * calls - 1)
    for probe, own in (("haidian-1", records), ("pudong-2", records[: calls // 2])):
        header = Header(probe, BOOT, 1, 1 + len(own), 735_012, now_ms)
        store.add([Batch(header, [Record(seq, 1, fields, json.dumps(fields)) for seq, fields in enumerate(own, 1)])], now_ms)
    store.close()


def _of_call(call: int, at_ms: int) -> list[dict[str, object]]:
    kinds: list[dict[str, object]] = [
        {"label": "simbank", "calling": f"1381234{5600 + call % 9}", "reasons": ["pool.neighbours", "model.simbank"], **asked()},
        {
            "label": "legit",
            "action": "allow",
            "score": 210,
            "calling": "01088886666",
            "number_kind": "landline",
            "holder": "",
            "place": "北京",
            "reasons": [],
        },
        {
            "label": "wangiri",
            "action": "label",
            "score": 7_400,
            "calling": "+23276123456",
            "country": "SL",
            "holder": "",
            "reasons": ["model.wangiri"],
        },
        {
            "label": "spoof",
            "score": 10_000,
            "calling": "00861095588",
            "number_kind": "service",
            "holder": "",
            "reasons": ["cn.0086"],
            "name": HOSTILE,
        },
        {
            "label": "telemarketing",
            "action": "label",
            "score": 6_120,
            "calling": "95013245678",
            "number_kind": "call-centre",
            "reasons": ["abstain"],
            "shadow": True,
        },
    ]
    chosen = kinds[call % len(kinds)]
    line = f"L{call % 8 + 1:02}"
    own: dict[str, object] = {"line": line, "at_ms": at_ms}
    over: dict[str, object] = {"final_label": chosen["label"], "outcome": "stopped" if chosen.get("action", "block") == "block" else "none"}
    return [alert(call, decided_ms=at_ms + 640, **own, **chosen), end(call, ended_ms=at_ms + 5_400, rings=2, **own, **over)]
