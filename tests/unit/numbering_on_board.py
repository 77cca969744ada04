"""Runs on MicroPython: `numbering_on_board.py FILE` judges a number a line (country, area code, role, number; tabs) and prints it all."""

# ruff: noqa: PTH123, UP031 - MicroPython has no pathlib
import sys

from catflap_probe.verdict.numbering import check, check_dialled, describe
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.plausibility import Numbering
from catflap_probe.verdict.trunk_plan import TrunkPlan


def line_of(found: Numbering) -> str:
    """One line that says all of a finding."""
    holder, place = describe(found)
    flags = "%d %d %d %d" % (found.verdict, found.kind, found.is_foreign, found.is_neighbour)
    return "|".join([flags, found.reason, found.key, found.country, holder, place])


if __name__ == "__main__":
    plans: "dict[str, tuple[TrunkPlan, OwnNumbers]]" = {}
    with open(sys.argv[1]) as file:
        for row in file:
            country, area_code, role, number = row[:-1].split("\t")
            name = country + area_code + role
            if name not in plans:
                plan = TrunkPlan(country, area_code, role)
                plans[name] = (plan, OwnNumbers(["01062345601", "8055551234"], plan))
            plan, own = plans[name]
            print(line_of(check(number, plan, own)))
            print(line_of(check_dialled(number, plan)))
