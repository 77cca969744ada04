"""The rules of the correlation on planned events: who is a pool, what merges and splits pools, and who is never in one."""

from random import Random

from catflap_host.correlate import callers
from catflap_host.correlate.callers import DAY_S, Callers
from catflap_host.correlate.correlator import Correlator
from catflap_host.correlate.heard import Dialled, Found, Heard, Raised, Reader
from catflap_host.correlate.pools import SILENT_S
from catflap_models.simulate.banks import bank_calls
from catflap_models.simulate.scenario import CalledTrunk, SimBank

T0 = 1_772_380_800
HOUR_S = 3_600


class Town:
    """Calls at two or more sites, each on another line."""

    def __init__(self) -> None:
        self.correlator = Correlator()
        self.members: set[str] = set()
        self._line = 0

    def call(self, number: str, site: str, at_s: int, label: str = "simbank", line: str = "", is_mobile: bool = True) -> None:
        """One call, to a new line unless one is named."""
        self._line += 1
        place = f"{site}/T/{line or self._line}"
        self._take(Heard(number, is_mobile, site, place, at_s, label, 9_000 if label == "simbank" else 100, label == "simbank"))

    def alarm(self, name: str, members: list[str], at_s: int) -> None:
        """An alarm of a probe."""
        self._take(Raised(name, "simbank", "north", at_s, members))

    def bank(self, numbers: list[str], at_s: int, sites: tuple[str, str] = ("north", "south")) -> None:
        """Every number calls both sites within some hours."""
        for place, site in enumerate(sites):
            for turn, number in enumerate(numbers):
                self.call(number, site, at_s + place * HOUR_S + turn * 60)

    def named(self, numbers: list[str], at_s: int) -> None:
        """The same by the aggregator's word alone."""
        for place, site in enumerate(("north", "south")):
            for number in numbers:
                self._line += 1
                self._take(Heard(number, True, site, f"{site}/T/{self._line}", at_s + place * HOUR_S, "simbank", 9_000, False, is_fed=True))

    def _take(self, event: Heard | Raised | Dialled) -> None:
        for change in self.correlator.take(event):
            (self.members.discard if change.has_left else self.members.add)(change.number)


def cards(count: int, block: str = "+8617012340") -> list[str]:
    return [f"{block}{place:03d}" for place in range(count)]


def scattered(count: int, seed: int = 1) -> list[str]:
    rng = Random(seed)
    return [f"+861{rng.randrange(30, 99)}{rng.randrange(10**8):08d}" for _ in range(count)]


def test_what_probes_believed_of_another_house_is_no_finding_of_ours() -> None:
    town = Town()
    town.named(cards(9), T0)
    assert town.correlator.known() == [] and not town.members
    town.bank(cards(9), T0 + DAY_S)
    (pool,) = town.correlator.known()
    assert len(pool.members) == 9
    before = {number: suspicions(town, number) for number in cards(3)}
    town.named(cards(2), T0 + 2 * DAY_S)
    assert [suspicions(town, number) - before[number] for number in cards(3)] == [2, 2, 0], "of our own pool's cards it is one"


def suspicions(town: Town, number: str) -> int:
    caller = town.correlator.callers.get(number)
    assert caller
    return caller.suspects


def test_call_is_fed_where_the_aggregator_named_its_number_and_the_trunk_saw_no_pool() -> None:
    reader = Reader()
    fields = {"k": "alert", "trunk": "T", "line": "L1", "country": "CN", "calling": "13812345678", "at_ms": T0 * 1000, "score": 9_000}
    for reasons, is_fed in ((["feed.pool"], True), (["feed.pool", "pool.neighbours"], False), (["model"], False), ("feed.pool", False)):
        heard = reader.read("p", fields | {"reasons": reasons})
        assert isinstance(heard, Heard) and heard.is_fed is is_fed, reasons


def test_numbers_suspected_at_two_sites_are_a_pool_from_the_fifth_on() -> None:
    town = Town()
    town.bank(cards(4), T0)
    assert town.correlator.known() == [] and not town.members
    town.bank(["+8617012340900"], T0 + DAY_S)
    (pool,) = town.correlator.known()
    assert town.members == {*cards(4), "+8617012340900"} == set(pool.members)
    assert (pool.sites(), pool.reasons()) == (["north", "south"], ["pool.neighbours", "pool.sites"])
    assert (pool.first_s, pool.last_s) == (T0, T0 + DAY_S + HOUR_S)


def test_next_card_of_its_block_is_a_member_before_a_second_site_has_heard_it() -> None:
    town = Town()
    town.bank(cards(5), T0)
    town.call("+8617012340999", "north", T0 + 2 * HOUR_S)
    assert "+8617012340999" in town.members
    town.call("+8617012349999", "north", T0 + 2 * HOUR_S)
    assert "+8617012349999" not in town.members, "within ten thousand there are honest neighbours"


def test_pool_from_all_over_takes_a_card_that_one_site_suspects_for_days_but_no_pollster() -> None:
    card, pollster, stranger = "+8617012340777", "+8617055550777", "+8617099990777"
    town = Town()
    for day in range(2):
        town.bank(scattered(20), T0 + day * DAY_S)
    at_s = T0 + DAY_S + 6 * HOUR_S
    for number, days in ((card, 1), (pollster, 0)):
        for turn in range(6):
            site, label = ("north", "simbank" if turn in (1, 5) else "legit") if turn % 2 else ("south", "legit")
            town.call(number, site, at_s + turn * HOUR_S + turn // 3 * days * DAY_S, label)
    for turn in range(6):
        town.call(stranger, "north", at_s + turn * 6 * HOUR_S)
    assert town.members == {*scattered(20), card}
    neighbours = Town()
    for day in range(2):
        neighbours.bank(cards(20), T0 + day * DAY_S)
    for turn in range(6):
        neighbours.call(card, ("north", "south")[turn % 2], at_s + turn * 6 * HOUR_S, "legit" if turn % 2 else "simbank")
    assert card in neighbours.members, "by its block"
    for turn in range(6):
        neighbours.call(pollster, ("north", "south")[turn % 2], at_s + turn * 6 * HOUR_S, "legit" if turn % 2 else "simbank")
    assert pollster not in neighbours.members, "a pool of neighbours knows its cards by their blocks"


def test_one_site_alone_makes_no_pool() -> None:
    town = Town()
    for day in range(3):
        town.bank(cards(20), T0 + day * DAY_S, sites=("north", "north"))
    assert not town.correlator.pools.pools


def test_hospital_courier_and_family_are_never_in_a_pool() -> None:
    town = Town()
    town.bank(cards(8), T0)
    landline, courier, family, dialled, regular = "+861062340000", "+8617012340100", "+8617012340101", "+8617012340102", "+8617012340103"
    town.correlator.take(Dialled(dialled, "north", T0))
    town.call(regular, "north", T0 - 11 * DAY_S, "legit")
    for hour in range(6):
        at_s = T0 + (2 + hour) * HOUR_S
        for site in ("north", "south"):
            town.call(landline, site, at_s, is_mobile=False)
            town.call(family, site, at_s, "simbank" if hour > 1 else "legit", line="kitchen")
            town.call(dialled, site, at_s)
            town.call(regular, site, at_s)
    for minute in range(20):
        town.call(courier, ("north", "south")[minute % 2], T0 + 9 * HOUR_S + minute * 60, label="legit")
    for site in ("north", "south"):
        town.call(courier, site, T0 + 12 * HOUR_S)
    assert town.members == set(cards(8))


def test_who_turns_out_to_be_somebody_leaves() -> None:
    town = Town()
    town.bank(cards(6), T0)
    town._take(Dialled(cards(6)[0], "north", T0 + 2 * HOUR_S))
    for hour in range(20):
        town.call(cards(6)[1], "north", T0 + (3 + hour) * HOUR_S, label="legit", line="kitchen")
    assert town.members == set(cards(6)[2:])


def test_two_pools_become_one_by_a_number_that_ties_them() -> None:
    town = Town()
    first, second = scattered(6, 1), scattered(6, 2)
    town.bank(first, T0, ("north", "south"))
    town.bank(second, T0, ("east", "west"))
    assert [set(pool.members) for pool in town.correlator.known()] in ([set(first), set(second)], [set(second), set(first)])
    name = town.correlator.pools.of[first[0]].id
    town.alarm("north/T/T-1", [first[0], second[0], "+8613900000000"], T0 + 3 * HOUR_S)
    (pool,) = town.correlator.known()
    assert (pool.id, set(pool.members)) == (name, {*first, *second}), "and an alarm's other members are not believed"
    assert pool.reasons() == ["pool.alarm", "pool.sites"]


def test_pool_splits_when_what_tied_it_is_old() -> None:
    town = Town()
    first, second = scattered(6, 1), scattered(6, 2)
    town.bank(first, T0, ("north", "south"))
    town.bank(second, T0, ("east", "west"))
    town.alarm("north/T/T-1", [first[0], second[0]], T0 + HOUR_S)
    for day in range(2, 14, 2):
        town.bank(first, T0 + day * DAY_S, ("north", "south"))
        town.bank(second, T0 + day * DAY_S, ("east", "west"))
    assert sorted(len(pool.members) for pool in town.correlator.known()) == [6, 6]


def test_silent_members_leave() -> None:
    town = Town()
    town.bank(cards(6), T0)
    town.call("+8613900000000", "north", T0 + SILENT_S + DAY_S, "legit")
    town.call("+8613900000000", "south", T0 + SILENT_S + DAY_S, "legit")
    assert not town.members and not town.correlator.pools.pools


def test_pool_whose_calls_are_all_heard_shows_its_turns() -> None:
    bank = SimBank("bank", "round-robin", "neighbouring", 0, 1, sims=16, share=0.1, channels=4, gap_jitter=0.0)
    calls = [call for call in bank_calls(bank, CalledTrunk("t", 40), 1, Random(5)) if not call.called_card]
    town = Town()
    for place, call in enumerate(calls[:400]):
        town.call("+86" + call.calling, ("north", "south")[place // 16 % 2], T0 + round(call.t_s))
    (pool,) = town.correlator.known()
    assert "pool.turn-order" in pool.reasons()
    shuffled = Town()
    numbers = ["+86" + call.calling for call in calls[:400]]
    Random(1).shuffle(numbers)
    for place, number in enumerate(numbers):
        shuffled.call(number, ("north", "south")[place // 16 % 2], T0 + place * 300)
    assert all("pool.turn-order" not in pool.reasons() for pool in shuffled.correlator.known())


def test_clock_years_out_spoils_nothing() -> None:
    town = Town()
    town.bank(cards(6), T0)
    town.call("+8613900000000", "mad", T0 + 3_000 * DAY_S, "legit")
    town.call("+8613900000000", "mad", 1_000, "legit")
    town.bank(["+8617012340900"], T0 + HOUR_S)
    assert len(town.members) == 7


def test_table_of_callers_is_bounded() -> None:
    table = Callers(most=100)
    for place in range(1_000):
        table.took(Heard(f"+861390000{place:04d}", True, "north", "l", T0 + place, "legit", 0, False))
    assert len(table) == 100 and table.get("+8613900000999") is not None and table.get("+8613900000000") is None
    assert callers.MAX_CALLERS <= 200_000, "at about half a kilobyte each"


def test_campaigns_of_other_kinds() -> None:
    correlator = Correlator()
    for place in range(2):
        correlator.take(Found(f"+25261234567{place}", f"probe-{place}", f"probe-{place}/T/L", T0 + place, "wangiri"))
    for place in range(6):
        correlator.take(Heard(f"+8613{place:09d}", True, "north", "north/T/L07", T0 + place * 60, "tdos", 9_500, False))
    correlator.take(Heard("+8695212345", False, "north", "north/T/L01", T0, "telemarketing", 8_000, False))
    bombing, one_ring = sorted(correlator.campaigns.known(), key=lambda campaign: campaign.kind)
    assert (bombing.kind, bombing.common, bombing.calls, len(bombing.members)) == ("tdos", "north/T/L07", 6, 6)
    assert (one_ring.kind, one_ring.common, sorted(one_ring.sites)) == ("wangiri", "+25261234", ["probe-0", "probe-1"])


def test_records_are_read_in_any_form_of_the_number() -> None:
    reader = Reader()
    assert (
        reader.read("p", {"k": "trunk", "trunk": "T", "at_ms": T0 * 1000, "country": "CN", "area_code": "010", "role": "interconnect"})
        is None
    )
    base: dict[str, object] = {
        "k": "alert",
        "trunk": "T",
        "line": "L",
        "call": 1,
        "at_ms": T0 * 1000,
        "direction": "in",
        "number_kind": "mobile",
    }
    base |= {"country": "CN", "label": "simbank", "score": 9000, "reasons": ["pool.strangers", "model.simbank"]}
    for shown in ("13812345678", "+8613812345678", "008613812345678", "013812345678", "8613812345678"):
        event = reader.read("p", base | {"calling": shown})
        assert event == Heard("+8613812345678", True, "p", "p/T/L", T0, "simbank", 9000, True), shown
    assert reader.read("p", {"k": "end", "trunk": "T", "line": "L", "call": 1, "at_ms": T0 * 1000, "final_label": "simbank"}) == Found(
        "+8613812345678", "p", "p/T/L", T0, "simbank"
    )
    assert reader.read("p", base | {"direction": "out", "called": "13912345678"}) == Dialled("+8613912345678", "p", T0)
    oddities: list[dict[str, object]] = [{"calling": ""}, {"calling": "x"}, {"calling": 5}, {"score": "x"}, {"trunk": None}, {"at_ms": "x"}]
    oddities += [{"at_ms": -1}, {"k": []}]
    for odd in oddities:
        assert reader.read("p", base | {"calling": "13812345678"} | odd) is None, odd
