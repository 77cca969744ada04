"""Judges numbers for the tests of the numbering check, on a trunk in Beijing unless told otherwise."""

from catflap_probe.verdict.numbering import check
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.plausibility import VERDICTS, Numbering
from catflap_probe.verdict.trunk_plan import TrunkPlan

SPACES = {ord(space): None for space in " -()"}
"""What people write between digits and no line shows."""


def judge(calling: str, country: str = "CN", area_code: str = "010", role: str = "subscriber", own: "list[str] | None" = None) -> Numbering:
    """What the check finds about an incoming call's number, written with spaces for the reader."""
    plan = TrunkPlan(country, area_code, role)
    return check(calling.translate(SPACES), plan, OwnNumbers(own or [], plan))


def verdict(calling: str, country: str = "CN", area_code: str = "010", role: str = "subscriber") -> tuple[str, str]:
    """Verdict and reason in words."""
    found = judge(calling, country, area_code, role)
    return VERDICTS[found.verdict], found.reason
