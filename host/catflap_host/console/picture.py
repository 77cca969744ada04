"""Numbers that act as one, as a page shows them: raster, growth, a table of the numbers, and figures that a person can check."""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from catflap_host.api.masking import mask
from catflap_host.language.catalogue import Language
from catflap_host.portrait import growth, raster
from catflap_host.portrait.conduct import Conduct, conduct_of
from catflap_host.portrait.numbers import Portrayed
from catflap_host.portrait.sightings import Fate, Route, Sighting, Window, cells, last_call_ms, reasons, routes, sightings
from catflap_host.store.database import Database

DAY_MS = 86_400_000
DAYS = (1, 7, 30)
USUAL_DAYS = 7
MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number in the table under the raster, masked."""

    name: str
    pseudonym: str
    first_ms: int
    last_ms: int
    calls: int
    answered: int
    blocked: int
    lines: int


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn of a window; `hidden` numbers came after the first MOST_ROWS, `is_cut` where
    there were more calls, which are older."""

    window: Window
    raster: Markup
    growth: Markup
    rows: list[NumberRow]
    hidden: int
    is_cut: bool
    conduct: Conduct
    reasons: list[tuple[str, int]]
    signs: dict[str, Markup]


def window_of(database: Database, numbers: Sequence[Portrayed], days: int) -> Window:
    """So many days up to the numbers' last call, or up to now where they have none."""
    until_ms = last_call_ms(database, numbers) or time.time_ns() // 1_000_000
    return Window(until_ms + 1 - days * DAY_MS, until_ms + 1)


def picture(database: Database, numbers: Sequence[Portrayed], firsts_ms: Sequence[int], days: int, language: Language) -> Picture:
    """The picture of numbers over their last days; `firsts_ms` are the moments at which they came, 0 where that is not known."""
    window = window_of(database, numbers, days)
    seen_calls = sightings(database, numbers, window)
    found = seen_calls.calls
    seen_first: dict[int, int] = {}
    for seen in found:
        seen_first.setdefault(seen.number, seen.at_ms)
    known_ms = [first_ms or seen_first.get(place, 0) for place, first_ms in enumerate(firsts_ms)]
    order = sorted(range(len(numbers)), key=lambda place: (known_ms[place] or window.until_ms, place))
    shown = order[:MOST_ROWS]
    row_of = {place: row for row, place in enumerate(shown)}
    step_ms = raster.step_of(window)
    counted, called = cells(found, window, step_ms), routes(found)
    drawn = Counter({(row_of[place], column, fate): count for (place, column, fate), count in counted.items() if place in row_of})
    names = [mask(number.number) or number.pseudonym for number in numbers]
    return Picture(
        window,
        raster.drawn(
            [names[place] for place in shown],
            drawn,
            window,
            language.gettext("Calls of each number over time; the table below tells the same"),
        ),
        growth.drawn(
            [ms for ms in known_ms if ms],
            growth.active(counted),
            window,
            step_ms,
            language.gettext("Numbers known by then, and numbers that called"),
        ),
        _rows(numbers, names, shown, known_ms, found, called),
        len(order) - len(shown),
        seen_calls.is_cut,
        conduct_of(called, found),
        reasons(found).most_common(),
        {fate.name.lower(): raster.sign(fate) for fate in Fate},
    )


def _rows(
    numbers: Sequence[Portrayed],
    names: Sequence[str],
    shown: Sequence[int],
    known_ms: Sequence[int],
    found: Sequence[Sighting],
    called: Counter[Route],
) -> list[NumberRow]:
    last_ms = {seen.number: seen.at_ms for seen in found}
    fates = Counter([(seen.number, seen.fate) for seen in found])
    lines = Counter([route.number for route in called])
    return [
        NumberRow(
            names[place],
            numbers[place].pseudonym,
            known_ms[place],
            last_ms.get(place, 0),
            sum(fates[place, fate.value] for fate in Fate),
            fates[place, Fate.ANSWERED.value],
            fates[place, Fate.BLOCKED.value],
            lines[place],
        )
        for place in shown
    ]
