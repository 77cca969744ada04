"""The numbering check on anything at all: it never raises, and both runtimes find the same."""

import re
import subprocess
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catflap_host import micropython
from catflap_models import numbers
from catflap_probe.verdict import numbering
from catflap_probe.verdict.kinds import KINDS
from catflap_probe.verdict.numbering import check, check_dialled, check_presented, describe
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.plausibility import IMPOSSIBLE, NOT_SHOWN, PLAUSIBLE
from catflap_probe.verdict.trunk_plan import ROLES, TrunkPlan
from tests.unit.drawn_numbers import drawn
from tests.unit.numbering_on_board import line_of

TRUNKS = [
    ("CN", "010"),
    ("CN", "0755"),
    ("CN", ""),
    ("US", "805"),
    ("GB", "020"),
    ("AR", ""),
    ("RU", "495"),
    ("BY", ""),
    ("", ""),
    ("XX", "1"),
]
OWN = ["01062345601", "8055551234"]

texts = (
    st.text()
    | st.text(st.characters(categories=["Cs", "Nd"]))
    | st.from_regex(r"\+?[0-9]{0,30}", fullmatch=True)
    | st.from_regex(r"(00|\+|0|\+86|0086|17951)?(1[0-9]{2,12}|0[1-9][0-9]{2,11}|9[56][0-9]{3,8}|[48]00[0-9]{7})", fullmatch=True)
)
trunks = st.sampled_from(TRUNKS)


@given(texts, trunks, st.sampled_from(ROLES))
def test_any_string_is_judged(number: str, trunk: tuple[str, str], role: str) -> None:
    plan = TrunkPlan(*trunk, role)
    own = OwnNumbers(OWN, plan)
    for found in (check(number, plan, own), check_dialled(number, plan), check_presented(number, plan, own)):
        assert PLAUSIBLE <= found.verdict <= NOT_SHOWN
        assert (found.verdict == NOT_SHOWN) == (number == "")
        assert (found.reason == "") == (found.verdict in (PLAUSIBLE, NOT_SHOWN))
        assert 0 <= found.kind < len(KINDS)
        assert (found.key == "") == (number == "")
        assert not found.is_mobile() or not found.is_foreign
        holder, place = describe(found)
        assert holder.isprintable()
        assert place.isprintable()


@given(texts, st.sampled_from(["010", "0755", ""]))
def test_a_key_is_a_form_of_its_number(number: str, area_code: str) -> None:
    plan = TrunkPlan("CN", area_code, "subscriber")
    found = check(number, plan, OwnNumbers([], plan))
    again = check(found.key, plan, OwnNumbers([], plan))
    if found.verdict == PLAUSIBLE:
        assert (again.verdict, again.key, again.kind, again.country) == (PLAUSIBLE, found.key, found.kind, found.country)


@given(texts)
def test_outside_the_american_plan_and_china_nothing_but_the_own_number_is_impossible(number: str) -> None:
    for trunk in (("GB", "020"), ("AR", ""), ("RU", "495"), ("", "")):
        plan = TrunkPlan(*trunk, "subscriber")
        assert check(number, plan, OwnNumbers([], plan)).verdict != IMPOSSIBLE


def test_the_protocol_explains_every_reason_code_and_no_other() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(numbering.__file__).parent.glob("*.py")]
    given = {code for source in sources for code in re.findall(r'"((?:cn|nanp|number)\.[a-z0-9-]+)"', source)}
    protocol = (Path(numbering.__file__).parents[2] / "PROTOCOL.md").read_text(encoding="utf-8")
    explained = re.findall(r"^\| `((?:cn|nanp|number)\.[a-z0-9-]+)` \|", protocol, re.MULTILINE)
    assert len(explained) == len(set(explained)) > 30
    assert set(explained) == given


@pytest.mark.skipif(micropython.find() is None, reason="no MicroPython for this machine")
def test_both_runtimes_find_the_same(tmp_path: Path) -> None:
    rng = Random(8)
    rows = [(*trunk, rng.choice(ROLES), number) for trunk in TRUNKS for number in _numbers(rng)]
    assert len(rows) > 5000
    (tmp_path / "numbers").write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    script = str(Path(__file__).with_name("numbering_on_board.py"))
    words = [str(micropython.find()), "-X", "heapsize=16m", script, str(tmp_path / "numbers")]
    output = subprocess.run(words, env=micropython.environment(), check=True, timeout=120, stdout=subprocess.PIPE).stdout
    there = output.decode().splitlines()
    here = []
    for country, area_code, role, number in rows:
        plan = TrunkPlan(country, area_code, role)
        here += [line_of(check(number, plan, OwnNumbers(OWN, plan))), line_of(check_dialled(number, plan))]
    assert there == here


def _numbers(rng: Random) -> list[str]:
    """Some of every sort, true, false and odd."""
    found = [
        maker(rng) for maker in (numbers.mobile, numbers.service, numbers.dialler, numbers.abroad, numbers.impossible) for _ in range(40)
    ]
    found += [numbers.landline(rng, "010", 0.3) for _ in range(40)]
    found += [f"+{code}{number}" for _, code, number in drawn(1, rng)]
    found += [rng.choice(("", "+", "00", "0", "+86")) + numbers.digits(rng, rng.randrange(1, 18)) for _ in range(150)]
    return [*found, "62345602", "5551235", "0000000000", "x", "12*34", "\u0665\u0666", "é", ""]
