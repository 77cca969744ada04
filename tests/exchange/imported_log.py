"""The calls of an imported callattendant log as a plan that the exchange can play, its idle hours shortened."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

from catflap_models.plan import PlannedCall
from tests.exchange.analogue import USR
from tests.exchange.line import COUNTRIES, HEARD_S
from tests.exchange.trunk import Trunk, TrunkLine

CALL_GAP_S = 7.0
"""More silence than between two rings of one call."""


def trunk_of(folder: Path) -> Trunk:
    """The recording's trunk, a USR modem on its one line."""
    tree = json.loads((folder / "trunk.json").read_text(encoding="utf-8"))
    return Trunk(tree["id"], tree["country"], tree["area_code"], tree["start"], (TrunkLine(tree["lines"][0]["id"], USR),))


def planned_calls(folder: Path, idle_s: float = 30.0) -> list[PlannedCall]:
    """The recording's calls in order, no more than `idle_s` between the end of one and the next; `family` is the action in outcomes.csv.

    They have no label, since nobody knows what they really were. Shortened hours make calls look hurried: verdicts are to be
    judged by a replay of the recording, at its own times.
    """
    with (folder / "outcomes.csv").open(newline="", encoding="utf-8") as file:
        actions = [row["action"] for row in csv.DictReader(file)]
    ringing = COUNTRIES["US"]
    plan: list[PlannedCall] = []
    next_s = 0.0
    previous_end_s = 0.0
    for (start_s, rings, text), action in zip(_calls(folder), actions, strict=True):
        patience_s = (rings - 1) * ringing.period_s + ringing.burst_end_s + ringing.caller_id_s + HEARD_S
        next_s += min(start_s - previous_end_s, idle_s)
        number, name = _shown(text, "NMBR"), _shown(text, "NAME")
        presentation = {"O": "unavailable", "P": "withheld"}.get(number, "shown")
        calling = number if presentation == "shown" else ""
        plan.append(PlannedCall(next_s, 0, calling, presentation, name, patience_s, None, 0.0, "", action, ""))
        next_s += patience_s
        previous_end_s = start_s + patience_s
    return plan


def _calls(folder: Path) -> Iterator[tuple[float, int, str]]:
    """When each call's first RING came, how many there were, and the text between them."""
    first_s, last_s, rings, text = -1.0, -1.0, 0, ""
    for row in (folder / "L01.cast").read_text(encoding="ascii").splitlines()[1:]:
        t_s, _, piece = json.loads(row)
        if rings and t_s - last_s > CALL_GAP_S:
            yield first_s, rings, text
            rings, text = 0, ""
        if "RING" in piece:
            first_s, rings = (t_s if rings == 0 else first_s), rings + 1
        last_s = t_s
        text += piece
    yield first_s, rings, text


def _shown(text: str, field: str) -> str:
    found = re.search(rf"^{field} = (.*)\r$", text, re.MULTILINE)
    return found[1].encode("latin-1").decode() if found else ""
