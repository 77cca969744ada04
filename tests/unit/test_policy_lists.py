"""Lists of numbers: compiled, they hold for what their entries say and for nothing else, on both runtimes, without allocation."""

import subprocess
from io import BytesIO
from pathlib import Path
from random import Random

import pytest

from catflap_host import micropython
from catflap_host.policy.holders import holders
from catflap_host.policy.lists import ListEntry, ListError, compile_lists, words_in
from catflap_probe.rules.layout import DIGEST_BYTES, PAGE_WORDS, WORD_BYTES
from catflap_probe.rules.lists import PagedLists
from catflap_probe.rules.lists_whole import WholeLists
from catflap_probe.verdict.number_table import texts_of

EDGES = ["", "+", "a", "1a", "a1", "+1a", "1" * 15, "9" * 15, "+" + "9" * 15, "1" * 16, "+" + "1" * 16, "0" * 15]


def single(number: str, lists: int) -> ListEntry:
    return ListEntry(number, number, lists)


def drawn(rng: Random, most: int) -> list[ListEntry]:
    """Entries that overlap, enclose and touch each other."""
    found = [ListEntry("+", "", 2)] if rng.random() < 0.1 else []
    for _ in range(rng.randrange(most)):
        plus, count = rng.choice(["", "+"]), rng.randrange(1, 6)
        first, last = sorted(plus + "".join(rng.choice("0129") for _ in range(count)) for _ in "ab")
        found.append(ListEntry(first, rng.choice(["", first, last]), 1 << rng.randrange(8)))
    return found


def asked(rng: Random, count: int) -> list[str]:
    return [*EDGES, *(rng.choice(["", "+"]) + "".join(rng.choice("0129") for _ in range(rng.randrange(1, 8))) for _ in range(count))]


def walked(entries: list[ListEntry], number: str) -> int:
    """What the entries say, one by one."""
    digits = number.removeprefix("+")
    lists = 0
    if not digits.isascii() or not digits.isdigit() or len(digits) > 15:
        return 0
    for entry in entries:
        is_in = entry.first <= number <= entry.last and len(number) == len(entry.first) if entry.last else number.startswith(entry.first)
        lists |= entry.lists if is_in and (number[0] == "+") == (entry.first[0] == "+") else 0
    return lists


@pytest.mark.parametrize("seed", range(40))
def test_lists_hold_for_what_their_entries_say(seed: int) -> None:
    rng = Random(seed)
    entries = drawn(rng, 80)
    compiled = compile_lists(entries)
    content, words = compiled + bytes(DIGEST_BYTES), words_in(compiled)
    paged, whole = PagedLists(BytesIO(content), 0, words), WholeLists(BytesIO(content), 0, words)
    for number in asked(rng, 100):
        assert paged.find(number.encode()) == whole.find(number.encode()) == walked(entries, number), number


@pytest.mark.parametrize("count", [0, 1, PAGE_WORDS - 1, PAGE_WORDS, PAGE_WORDS + 1, 5 * PAGE_WORDS])
def test_every_number_of_any_count_of_pages_is_found_and_takes_one_word(count: int) -> None:
    numbers = [str(13_800_000_000 + 3 * place) for place in range(count)]
    compiled = compile_lists(single(number, 2) for number in numbers)
    assert words_in(compiled) == count
    lists = PagedLists(BytesIO(compiled + bytes(DIGEST_BYTES)), 0, count)
    assert all(lists.find(number.encode()) == 2 and not lists.find(str(int(number) + 1).encode()) for number in numbers)


def test_too_many_prefixes_are_refused() -> None:
    with pytest.raises(ListError, match="more than 100000 prefixes"):
        compile_lists(ListEntry("+1", "", 1) for _ in range(100_001))


@pytest.mark.parametrize("cut", [1, WORD_BYTES, DIGEST_BYTES])
def test_a_file_of_another_length_is_refused(cut: int) -> None:
    compiled = compile_lists([single("1", 1), single("2", 2)]) + bytes(DIGEST_BYTES)
    with pytest.raises(ValueError, match="not as long"):
        PagedLists(BytesIO(compiled[:-cut]), 0, 2)


@pytest.mark.skipif(micropython.find() is None, reason="no MicroPython for this machine")
def test_a_board_finds_the_same_and_allocates_nothing(tmp_path: Path) -> None:
    rng = Random(5)
    entries = drawn(rng, 400)
    compiled, numbers = compile_lists(entries), asked(rng, 2000)
    (tmp_path / "lists").write_bytes(b"head\n" + compiled + bytes(DIGEST_BYTES))
    (tmp_path / "numbers").write_text("".join(number + "\n" for number in numbers))
    script = str(Path(__file__).with_name("lists_on_board.py"))
    words = [*micropython.command(script, "1m"), str(tmp_path / "lists"), "5", str(words_in(compiled)), str(tmp_path / "numbers")]
    done = subprocess.run(words, env=micropython.environment(), check=True, timeout=60, stdout=subprocess.PIPE, text=True)
    found, _, grown = done.stdout.splitlines()
    assert [int(lists) for lists in found.split()] == [walked(entries, number) for number in numbers]
    assert int(grown) < 2000, "bytes for 2,000 look-ups and the loop around them"


def test_holders_have_the_prefixes_under_which_their_numbers_are_found() -> None:
    found = holders()
    assert {"中国移动", "中国电信", "中国联通"} <= set(found)
    for holder, prefixes in found.items():
        for prefix in prefixes:
            assert texts_of(prefix.encode(), 0)[0] == holder, prefix
