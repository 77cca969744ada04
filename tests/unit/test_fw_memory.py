"""The memory: counters that forget, tables that make room, and a file that is believed whole or not at all."""

import asyncio
from pathlib import Path

import pytest

from catflap_probe.memory.counter import ONE, Counter
from catflap_probe.memory.keep import restore, save, save_between_calls
from catflap_probe.memory.numbers import MEMBERS, Blocks, block_of
from catflap_probe.memory.rovers import ROVERS, Rovers
from catflap_probe.memory.scale import log8
from catflap_probe.memory.table import DAY_S, WAYS, Table, digest
from catflap_probe.memory.trunk import GIVEN_UP, RANG_ON, TrunkMemory

TRUNK = "beijing-7"
START_S = 500_000_000


def lived_in() -> TrunkMemory:
    memory = TrunkMemory(TRUNK, "board")
    for index in range(200):
        now_s = START_S + index * 600
        sight = memory.look(f"1381234{index % 90:04d}", now_s)
        memory.arrived(sight, index % 4, True)
        memory.ended(sight, now_s + 20, 2000 + index * 10, (GIVEN_UP, RANG_ON, 7 + index)[index % 3])
        if index % 3 == 0:
            memory.recent.was_brief(sight.key)
            memory.flood_s = now_s
        if index % 7 == 0:
            sight.suspicion = 200
            memory.judged(sight, True)
    return memory


def content_of(memory: TrunkMemory) -> object:
    rovers = [(rover.key, rover.first_s, rover.last_s) for rover in memory.rovers.rovers]
    counters = [(counter.since_s, counter.value) for counter in memory.counters()]
    columns = [cells.tolist() for cells in memory.numbers.columns + memory.blocks.columns]
    suspects = memory.suspicion.suspects.keys, memory.suspicion.suspects.last_s
    kept = memory.recent
    recent = kept.keys, kept.at_s, kept.lines, kept.is_brief, kept.next
    seconds = memory.rovers.last_s, memory.line_last_s, memory.since_s, memory.flood_s
    return columns, counters, rovers, suspects, recent, seconds


def test_a_saved_memory_comes_back_equal(tmp_path: Path) -> None:
    memory, path = lived_in(), str(tmp_path / "memory")
    assert memory.rovers.rovers
    assert memory.suspicion.suspects.keys
    assert max(memory.numbers.suspicion) > 0 < max(memory.blocks.suspicion)
    save(memory, path)
    restored, why_not = restore(path, TRUNK, "board")
    assert why_not == ""
    assert content_of(restored) == content_of(memory)
    assert [entry.name for entry in tmp_path.iterdir()] == ["memory"]


def test_a_memory_that_a_call_changes_while_it_is_saved_is_saved_anew(tmp_path: Path) -> None:
    memory, path = lived_in(), tmp_path / "memory"
    save(memory, str(path))
    before = path.read_bytes()

    async def call_in_mid_save() -> bool:
        saving = asyncio.create_task(save_between_calls(memory, str(path)))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert (tmp_path / "memory.new").exists()
        memory.arrived(memory.look("13900000000", START_S + 300_000), 0, True)
        return await saving

    assert not asyncio.run(call_in_mid_save())
    assert path.read_bytes() == before
    assert asyncio.run(save_between_calls(memory, str(path)))
    restored, why_not = restore(str(path), TRUNK, "board")
    assert why_not == ""
    assert content_of(restored) == content_of(memory) != content_of(lived_in())


@pytest.mark.parametrize(("trunk", "tables", "why"), [("another", "board", "another trunk's"), (TRUNK, "linux", "another size")])
def test_a_memory_that_is_not_this_trunk_s_is_left(tmp_path: Path, trunk: str, tables: str, why: str) -> None:
    save(lived_in(), str(tmp_path / "memory"))
    memory, why_not = restore(str(tmp_path / "memory"), trunk, tables)
    assert why in why_not
    assert content_of(memory) == content_of(TrunkMemory(trunk, tables))


@pytest.mark.parametrize("place", [1, 300, 5000, -20, -2])
def test_a_damaged_memory_is_not_believed(tmp_path: Path, place: int) -> None:
    path = tmp_path / "memory"
    save(lived_in(), str(path))
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    memory, why_not = restore(str(path), TRUNK, "board")
    assert why_not
    assert content_of(memory) == content_of(TrunkMemory(TRUNK, "board"))


@pytest.mark.parametrize("length", [0, 10, 5000, -1])
def test_a_memory_cut_short_is_not_believed(tmp_path: Path, length: int) -> None:
    path = tmp_path / "memory"
    save(lived_in(), str(path))
    path.write_bytes(path.read_bytes()[:length])
    memory, why_not = restore(str(path), TRUNK, "board")
    assert why_not
    assert content_of(memory) == content_of(TrunkMemory(TRUNK, "board"))


def test_no_file_is_a_fresh_start(tmp_path: Path) -> None:
    assert restore(str(tmp_path / "memory"), TRUNK, "board")[1] == ""


def test_a_counter_halves_every_half_life() -> None:
    counter = Counter(3600)
    for _ in range(100):
        counter.add(START_S)
    assert [counter.at(START_S + hours * 3600) for hours in range(5)] == [100 * ONE >> hours for hours in range(5)]
    assert counter.at(START_S + 30 * 3600) == 0


def test_looking_often_forgets_no_faster_than_an_eighth_s_rounding() -> None:
    often, once = Counter(600), Counter(600)
    for counter in (often, once):
        for _ in range(100):
            counter.add(START_S)
    for second in range(601):
        often.at(START_S + second)
    assert once.at(START_S + 600) - 8 <= often.at(START_S + 600) <= once.at(START_S + 600)


def test_a_counter_never_passes_its_top() -> None:
    counter = Counter(600)
    for _ in range(5000):
        counter.add(START_S)
    assert counter.at(START_S) == 32767


def keys_of_one_set(count: int) -> list[bytes]:
    return [bytes([0, 0, index, 1, 2, 3]) for index in range(count)]


def test_a_full_set_gives_up_the_longest_silent_stranger_first() -> None:
    table, keys = Table(WAYS * 4), keys_of_one_set(WAYS + 1)
    for index, key in enumerate(keys[:WAYS]):
        row = table.take(key, START_S + index)
        table.touch(row, 0, START_S + index)
    # the oldest has called twice: the second oldest goes
    table.touch(table.find(keys[0]), 1, START_S)
    table.take(keys[WAYS], START_S + DAY_S)
    assert [index for index, key in enumerate(keys) if table.find(key) < 0] == [1]


def test_a_row_taken_over_starts_empty() -> None:
    table, keys = Table(WAYS), keys_of_one_set(WAYS + 1)
    for key in keys:
        table.touch(table.take(key, START_S), 3, START_S)
    row = table.find(keys[WAYS])
    assert (table.calls[row], table.lines[row], table.first_s[row]) == (1, 1 << 3, START_S)


def test_two_trunks_keep_a_number_under_different_digests() -> None:
    assert digest("one", "13812345678") != digest("other", "13812345678")


def test_a_block_keeps_its_latest_members() -> None:
    blocks = Blocks(WAYS)
    row = blocks.take(bytes(6), START_S)
    for suffix in range(MEMBERS + 2):
        blocks.add_member(row, suffix, START_S + suffix)
    assert blocks.young_members(row, 9999, START_S + 20) == MEMBERS
    assert blocks.young_members(row, 5, START_S + 20) == MEMBERS - 1
    assert blocks.nearest(row, 0) == 2
    assert blocks.young_members(row, 9999, START_S + 4 * DAY_S) == 0


@pytest.mark.parametrize(("number", "block"), [("13812345678", "1381234"), ("+442079460000", "+44207946"), ("95588", ""), ("", "")])
def test_block_of_a_number(number: str, block: str) -> None:
    assert block_of(number) == block


def test_the_longest_idle_rover_gives_way() -> None:
    rovers = Rovers()
    for index in range(ROVERS):
        rovers.saw(str(index), START_S, START_S + index)
    rovers.saw("0", START_S, START_S + ROVERS)
    rovers.saw("new", START_S, START_S + ROVERS + 1)
    assert (len(rovers.rovers), rovers.find("1")) == (ROVERS, None)
    assert rovers.find("0") is not None
    assert (rovers.idle_rank("2"), rovers.idle_rank("new"), rovers.idle_rank("1")) == (0, 255, -1)


def test_the_least_gap_is_that_of_the_two_closest_calls() -> None:
    memory = TrunkMemory(TRUNK, "board")
    gaps = []
    for now_s in (START_S, START_S + 7200, START_S + 7260, START_S + 90000):
        sight = memory.look("13812345678", now_s)
        memory.arrived(sight, 0, True)
        gaps.append(memory.numbers.least_gap[sight.row])
    assert gaps == [0, log8(7201), log8(61), log8(61)]


def test_young_mobiles_are_counted_by_call_and_by_day() -> None:
    memory = TrunkMemory(TRUNK, "board")
    for minute, calling in enumerate(("13812345678", "13812345678", "17012345678", "01062345678")):
        memory.arrived(memory.look(calling, START_S + 60 * minute), 0, calling[0] == "1")
    assert memory.young_calls.at(START_S + 200) == 3 * ONE
    assert memory.young_numbers.at(START_S + 200) == 2 * ONE
    later_s = START_S + 40 * DAY_S
    memory.arrived(memory.look("13812345678", later_s), 0, True)
    assert memory.young_calls.at(later_s) == 0


@pytest.mark.parametrize(("value", "scaled"), [(-5, 0), (0, 0), (1, 8), (2, 16), (60, 55), (DAY_S, 138), (1 << 40, 255)])
def test_the_scale_is_eighths_of_an_octave(value: int, scaled: int) -> None:
    assert log8(value) == scaled


@pytest.mark.parametrize("later_s", [1, 7321, 101 * DAY_S + 5 * 3600])
def test_the_same_calls_on_another_date_leave_the_same_counts(later_s: int) -> None:
    values = []
    for start_s in (START_S, START_S + later_s):
        week, seen = Counter(7 * DAY_S), []
        for hour in (0, 5, 31, 90, 91, 400):
            week.add(start_s + 3600 * hour)
            seen.append(week.at(start_s + 3600 * hour + 1800))
        values.append(seen)
    assert values[0] == values[1]


def test_a_full_small_table_lets_a_silent_regular_go_before_yesterdays_stranger() -> None:
    table = Table(WAYS)
    for regular in range(WAYS):
        row = table.take(digest("t", f"regular {regular}"), START_S)
        for call in range(4):
            table.touch(row, 0, START_S + call)
    for day in (5, 6):
        now_s = START_S + day * DAY_S
        table.touch(table.take(digest("t", f"stranger {day}"), now_s), 0, now_s)
    assert table.find(digest("t", "stranger 5")) >= 0
    known = sum(table.find(digest("t", f"regular {regular}")) >= 0 for regular in range(WAYS))
    assert known == WAYS - 2
