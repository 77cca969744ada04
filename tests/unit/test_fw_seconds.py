"""A call's second and millisecond are the world's, whenever the probe began: the same calls give the same verdicts after any start."""

import json
from pathlib import Path

import pytest

from catflap_probe.board import Board
from catflap_probe.clock import Clock
from tests.replay.recorded import replayed, rows

SECONDS = 1_772_380_800
RANG_MS = (14_006, 1_200_028, 1_239_994)
BEGAN_US = (0, 300, 999_999, 1_300_000, 1_999_700)


class Machine(Board):
    """Its clock is set by hand."""

    def __init__(self, now_us: int) -> None:
        self.now_us = now_us

    def monotonic_us(self) -> int:
        return self.now_us

    def unix_us(self) -> int:
        return SECONDS * 1_000_000 + self.now_us


@pytest.mark.parametrize("began_us", BEGAN_US)
def test_a_stamp_falls_into_the_same_millisecond_whenever_the_clock_began(began_us: int) -> None:
    clock = Clock(Machine(began_us), None)
    for stamp_us in (2_000_000, 2_000_999, 2_001_000):
        assert clock.start_ms + clock.at_ms(stamp_us) == SECONDS * 1000 + stamp_us // 1000


def test_verdicts_do_not_depend_on_the_part_of_a_second_at_which_a_recording_starts(tmp_path: Path) -> None:
    scores = []
    for begun_ms in (0, 300, 700):
        folder = tmp_path / str(begun_ms)
        folder.mkdir()
        line = {"id": "L1", "file": "L1.cast", "dialect": "v253", "numbers": ["62345678"]}
        start = f"2026-03-01T15:59:59.{begun_ms:03d}Z"
        tree = {"catflap_trunk": 1, "id": "t", "country": "CN", "area_code": "010", "start": start, "lines": [line]}
        (folder / "trunk.json").write_text(json.dumps(tree))
        calls = []
        for place, rang_ms in enumerate(RANG_MS):
            calls.append([(rang_ms - begun_ms) / 1000, "o", f"\r\nRING\r\n\r\nNMBR = 1380000111{place}\r\n"])
        header = json.dumps({"version": 2, "width": 80, "height": 24})
        (folder / "L1.cast").write_text("\n".join([header, *map(json.dumps, calls)]) + "\n")
        verdicts, _ = replayed([folder], tmp_path / f"out-{begun_ms}", "--tables", "board")
        scores.append([(row["calling"], row["label"], row["score"]) for row in rows(verdicts)])
    assert len(scores[0]) == len(RANG_MS)
    assert scores[0] == scores[1] == scores[2]
