"""The registers in a probe's policy: who may present what, who never calls, and whose calls a person refuses."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catflap_host.correlate.service import Correlation
from catflap_host.policy import kept
from catflap_host.policy.compiling import compile_policy, no_pools
from catflap_host.policy.document import parse
from catflap_host.policy.registered import Registered, trunks
from catflap_host.policy.releasing import REFRESH_S, Releasing
from catflap_host.registers.entries import Author, Draft, add, refuse
from catflap_host.registers.fields import numbers_plan
from catflap_host.registers.kinds import Register, read_fields
from catflap_host.store.database import Database, open_database
from catflap_probe.actions import LineActions
from catflap_probe.call import ALLOW, BLOCK, LABEL, LEGIT, Call
from catflap_probe.exemptions import Exemptions
from catflap_probe.policy import Policy, decide
from catflap_probe.rules.compiled import read
from catflap_probe.verdict.judge import Finding
from catflap_probe.verdict.numbering import check
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.trunk_plan import TrunkPlan
from tests.databases import KINDS, opened

PLAN = TrunkPlan("CN", "010", "subscriber")
NOW_MS = int(datetime.now(UTC).timestamp() * 1000)
LONG_AGO_MS = NOW_MS - 90 * 86_400_000
BY = Author("li.wei", "list of March")
PERSON = "+8613911112222"
BANK, SCHOOL, HOTLINE = "01062340001", "01062350001", "4008123456"
RULES = {"refusals": "block", "ranges": "label", "inbound": "block"}


def enter(database: Database, register: Register, times_ms: tuple[int, int] = (LONG_AGO_MS, 0), /, **cells: str) -> None:
    """An entry, read as from a file."""
    fields, faults = read_fields(register, cells, numbers_plan("CN"))
    assert not faults
    add(database, register, [Draft(fields, *times_ms)], BY)


def contract(database: Database, name: str, direction: str, industry: str, ranges: str, lines: str = "") -> None:
    """A customer's trunk and its numbers."""
    told = {"contract": name, "customer": f"Customer {name}", "access_party": "Access", "probe": "demo-a", "trunk": "in-1"}
    enter(database, Register.CONTRACT, direction=direction, industry=industry, lines=lines, **told)
    enter(database, Register.RANGE, range=ranges, contract=name)


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with opened(request, tmp_path / "data") as found:
        contract(found, "bank", "in", "loans", "010 62340000-010 62349999")
        contract(found, "school", "in", "education", "01062350001", lines="L01")
        enter(found, Register.RESOURCE, range=HOTLINE, holder="Hotline", uses="inbound")
        enter(found, Register.RESOURCE, range="95*", holder="Seller", uses="service commercial")
        yield found


def compiled(database: Database, folder: Path, rules: Mapping[str, str] = RULES) -> Policy:
    """The policy that a probe has of the registers as they are now."""
    document = parse(f'{{"catflap_policy": 1, "registers": {str(dict(rules)).replace(chr(39), chr(34))}}}')
    more = Registered().entries(database, document)
    made = compile_policy(document, "1", no_pools, more, datetime.now(UTC), trunks=trunks(database, document))
    path = folder / "policy"
    path.write_bytes(made.with_serial(1))
    return read(str(path), "CN")


def done_to(
    policy: Policy, calling: str, trunk: str = "other", called: str = "", own: str = "", line: str = "L02"
) -> tuple[int, list[str]]:
    call, finding = Call(0, 1, 0), Finding()
    call.calling, call.called = calling, called
    call.numbering = check(calling, PLAN, OwnNumbers([], PLAN))
    finding.action, finding.label, finding.score, finding.reasons = ALLOW, LEGIT, 0, []
    actions = LineActions(line, "3gpp", "generic", trunk, own)
    return decide(policy, Exemptions(), call, call.numbering.key, finding, 600_000_000, actions), finding.reasons


def test_a_trunk_under_contract_presents_its_own_numbers_alone(database: Database, tmp_path: Path) -> None:
    policy = compiled(database, tmp_path, {"ranges": "label"})
    outside = (LABEL, ["policy.outside-range"])
    assert [done_to(policy, calling, "in-1") for calling in (BANK, "+86" + BANK[1:], SCHOOL, "")] == [(ALLOW, [])] * 4
    assert [done_to(policy, calling, "in-1") for calling in ("01062360001", "13812345678", HOTLINE)] == [outside] * 3
    assert done_to(policy, "13812345678") == (ALLOW, []), "another trunk"


def test_a_contract_may_be_of_some_lines_alone(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "data")) as database:
        contract(database, "school", "in", "education", "0106235*", lines="L01")
        contract(database, "caller", "out", "education", "01062360001", lines="L02")
        policy = compiled(database, tmp_path)
    assert [done_to(policy, "13812345678", "in-1", line=line)[0] for line in ("L01", "L02")] == [LABEL, ALLOW]
    shown = ("01062359999", "62350000", "01062360001", "62360001")
    assert [done_to(policy, calling, "in-1", line="L01")[0] for calling in shown] == [ALLOW, ALLOW, LABEL, LABEL]


def test_a_number_to_be_called_alone_calls_nobody(database: Database, tmp_path: Path) -> None:
    policy = compiled(database, tmp_path)
    assert [done_to(policy, number) for number in (HOTLINE, "+86" + HOTLINE)] == [(BLOCK, ["policy.inbound-only"])] * 2
    assert done_to(policy, "95588") == (ALLOW, [])
    assert done_to(compiled(database, tmp_path, {"ranges": "block"}), HOTLINE) == (ALLOW, [])


def refused(database: Database, folder: Path) -> list[str]:
    """Which of the callers are stopped on their way to the person."""
    policy = compiled(database, folder)
    callers = {"bank": BANK, "school": SCHOOL, "seller": "95588", "friend": "13812345678"}
    return [name for name, number in callers.items() if done_to(policy, number, called=PERSON) == (BLOCK, ["policy.refused"])]


def test_a_refusal_stops_the_callers_that_it_is_about(database: Database, tmp_path: Path) -> None:
    assert refused(database, tmp_path) == [], "silence stops nobody here"
    refuse(database, PERSON, "Customer bank", "", LONG_AGO_MS, BY)
    assert refused(database, tmp_path) == ["bank"]
    enter(database, Register.WISH, number=PERSON, industry="education", wish="refuse")
    assert refused(database, tmp_path) == ["bank", "school"]
    refuse(database, PERSON, "", "", LONG_AGO_MS, BY)
    assert refused(database, tmp_path) == ["bank", "school", "seller"]
    consent = {"number": PERSON, "holder": "Customer bank", "industry": "loans", "evidence": "contract 7"}
    enter(database, Register.CONSENT, (LONG_AGO_MS + 1, NOW_MS + 86_400_000), **consent)
    assert refused(database, tmp_path) == ["school", "seller"], "the newest word counts"


def test_whom_a_line_calls_is_known_by_the_call_or_by_its_only_number(database: Database, tmp_path: Path) -> None:
    refuse(database, PERSON, "", "", LONG_AGO_MS, BY)
    policy = compiled(database, tmp_path)
    assert [done_to(policy, BANK, called=called)[0] for called in (PERSON, PERSON[3:], "13900000000", "")] == [BLOCK, BLOCK, ALLOW, ALLOW]
    assert [done_to(policy, BANK, called=called, own=PERSON[3:])[0] for called in ("", "13900000000")] == [BLOCK, ALLOW]


def test_of_more_classes_than_fit_those_count_that_most_people_refuse(tmp_path: Path) -> None:
    with closing(open_database(tmp_path / "data")) as database:
        for place in range(6):
            contract(database, f"c{place}", "out", "loans", f"0106230{place}000")
            for person in range(place + 1):
                refuse(database, f"+861391111{person:04d}", f"Customer c{place}", "", LONG_AGO_MS, BY)
        policy = compiled(database, tmp_path)
    stopped = [done_to(policy, f"0106230{place}000", called="13911110000")[0] for place in range(6)]
    assert stopped == [ALLOW, ALLOW, BLOCK, BLOCK, BLOCK, BLOCK]
    assert [done_to(policy, "01062305000", called=f"1391111{person:04d}")[0] for person in (5, 6)] == [BLOCK, ALLOW]


def test_a_policy_is_compiled_anew_when_a_register_that_it_asks_for_changes(database: Database) -> None:
    releasing = Releasing(database, Correlation())
    text = '{"catflap_policy": 1, "registers": {"refusals": "block"}}'
    kept.publish(database, kept.draft(database, text, "li.wei", ""), "li.wei")
    assert releasing.step(0.0)
    assert not releasing.step(REFRESH_S)
    refuse(database, PERSON, "", "", LONG_AGO_MS, BY)
    assert releasing.step(2 * REFRESH_S)
    kept.publish(database, kept.draft(database, '{"catflap_policy": 1}', "li.wei", ""), "li.wei")
    assert releasing.step(3 * REFRESH_S)
    refuse(database, "+8613911113333", "", "", LONG_AGO_MS, BY)
    assert not releasing.step(4 * REFRESH_S), "it asks for none"
