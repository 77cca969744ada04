"""The called side as its callers meet it: busy and quiet lines, how soon somebody answers, how long one talks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from random import Random

from catflap_models import numbers
from catflap_models.plan import PlannedCall
from catflap_models.simulate.hours import is_weekend, traffic
from catflap_models.simulate.scenario import DAY_S, CalledTrunk

Spread = tuple[float, float]
"""Mean and deviation of the seconds' natural logarithm."""

STUDENTS_TALK: Spread = (3.07, 1.66)
"""timing_params: duration, CNS answered calls."""
AGENTS_TALK: Spread = (4.56, 1.26)
"""timing_params: duration, Anonymous Bank agent talk."""
# timing_params: ring, bank caller patience when abandoning: median 43, p90 167 s
_PATIENCE: Spread = (3.76, 1.06)
_LONGEST_TALK_S = 3600.0


@dataclass(frozen=True, slots=True)
class Office:
    """What is the same for all callers of one trunk."""

    trunk: CalledTrunk
    traffic: tuple[float, ...]
    """How busy each day is, see hours.traffic."""
    line_weights: tuple[float, ...]
    """Accumulated: reception's line is called more than the cellar's."""
    answered_share: float
    away_share: float
    """The same outside working hours."""
    answer: Spread
    talk: Spread
    ring_limit_s: float
    """The network ends an unanswered call then."""
    misdialled_share: float
    """Part of the calls that are given up at once."""
    local_share: float
    """Part of the mobiles that are of the trunk's own city."""


def draw_office(trunk: CalledTrunk, days: int, rng: Random) -> Office:
    """An office of random habits. Wide priors where the table has no figure: nobody measured how long one lets it ring."""
    return Office(
        trunk=trunk,
        traffic=traffic(rng, days),
        line_weights=tuple(accumulate(rng.lognormvariate(0.0, 0.5) for _ in range(trunk.lines))),
        # timing_params: answer, ASR bands wholesale and CNS missed: from fair to better than good
        answered_share=rng.uniform(0.55, 0.9),
        away_share=rng.uniform(0.05, 0.6),
        answer=(rng.uniform(1.5, 2.5), rng.uniform(0.4, 0.9)),
        talk=(rng.uniform(STUDENTS_TALK[0], AGENTS_TALK[0]), rng.uniform(AGENTS_TALK[1], STUDENTS_TALK[1])),
        ring_limit_s=rng.choice((30.0, 45.0, 60.0, 60.0, 90.0)),
        misdialled_share=rng.uniform(0.003, 0.02),
        local_share=rng.uniform(0.4, 0.85),
    )


def awaiting(office: Office) -> Office:
    """The same to callers whom somebody waits for."""
    return replace(office, answered_share=max(office.answered_share, 0.9), away_share=max(office.away_share, 0.8))


def mobile(office: Office, rng: Random, virtual_share: float) -> str:
    """A mobile of somebody who calls here, mostly one of the city."""
    if rng.random() < office.local_share:
        return numbers.local_mobile(rng, office.trunk.area_code, virtual_share)
    return numbers.mobile(rng, virtual_share)


def any_line(office: Office, rng: Random) -> int:
    """A line, the busy ones more often."""
    return rng.choices(range(office.trunk.lines), cum_weights=office.line_weights)[0]


def some_lines(office: Office, rng: Random, most: int) -> list[int]:
    """One to `most` different lines."""
    return rng.sample(range(office.trunk.lines), min(office.trunk.lines, rng.randrange(1, most + 1)))


def call(
    office: Office,
    rng: Random,
    t_s: float,
    line: int,
    calling: str,
    family: str,
    talk: Spread | None = None,
    presentation: str = "shown",
) -> PlannedCall:
    """A person's call with its ringing, answer and talk drawn; without `talk` one talks as the office does."""
    if rng.random() < office.misdialled_share:
        patience_s = rng.uniform(0.8, 4.0)
    else:
        patience_s = min(max(rng.lognormvariate(*_PATIENCE), 4.0), office.ring_limit_s)
    talk_s = min(max(rng.lognormvariate(*(talk or office.talk)), 1.0), _LONGEST_TALK_S)
    return _planned(office, rng, t_s, line, calling, family, patience_s, talk_s, presentation)


def machine_call(
    office: Office, rng: Random, t_s: float, line: int, calling: str, family: str, patience_s: float, message_s: float
) -> PlannedCall:
    """A machine's call: it lets everybody ring equally long, and its message takes its time unless one hangs up."""
    talk_s = message_s * rng.uniform(0.97, 1.03) if rng.random() < 0.7 else message_s * rng.uniform(0.1, 1.0)
    return _planned(office, rng, t_s, line, calling, family, patience_s, talk_s, "shown")


def one_each(
    office: Office, rng: Random, times_s: Sequence[float], callers: Sequence[str], family: str, talk: Spread | None = None
) -> list[PlannedCall]:
    """A call at each of those times, from any of `callers` to any line."""
    return [call(office, rng, t_s, any_line(office, rng), rng.choice(callers), family, talk) for t_s in times_s]


def _planned(
    office: Office, rng: Random, t_s: float, line: int, calling: str, family: str, patience_s: float, talk_s: float, presentation: str
) -> PlannedCall:
    is_staffed = 8 * 3600 <= t_s % DAY_S < 18 * 3600 and not is_weekend(int(t_s // DAY_S))
    answer_s = None
    if rng.random() < (office.answered_share if is_staffed else office.away_share):
        answer_s = round(min(max(rng.lognormvariate(*office.answer), 1.0), 60.0), 3)
    return PlannedCall(
        round(t_s, 3), line, calling, presentation, "", round(patience_s, 3), answer_s, round(talk_s, 3), "legit", family, ""
    )  # fmt: skip
