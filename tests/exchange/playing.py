"""Plays a plan of calls through ptys to one probe, from its start to its end."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from catflap_models.plan import PlannedCall
from tests.exchange.exchange import Exchange
from tests.exchange.probe_config import plugged_in, probe_config, write_json
from tests.exchange.probe_process import ProbeProcess, Runtime, modems_ready
from tests.exchange.trunk import Trunk
from tests.exchange.truth import CallTruth

START_TIMEOUT_S = 120.0
LEAD_S = 5.0
"""Seconds of the day from the modems being ready to the first call's time."""
AFTERMATH_S = 20.0
"""Seconds of the day given to the probe after the last call: it takes that long to see that a line has gone quiet."""


async def play_to_probe(
    trunk: Trunk, plan: Sequence[PlannedCall], runtime: Runtime, settings: Mapping[str, Any], folder: Path, speed: int = 60
) -> tuple[list[CallTruth], dict[str, int]]:
    """The exchange's truth about each call, and how many records of each kind the probe made.

    `settings` are added to the probe's configuration (`policy`, `uplink`, `tables` ...); `folder` takes its files. The plan's first call
    comes at once. ProbeError if the probe sets up no modem or does not run to the end.
    """
    async with Exchange(trunk, speed, origin_ms=int(time.time() * 1000)) as exchange:
        config = probe_config(trunk, "played", list(exchange.ports), folder / "state") | dict(settings)
        path = write_json(plugged_in(config, exchange), folder / "probe.json")
        async with ProbeProcess(runtime, path, folder / "probe.log") as probe:
            await modems_ready(exchange, [probe], START_TIMEOUT_S)
            shift_s = exchange.clock.now_s() + LEAD_S - plan[0].t_s
            exchange.play(replace(call, t_s=call.t_s + shift_s) for call in plan)
            await exchange.quiet((plan[-1].t_s - plan[0].t_s + 600.0) / speed + 30.0)
            await exchange.pass_time(AFTERMATH_S)
            made = await probe.stop()
    return exchange.calls, made
