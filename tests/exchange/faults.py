"""What goes wrong with a modem and its cable, each fault a setting; no fault is the default."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Faults:
    """Times in seconds of the day, chances from 0 to 1."""

    answers_late_s: float = 0.0
    """Every reply to a command comes this much later."""
    acts_late_s: float = 0.0
    """Every command that takes the line, leaves it or rejects a call does so this much later."""
    busy_after_report_s: float = 0.0
    """Characters that arrive this soon after a ring or caller ID was written are dropped, unread and without an echo."""
    ignores_first_action: bool = False
    """The first command of each call that would take or reject it is neither obeyed nor answered."""
    disobeys: bool = False
    """Commands that would take or reject a call are answered OK and not obeyed."""
    caller_id_lost: float = 0.0
    """Chance that a call shows no caller ID at all."""
    split_bytes: bool = False
    """Every byte is written by itself, a character time apart."""
    bytes_lost: float = 0.0
    """Chance that a byte to the probe is lost."""
    garbage: float = 0.0
    """Chance that random bytes come before a piece of text."""
    chatter: float = 0.0
    """Chance that a line about something else comes before a report of a call."""


NO_FAULTS = Faults()


def garble(text: bytes, end: int, faults: Faults, rng: random.Random) -> list[tuple[bytes, bool]]:
    """The pieces that reach the wire, each with whether it completes the first `end` bytes of the text."""
    if not (faults.split_bytes or faults.bytes_lost or faults.garbage):
        return [(text, end > 0)]
    pieces: list[tuple[bytes, bool]] = []
    if rng.random() < faults.garbage:
        pieces += [(bytes([rng.randrange(256)]), False) for _ in range(rng.randrange(1, 7))]
    for index in range(len(text)):
        kept = rng.random() >= faults.bytes_lost
        pieces.append((text[index : index + 1] if kept else b"", index == end - 1))
    if faults.split_bytes:
        return pieces
    return [(b"".join(piece for piece, _ in pieces), end > 0)]
