"""Numbers of pools that the aggregator names: kept for their time, evidence beside the classifier's word, never alone."""

from array import array

import pytest

from catflap_probe.call import ALLOW, BLOCK, LABEL, LEGIT, SIMBANK, Call
from catflap_probe.feed import PoolFeed
from catflap_probe.line import Line
from catflap_probe.lines import Lines
from catflap_probe.memory.feed import ROWS, Feed
from catflap_probe.memory.table import digest
from catflap_probe.memory.trunk import TrunkMemory
from catflap_probe.policy import Policy
from catflap_probe.trunk import LONGEST_FEED_S, Observer, Trunk, TrunkSettings
from catflap_probe.verdict.bundle import Bundle

START_MS = 1_772_380_800_000
CARD = "13812345678"
SETTINGS: dict[str, object] = {
    "id": "t",
    "country": "CN",
    "area_code": "010",
    "lines": [{"id": "L01", "dialect": "3gpp", "profile": "simcom"}],
}


class Opinion(Bundle):
    """A classifier that says the same of every call."""

    def __init__(self, label: int, score: int) -> None:
        self.said = label, score
        self.label_threshold, self.block_threshold = 5000, 9000

    def classify(self, vector: "array[int]") -> tuple[int, int]:
        return self.said


class Noted(Observer):
    """Keeps what was decided, and alarms."""

    def __init__(self) -> None:
        self.decided_so: list[tuple[int, int, list[str]]] = []
        self.alarms = 0

    def decided(self, call: Call, now_ms: int) -> None:
        assert call.decision is not None
        self.decided_so.append((call.decision.label, call.decision.action, call.decision.reasons))

    def alarmed(self, name: str, kind: int, members: list[str], score: int, reasons: list[str], now_ms: int) -> None:
        self.alarms += 1


class Site:
    """A trunk of one line that is told of pools."""

    def __init__(self, label: int = SIMBANK, score: int = 9500) -> None:
        self.seen = Noted()
        settings = TrunkSettings(SETTINGS)
        self.trunk = Trunk(settings, TrunkMemory("t", "board"), Opinion(label, score), Policy("CN"), self.seen)
        self.trunk.start(settings, START_MS)
        self.lines = Lines()
        line = Line(0, self.trunk)
        self.lines.add(line, "3gpp", line)

    def call(self, at_s: int, number: str = CARD) -> tuple[int, int, list[str]]:
        """A call rings, shows its number, and is over; what was decided."""
        self.lines.feed(0, at_s * 1000, b'\r\nRING\r\n\r\n+CLIP: "%s",129\r\n' % number.encode())
        self.lines.feed(0, at_s * 1000 + 1000, b"\r\nNO CARRIER\r\n")
        return self.seen.decided_so[-1]


def test_table_keeps_a_number_until_its_end_and_no_longer() -> None:
    feed = Feed(64)
    one, other = digest("t", "1"), digest("t", "2")
    feed.told(one, 200, 100)
    assert (feed.has(one, 199), feed.has(one, 200), feed.has(other, 150), feed.has(b"", 150)) == (True, False, False, False)
    feed.told(one, 300, 150)
    assert feed.has(one, 299)
    feed.told(one, 160, 160)
    assert not feed.has(one, 161)


def test_table_is_bounded_and_what_ends_first_gives_way() -> None:
    feed = Feed(ROWS["board"])
    for place in range(1000):
        feed.told(digest("t", str(place)), 1000 + place, 10)
    assert sum(feed.last_s[row] > 0 for row in range(feed.entries)) <= ROWS["board"]
    assert feed.has(digest("t", "999"), 500) and not feed.has(digest("t", "0"), 500)


def test_number_of_a_pool_is_blocked_at_its_first_call_here() -> None:
    site = Site()
    assert site.call(10, "13900000000") == (SIMBANK, LABEL, ["model.simbank"])
    site.lines.fed(20_000, f"+86{CARD} 3600")
    assert site.call(30) == (SIMBANK, BLOCK, ["feed.pool", "model.simbank"])
    assert site.seen.alarms == 0, "the aggregator knows already"


@pytest.mark.parametrize(("label", "score", "action"), [(LEGIT, 200, ALLOW), (SIMBANK, 8000, LABEL)])
def test_the_feed_alone_blocks_nobody(label: int, score: int, action: int) -> None:
    site = Site(label, score)
    site.lines.fed(20_000, f"+86{CARD} 3600")
    assert site.call(30)[:2] == (label, action)


def test_a_regular_rings_whatever_the_feed_says() -> None:
    site = Site(LEGIT, 100)
    for day in range(7):
        site.call(10 + day * 86_400)
    site.trunk.judge.bundle = Opinion(SIMBANK, 9900)
    site.lines.fed(7 * 86_400_000, f"+86{CARD} 3600")
    label, action, reasons = site.call(7 * 86_400 + 10)
    assert (label, action, reasons[0]) == (SIMBANK, LABEL, "feed.pool")


def test_word_of_the_aggregator_ends() -> None:
    site = Site()
    site.lines.fed(20_000, f"+86{CARD} 3600 +8613700000000 {10 * LONGEST_FEED_S}")
    site.lines.fed(21_000, "+8613600000000 3600")
    site.lines.fed(22_000, "+8613600000000 0")
    assert site.call(30, "13600000000")[1] == LABEL
    assert site.call(3700)[1] == LABEL
    assert site.call(4000, "13700000000")[1] == BLOCK
    assert site.call(40 + LONGEST_FEED_S, "13700000000")[1] == LABEL


def test_place_in_the_feed_goes_on_and_oddities_do_no_harm() -> None:
    site = Site()
    feed = PoolFeed(site.lines, 64, lambda: 5_000)
    assert feed.place() == "0,64"
    feed.told(f"+86{CARD} 60", 17)
    assert (feed.place(), feed.is_behind) == ("17,64", True)
    feed.told("", 0)
    assert (feed.place(), feed.is_behind) == ("17,64", False)
    for odd in ("x", "x y", "+86 1", "+8613812345678 x", " ", "1 2 3"):
        feed.told(odd, 18)
    feed.told("1 2", 18)
    assert (feed.place(), feed.is_behind) == ("18,64", False), "an aggregator that stands still is not asked again and again"
    assert site.call(6)[1] == BLOCK
