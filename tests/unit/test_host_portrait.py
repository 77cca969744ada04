"""Pictures of a pool: every call is in them once, at its place and in its shape, and nobody's text becomes markup."""

import xml.etree.ElementTree as ET
from collections import Counter
from contextlib import closing
from dataclasses import replace
from itertools import pairwise

import pytest

from catflap_host.correlate.views import Group, GroupMember
from catflap_host.portrait import conduct, graph, growth, numbers, raster, sightings
from catflap_host.portrait.sightings import Fate, Route, Sighting, Window
from catflap_host.store import queries
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database
from catflap_host.store.group import Batch
from tests.probe_side import alarm, alert, end
from tests.unit.test_host_store import read

FIRST, SECOND = "+8617012340001", "+8617012340002"
T0 = 1_772_380_800_000
HOUR_MS = 3_600_000
WINDOW = Window(T0, T0 + 24 * HOUR_MS)


def group(*members: str) -> Group:
    return Group("pool-1", "simbank", [GroupMember(number, T0, T0, ["demo-a"]) for number in members], ["demo-a"], T0, T0, 9_000, [])


@pytest.fixture
def stored(database: Database) -> Database:
    """Two numbers of one bank in three written forms, a stranger, and a call that goes out."""
    told = [
        (FIRST[3:], "L01", 0, -1, "stopped"),
        ("0086" + FIRST[3:], "L02", 1, 4_000, "none"),
        (SECOND, "L01", 1, -1, "none"),
        (SECOND, "L01", 1, -1, "none"),
        (SECOND[3:], "L03", 25, -1, "stopped"),
        ("13912345678", "L01", 2, -1, "stopped"),
    ]
    records: list[object] = []
    for call, (number, line, hour, answered_ms, outcome) in enumerate(told, 1):
        at_ms = T0 + hour * HOUR_MS
        records.append(alert(call, calling=number, line=line, at_ms=at_ms, reasons=["pool.strangers"]))
        records.append(end(call, line=line, at_ms=at_ms, ended_ms=at_ms + 30_000, answered_ms=answered_ms, outcome=outcome))
    records.append(alert(99, direction="out", calling=FIRST[3:], at_ms=T0 + HOUR_MS))
    records.append(alarm([FIRST[3:], "13912345678"]))
    with closing(open_store(database)) as store:
        store.add([Batch(*read(1, records))], T0)
    return database


def test_calls_are_counted_by_number_whatever_form_a_line_showed(stored: Database) -> None:
    members = numbers.of_group(stored, group(FIRST, SECOND, "+8617099999999"))
    assert [len(member.parties) for member in members] == [2, 2, 0]
    assert all(member.pseudonym.startswith("1.") for member in members[:2]) and members[2].pseudonym == ""
    found = sightings.sightings(stored, members, WINDOW).calls
    assert [(seen.at_ms - T0, seen.number) for seen in found] == [(0, 0), *((HOUR_MS, place) for place in (0, 1, 1))]
    assert sightings.cells(found, WINDOW, HOUR_MS) == {(0, 0, Fate.BLOCKED): 1, (0, 1, Fate.ANSWERED): 1, (1, 1, Fate.RANG): 2}
    first, second = (Route(0, "demo-a", "beijing-7", line) for line in ("L01", "L02"))
    assert sightings.routes(found) == {first: 1, second: 1, first._replace(number=1): 2}
    assert sightings.reasons(found) == {"pool.strangers": 4}
    assert sightings.last_call_ms(stored, members) == T0 + 25 * HOUR_MS
    assert sightings.last_call_ms(stored, members[2:]) == 0
    newest = sightings.sightings(stored, members, Window(T0, T0 + 26 * HOUR_MS), most=3)
    assert ([seen.at_ms - T0 for seen in newest.calls], newest.is_cut) == ([HOUR_MS, 25 * HOUR_MS], True), "and one that went out"
    assert not sightings.sightings(stored, members, WINDOW, most=6).is_cut


def test_a_window_leaves_out_what_was_received_long_before_but_not_what_a_fast_clock_put_later(stored: Database) -> None:
    members = numbers.of_group(stored, group(FIRST, SECOND))
    later = T0 + 10 * 24 * HOUR_MS
    with closing(open_store(stored)) as store:
        # its clock is three days ahead, as its header says
        header, records = read(15, [alert(200, calling=SECOND, at_ms=later + HOUR_MS)])
        store.add([Batch(replace(header, wall_ms=later + HOUR_MS), records)], later - 71 * HOUR_MS)
    found = sightings.sightings(stored, members, Window(later, later + 24 * HOUR_MS)).calls
    assert [seen.at_ms for seen in found] == [later + HOUR_MS]


def test_members_of_an_alarm_are_portrayed_as_their_trunk_shows_them(stored: Database) -> None:
    (found,) = queries.alarms(stored, 1)
    members = numbers.of_alarm(stored, found)
    assert [member.number for member in members] == [FIRST[3:], "13912345678"]
    assert [member.pseudonym for member in members] == found.member_ids
    assert len(sightings.sightings(stored, members, WINDOW).calls) == 2, "in that form alone"


def elements(picture: str, name: str) -> list[ET.Element]:
    return ET.fromstring(picture).findall(f".//{name}")


def test_each_fate_has_a_shape_of_its_own_at_its_place() -> None:
    found = Counter({(0, 0, Fate.BLOCKED): 1, (1, 3, Fate.ANSWERED): 2, (1, 5, Fate.RANG): 1})
    step_ms = raster.step_of(WINDOW)
    assert (24 * HOUR_MS) % step_ms == 0 and 24 * HOUR_MS // step_ms <= raster.MAX_COLUMNS
    picture = raster.drawn(["170****0001", "170****0002"], found, WINDOW, "Calls by number and time")
    paths = {path.get("class"): path.get("d") for path in elements(picture, "path")}
    assert all(paths[name] for name in ("rang", "answered", "blocked")) and len({*paths.values()}) == 3
    left = raster.LABEL_PX + 3 * raster.COLUMN_PX
    assert str(paths["answered"]).startswith(f"M{left} ") and "z" in str(paths["answered"]) and "z" not in str(paths["rang"])
    assert [text.text for text in elements(picture, "text")][-2:] == ["170****0001", "170****0002"]
    assert str(paths["blocked"]).count("M") == 1


def test_five_hundred_numbers_over_thirty_days_fit() -> None:
    window = Window(T0, T0 + 30 * 24 * HOUR_MS)
    step_ms = raster.step_of(window)
    columns = (window.until_ms - window.since_ms) // step_ms
    found = Counter({(row, (row * 7 + turn * 11) % columns, Fate(turn % 3)): 1 for row in range(500) for turn in range(90)})
    picture = raster.drawn([f"170****{row:04d}" for row in range(500)], found, window, "x")
    (svg,) = [ET.fromstring(picture)]
    assert int(svg.get("width", "0")) < 1_400 and int(svg.get("height", "0")) < 3_100
    assert sum(str(path.get("d")).count("M") for path in elements(picture, "path")) == len(found)
    assert len(elements(picture, "text")) <= raster.MAX_TICKS, "rows too low to be written beside"
    assert len(picture) < 1_000_000


@pytest.mark.parametrize("hours", [1, 24, 7 * 24, 30 * 24, 700 * 24])
def test_an_axis_has_few_ticks_within_the_window(hours: int) -> None:
    window = Window(T0 + 1_234_567, T0 + 1_234_567 + hours * HOUR_MS)
    found = raster.ticks(window)
    assert 2 <= len(found) <= raster.MAX_TICKS
    assert window.since_ms <= found[0] and found[-1] < window.until_ms
    assert len({later - earlier for earlier, later in pairwise(found)}) == 1
    assert -(-hours * HOUR_MS // raster.step_of(window)) <= raster.MAX_COLUMNS


def test_growth_counts_who_had_come_by_then_and_who_called() -> None:
    called = growth.active(Counter({(0, 0, Fate.RANG): 3, (0, 0, Fate.BLOCKED): 1, (1, 0, Fate.RANG): 1, (1, 2, Fate.RANG): 1}))
    assert called == {0: 2, 2: 1}
    picture = growth.drawn([T0, T0 + 2 * HOUR_MS, T0 - HOUR_MS], called, Window(T0, T0 + 4 * HOUR_MS), HOUR_MS, "Growth")
    (line,) = [str(path.get("d")) for path in elements(picture, "path") if path.get("class") == "known"]
    heights = [float(point.split()[1].split("h")[0]) for point in line[1:].split("L")]
    assert heights[0] == heights[1] > heights[2] == heights[3], "two had come by the first hour, three by the third"
    assert heights[2] == growth.TOP_PX


def test_no_text_becomes_markup() -> None:
    hostile = '</text><script>alert(1)</script>"&'
    for picture in (
        raster.drawn([hostile], Counter(), WINDOW, hostile),
        growth.drawn([T0], Counter(), WINDOW, HOUR_MS, hostile),
    ):
        assert not elements(picture, "script")
        assert elements(picture, "title")[0].text == hostile


def test_graph_ties_numbers_to_lines_and_lines_to_sites() -> None:
    routes = Counter({Route(0, "north", "T1", "L01"): 2, Route(1, "north", "T1", "L01"): 1, Route(1, "south", "T2", "L02"): 1})
    found = graph.graph_of(["170****0001", "170****0002", "never called"], routes)
    assert [(node.kind, node.name, node.calls) for node in found.nodes] == [
        ("number", "170****0001", 2),
        ("number", "170****0002", 2),
        ("line", "T1 L01", 3),
        ("line", "T2 L02", 1),
        ("site", "north", 3),
        ("site", "south", 1),
    ]
    assert len(found.edges) == 3 + 2 and found.is_by_line
    assert {edge.source for edge in found.edges} | {edge.target for edge in found.edges} == {node.id for node in found.nodes}
    small = graph.graph_of(["a", "b", "c"], routes, most_edges=2)
    assert not small.is_by_line and {node.name for node in small.nodes if node.kind == "trunk"} == {"T1", "T2"}


def test_conduct_says_how_they_act_as_one() -> None:
    routes = Counter({Route(0, "n", "t", "L1"): 2, Route(0, "n", "t", "L2"): 1, Route(1, "n", "t", "L1"): 1})
    times = (0, 60_000, 0), (30_000, 90_000, 1), (60_000, 0, 0), (100_000, 110_000, 0)
    found = [Sighting(at_ms, number, ended_ms, Fate.RANG, "n", "t", "L1", "") for at_ms, ended_ms, number in times]
    assert conduct.conduct_of(routes, found) == conduct.Conduct(numbers=2, lines=2, calls=4, returns=1, shortest_gap_ms=40_000, at_once=2)
    assert conduct.conduct_of(Counter(), []) == conduct.Conduct(0, 0, 0, 0, -1, 0)


def test_a_clock_of_ours_that_was_put_back_hides_no_call(stored: Database) -> None:
    members = numbers.of_group(stored, group(FIRST, SECOND))
    with closing(open_store(stored)) as store:
        store.add([Batch(*read(15, [alert(200, calling=SECOND, at_ms=T0 + 3 * HOUR_MS)]))], T0 - 600_000)
    assert len(sightings.sightings(stored, members, WINDOW).calls) == 5
