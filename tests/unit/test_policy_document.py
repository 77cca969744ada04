"""The policy as it is written: every fault is told with its place, and what has none is read whole."""

import json

import pytest

from catflap_host.policy.document import MAX_FAULTS, ActionRule, DocumentError, HoursRule, parse


def text(**fields: object) -> str:
    return json.dumps({"catflap_policy": 1, **fields})


def faults(**fields: object) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        parse(text(**fields))
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("content", ["", "{", "[]", '"x"', "{}", '{"catflap_policy": 2}', "[" * 100_000])
def test_what_is_no_policy_is_refused(content: str) -> None:
    with pytest.raises(DocumentError, match=r"not JSON|not a policy"):
        parse(content)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"alow": []}, "alow: there is no such key"),
        ({"shadow": 1}, "shadow: true or false"),
        ({"country": "cn"}, "country: two capital letters"),
        ({"time_zone": "Beijing"}, "time_zone: the name of a time zone"),
        ({"time_zone": "../etc/passwd"}, "time_zone: the name of a time zone"),
        ({"version": 3}, "version: a text"),
        ({"stop": "best"}, "stop: an object"),
        ({"stop": {"ringing": "challenge"}}, "stop.ringing: no line can challenge"),
        ({"stop": {"answered": "never"}}, "stop.answered: there is no such key"),
        ({"emergency": ["110", 119]}, "emergency[1]: a string of 1 to 15 digits"),
        ({"allow": {}}, "allow: a list"),
        ({"deny": ["138"]}, "deny[0]: an entry is an object"),
        ({"deny": [{"prefix": "1"}, {"note": "x"}]}, "deny[1]: exactly one of number, prefix, range"),
        ({"deny": [{"prefix": "1", "kind": "iot"}]}, "deny[0]: exactly one of"),
        ({"allow": [{"number": "1" * 16}]}, "allow[0].number: a string of 1 to 15 digits"),
        ({"allow": [{"number": "１２"}]}, "allow[0].number: a string"),
        ({"allow": [{"range": ["2", "1"]}]}, "allow[0].range: first and last"),
        ({"allow": [{"range": ["+1", "12"]}]}, "allow[0].range: first and last"),
        ({"allow": [{"kind": "mobil"}]}, "allow[0].kind: one of unknown, mobile"),
        ({"allow": [{"holder": "nobody"}]}, "allow[0].holder: no such holder"),
        ({"allow": [{"country": "CHN"}]}, "allow[0].country: two capital letters"),
        ({"allow": [{"pool": ""}]}, "allow[0].pool: the name of a pool"),
        ({"allow": [{"prefix": "+", "action": "challenge"}]}, "allow[0].action: no line can challenge"),
        ({"allow": [{"prefix": "+", "nte": "x"}]}, "allow[0].nte: there is no such key"),
        ({"hours": [{"workday": []}]}, "hours[0]: exactly one of label"),
        ({"hours": [{"label": "legit"}]}, "hours[0].label: one of simbank"),
        ({"hours": [{"label": "spoof", "workday": ["9:00-10:00"]}]}, "hours[0].workday[0]: a span"),
        ({"hours": [{"label": "spoof", "rest": ["22:00-06:00"]}]}, "hours[0].rest[0]: a span"),
        ({"hours": [{"label": "spoof", "action": "allow"}]}, "hours[0].action: one of label, block"),
        ({"holidays": {"rest": ["2026-10-01"]}}, "holidays: days off are kept in the register of holidays"),
        ({"actions": [{"label": "spoof"}]}, "actions[0].action: one of allow"),
        ({"actions": [{"label": "spoof", "score": 0.9, "action": "block"}]}, "actions[0].score: a whole number from 0 to 10000"),
        ({"budget": {"blocks": 0, "minutes": 60}}, "budget.blocks: a whole number from 1"),
        ({"budget": {"blocks": 5}}, "budget.minutes: a whole number"),
        ({"registers": {"refusals": "allow"}}, "registers.refusals: one of label, block"),
        ({"registers": {"wishes": "block"}}, "registers.wishes: there is no such key"),
        ({"mark": "*39"}, "mark: an object with code, sms"),
        ({"mark": {"code": "39"}}, "mark.code: a star and one to 7 digits"),
        ({"mark": {"sms": ["li.wei"]}}, "mark.sms[0]: a string of 1 to 15 digits"),
        ({"mark": {"sms": ["10086"] * 11}}, "mark.sms: at most 10"),
    ],
)
def test_a_fault_names_its_place(fields: dict[str, object], fault: str) -> None:
    assert any(found.startswith(fault) for found in faults(**fields)), faults(**fields)


def test_all_faults_are_told_at_once_but_not_without_end() -> None:
    assert [found.split(":")[0] for found in faults(shadow=1, deny=[{"number": "x"}], budget=1)] == ["shadow", "deny[0].number", "budget"]
    assert len(faults(deny=[1] * 1000)) == MAX_FAULTS + 1


def test_a_policy_is_read_whole() -> None:
    found = parse(
        text(
            version="2026-11",
            shadow=True,
            stop={"ringing": "reject"},
            emergency=["110"],
            allow=[{"holder": "中国移动", "note": "the carrier"}],
            deny=[{"prefix": "+"}],
            hours=[{"label": "telemarketing", "workday": ["09:00-12:00", "14:00-24:00"], "action": "block"}, {"kind": "call-centre"}],
            actions=[{"label": "simbank", "score": 9500, "action": "block"}],
            budget={"blocks": 20, "minutes": 60},
        )
    )
    assert (found.version, found.country, found.shadow, found.stop, found.emergency) == (
        "2026-11",
        "CN",
        True,
        ("reject", "best"),
        ("110",),
    )
    assert (len(found.allow), found.deny) == (1, ({"prefix": "+"},))
    assert found.hours == (
        HoursRule("telemarketing", "", ((540, 720), (840, 1440)), (), "block"),
        HoursRule("", "call-centre", (), (), "label"),
    )
    assert (found.actions, found.budget) == ((ActionRule("simbank", 9500, "block"),), (20, 60))
