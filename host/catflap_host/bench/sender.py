"""Probes that send alerts as fast as they are answered, each over a connection of its own; a process of its own, as they are elsewhere."""

import hmac
import http.client
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from urllib.parse import urlsplit

RECORDS = 50
NUMBERS = 5_000
TIMEOUT_S = 60
_CONTEXT = b"catflap-batch-1\n"
_NUMBER = 13_800_000_000


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a sender's time: alerts acknowledged within it, and its length."""

    alerts: int
    seconds: float


def send(url: str, keys: Mapping[str, bytes], boot: str, warm_up_s: float, seconds: float, out: Connection) -> None:
    """Send under each key's name until the time is over; tells `out` that the warm-up is over, then what was sent, or the fault as text."""
    counts = dict.fromkeys(keys, 0)
    faults: list[str] = []
    over = threading.Event()
    threads = [threading.Thread(target=_probe, args=(url, probe, key, boot, counts, faults, over)) for probe, key in keys.items()]
    for thread in threads:
        thread.start()
    over.wait(warm_up_s)
    out.send("warm")
    begun_s, before = time.perf_counter(), sum(counts.values())
    over.wait(seconds)
    sent = Sent(sum(counts.values()) - before, time.perf_counter() - begun_s)
    over.set()
    for thread in threads:
        thread.join()
    out.send(faults[0] if faults else sent)


def _probe(url: str, probe: str, key: bytes, boot: str, counts: dict[str, int], faults: list[str], over: threading.Event) -> None:
    place = urlsplit(url)
    assert place.hostname
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=TIMEOUT_S)
    first = 1
    try:
        while not over.is_set():
            connection.request("POST", "/v1/batch", _batch(probe, key, boot, first), {"Content-Type": "application/x-catflap"})
            response = connection.getresponse()
            answer = response.read()
            if response.status != 200:
                raise RuntimeError(f"{probe} was answered {response.status}: {answer[:200]!r}")
            first += RECORDS
            counts[probe] += RECORDS
    except (OSError, http.client.HTTPException, RuntimeError) as fault:
        faults.append(f"{type(fault).__name__}: {fault}")
        over.set()
    finally:
        connection.close()


def _batch(probe: str, key: bytes, boot: str, first: int) -> bytes:
    now_ms = time.time_ns() // 1_000_000
    header = {"v": 1, "probe": probe, "boot": boot, "first": first, "next": first + RECORDS, "mono_ms": 735_012, "wall_ms": now_ms}
    offset = sum(probe.encode()) * 7
    alerts = "".join(
        _ALERT % (call, now_ms - 3_000, now_ms - 2_000, _NUMBER + (call * 13 + offset) % NUMBERS) for call in range(first, first + RECORDS)
    )
    signed = f"{json.dumps(header)}\n{alerts}".encode()
    return signed + hmac.digest(key, _CONTEXT + signed, "sha256").hex().encode() + b"\n"


_ALERT = (
    '{"k":"alert","trunk":"bench","line":"L01","call":%d,"at_ms":%d,"decided_ms":%d,"direction":"in","calling":"%d","presentation":"shown",'
    '"name":"","number_kind":"mobile","country":"CN","holder":"\u4e2d\u56fd\u79fb\u52a8","place":"","called":"01062345601","channel":"",'
    '"waited":false,"label":"simbank","score":9731,"action":"block","shadow":false,"reasons":["pool.turn-order"],"model":"2026-03-01"}\n'
)
