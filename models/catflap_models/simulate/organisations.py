"""Hard negatives of organisations that call many people: recalls, alerts, one-time passwords, banks, service desks, polls."""

from collections.abc import Iterator
from random import Random

from catflap_models import numbers
from catflap_models.plan import PlannedCall
from catflap_models.simulate.hours import DAYTIME, HOME, OFFICE, arrivals, count, is_weekend, occasions, one_of
from catflap_models.simulate.office import AGENTS_TALK, Office, Spread, any_line, call, machine_call, mobile
from catflap_models.simulate.scenario import DAY_S

_APPOINTMENT: Spread = (3.9, 0.7)
_QUESTIONS: Spread = (6.0, 0.5)
_NO_THANKS: Spread = (2.2, 0.5)


def hospitals_recalls(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """A hospital's number, or its few neighbouring ones, goes through a list: many people, one after another, once each."""
    head = numbers.landline(rng, office.trunk.area_code, 1.0)[:-1]
    desk = [head + str(digit) for digit in rng.sample(range(10), rng.choice((1, 1, 2, 4, 8)))]
    clinic_share = rng.uniform(0.3, 0.8)
    listed_share = rng.uniform(0.1, 0.4)
    recalls = occasions(rng, len(office.traffic), 20.0 * clinic_share)
    for day in range(len(office.traffic)):
        found = []
        if day in recalls:
            t_s = day * DAY_S + rng.uniform(8.5, 13.0) * 3600.0
            listed = 1 + count(rng, listed_share * office.trunk.lines)
            for line in rng.sample(range(office.trunk.lines), min(office.trunk.lines, listed)):
                found.append(call(office, rng, t_s, line, rng.choice(desk), "hospital-recall", _APPOINTMENT))
                t_s += 40.0 + rng.expovariate(1.0 / 240.0)
        yield found


def _announcement(office: Office, rng: Random, t_s: float, calling: str, family: str, gap_s: float, message_s: float) -> list[PlannedCall]:
    patience_s = rng.choice((20.0, 25.0, 30.0, 40.0))
    return [
        machine_call(office, rng, t_s + gap_s * line * rng.uniform(0.999, 1.001), line, calling, family, patience_s, message_s)
        for line in range(office.trunk.lines)
    ]


def school_alerts(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """School is out today: a machine tells every line in order, at its own pace, from one number."""
    calling = numbers.landline(rng, office.trunk.area_code, 1.0)
    days = occasions(rng, len(office.traffic), 2.0)
    gap_s = rng.uniform(3.0, 20.0)
    for day in range(len(office.traffic)):
        t_s = day * DAY_S + rng.choice((6.5, 7.0, 12.0, 16.0, 18.0)) * 3600.0 + rng.uniform(0.0, 1800.0)
        message_s = rng.uniform(15.0, 45.0)
        yield _announcement(office, rng, t_s, calling, "school-alert", gap_s, message_s) if day in days else []


def flood_alerts(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """High water: for a day or three, at any hour, a city's number warns every line in order, wave after wave."""
    calling = rng.choice(("12345", "12379", numbers.landline(rng, office.trunk.area_code, 1.0)))
    spells = [(first, first + rng.randrange(1, 4)) for first in occasions(rng, len(office.traffic), 1.0)]
    gap_s = rng.uniform(1.0, 8.0)
    for day in range(len(office.traffic)):
        found = []
        if any(first <= day < end for first, end in spells):
            t_s = day * DAY_S + rng.uniform(0.0, 18.0) * 3600.0
            for _ in range(rng.randrange(1, 4)):
                found += _announcement(office, rng, t_s, calling, "flood-alert", gap_s, 25.0)
                t_s += 10.0 * office.trunk.lines + rng.uniform(1.0, 3.0) * 3600.0
        yield found


def one_time_passwords(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """A machine reads out a code, somebody who did not catch it asks again within a minute or two; a service's number or a landline's."""
    head = numbers.landline(rng, office.trunk.area_code, 0.3)[:-1]
    voices = [numbers.service(rng), *(head + str(digit) for digit in rng.sample(range(10), rng.choice((1, 2, 4))))]
    rate = rng.uniform(0.05, 0.3) * office.trunk.lines + 0.2
    for day, busy in enumerate(office.traffic):
        found = []
        for first_s in arrivals(rng, day, rate * max(busy, 0.3), HOME):
            t_s, line, message_s = first_s, any_line(office, rng), rng.uniform(12.0, 25.0)
            for _ in range(rng.choice((1, 1, 1, 2, 3))):
                found.append(machine_call(office, rng, t_s, line, rng.choice(voices), "one-time-password", 30.0, message_s))
                t_s += rng.uniform(60.0, 150.0)
        yield found


def banks(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """The trunk's banks: their service numbers, and the branch's landlines for the lines that are its customers."""
    head = numbers.landline(rng, office.trunk.area_code, 1.0)[:-2]
    branch = [head + str(number).zfill(2) for number in rng.sample(range(100), rng.randrange(2, 6))]
    hotlines = rng.sample(("95588", "95533", "95599", "95566", "95555", "95559"), 2)
    customers = [any_line(office, rng) for _ in range(1 + office.trunk.lines // 2)]
    rate = rng.uniform(0.08, 0.3) * office.trunk.lines + 0.3
    for day, busy in enumerate(office.traffic):
        found = []
        for t_s in arrivals(rng, day, rate * busy, OFFICE):
            calling, line = (
                (rng.choice(hotlines), any_line(office, rng)) if rng.random() < 0.4 else (rng.choice(branch), rng.choice(customers))
            )
            found.append(call(office, rng, t_s, line, calling, "bank", AGENTS_TALK))
        yield found


def service_desks(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """A service desk that was asked to call back: a few neighbouring numbers, one to four calls over days for each case."""
    head = numbers.landline(rng, office.trunk.area_code, 0.5)[:-2]
    desk = [head + str(number).zfill(2) for number in rng.sample(range(100), rng.randrange(1, 7))]
    rate = rng.uniform(0.05, 0.2) * office.trunk.lines + 0.2
    for day, busy in enumerate(office.traffic):
        found = []
        for first_s in arrivals(rng, day, rate * busy, OFFICE):
            t_s, line = first_s, any_line(office, rng)
            for _ in range(rng.choice((1, 1, 2, 3, 4))):
                found.append(call(office, rng, t_s, line, rng.choice(desk), "service-desk", AGENTS_TALK))
                t_s = one_of(rng, int(t_s // DAY_S) + rng.choice((1, 1, 2, 3)), OFFICE)
        yield found


def pollsters(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """A poll in the field for days: few numbers, many lines, by day, once each; who was missed is tried again another day."""
    field = [(first, first + rng.randrange(3, 11)) for first in occasions(rng, len(office.traffic), 1.5)]
    head = mobile(office, rng, 0.1)[:-2] if rng.random() < 0.4 else numbers.landline(rng, office.trunk.area_code, 0.6)[:-2]
    desk = [head + str(number).zfill(2) for number in rng.sample(range(100), rng.randrange(1, 7))]
    asked_share = rng.uniform(0.3, 0.8)
    wanted: list[int] = []
    for day in range(len(office.traffic)):
        found = []
        for first, end in field:
            if day == first:
                wanted = rng.sample(range(office.trunk.lines), max(1, round(asked_share * office.trunk.lines)))
            if first <= day < end and not is_weekend(day):
                today = wanted[: max(1, len(wanted) // 2)]
                for line in today:
                    talk = _QUESTIONS if rng.random() < 0.2 else _NO_THANKS
                    found.append(call(office, rng, one_of(rng, day, DAYTIME), line, rng.choice(desk), "pollster", talk))
                missed = [one.line for one in found if one.answer_s is None or one.answer_s >= one.patience_s]
                wanted = wanted[len(today) :] + [line for line in missed if line in today]
        yield found
