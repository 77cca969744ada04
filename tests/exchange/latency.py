"""Measures a probe from the number's last byte to the first byte of the command that stops the call, on a pty in real time."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from catflap_models.plan import PlannedCall
from tests.exchange.exchange import Exchange
from tests.exchange.family import Family
from tests.exchange.line import Ringing
from tests.exchange.probe_config import plugged_in, probe_config, write_json
from tests.exchange.probe_process import ProbeError, ProbeProcess, Runtime, modems_ready
from tests.exchange.trunk import Trunk, TrunkLine

DENIED = "01087654321"
QUICK = Ringing(period_s=5.0, burst_end_s=0.02, caller_id="between", caller_id_s=0.05)
START_TIMEOUT_S = 30.0
CALL_TIMEOUT_S = 20.0
PATIENCE_S = 4.0


async def hangup_latencies_ms(runtime: Runtime, family: Family, calls: int, folder: Path, pause_s: float = 0.2) -> list[float]:
    """Real milliseconds for each of `calls` calls of a denied number on one line whose modem answers at once.

    `folder` takes the probe's files. ProbeError if the probe sets up no modem, ends, or leaves a call ringing.
    """
    at_once = replace(family, reply_s=0.0, off_hook_delay_s=0.0)
    line = TrunkLine("L01", at_once, ringing=family.ringing or QUICK)
    trunk = Trunk("latency", "CN", "010", "2026-03-02T08:00:00+08:00", (line,))
    async with Exchange(trunk, speed=1, origin_ms=int(time.time() * 1000)) as exchange:
        policy = write_json({"catflap_policy": 1, "deny": [{"number": DENIED}]}, folder / "policy.json")
        config = probe_config(trunk, "latency", ["L01"], folder / "state") | {"policy": str(policy)}
        path = write_json(plugged_in(config, exchange), folder / "probe.json")
        async with ProbeProcess(runtime, path, folder / "probe.log") as probe:
            await modems_ready(exchange, [probe], START_TIMEOUT_S)
            for _ in range(calls):
                exchange.play(_call(exchange.clock.now_s() + pause_s))
                await exchange.quiet(CALL_TIMEOUT_S)
            await probe.stop()
    latencies_ms = [latency_ms for call in exchange.calls if (latency_ms := call.caller_id_to_hangup_ms()) is not None]
    if len(latencies_ms) < calls:
        # a median of those that went well would hide the others
        raise ProbeError(f"{runtime.name} probe stopped only {len(latencies_ms)} of {calls} calls once their number was there")
    return latencies_ms


def _call(t_s: float) -> Iterator[PlannedCall]:
    yield PlannedCall(t_s, 0, DENIED, "shown", "", PATIENCE_S, None, 0.0, "telemarketing", "", "")
