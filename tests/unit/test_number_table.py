"""The compiled table: it is the metadata's, fits the board, and reads the same whole, by pages and frozen."""

import json
import subprocess
from pathlib import Path

import phonenumbers
import pytest

from catflap_host import micropython
from catflap_models.numbering import china as facts
from catflap_models.numbering.__main__ import frozen
from catflap_models.numbering.automaton import Pattern
from catflap_models.numbering.compile import MOST_BYTES, compiled
from catflap_probe.verdict import china, number_table
from catflap_probe.verdict.number_pages import Pages
from tests.unit.judged import verdict

PATH = Path(number_table.__file__).with_name("numbers.bin")


def test_the_committed_table_is_what_the_metadata_compiles_to() -> None:
    made_of, _ = number_table.text_at(0)
    if made_of != phonenumbers.__version__:
        pytest.skip(f"the table is of phonenumbers {made_of}, here is {phonenumbers.__version__}: make numbers")
    assert compiled() == PATH.read_bytes()


def test_the_table_fits_and_says_what_it_is_made_of() -> None:
    assert PATH.stat().st_size <= MOST_BYTES
    version, dated = number_table.text_at(0)
    assert version.count(".") == 2
    assert dated == facts.DATED


def test_a_range_marked_as_opened_after_the_tables_date_is_implausible(monkeypatch: pytest.MonkeyPatch) -> None:
    assert verdict("16312345678") == ("impossible", "cn.unallocated-range")
    table = compiled(opened_later="163 1742")
    monkeypatch.setattr(number_table, "TABLE", table)
    monkeypatch.setattr(number_table, "LEAVES", int.from_bytes(table[4:6], "little"))
    monkeypatch.setattr(china, "CHINA", int.from_bytes(table[18:20], "little"))
    assert verdict("16312345678") == ("implausible", "cn.opened-later")
    assert verdict("17421234567") == ("implausible", "cn.opened-later")
    assert verdict("1631234567") == ("impossible", "cn.bad-length")
    assert verdict("16412345678") == ("impossible", "cn.unallocated-range")


def test_pages_read_what_the_file_holds() -> None:
    table = PATH.read_bytes()
    with PATH.open("rb") as file:
        pages = Pages(file)
        assert bytes(pages[index] for index in range(len(table))) == table
        # pages that share a slot, in turn
        places = (5, 5 + 256 * 16, 5, 5 + 256 * 32)
        assert [pages[place] for place in places] == [table[place] for place in places]


def test_the_frozen_form_holds_the_same_bytes() -> None:
    found: dict[str, bytes] = {}
    exec(frozen(PATH.read_bytes()), found)
    assert found["TABLE"] == PATH.read_bytes()


@pytest.mark.skipif(micropython.find() is None, reason="no MicroPython for this machine")
def test_micropython_takes_the_frozen_form_where_there_is_one(tmp_path: Path) -> None:
    package = tmp_path / "catflap_probe"
    # the modules as they are, and the frozen one beside them
    package.symlink_to(PATH.parents[1])
    (tmp_path / "_numbers_frozen.py").write_text(frozen(PATH.read_bytes()), encoding="ascii")
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, _numbers_frozen\n"
        "sys.modules['catflap_probe.verdict._numbers_frozen'] = _numbers_frozen\n"
        "from catflap_probe.verdict import number_table\n"
        "print('[%d, %d]' % (number_table.TABLE is _numbers_frozen.TABLE, number_table.region_of('CN')))\n"
    )
    words = [str(micropython.find()), "-X", "heapsize=8m", str(script)]
    output = subprocess.run(words, env=micropython.environment(), check=True, timeout=60, stdout=subprocess.PIPE, cwd=tmp_path).stdout
    assert json.loads(output) == [1, number_table.region_of("CN")]


@pytest.mark.parametrize("pattern", ["1[2-4", "(?:1|2", "1+", "[^1]", "a", "1)"])
def test_a_pattern_that_is_not_understood_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"understood|found|bracket|group"):
        Pattern(pattern)


def test_a_pattern_tells_the_lengths_behind_a_prefix() -> None:
    pattern = Pattern(r"1(?:[23]\d|4)\d{2,3}|9")
    # bit n for n digits: one; four or five with 14; five or six with 12 and 13
    assert pattern.lengths(pattern.start) == 0b1110010
    after = pattern.after(pattern.after(pattern.start, "1"), "2")
    assert pattern.lengths(after) == 0b11000
    assert pattern.after(pattern.start, "5") == frozenset()


@pytest.mark.skipif(micropython.find() is None, reason="no MicroPython for this machine")
def test_machine_code_walks_where_its_plain_twin_walks() -> None:
    script = str(Path(__file__).with_name("walk_on_board.py"))
    words = micropython.command(script, "4m")
    done = subprocess.run([*words, str(PATH)], env=micropython.environment(), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    walked, different = map(int, done.stdout.split())
    assert walked == 16_000 and different == 0
