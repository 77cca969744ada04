"""Pool evidence: strangers from all over that each look like a SIM bank's cards are one pool; a lone number, or a first call, never is."""

from array import array

import pytest

from catflap_probe.call import ALLOW, BLOCK, LABEL, LEGIT, SIMBANK, Call
from catflap_probe.line import Line
from catflap_probe.lines import Lines
from catflap_probe.memory.suspects import SUSPECTS, Suspects
from catflap_probe.memory.table import DAY_S
from catflap_probe.memory.trunk import TrunkMemory
from catflap_probe.policy import Policy
from catflap_probe.trunk import EPOCH_S, Observer, Trunk, TrunkSettings
from catflap_probe.verdict.bundle import TOP, Bundle
from catflap_probe.verdict.pool import HISTORY_S, PAUSE_S, POOL_SUSPECTS
from catflap_probe.verdict.turns import LIKELY, LIKELY_S

CARDS = ["13800138001", "15912340002", "17055550003", "18677770004", "13511110005", "19922220006", "15033330007"]
LANDLINE = "01062345678"
DAY_MS = DAY_S * 1000
START_S = 1772380800


class Accuser(Bundle):
    """A classifier that takes every call for a SIM bank's, with the score that it is given."""

    def __init__(self, score: int = TOP) -> None:
        self.label_threshold, self.block_threshold = 6000, 9000
        self.score = score
        self.suspicion = 255

    def classify(self, features: "array[int]") -> tuple[int, int]:
        return SIMBANK, self.score


class Noted(Observer):
    """What was decided and alarmed, in order."""

    def __init__(self) -> None:
        self.actions: list[tuple[str, int, list[str]]] = []
        self.alarms: list[tuple[str, list[str], list[str]]] = []

    def decided(self, call: Call, now_ms: int) -> None:
        assert call.decision is not None
        if call.calling:
            self.actions.append((call.calling, call.decision.action, call.decision.reasons))

    def alarmed(self, name: str, kind: int, members: list[str], score: int, reasons: list[str], now_ms: int) -> None:
        self.alarms.append((name, list(members), reasons))


class Line3gpp:
    """A trunk of one cellular line."""

    def __init__(self, bundle: Bundle, heard_s: int = HISTORY_S) -> None:
        """`heard_s`: how long the trunk has been listened to."""
        self.seen = Noted()
        settings = TrunkSettings({"id": "t", "country": "CN", "area_code": "010", "lines": [{"id": "a", "dialect": "3gpp", "numbers": []}]})
        self.trunk = Trunk(settings, TrunkMemory("t", "board"), bundle, Policy("CN"), self.seen)
        self.trunk.start(settings, START_S * 1000)
        self.trunk.memory.since_s = START_S - EPOCH_S - heard_s
        self.lines = Lines()
        line = Line(0, self.trunk)
        self.lines.add(line, "3gpp", line)

    def call(self, now_ms: int, calling: str) -> tuple[int, list[str]]:
        """A call that rings and is given up; what was done to it, and why."""
        self.lines.feed(0, now_ms, b'\r\nRING\r\n\r\n+CLIP: "%s",129\r\n' % calling.encode())
        self.lines.feed(0, now_ms + 9000, b"\r\nNO CARRIER\r\n")
        _, action, reasons = self.seen.actions[-1]
        return action, reasons


def test_many_suspects_within_a_day_are_a_pool_and_their_second_calls_are_stopped() -> None:
    line = Line3gpp(Accuser())
    for place, card in enumerate(CARDS):
        # a first call is nobody's to judge, however sure the model is
        assert line.call(60_000 * (place + 1), card) == (LABEL, ["model.simbank"])
    assert line.call(3_600_000, CARDS[0]) == (BLOCK, ["pool.strangers", "model.simbank"])
    assert line.seen.alarms == [("t-1", sorted(CARDS), ["pool.strangers"])]


def test_to_a_new_probe_everybody_is_a_stranger_and_no_stranger_is_stopped() -> None:
    line = Line3gpp(Accuser(), heard_s=HISTORY_S - 7200)
    for place, card in enumerate(CARDS * 2):
        assert line.call(60_000 * (place + 1), card)[0] == LABEL
    assert line.call(7_260_000, CARDS[0])[0] == BLOCK


class Truster(Accuser):
    """A classifier that takes nobody for a nuisance."""

    def __init__(self, score: int) -> None:
        super().__init__(score)
        self.suspicion = 0

    def classify(self, features: "array[int]") -> tuple[int, int]:
        return LEGIT, self.score


@pytest.mark.parametrize(
    ("numbers", "reasons"),
    [
        (("057188001234", "057188005678", "057188000012"), ["block.newcomers"]),
        (("057188001234", "057188005678", "057188001234"), []),
        (("057188001234", "057188005678", "02588000012"), []),
        (("01088001234", "01088005678", "01088000012"), []),
        (("13805711234", "13805715678", "13805710012"), []),
        (("+442079460123", "+442079460456", "+442079460789"), []),
    ],
)
def test_the_third_new_landline_of_a_new_block_elsewhere_is_told_and_never_stopped(numbers: tuple[str, ...], reasons: list[str]) -> None:
    line = Line3gpp(Truster(1200))
    for place, number in enumerate(numbers[:2]):
        assert line.call(3_600_000 * place, number) == (ALLOW, [])
    assert line.call(DAY_MS, numbers[2]) == (LABEL if reasons else ALLOW, reasons)
    assert line.seen.alarms == []


def test_a_block_elsewhere_that_has_been_heard_for_days_has_no_newcomers() -> None:
    line = Line3gpp(Truster(1200))
    for place, number in enumerate(("057188001234", "057188005678", "057188000012")):
        assert line.call((2 * place) * DAY_MS, number) == (ALLOW, [])


def test_too_few_suspects_are_no_pool() -> None:
    line = Line3gpp(Accuser())
    for place, card in enumerate(CARDS[:POOL_SUSPECTS] * 3):
        action, reasons = line.call(600_000 * (place + 1), card)
        assert (action, reasons) == (LABEL, ["model.simbank"])
    assert {tuple(reasons) for _, _, reasons in line.seen.alarms} == {("pool.returning",)}


def test_suspects_are_forgotten_after_a_day() -> None:
    line = Line3gpp(Accuser())
    for place, card in enumerate(CARDS):
        line.call(60_000 * (place + 1), card)
    assert line.call(DAY_MS + 600_000, CARDS[0])[0] == LABEL


def test_a_score_below_the_block_threshold_labels_and_alarms_but_stops_nothing() -> None:
    line = Line3gpp(Accuser(8000))
    for place, card in enumerate(CARDS * 2):
        assert line.call(60_000 * (place + 1), card)[0] == LABEL
    assert len(line.seen.alarms) == 1


def test_landlines_are_no_cards() -> None:
    line = Line3gpp(Accuser())
    for place, card in enumerate(CARDS):
        line.call(60_000 * (place + 1), card)
    line.call(700_000, LANDLINE)
    assert line.call(800_000, LANDLINE) == (LABEL, ["model.simbank"])


def test_strangers_after_a_long_silence_are_another_pool() -> None:
    line = Line3gpp(Accuser())
    later = PAUSE_S * 1000 + DAY_MS
    for start_ms, cards in ((0, CARDS), (later, [card[:-1] + "9" for card in CARDS])):
        for place, card in enumerate(cards * 2):
            line.call(start_ms + 60_000 * (place + 1), card)
    assert [name for name, _, _ in line.seen.alarms] == ["t-1", "t-2"]


def test_a_pool_of_neighbours_that_were_suspects_first_has_one_alarm() -> None:
    line = Line3gpp(Accuser())
    cards = [f"1705555{suffix:04d}" for suffix in range(100, 112)]
    for place, card in enumerate(cards * 2):
        line.call(60_000 * (place + 1), card)
    assert {name for name, _, _ in line.seen.alarms} == {"t-1"}
    assert line.seen.alarms[-1][1] == cards


def test_the_list_of_suspects_is_bounded_and_the_longest_idle_gives_way() -> None:
    suspects = Suspects()
    for place in range(SUSPECTS + 6):
        suspects.saw(str(place), 1000 + place)
        suspects.saw("0", 1000 + place)
    assert len(suspects.keys) == SUSPECTS == len(suspects.last_s)
    assert "0" in suspects.keys
    assert "1" not in suspects.keys
    assert suspects.others("0", 1100) == SUSPECTS - 1
    assert suspects.others("never", 1100) == SUSPECTS
    assert suspects.others("never", 1000 + SUSPECTS + 6 + DAY_S) == 0


@pytest.mark.parametrize("score", [0, LIKELY - 1])
def test_without_a_suspicion_the_phone_rings(score: int) -> None:
    line = Line3gpp(Accuser(score))
    for place, card in enumerate(CARDS * 2):
        assert line.call(60_000 * (place + 1), card)[0] == ALLOW
    assert line.seen.alarms == []


def test_the_longest_idle_suspect_has_the_highest_rank() -> None:
    suspects = Suspects()
    for place, key in enumerate("abcd"):
        suspects.saw(key, 1000 + place)
    ranks = [suspects.idle_rank(key) for key in "abcd"]
    assert ranks == sorted(ranks, reverse=True)
    assert ranks[0] == 255
    assert suspects.idle_rank("never") == 0


def test_two_that_call_again_and_are_likely_cards_raise_an_alarm_and_nobody_is_stopped() -> None:
    line = Line3gpp(Accuser(LIKELY))
    for place, card in enumerate(CARDS[:3]):
        line.call(60_000 * (place + 1), card)
    assert line.call(600_000, CARDS[0])[0] == ALLOW and line.seen.alarms == []
    assert line.call(660_000, CARDS[1])[0] == ALLOW
    assert line.seen.alarms == [("t-1", sorted(CARDS[:2]), ["pool.returning"])]
    assert line.call(720_000, CARDS[2])[0] == ALLOW
    assert line.seen.alarms[-1] == ("t-1", [*sorted(CARDS[:2]), CARDS[2]], ["pool.returning"])


@pytest.mark.parametrize("score", [LIKELY, LIKELY - 1])
def test_numbers_that_return_hours_apart_or_are_hardly_likely_raise_none(score: int) -> None:
    line = Line3gpp(Accuser(score))
    gap_ms = 1000 * (LIKELY_S + 60) if score == LIKELY else 60_000
    for card in CARDS[:2]:
        line.call(60_000, card)
    line.call(600_000, CARDS[0])
    line.call(600_000 + gap_ms, CARDS[1])
    assert line.seen.alarms == []
