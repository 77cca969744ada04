"""Whether and when a call of a campaign is answered: as the called side answers strangers, whoever they are."""

from random import Random

from catflap_models.plan import PlannedCall
from catflap_models.simulate.hours import is_weekend
from catflap_models.simulate.office import Office, Spread
from catflap_models.simulate.scenario import DAY_S

FRAUD_TALK: Spread = (3.96, 0.89)
"""timing_params: duration, SIM-box outgoing."""
_LONGEST_TALK_S = 1800.0


def wanting_call(
    office: Office,
    rng: Random,
    t_s: float,
    line: int,
    calling: str,
    patience_s: float,
    talk: Spread,
    kind: tuple[str, str, str],
) -> PlannedCall:
    """A call that wants to be answered and rings for `patience_s` if it is not; `kind` is label, family and campaign."""
    return PlannedCall(
        t_s=round(t_s, 3),
        line=line,
        calling=calling,
        presentation="shown",
        name="",
        patience_s=round(patience_s, 3),
        answer_s=answer_s(office, rng, t_s),
        talk_s=round(min(max(rng.lognormvariate(*talk), 1.0), _LONGEST_TALK_S), 3),
        label=kind[0],
        family=kind[1],
        campaign=kind[2],
    )


def given_up(t_s: float, line: int, calling: str, rings_s: float, kind: tuple[str, str, str]) -> PlannedCall:
    """A call that ends before anybody can answer; without a number it is withheld."""
    presentation = "shown" if calling else "withheld"
    return PlannedCall(round(t_s, 3), line, calling, presentation, "", round(rings_s, 3), None, 0.0, *kind)


def persons_patience_s(office: Office, rng: Random, patience: Spread) -> float:
    """How long a person lets it ring; the network ends it if he doesn't."""
    return min(max(rng.lognormvariate(*patience), 4.0), office.ring_limit_s)


def answer_s(office: Office, rng: Random, t_s: float) -> float | None:
    """Seconds of ringing until somebody answers, None: nobody does; seldom outside working hours."""
    is_staffed = 8 * 3600 <= t_s % DAY_S < 18 * 3600 and not is_weekend(int(t_s // DAY_S))
    if rng.random() < (office.answered_share if is_staffed else office.away_share):
        return round(min(max(rng.lognormvariate(*office.answer), 1.0), 60.0), 3)
    return None
