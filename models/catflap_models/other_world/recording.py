"""Draws a whole other world and writes it as the recording of one trunk (contract: recorded signalling, version 1)."""

import json
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

from .agenda import run
from .analogue import AnalogueModem
from .cellular import CellularModem
from .chance import chance
from .digits import CITIES, Book
from .errands import errands
from .exchange import CalledLine, Exchange
from .modems import Modem
from .nuisances import nuisances
from .organisations import hire, rounds
from .people import callers_out, circle
from .setting import Setting
from .sim_boxes import sim_boxes
from .steps import DAY_S
from .tape import Tape

FIRST_START = datetime.fromisoformat("2025-09-01T00:00:00+08:00")


def write_other_recording(seed: int, lines: int, days: int, folder: Path) -> int:
    """Writes a trunk of `lines` lines over `days` days into `folder`, the first third quiet; returns the number of labelled calls.

    The same arguments give the same bytes. Raises ValueError where there would be no line or no day, OSError where nothing can be written.
    """
    if lines < 1 or days < 1:
        raise ValueError("a recording has a line and a day at least")
    rng = chance(f"other world/{seed}/trunk")
    start = FIRST_START + timedelta(days=rng.randrange(120))
    area_code = rng.choice(("010", *CITIES[:8]))
    book = Book(chance(f"other world/{seed}/numbers"), area_code)
    setting = Setting(seed, lines, days, -(-days // 3), start.weekday(), book)
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as files:

        def create(name: str) -> TextIO:
            return files.enter_context((folder / name).open("w", encoding="ascii", newline="\n"))

        called = _lines(setting, start, area_code, create)
        (folder / "trunk.json").write_text(_trunk(setting, start, area_code, called), encoding="ascii", newline="\n")
        exchange = Exchange(called, start, setting.stream("exchange"), create("labels.csv"))
        processes = [
            *circle(setting),
            *(callers_out(setting, line) for line in range(lines)),
            *errands(setting, hire(setting)),
            *rounds(setting),
            *sim_boxes(setting),
            *nuisances(setting, [line.own for line in called]),
        ]
        run(processes, exchange.put_through, days * DAY_S)
    return exchange.count


def _lines(setting: Setting, start: datetime, area_code: str, create: Callable[[str], TextIO]) -> list[CalledLine]:
    """The trunk's lines: of one kind, or mixed."""
    rng = setting.stream("lines")
    cellular_part = rng.choice((0.0, 0.3, 0.6, 1.0))
    shown_area = area_code if rng.random() < 0.5 else ""
    is_number_first = rng.random() < 0.25
    has_plus = rng.random() < 0.2
    is_home = rng.random() < 0.25
    torn_part = rng.choice((0.0, 0.03, 0.15))
    numbers = setting.book.range_of(setting.lines)
    lines = []
    for place in range(setting.lines):
        name = f"T{place + 1:02d}"
        is_cellular = rng.random() < cellular_part
        modem: Modem = CellularModem(rng, has_plus) if is_cellular else AnalogueModem(rng, shown_area, is_number_first)
        own = setting.book.mobile() if is_cellular or place >= len(numbers) else numbers[place]
        tape = Tape(create(f"{name}.cast"), int(start.timestamp()), chance(f"other world/{setting.seed}/tape {place}"), torn_part)
        modem.set_up(tape)
        hours = (6.5, 22.5) if is_home else (8.2, 18.3)
        lines.append(CalledLine(name, own, modem, tape, rng.betavariate(5.0, 2.0), *hours))
    return lines


def _trunk(setting: Setting, start: datetime, area_code: str, lines: list[CalledLine]) -> str:
    """The text of trunk.json."""
    entries = [
        {
            "id": line.id,
            "file": f"{line.id}.cast",
            "dialect": line.modem.dialect,
            "profile": line.modem.profile,
            "channels": 1,
            "numbers": [line.own],
        }
        for line in lines
    ]
    tree = {
        "catflap_trunk": 1,
        "id": f"other-{setting.seed}-{setting.lines}x{setting.days}",
        "start": start.isoformat(),
        "country": "CN",
        "area_code": area_code,
        "role": "subscriber",
        "title": "another simulated world",
        "lines": entries,
    }
    return json.dumps(tree, indent=1) + "\n"
