"""Which of the stored calls a complaint is about: by the number in any form that lines show, and by the time as the complainer has it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catflap_host.complaints.terms import Match
from catflap_host.store import queries
from catflap_host.store.database import Database
from catflap_host.store.rows import Call
from catflap_host.trace.legs import Leg, legs_of
from catflap_host.trace.source import DatabaseSource

WINDOW_MS = 2 * 3_600_000
"""People remember the time of a call so badly."""

LATELY_MS = 30 * 86_400_000
"""A number that has called within that time, before or after, is known at all."""

CLOCK_SLACK_MS = 3_600_000
MOST_CALLS = 40
MOST_LINES = 3
"""If more lines were rung by the number meanwhile, no one of them is taken for the complainer's."""


@dataclass(frozen=True, slots=True)
class Matched:
    """The call that a complaint is about, as surely as `how` says; `line` is unique over all probes, empty where no line is known."""

    how: Match
    call_id: int = 0
    at_ms: int = 0
    site: str = ""
    line: str = ""


def match(database: Database, number: str, at_ms: int, is_timed: bool, contact: str = "", call_id: int = 0) -> Matched:
    """The call of an international number at about a moment; with a `call_id` that one, whatever number it showed.

    `contact` is the complainer's own number in its international form, empty where he does not say.
    """
    if call_id:
        call = call_of(database, call_id)
        if call is not None:
            return Matched(Match.CALL, call.id, call.at_ms, call.probe, line_of(call))
    legs = legs_of(number, at_ms - LATELY_MS, at_ms + LATELY_MS, _Near(database, at_ms)) if number else []
    near = [leg for leg in legs if is_timed and abs(leg.at_ms - at_ms) <= WINDOW_MS]
    own = [leg for leg in near if contact and leg.called_number == contact]
    # a busy number has always just called somebody: that says nothing of who complains
    meant = own or (near if len({_line(leg) for leg in near}) <= MOST_LINES else [])
    if not meant:
        return Matched(Match.NUMBER if legs else Match.NONE)
    best = min(meant, key=lambda leg: abs(leg.at_ms - at_ms))
    return Matched(Match.TIME, best.call_id, best.at_ms, best.probe, _line(best))


def call_of(database: Database, call_id: int) -> Call | None:
    """An incoming call by its id, or None."""
    found = queries.calls(database, call_id - 1, 1)
    return found[0] if found and found[0].id == call_id and found[0].direction != "out" else None


def line_of(call: Call) -> str:
    """The line that a call rang, unique over all probes."""
    return f"{call.probe}/{call.trunk}/{call.line}"


def _line(leg: Leg) -> str:
    return f"{leg.probe}/{leg.trunk}/{leg.line}"


class _Near(DatabaseSource):
    """Calls of a number around a moment only: a busy one has called too often to go through all."""

    def __init__(self, database: Database, at_ms: int) -> None:
        super().__init__(database)
        self._at_ms = at_ms

    def calls(self, shown: Sequence[str], since_ms: int, until_ms: int) -> Iterable[Call]:
        """See legs.Source."""
        times = self._at_ms, since_ms - CLOCK_SLACK_MS, until_ms + CLOCK_SLACK_MS
        return queries.calls_of_numbers_near(self._database, shown, *times, MOST_CALLS)
