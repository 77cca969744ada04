"""Calls under numbers that cannot be true, in every form that a Chinese trunk meets."""

from collections.abc import Callable, Iterator
from random import Random

from catflap_models import numbers
from catflap_models.plan import PlannedCall
from catflap_models.simulate.answering import FRAUD_TALK, persons_patience_s, wanting_call
from catflap_models.simulate.hours import DAYTIME, arrivals
from catflap_models.simulate.office import draw_office
from catflap_models.simulate.own_numbers import own_number
from catflap_models.simulate.scenario import CalledTrunk, FalseNumbers

_NEVER = ("140", "141", "142", "143", "144", "154", "160", "163", "164", "168", "169", "179", "194")
_SERVICES = ("110", "10086", "12345", "95588", "95533", "95555", "96110", "10010", "12315")
_CODES = ("113", "115", "116", "118", "124", "125", "127", "1130", "1151", "1240", "1277", "1399", "1500", "1666", "1888", "1999")
_CITIES = ("010", "021", "020", "0755")
_TOWNS = ("0931", "0351", "0812", "0970")
_PATIENCE = (3.4, 0.4)


def false_number_calls(campaign: FalseNumbers, trunk: CalledTrunk, days: int, rng: Random) -> Iterator[PlannedCall]:
    """Single calls throughout the plan in time order, each form a family; the callers behave as other frauds do, and are no campaign."""
    office = draw_office(trunk, days, rng)
    forms = sorted(FORMS)
    for day in range(days):
        for t_s in arrivals(rng, day, campaign.calls_per_day, DAYTIME):
            line, form = rng.randrange(trunk.lines), rng.choice(forms)
            calling = FORMS[form](trunk, line, rng)
            yield wanting_call(office, rng, t_s, line, calling, persons_patience_s(office, rng, _PATIENCE), FRAUD_TALK, ("spoof", form, ""))


def _zero_zero_86(_trunk: CalledTrunk, _line: int, rng: Random) -> str:
    landline = rng.choice(_CITIES)[1:] + rng.choice("568") + numbers.digits(rng, 7)
    return "0086" + rng.choice((numbers.mobile(rng), numbers.mobile(rng), landline, rng.choice(_SERVICES)))


def _service_from_abroad(_trunk: CalledTrunk, _line: int, rng: Random) -> str:
    kind = rng.random()
    if kind < 0.6:
        return rng.choice(("+86", "+86", "00", "+")) + rng.choice(_SERVICES)
    if kind < 0.8:
        return "+8695" + numbers.digits(rng, 3)
    return "+86" + rng.choice(("400", "800")) + numbers.digits(rng, 7)


def _unallocated_range(_trunk: CalledTrunk, _line: int, rng: Random) -> str:
    if rng.random() < 0.1:
        # 1619 is a satellite's
        return "161" + rng.choice("012345678") + numbers.digits(rng, 7)
    return rng.choice(_NEVER) + numbers.digits(rng, 8)


def _wrong_length(_trunk: CalledTrunk, _line: int, rng: Random) -> str:
    kind = rng.random()
    if kind < 0.3:
        return numbers.mobile(rng)[:10]
    if kind < 0.6:
        return numbers.mobile(rng) + numbers.digits(rng, rng.randrange(1, 3))
    if kind < 0.8:
        return rng.choice(_CITIES) + rng.choice("568") + numbers.digits(rng, rng.choice((5, 6, 8)))
    return rng.choice(_TOWNS) + rng.choice("568") + numbers.digits(rng, rng.choice((4, 5, 8)))


def _zeros(_trunk: CalledTrunk, _line: int, rng: Random) -> str:
    return rng.choice(("000", "0000", "00000000")) + numbers.digits(rng, rng.randrange(3, 8)) if rng.random() < 0.7 else "0" * 11


def _unknown_code(_trunk: CalledTrunk, _line: int, rng: Random) -> str:
    return rng.choice(_CODES)


def _own_number(trunk: CalledTrunk, line: int, rng: Random) -> str:
    own = own_number(trunk, line)
    return rng.choice((own, own, own[len(trunk.area_code) :], "+86" + own[1:]))


FORMS: dict[str, Callable[[CalledTrunk, int, Random], str]] = {
    "0086": _zero_zero_86,
    "service-from-abroad": _service_from_abroad,
    "unallocated-range": _unallocated_range,
    "wrong-length": _wrong_length,
    "zeros": _zeros,
    "unknown-code": _unknown_code,
    "own-number": _own_number,
}
"""Families, and what draws a calling number of each that calls a line of a trunk (detection.md, Impossible)."""
