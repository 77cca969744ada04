"""Transcripts of modems as people post them, made into a recording, one a line of the trunk; and what was heard of their calls.

A transcript is text, a line each:

    1.5 RING            the modem writes RING at second 1.5, between carriage return and line feed
    2.0 > ATA           ATA was sent to it
    9.0 ! unplugged     something else happened
"""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from catflap_probe.call import ALLOW, DIRECTIONS, LEGIT, PRESENTATIONS, Call, Decision
from catflap_probe.desk import Desk
from catflap_probe.line import Line
from catflap_probe.lines import Lines

START = "2026-03-02T00:00:00+08:00"
HEADER = {"version": 2, "width": 80, "height": 24, "timestamp": 1772380800}

JOIN_MS = 1000
"""A call is told no further from its place in the transcript than this."""

Event = tuple[float, str, str]


@dataclass(frozen=True, slots=True)
class Read:
    """A call as a person reads it in a transcript. `t_s`: its first sign; `talked`: it was answered; `cause`: Q.850, where told."""

    t_s: float
    calling: str = ""
    presentation: str = "shown"
    talked: bool = False
    direction: str = "in"
    called: str = ""
    name: str = ""
    cause: str = ""


def out(t_s: float, called: str = "", talked: bool = False, cause: str = "") -> Read:
    """A call that the trunk's side dialled."""
    return Read(t_s, "", "unavailable", talked, "out", called, "", cause)


def events_of(transcript: str) -> list[Event]:
    """The recording's events, (second, code, text)."""
    events: list[Event] = []
    for line in transcript.strip().splitlines():
        second, _, text = line.strip().partition(" ")
        code = {">": "i", "!": "m"}.get(text[:1], "o")
        if code == "o":
            events.append((float(second), code, f"\r\n{text}\r\n"))
        else:
            text = text[1:].strip()
            events.append((float(second), code, text + "\r" if code == "i" else text))
    return events


def record(transcripts: Mapping[str, list[Event]], dialect: str, folder: Path) -> Path:
    """Writes a recording whose lines are the transcripts; returns its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [{"id": name, "file": f"{name}.cast", "dialect": dialect, "profile": "generic"} for name in transcripts]
    tree = {"catflap_trunk": 1, "id": folder.name, "start": START, "country": "CN", "area_code": "010", "lines": lines}
    (folder / "trunk.json").write_text(json.dumps(tree))
    for name, events in transcripts.items():
        rows = [HEADER, *[list(event) for event in events]]
        (folder / f"{name}.cast").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


class Diary(Desk):
    """Lets every call ring and keeps it."""

    def __init__(self) -> None:
        self.calls: list[Call] = []

    def decide(self, call: Call, now_ms: int) -> None:
        call.decision = Decision(LEGIT, 0, ALLOW, [], now_ms)

    def ended(self, call: Call, now_ms: int, released: bool) -> None:
        self.calls.append(call)


def calls_of(events: list[Event], dialect: str) -> list[Call]:
    """The calls that the probe makes of a transcript, in the order in which they began."""
    diary = Diary()
    lines = Lines()
    line = Line(0, diary)
    lines.add(line, dialect, line)
    now_ms = 0
    for second, code, text in events:
        now_ms = round(second * 1000)
        if code == "o":
            lines.feed(0, now_ms, text.encode("latin-1"))
        elif code == "i":
            lines.sent(0, now_ms, text.encode("latin-1"))
        else:
            lines.unplugged(0, now_ms)
    lines.finish(now_ms)
    return sorted(diary.calls, key=lambda call: call.number)


def heard(events: list[Event], dialect: str) -> list[Read]:
    """The same, as a person reads them."""
    return [
        Read(
            call.t_ms / 1000,
            call.calling,
            PRESENTATIONS[call.presentation],
            call.answered_ms >= 0,
            DIRECTIONS[call.direction],
            call.called,
            call.name,
            call.cause,
        )
        for call in calls_of(events, dialect)
    ]


def damaged(events: list[Event], bytes_lost: float, garbage: float, rng: random.Random) -> list[Event]:
    """A transcript on a bad wire: each byte may be lost, and each text may have up to six random bytes before it."""
    found: list[Event] = []
    for second, code, text in events:
        if code != "o":
            found.append((second, code, text))
            continue
        if rng.random() < garbage:
            found.append((second, code, "".join(chr(rng.randrange(256)) for _ in range(rng.randrange(1, 7)))))
        found.append((second, code, "".join(byte for byte in text if rng.random() >= bytes_lost)))
    return found


def unexplained(events: list[Event], of: list[Event], dialect: str) -> list[str]:
    """The calls heard in a transcript that no call of `of` explains: none was there at that moment, or it was told already."""
    true = [(call.t_ms, call.ended_ms) for call in calls_of(of, dialect)]
    found: list[str] = []
    for call in sorted(calls_of(events, dialect), key=lambda call: call.t_ms):
        behind = [span for span in true if span[0] - JOIN_MS <= call.t_ms <= span[1] + JOIN_MS]
        if behind:
            true.remove(behind[0])
        else:
            found.append(f"{call.calling or call.called or DIRECTIONS[call.direction]} at {call.t_ms / 1000} s")
    return found
