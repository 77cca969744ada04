"""A policy tried on past calls: what would have changed, by the rules that probes go by, the honest calls first."""

import json
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from catflap_host.policy.compiling import no_pools
from catflap_host.policy.document import parse
from catflap_host.policy.trial import Trial, try_one, try_out
from catflap_host.registers import entries
from catflap_host.registers.kinds import Register
from catflap_host.store import queries
from catflap_host.store.database import Database, open_database
from tests.planted_calls import plant

DAY_MS = 86_400_000
NOW_MS = time.time_ns() // 1_000_000
BEGIN_MS = NOW_MS - 20 * DAY_MS
SELLER, FRIEND, CARD = "13812345678", "13900000001", "13700000002"
SOLD = {"calling": SELLER, "label": "telemarketing", "score": 9600, "action": "label", "reasons": "model.telemarketing"}

BLOCKED = {"calling": CARD, "label": "simbank", "score": 9900, "action": "block", "reasons": "pool.strangers;model.simbank"}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(tmp_path)) as found:
        yield found


def tried(database: Database, most: int = 100, days: int = 30, **fields: object) -> Trial:
    document = parse(json.dumps({"catflap_policy": 1, **fields}))
    return try_out(database, document, no_pools, NOW_MS - days * DAY_MS, NOW_MS, most)


def told(trial: Trial) -> list[tuple[str, str, str, bool]]:
    return [(one.calling, one.before, one.after, one.is_honest) for one in trial.changed]


def test_honest_calls_that_would_be_stopped_come_first_and_the_most_surely_honest_before_all(database: Database) -> None:
    plant(
        database,
        [
            {**SOLD, "at_ms": BEGIN_MS},
            {"calling": FRIEND, "score": 900, "at_ms": BEGIN_MS + 1000},
            {"calling": FRIEND, "score": 50, "answered_ms": 90_000, "at_ms": BEGIN_MS + 2000},
            {
                "calling": CARD,
                "label": "simbank",
                "score": 9900,
                "action": "block",
                "reasons": "pool.strangers;model.simbank",
                "at_ms": BEGIN_MS,
            },
        ],
    )
    trial = tried(database, deny=[{"number": SELLER}, {"number": FRIEND}], allow=[{"number": CARD}])
    friend = (FRIEND, "allow", "block", True)
    assert told(trial) == [friend, friend, (SELLER, "label", "block", False), (CARD, "block", "allow", False)]
    assert [one.score for one in trial.changed[:2]] == [50, 900]
    counts = [(count.before, count.after, count.calls, count.honest) for count in trial.counts]
    assert counts == [("allow", "block", 2, 2), ("label", "block", 1, 0), ("block", "allow", 1, 0)]
    assert (trial.calls, trial.numberless) == (4, 0)
    assert told(tried(database, most=1, deny=[{"number": SELLER}, {"number": FRIEND}])) == [friend]


def test_nothing_changes_where_the_policy_says_nothing_else(database: Database) -> None:
    plant(database, [{**SOLD, "at_ms": BEGIN_MS}, {"calling": FRIEND, "at_ms": BEGIN_MS}, {"at_ms": BEGIN_MS}])
    assert tried(database, deny=[{"number": "13111111111"}]) == Trial(3, 0, [], [])


def test_calls_of_another_time_are_left_out(database: Database) -> None:
    plant(database, [{"calling": FRIEND, "at_ms": BEGIN_MS}, {"calling": FRIEND, "at_ms": BEGIN_MS + 10 * DAY_MS}])
    assert tried(database, days=15, deny=[{"number": FRIEND}]).calls == 1


def test_a_rule_by_score_stops_from_the_second_call_on_but_no_regular(database: Database) -> None:
    rule: dict[str, Any] = {"actions": [{"label": "telemarketing", "score": 9500, "action": "block"}]}
    plant(database, [{**SOLD, "at_ms": BEGIN_MS + place * 2 * DAY_MS} for place in range(6)])
    days = [(one.at_ms - BEGIN_MS) // DAY_MS for one in tried(database, **rule).changed]
    assert sorted(days) == [2, 4, 6], "the fifth call is a regular's: the fourth and more, five days after the first"


def test_exemptions_and_budget_hold_as_on_a_probe(database: Database) -> None:
    plant(
        database,
        [
            {"direction": "out", "called": FRIEND, "at_ms": BEGIN_MS},
            {"calling": FRIEND, "at_ms": BEGIN_MS + 1000},
            *({"calling": SELLER, "at_ms": BEGIN_MS + 2000 + place} for place in range(4)),
            {"direction": "out", "at_ms": BEGIN_MS + 20_000_000},
            {"calling": SELLER, "at_ms": BEGIN_MS + 20_001_000},
            {"calling": SELLER, "probe": "demo-b", "at_ms": BEGIN_MS + 20_002_000},
        ],
    )
    trial = tried(database, deny=[{"number": FRIEND}, {"number": SELLER}], budget={"blocks": 2, "minutes": 5})
    found = sorted((one.at_ms - BEGIN_MS, one.probe, one.after, one.reasons[-1]) for one in trial.changed)
    assert found == [
        (2000, "demo-a", "block", "policy.deny"),
        (2001, "demo-a", "block", "policy.deny"),
        (2002, "demo-a", "label", "policy.budget"),
        (2003, "demo-a", "label", "policy.budget"),
        (20_001_000, "demo-a", "label", "policy.after-off-hook"),
        (20_002_000, "demo-b", "block", "policy.deny"),
    ]
    document = parse(
        json.dumps({"catflap_policy": 1, "deny": [{"number": FRIEND}, {"number": SELLER}], "budget": {"blocks": 2, "minutes": 5}})
    )
    alone = [try_one(database, document, no_pools, call) for call in queries.calls(database, None, 20) if call.direction != "out"]
    changed = sorted((one.at_ms - BEGIN_MS, one.probe, one.after, one.reasons[-1]) for one in alone if one and one.after != one.before)
    assert (len(alone), changed) == (7, found), "one call by itself comes out as among all"


@pytest.mark.parametrize(
    ("row", "after"),
    [
        ({"action": "block", "reasons": "policy.deny"}, "allow"),
        ({"action": "block", "reasons": "policy.deny;model.simbank", "label": "simbank"}, "label"),
        ({"action": "allow", "reasons": "policy.allow;pool.strangers;model.simbank", "label": "simbank"}, "block"),
        ({"action": "label", "reasons": "pool.strangers;model.simbank;line.cannot-stop", "label": "simbank"}, "label"),
    ],
)
def test_what_a_former_policy_did_is_taken_back(database: Database, row: dict[str, object], after: str) -> None:
    plant(database, [{"calling": SELLER, "at_ms": BEGIN_MS, "score": 9900, **row}])
    trial = tried(database)
    assert [one.after for one in trial.changed] == ([after] if after != row["action"] else [])


def test_what_the_registers_ask_for_is_tried_too(database: Database) -> None:
    resource = {"range": "+86" + SELLER, "holder": "Seller", "uses": "inbound", "licence": "", "source": "", "note": ""}
    entries.add(database, Register.RESOURCE, [entries.Draft(resource, BEGIN_MS)], entries.Author("li.wei", "list of March"))
    plant(database, [{"calling": SELLER, "at_ms": BEGIN_MS + 1000}, {"calling": FRIEND, "at_ms": BEGIN_MS + 2000}])
    assert told(tried(database, registers={"inbound": "label"})) == [(SELLER, "allow", "label", True)]
    assert told(tried(database, registers={"ranges": "label"})) == []
