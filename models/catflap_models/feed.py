"""Plays planned calls to a trunk's own decision path, as its modems would tell them, with nobody stopping a call."""

from collections.abc import Callable, Iterable, Iterator
from heapq import heappop, heappush

from catflap_models.plan import PlannedCall
from catflap_probe.line import Line
from catflap_probe.lines import Lines
from catflap_probe.trunk import Trunk

# China's cadence; analogue caller ID comes between the first two rings
_RING_S = 5.0
_CALLER_ID_S = 1.8


def feed(trunk: Trunk, dialect: str, calls: Iterable[PlannedCall], began: Callable[[PlannedCall], None]) -> None:
    """Lets `trunk` hear `calls`, in time order and one at a time on a line, to the end of the last one.

    `dialect` is `v253` (tells neither answer nor release) or `3gpp`; `began` hears of each call just before the trunk does.
    """
    lines = Lines()
    for index in range(len(trunk.settings.lines)):
        line = Line(index, trunk)
        lines.add(line, dialect, line)
    tell = _cellular if dialect == "3gpp" else _analogue
    waiting: list[tuple[int, int, int, str]] = []
    told = 0
    last_ms = 0

    def play(until_ms: int) -> None:
        nonlocal last_ms
        while waiting and waiting[0][0] <= until_ms:
            last_ms, _, place, text = heappop(waiting)
            lines.feed(place, last_ms, b"\r\n%s\r\n" % text.encode("latin-1"))

    for call in calls:
        play(round(call.t_s * 1000) - 1)
        began(call)
        for t_s, text in tell(call):
            told += 1
            heappush(waiting, (round((call.t_s + t_s) * 1000), told, call.line, text))
    if waiting:
        play(max(waiting)[0])
    lines.finish(last_ms)


def _ringing_s(call: PlannedCall) -> tuple[float, bool]:
    """How long the call rings, and whether it is answered then."""
    if call.answer_s is not None and call.answer_s < call.patience_s:
        return call.answer_s, True
    return call.patience_s, False


def _analogue(call: PlannedCall) -> Iterator[tuple[float, str]]:
    ringing_s, _ = _ringing_s(call)
    for ring in range(int(ringing_s / _RING_S) + 1):
        yield ring * _RING_S, "RING"
    if ringing_s > _CALLER_ID_S:
        yield _CALLER_ID_S, "NMBR = " + {"shown": call.calling, "withheld": "P", "unavailable": "O"}[call.presentation]


def _cellular(call: PlannedCall) -> Iterator[tuple[float, str]]:
    ringing_s, is_answered = _ringing_s(call)
    kind = 145 if call.calling.startswith("+") else 129
    validity = {"shown": 0, "withheld": 1, "unavailable": 2}[call.presentation]
    for ring in range(int(ringing_s / _RING_S) + 1):
        yield ring * _RING_S, "RING"
        yield ring * _RING_S, f'+CLIP: "{call.calling}",{kind},,,,{validity}'
    if is_answered:
        yield ringing_s, "VOICE CALL: BEGIN"
        yield ringing_s + call.talk_s, "VOICE CALL: END"
    else:
        yield ringing_s, "NO CARRIER"
