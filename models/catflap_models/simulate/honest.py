"""The honest callers of a trunk: the people it has to do with, and the families that are easily taken for a nuisance."""

from collections.abc import Callable, Iterator
from heapq import merge
from random import Random

from catflap_models.plan import PlannedCall
from catflap_models.simulate import blocks, contacts, events, lone_callers, organisations, outgoing
from catflap_models.simulate.office import Office, draw_office
from catflap_models.simulate.redials import Habit, calling_again, draw_habit, in_order
from catflap_models.simulate.scenario import CalledTrunk, Honest

_Family = Callable[[Office, Random], Iterator[list[PlannedCall]]]

# protocol, item 3, and the study's false positives; the second: whether people of that family call again by their own habit
_FAMILIES: dict[str, tuple[_Family, bool]] = {
    "hospital-recall": (organisations.hospitals_recalls, True),
    "taxi": (lone_callers.taxis, True),
    "courier": (lone_callers.couriers, True),
    "school-alert": (organisations.school_alerts, False),
    "flood-alert": (organisations.flood_alerts, False),
    "one-time-password": (organisations.one_time_passwords, False),
    "bank": (organisations.banks, True),
    "service-desk": (organisations.service_desks, True),
    "pollster": (organisations.pollsters, False),
    "emergency-surge": (events.emergency_surges, True),
    "redial-storm": (events.redial_storms, False),
    "roamer": (lone_callers.roamers, True),
    "firm-neighbours": (blocks.firm_neighbours, True),
    "contractor-crew": (blocks.contractors_crews, True),
    "sales-reps": (lone_callers.sales_representatives, True),
    "riders": (lone_callers.riders, True),
    "masked-numbers": (lone_callers.masked_numbers, True),
    "virtual-operator": (lone_callers.virtual_operators_users, True),
    "family-block": (blocks.family_blocks, True),
    "school-parents": (events.school_parents, True),
    "shift-change": (blocks.shift_changes, True),
    "new-office": (blocks.new_offices, True),
}

FAMILIES: tuple[str, ...] = tuple(_FAMILIES)
"""Names of the hard negatives, as PlannedCall.family has them; the others are `contact stranger foreign service withheld outgoing
call-back`."""

SINGLE_MINDED = frozenset(name for name, (_, is_again) in _FAMILIES.items() if not is_again)
"""Those that call again by a plan of their own and not as people do."""


def honest_calls(honest: Honest, trunk: CalledTrunk, days: int, rng: Random) -> Iterator[PlannedCall]:
    """Every honest call of `days` days, in time order; day 0 is a Monday. Calls may overlap on a line, and run past the last day.

    `honest.calls_per_day` is met on an average working day, redials among them. A family draws from a stream of its own: one more or less
    changes no call of the others. ValueError for a family that is not known.
    """
    unknown = [name for name in honest.families if name not in _FAMILIES]
    if unknown:
        raise ValueError(f"honest families not known: {', '.join(unknown)}")
    seed = rng.getrandbits(64)
    office = draw_office(trunk, days, _stream(seed, "office"))
    habit = draw_habit(_stream(seed, "habit"))
    first_time = honest.calls_per_day * (1.0 - calling_again(office, habit))
    strange = _stream(seed, "shares").uniform(0.08, 0.25)
    base = {
        "contact": (contacts.contacts, first_time * (1.0 - strange)),
        "stranger": (contacts.strangers, first_time * strange),
        "service": (contacts.services, 0.03 * first_time),
        "withheld": (contacts.withheld, 0.02 * first_time),
    }
    streams = [_people(office, habit, make(office, rate, _stream(seed, name)), seed, name) for name, (make, rate) in base.items()]
    if honest.outgoing_per_day:
        own = outgoing.outgoing(office, honest.outgoing_per_day, _stream(seed, "outgoing"))
        streams.append(_people(office, None, own, seed, "outgoing"))
    for name in FAMILIES:
        if name in honest.families:
            make_family, is_again = _FAMILIES[name]
            streams.append(_people(office, habit if is_again else None, make_family(office, _stream(seed, name)), seed, name))
    return merge(*streams, key=lambda call: (call.t_s, call.line, call.calling))


def _stream(seed: int, name: str) -> Random:
    return Random(f"{seed}:{name}")  # noqa: S311 - a plan, not a secret


def _people(office: Office, habit: Habit | None, days: Iterator[list[PlannedCall]], seed: int, name: str) -> Iterator[PlannedCall]:
    return in_order(days, office, habit, _stream(seed, "again " + name))
