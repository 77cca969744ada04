"""The demo's trunk: eight office lines in Beijing, their modems of several families and tempers, and which probe serves which."""

from dataclasses import dataclass

from catflap_models.demo import DAY_START, NUMBERS
from tests.exchange.analogue import USR
from tests.exchange.cellular import HUAWEI, QUECTEL, SIMCOM
from tests.exchange.faults import NO_FAULTS, Faults
from tests.exchange.probe_process import Runtime, cpython, micropython_unix
from tests.exchange.trunk import Trunk, TrunkLine

_MODEMS = (
    (USR, NO_FAULTS),
    (USR, Faults(split_bytes=True)),
    (USR, Faults(answers_late_s=0.5)),
    (USR, NO_FAULTS),
    (SIMCOM, Faults(ignores_first_action=True)),
    (HUAWEI, NO_FAULTS),
    (USR, NO_FAULTS),
    (QUECTEL, NO_FAULTS),
)

TRUNK = Trunk(
    id="beijing",
    country="CN",
    area_code="010",
    start=DAY_START,
    lines=tuple(
        TrunkLine(f"L{index:02d}", family, (number,), faults)
        for index, (number, (family, faults)) in enumerate(zip(NUMBERS, _MODEMS, strict=True), 1)
    ),
)


@dataclass(frozen=True, slots=True)
class ProbePlace:
    """A probe and the lines it serves, by their index in the trunk."""

    id: str
    runtime: Runtime
    tables: str
    lines: range


def places() -> list[ProbePlace]:
    """Six lines on CPython and two on MicroPython, or all eight on CPython where there is no MicroPython."""
    boardlike = micropython_unix()
    if boardlike is None:
        return [ProbePlace("demo-a", cpython(), "linux", range(8))]
    return [ProbePlace("demo-a", cpython(), "linux", range(6)), ProbePlace("demo-b", boardlike, "board", range(6, 8))]
