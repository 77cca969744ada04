"""What users of other call blockers suffer from most, each a test under its own name and number (most frequent first).

Where the pain is one that only detection cures, the test says what the probe does today.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from boards.linux.ports import Holders
from catflap_models.demo import demo
from catflap_models.plan import PlannedCall
from catflap_probe.actions import LineActions
from catflap_probe.dialect.table import find_profile
from catflap_probe.policy import PolicyError, parse
from tests.e2e import runtimes
from tests.exchange.analogue import DTMF, SPACED, USR
from tests.exchange.cellular import HUAWEI, QUECTEL, SIMCOM
from tests.exchange.desk import Desk
from tests.exchange.exchange import Exchange
from tests.exchange.families import COMMON, FAMILIES
from tests.exchange.family import Family
from tests.exchange.faults import NO_FAULTS, Faults
from tests.exchange.foreign import NAME, ForeignProgram
from tests.exchange.line import AFTER_SECOND, COUNTRIES
from tests.exchange.playing import play_to_probe
from tests.exchange.probe_config import write_json
from tests.exchange.recording import record
from tests.exchange.spooled import records
from tests.exchange.trunk import Trunk, TrunkLine
from tests.exchange.truth import CallTruth
from tests.replay.recorded import START, Row, labels, mixed_trunk, record_world, replayed, rows
from tests.replay.transcripts import events_of
from tests.replay.transcripts import record as record_transcripts

DENIED, FRIEND = "01087654321", "01062345678"
SPEED = 10
"""Half a second of the machine between two rings."""


def ring(t_s: float, line: int, calling: str, answer_s: float | None = None, talk_s: float = 20.0) -> PlannedCall:
    """A caller who would let it ring for half a minute."""
    return PlannedCall(t_s, line, calling, "shown", "", 30.0, answer_s, talk_s, "telemarketing", "", "")


def trunk(families: Sequence[Family], faults: Faults = NO_FAULTS, has_call_waiting: bool = False, country: str = "CN") -> Trunk:
    """A line for each family."""
    lines = tuple(TrunkLine(f"L{n:02d}", family, faults=faults, has_call_waiting=has_call_waiting) for n, family in enumerate(families, 1))
    return Trunk("pains", country, "010", "2026-03-02T08:00:00+08:00", lines)


async def play(on: Trunk, plan: list[PlannedCall], folder: Path, **settings: object) -> list[CallTruth]:
    """The calls of a plan, played to a CPython probe that denies one caller."""
    folder.mkdir(exist_ok=True)
    policy = write_json({"catflap_policy": 1, "deny": [{"number": DENIED}]}, folder / "policy.json")
    return (await play_to_probe(on, plan, runtimes.find("cpython"), {"policy": str(policy), **settings}, folder, SPEED))[0]


def played(on: Trunk, plan: list[PlannedCall], folder: Path, **settings: object) -> list[CallTruth]:
    """The same, from outside of an event loop."""
    return asyncio.run(play(on, plan, folder, **settings))


def verdicts(folder: Path, *options: str) -> list[Row]:
    """What replay makes of a recording."""
    return rows(replayed([folder], folder / "out", *options)[0])


def heard(transcript: str, dialect: str, folder: Path) -> list[tuple[str, str]]:
    """(calling, presentation) of the calls in a transcript, as replay decides them."""
    return [(row["calling"], row["presentation"]) for row in verdicts(record_transcripts({"L01": events_of(transcript)}, dialect, folder))]


def outcomes_of(folder: Path, line: str) -> list[str]:
    """How the probe says that the calls of a line went, in the order in which they ended."""
    return [record["outcome"] for record in records(folder / "state") if record["k"] == "end" and record["line"] == line]


def test_the_phone_rings_once_before_the_block_and_no_network_is_needed(tmp_path: Path) -> None:
    """1 and 11: blocked before the second ring, its uplink dead all the while."""
    key = tmp_path / "key"
    key.write_text("00" * 32 + "\n")
    key.chmod(0o600)
    plan = [ring(10.0 + line, line, DENIED) for line in range(len(COMMON))]
    calls = played(trunk(COMMON), plan, tmp_path, uplink={"url": "http://127.0.0.1:9", "key_file": str(key)})
    assert [(call.outcome, call.rings) for call in calls] == [("blocked", 1)] * len(COMMON)
    assert all(call.caller_id_to_hangup_ms() is not None for call in calls)


@pytest.mark.parametrize(
    "family", [family for family in FAMILIES.values() if family is not DTMF and family.name != "voice"], ids=lambda one: one.name
)
def test_caller_id_lost_after_atz_is_switched_on_by_every_set_up(family: Family) -> None:
    """2: ATZ comes first, and the family's own command for caller ID after it. Wedges: test_care.py."""
    desk = Desk(family)
    profile = find_profile(family.dialect, family.profile)[0]
    switches_on = [command for command, _ in profile.caller_id]
    for place, command in enumerate((*family.setup, *profile.initialise, *switches_on)):
        desk.type(place * 2.0, f"{command}\r")
    call = desk.call(60.0)
    desk.written()
    assert profile.initialise[0] == "ATZ"
    assert call.shown


def test_caller_id_is_read_before_the_first_ring_between_rings_and_after_the_second(tmp_path: Path) -> None:
    """3: every country's moment, FSK and DTMF; the number is there, and each call once."""
    for country, ringing in (*COUNTRIES.items(), ("after-second", AFTER_SECOND)):
        family = DTMF if ringing.signal == "dtmf" else USR
        line = TrunkLine("L01", family, ringing=ringing)
        place = country if country in COUNTRIES else "CN"
        on = Trunk("country", place, "", START, (line,))
        record(on, [replace(ring(20.0 + 60.0 * n, 0, f"0106234567{n}"), patience_s=14.0) for n in range(5)], tmp_path / country)
        assert [row["calling"] for row in verdicts(tmp_path / country)] == [f"0106234567{n}" for n in range(5)], country


def test_garbled_text_kills_nothing(tmp_path: Path) -> None:
    """4: noise of every kind, and the next call is read as ever."""
    rng = random.Random(4)
    noise = "".join(chr(rng.randrange(256)) for _ in range(4000))
    call = {
        "v253": SPACED({"date": "0302", "time": "0801", "number": FRIEND, "presentation": "shown", "name": ""}),
        "3gpp": ('\r\n+CLIP: "' + FRIEND, '",129\r\n'),
    }
    for dialect, (head, tail) in call.items():
        events = [(1.0 + n / 10, "o", noise[n * 40 : n * 40 + 40]) for n in range(100)]
        events += [(40.0, "o", "\r\nRING\r\n"), (41.2, "o", head + tail)]
        folder = record_transcripts({"L01": events}, dialect, tmp_path / dialect)
        assert verdicts(folder)[-1]["calling"] == FRIEND


def test_a_conversation_is_never_touched_by_a_waiting_call(tmp_path: Path) -> None:
    """5: an analogue modem that shows the second caller like any other call (thess/callattendant#114), and a cellular one."""
    told = replace(USR, name="told", waiting={"+VCID=1": SPACED})
    plan = [
        one
        for line in (0, 1)
        for one in (ring(10.0 + line, line, FRIEND, 4.0, 30.0), replace(ring(22.0 + line, line, DENIED), patience_s=10.0))
    ]
    calls = played(trunk([told, QUECTEL], has_call_waiting=True), sorted(plan, key=lambda one: one.t_s), tmp_path)
    assert not any(call.touched_in_use for call in calls)
    assert [call.outcome for call in calls if call.planned.calling == DENIED] == ["given-up", "blocked"]
    assert "stopped" not in outcomes_of(tmp_path, "L01")


def test_reads_split_anywhere_and_a_late_name_decide_nothing_anew(tmp_path: Path) -> None:
    """6: +CRING and +CLIP milliseconds apart (faucamp/python-gsmmodem#64); a NAME after the number."""
    one = heard(
        '1.0 +CRING: VOICE\n1.005 +CLIP: "+420123456789",145,,,,0\n6.0 +CRING: VOICE\n6.005 +CLIP: "+420123456789",145,,,,0',
        "3gpp",
        tmp_path / "a",
    )
    assert one == [("+420123456789", "shown")]
    transcript = "1.0 RING\n2.2 DATE = 0410\n2.21 TIME = 1844\n2.22 NMBR = 7632280000\n3.9 NAME = SCHWARTZ,LAWREN\n7.0 RING"
    row = verdicts(record_transcripts({"L01": events_of(transcript)}, "v253", tmp_path / "b"))
    assert [(one["calling"], one["decided_at"]) for one in row] == [("7632280000", "2.220")]


@pytest.mark.parametrize("form", ["RING", "+CRING: VOICE", "+CRING: REL ASYNC", '+CLCC: 1,1,4,0,0,"{}",129', "RING\n1.005 +UCALLSTAT: 1,4"])
def test_no_form_of_an_incoming_call_goes_unhandled(form: str, tmp_path: Path) -> None:
    """7: whatever the modem writes first, it is one call."""
    transcript = f'1.0 {form.format(FRIEND)}\n1.01 +CLIP: "{FRIEND}",129\n6.0 RING\n6.01 +CLIP: "{FRIEND}",129'
    assert heard(transcript, "3gpp", tmp_path / "form") == [(FRIEND, "shown")]


def test_59_994_numbers_are_one_range_and_either_is_looked_up(tmp_path: Path) -> None:
    """8: one user typed them all; both forms load and decide alike."""
    first, count = 13800000000, 59_994
    singly = {"catflap_policy": 1, "deny": [{"number": str(first + n)} for n in range(count)]}
    at_once = {"catflap_policy": 1, "deny": [{"range": [str(first), str(first + count - 1)]}]}
    prefix = {"catflap_policy": 1, "deny": [{"prefix": "1380000"}]}
    transcript = "".join(f"{30 * n + 1}.0 RING\n{30 * n + 2}.0 NMBR = {first + number}\n" for n, number in enumerate((0, 59_993, 59_994)))
    folder = record_transcripts({"L01": events_of(transcript)}, "v253", tmp_path / "range")
    actions = []
    for name, tree in (("singly", singly), ("range", at_once), ("prefix", prefix)):
        path = write_json(tree, tmp_path / f"{name}.json")
        actions.append([row["action"] for row in verdicts(folder, "--policy", str(path))])
    assert actions[0][:2] == actions[1][:2] == ["block", "block"]
    assert actions[0][2] == actions[1][2] != "block"
    assert actions[2][0] == "block"


def test_numbers_that_rotate_are_blocked_once_their_pool_is_known(tmp_path: Path) -> None:
    """9: after its first blocked call a pool of neighbouring numbers is acted on whatever its number.

    What is not done today: a scattered pool's number is not known before it has called itself.
    """
    record(mixed_trunk(8), demo(2).day, tmp_path / "day")
    truth = {(label["line"], f"{float(label['t']):.3f}"): label["label"] for label in labels(tmp_path / "day")}
    found = [(row, truth.get((row["line"], row["t"]), "")) for row in verdicts(tmp_path / "day")]
    first = next(n for n, (row, _) in enumerate(found) if row["action"] == "block")
    blocked_number = found[first][0]["calling"]
    pool = [row["action"] for row, label in found[first + 1 :] if label == "simbank" and row["calling"] != blocked_number]
    assert pool[0] in ("block", "label")
    assert pool.count("block") > 0.8 * len(pool)
    assert [row["calling"] for row, label in found if label == "legit" and row["action"] == "block"] == []


def test_call_bombing_is_labelled_and_stopped(tmp_path: Path) -> None:
    """10: from its fifth call on most are labelled `tdos`, from its eleventh within ten minutes those that show the number are stopped;
    and each is where the owner denies the number.
    """
    bombing = [replace(ring(20.0 + 25.0 * n, n % 4, "13912345678"), patience_s=2.0, label="tdos") for n in range(60)]
    record(mixed_trunk(4), bombing, tmp_path / "bombing")
    found = verdicts(tmp_path / "bombing")
    assert len(found) == 60
    assert [row["label"] for row in found[5:]].count("tdos") > 0.8 * len(found[5:])
    assert {row["action"] for row in found[20:] if row["calling"]} == {"block"}
    policy = write_json({"catflap_policy": 1, "deny": [{"number": "13912345678"}]}, tmp_path / "policy.json")
    by_list = verdicts(tmp_path / "bombing", "--policy", str(policy))
    assert {row["action"] for row in by_list if row["calling"]} == {"block"}


def test_honest_callers_are_not_blocked_and_the_owner_s_word_comes_first(tmp_path: Path) -> None:
    """12: no false positive in a quiet world; `allow` beats `deny`, in lists of any size."""
    folder = record_world(tmp_path / "world")
    honest = {(label["line"], f"{float(label['t']):.3f}") for label in labels(folder) if label["label"] == "legit"}
    calls = [row for row in verdicts(folder) if (row["line"], row["t"]) in honest]
    assert len(calls) > 200
    assert [row["calling"] for row in calls if row["action"] == "block"] == []
    everybody = {
        "catflap_policy": 1,
        "deny": [{"prefix": "0"}, {"prefix": "1"}],
        "allow": [{"number": row["calling"]} for row in calls if row["calling"]],
    }
    policy = write_json(everybody, tmp_path / "policy.json")
    again = [row["action"] for row in verdicts(folder, "--policy", str(policy)) if (row["line"], row["t"]) in honest and row["calling"]]
    assert set(again) == {"allow"}


def test_whether_a_call_is_answered_to_stop_it_is_the_owner_s_choice(tmp_path: Path) -> None:
    """13: answering proves that the number is live. `never` lets it ring and labels it; a rejection cannot be had of an analogue line."""
    lines = [LineActions("L01", "v253", "usr")]
    assert parse('{"catflap_policy": 1, "stop": {"ringing": "answer"}}', "CN", lines).stop
    with pytest.raises(PolicyError, match="L01"):
        parse('{"catflap_policy": 1, "stop": {"ringing": "reject"}}', "CN", lines)
    assert parse('{"catflap_policy": 1, "stop": {"ringing": "reject"}}', "CN", [LineActions("L02", "3gpp", "quectel")]).stop
    transcript = f"1.0 RING\n2.0 NMBR = {DENIED}\n6.0 RING"
    folder = record_transcripts({"L01": events_of(transcript)}, "v253", tmp_path / "choice")
    tree = {"catflap_policy": 1, "deny": [{"number": DENIED}]}
    for stop, action in (({}, "block"), ({"stop": {"ringing": "never"}}, "label")):
        policy = write_json(tree | stop, tmp_path / "policy.json")
        assert [row["action"] for row in verdicts(folder, "--policy", str(policy))] == [action]


def test_whoever_grabbed_the_port_is_named(tmp_path: Path) -> None:
    """14: as ModemManager does; test_care.py has the probe's own words for it."""

    async def holders() -> str:
        on = trunk([USR])
        async with Exchange(on, 10, 0) as exchange, ForeignProgram(exchange.ports["L01"], tmp_path / "log", has_lock=False):
            return Holders().of(exchange.ports["L01"])

    assert asyncio.run(holders()).startswith(f"{NAME} (pid ")


def test_a_hang_up_that_is_not_obeyed_is_repeated_and_told(tmp_path: Path) -> None:
    """15: sent once more when the line rings on (gammu/gammu#357); `failed` is said where that did not help either.

    What is not done today: where an analogue modem says OK twice and stays on-hook, the rings that go on are taken for the next caller's.
    """
    families = (USR, QUECTEL, HUAWEI, SIMCOM)
    plan = [ring(10.0 + line, line, DENIED) for line in range(len(families))]

    async def both() -> list[list[CallTruth]]:
        tempers = {"deaf": Faults(disobeys=True), "slow": Faults(ignores_first_action=True)}
        return await asyncio.gather(*(play(trunk(families, faults), plan, tmp_path / name) for name, faults in tempers.items()))

    deaf, slow = asyncio.run(both())
    assert {call.outcome for call in deaf} == {"given-up"}
    assert [outcomes_of(tmp_path / "deaf", call.line) for call in deaf[1:]] == [["failed"]] * 3
    assert {call.outcome for call in slow} == {"blocked"}
    assert [outcomes_of(tmp_path / "slow", call.line) for call in slow] == [["stopped"]] * len(families)
