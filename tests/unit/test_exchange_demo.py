"""The demo's summary and its lines on the terminal."""

from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

from catflap_models.plan import PlannedCall
from tests.demo.scroll import call_line
from tests.demo.summary import Summary, summarise
from tests.exchange.truth import CallTruth

MADE = {"alert": 20, "call": 30, "end": 50, "alarm": 2}


def truth(label: str, outcome: str, latency_ms: int | None = None) -> CallTruth:
    call = CallTruth(PlannedCall(0.0, 0, "1", "shown", "", 20.0, None, 0.0, label, "", ""), "L01", outcome)
    if latency_ms is not None:
        call.number_written_ns, call.command_read_ns = 10**9, 10**9 + latency_ms * 10**6
    return call


def good_day() -> list[CallTruth]:
    bank = [truth("simbank", "given-up")] * 20 + [truth("simbank", "blocked", ms) for ms in range(1, 11)] + [truth("simbank", "busy")]
    return bank + [truth("legit", "answered")] * 5 + [truth("spoof", "blocked", 11)]


def failures(calls: list[CallTruth], stored: dict[str, int] = MADE, seconds: float = 60.0) -> list[str]:
    return summarise(calls, MADE, stored).failures(seconds)


def test_a_good_day_has_no_failures_and_says_its_figures() -> None:
    summary: Summary = summarise(good_day(), MADE, MADE)
    assert summary.failures(60.0) == []
    text = "\n".join(summary.lines())
    for figure in (
        "36, and 1 that",
        "30, blocked 10: 10 of 10 after its 20th",
        "median 6.0 ms, p99 11.0 ms of 11",
        "5, blocked 0",
        "alert 20 / 20",
    ):
        assert figure in text


def test_each_shortfall_is_named() -> None:
    day = good_day()
    assert failures(day, stored=MADE | {"end": 49}) == ["not everything the probes made is stored"]
    assert failures([*day, truth("legit", "blocked")]) == ["1 honest calls were blocked or cut off"]
    cut_off = replace(truth("legit", "answered"), touched_in_use=True)
    assert failures([*day, cut_off]) == ["1 honest calls were blocked or cut off"]
    assert failures(day[:24]) == ["fewer than 5 of the SIM bank's calls were blocked"]
    assert failures([*day, *[truth("simbank", "answered")] * 11]) == ["less than half of the SIM bank's calls after its 20th were blocked"]


def test_a_short_run_need_not_have_blocked() -> None:
    assert failures([truth("legit", "answered")], seconds=20.0) == []


def test_a_call_is_one_harmless_line() -> None:
    call: dict[str, Any] = {
        "at_ms": 1772409600000,
        "line": "L03",
        "calling": "170\x1b[2J1234",
        "presentation": "shown",
        "label": "simbank",
        "action": "block",
        "outcome": "stopped",
        "reasons": ["pool.turn-order", "pool.neighbours"],
    }
    zone = timezone(timedelta(hours=8))
    assert call_line(call, zone, colour=False).split() == [
        "08:00:00",
        "L03",
        "170?[2J1234",
        "simbank",
        "block",
        "stopped",
        "pool.turn-order",
        "pool.neighbours",
    ]
    assert "\x1b[31;1msimbank" in call_line(call, zone, colour=True)
    hidden = call | {"calling": "", "presentation": "withheld", "outcome": "none"}
    assert call_line(hidden, zone, colour=False).split()[2:6] == ["(withheld)", "simbank", "block", "pool.turn-order"]
