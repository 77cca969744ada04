"""Evidence from a wider memory: taken in time, for a call still open, from who knows more; the same verdict as if we knew it ourselves."""

import pytest

from boards.linux.litert import open_classifier
from catflap_probe.call import ALLOW, BLOCK, LEGIT, SIMBANK, WANGIRI, Call
from catflap_probe.evidence import SIZE, gather, read
from catflap_probe.line import Line
from catflap_probe.lines import Lines
from catflap_probe.memory.trunk import GIVEN_UP, Sight, TrunkMemory
from catflap_probe.policy import Policy
from catflap_probe.trunk import EVIDENCE_MS, Observer, Trunk, TrunkSettings
from catflap_probe.verdict.bundle import Bundle, load
from catflap_probe.verdict.pool import Pools
from tests.neighbours_bundle import write_neighbours_bundle

START_S = 1_772_380_800
BASE_S = START_S - 1_262_304_000
POOL = [f"1381234{suffix:04d}" for suffix in (417, 233, 981, 1502, 76, 2207, 666, 1290, 845, 38)]
CALLER = POOL[-1]
SETTINGS: dict[str, object] = {
    "id": "t",
    "country": "CN",
    "area_code": "010",
    "lines": [{"id": f"L{n}", "dialect": "3gpp", "profile": "simcom"} for n in range(4)],
}


class Noted(Observer):
    """Keeps what a trunk tells."""

    def __init__(self) -> None:
        self.decisions: list[tuple[int, str, int, list[str]]] = []
        self.arrivals: list[str] = []
        self.labels: list[int] = []
        self.alarms: list[list[str]] = []

    def arriving(self, call: Call, sight: Sight, is_mobile: bool, now_ms: int) -> None:
        assert is_mobile == sight.key.startswith("1")
        self.arrivals.append(sight.key)

    def decided(self, call: Call, now_ms: int) -> None:
        assert call.decision is not None
        self.decisions.append((call.decision.label, call.calling, call.decision.action, list(call.decision.reasons)))

    def ended(self, call: Call, label: int, now_ms: int, released: bool) -> None:
        self.labels.append(label)

    def alarmed(self, name: str, kind: int, members: list[str], score: int, reasons: list[str], now_ms: int) -> None:
        self.alarms.append(members)


@pytest.fixture(scope="module", autouse=True)
def bundle(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The boards' model."""
    Board.bundle = load(str(write_neighbours_bundle(tmp_path_factory.mktemp("model") / "bundle")), open_classifier)


class Board:
    """A trunk's decision path with the lines that feed it."""

    bundle: Bundle

    def __init__(self) -> None:
        self.seen = Noted()
        settings = TrunkSettings(SETTINGS)
        self.trunk = Trunk(settings, TrunkMemory("t", "board"), self.bundle, Policy("CN"), self.seen)
        self.trunk.start(settings, START_S * 1000)
        self.lines = Lines()
        for index in range(4):
            line = Line(index, self.trunk)
            self.lines.add(line, "3gpp", line)

    def ring(self, now_ms: int, calling: str, line: int = 3) -> None:
        """A call rings and shows its number."""
        self.lines.feed(line, now_ms, b'\r\nRING\r\n\r\n+CLIP: "%s",%d\r\n' % (calling.encode(), 145 if calling[0] == "+" else 129))

    def release(self, now_ms: int, line: int = 3) -> None:
        """The caller gives up."""
        self.lines.feed(line, now_ms, b"\r\nNO CARRIER\r\n")


def wide(callers: list[str], until_s: int) -> TrunkMemory:
    """The memory of a trunk whose other lines those callers have rung, a second apart, the last of them then."""
    memory = TrunkMemory("t", "linux")
    for n, calling in enumerate(callers):
        now_s = until_s - (len(callers) - 1 - n)
        sight = memory.look(calling, now_s)
        memory.arrived(sight, n % 3, True)
        memory.ended(sight, now_s, 1000, GIVEN_UP)
    return memory


def of(memory: TrunkMemory, calling: str, now_ms: int) -> str:
    """What a memory knows of a call on line 3, with the key that says whose."""
    sight = memory.look(calling, BASE_S + now_ms // 1000)
    return f"{calling} {gather(memory, sight, 3, Pools('t')).text()}"


def test_text_and_evidence_are_two_forms_of_one_thing() -> None:
    for flags in range(4):
        evidence = read(bytes([flags, *range(SIZE)]).hex())
        assert (evidence.is_pool, evidence.is_regular) == (flags in (1, 3), flags >= 2)
        assert read(evidence.text()).values == bytes(range(SIZE))


@pytest.mark.parametrize("text", ["", "0", "zz", "00", "04" + "00" * SIZE, "00" * (SIZE + 2), "0x" + "00" * SIZE])
def test_what_is_no_evidence_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError):
        read(text)


def test_a_lone_board_lets_a_pool_ring_and_evidence_in_time_stops_it() -> None:
    board = Board()
    board.ring(60_000, CALLER)
    assert board.seen.decisions == [(LEGIT, CALLER, ALLOW, [])]
    board.lines.informed(3, 60_000 + EVIDENCE_MS, of(wide(POOL, BASE_S + 59), CALLER, 60_000))
    label, _, action, reasons = board.seen.decisions[-1]
    assert (label, action, reasons) == (SIMBANK, BLOCK, ["pool.neighbours", "model.simbank", "gateway.evidence"])
    assert board.seen.alarms == [[CALLER]]


def test_the_same_calls_on_one_memory_give_the_same_verdict_as_evidence_of_it() -> None:
    alone = Board()
    for n, calling in enumerate(POOL):
        alone.ring(10_000 + 5_000 * n, calling, n % 3 if calling != CALLER else 3)
        alone.release(11_000 + 5_000 * n, n % 3 if calling != CALLER else 3)
    lent = Board()
    memory = TrunkMemory("t", "linux")
    for n, calling in enumerate(POOL[:-1]):
        sight = memory.look(calling, BASE_S + 10 + 5 * n)
        memory.arrived(sight, n % 3, True)
        memory.ended(sight, BASE_S + 11 + 5 * n, 0, GIVEN_UP)
    lent.ring(55_000, CALLER)
    lent.lines.informed(3, 55_010, of(memory, CALLER, 55_000))
    label, calling, action, reasons = lent.seen.decisions[-1]
    assert (label, calling, action, reasons[:-1]) == alone.seen.decisions[-1]
    assert reasons[-1] == "gateway.evidence"


def test_evidence_that_comes_late_or_about_another_call_is_passed_over() -> None:
    board = Board()
    memory = wide(POOL, BASE_S + 59)
    board.ring(60_000, CALLER)
    board.lines.informed(3, 60_000 + EVIDENCE_MS + 1, of(memory, CALLER, 60_000))
    board.lines.informed(3, 60_010, of(memory, POOL[3], 60_000))
    board.lines.informed(2, 60_010, of(memory, CALLER, 60_000))
    board.release(60_020)
    board.lines.informed(3, 60_030, of(memory, CALLER, 60_000))
    assert len(board.seen.decisions) == 1


def test_an_answered_call_is_left_alone() -> None:
    board = Board()
    board.ring(60_000, CALLER)
    board.lines.feed(3, 60_020, b"\r\nVOICE CALL: BEGIN\r\n")
    board.lines.informed(3, 60_050, of(wide(POOL, BASE_S + 59), CALLER, 60_000))
    assert len(board.seen.decisions) == 1


def test_a_call_that_was_stopped_stays_so() -> None:
    board = Board()
    board.trunk.policy.deny.add({"number": CALLER}, "deny[0]")
    board.ring(60_000, CALLER)
    assert board.seen.decisions == [(LEGIT, CALLER, BLOCK, ["policy.deny"])]
    board.lines.informed(3, 60_010, of(wide(POOL, BASE_S + 59), CALLER, 60_000))
    assert len(board.seen.decisions) == 1


def test_a_gateway_that_was_away_and_knows_less_is_passed_over() -> None:
    board = Board()
    for n in range(3):
        board.ring(10_000 + 5_000 * n, CALLER)
        board.release(11_000 + 5_000 * n)
    board.ring(60_000, CALLER)
    count = len(board.seen.decisions)
    board.lines.informed(3, 60_010, of(TrunkMemory("t", "linux"), CALLER, 60_000))
    assert len(board.seen.decisions) == count


def test_a_regular_of_ours_or_of_another_line_is_never_stopped_on_evidence() -> None:
    for flags in ("03", "01"):
        board = Board()
        board.ring(60_000, CALLER)
        text = of(wide(POOL, BASE_S + 59), CALLER, 60_000)
        key, _, written = text.partition(" ")
        board.lines.informed(3, 60_010, f"{key} {flags}{written[2:]}")
        assert (board.seen.decisions[-1][2] == BLOCK) == (flags == "01")


def test_a_decision_that_evidence_does_not_change_is_told_once() -> None:
    board = Board()
    board.ring(60_000, CALLER)
    board.lines.informed(3, 60_010, of(TrunkMemory("t", "linux"), CALLER, 60_000))
    assert len(board.seen.decisions) == 1


def test_who_is_known_on_another_line_is_no_first_one_ring_call() -> None:
    foreigner = "+420123456789"
    for callers, label in (([], WANGIRI), ([foreigner], LEGIT)):
        board = Board()
        board.ring(60_000, foreigner)
        board.lines.informed(3, 60_010, of(wide(callers, BASE_S + 59), foreigner, 60_000))
        board.release(60_900)
        assert board.seen.labels == [label]


def test_each_call_is_asked_about_when_the_memory_takes_it_in() -> None:
    board = Board()
    board.ring(60_000, CALLER)
    board.lines.informed(3, 60_010, of(wide(POOL, BASE_S + 59), CALLER, 60_000))
    board.release(61_000)
    board.lines.feed(3, 90_000, b"\r\nRING\r\n")
    board.lines.feed(3, 95_000, b"\r\nRING\r\n")
    assert board.seen.arrivals == [CALLER, ""]
