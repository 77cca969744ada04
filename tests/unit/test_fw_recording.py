"""The recording reader: every event up to the first damage, which is named by file and line."""

from pathlib import Path

import pytest

from catflap_probe.recording import CastReader, RecordingError, latin1, load_json, unix_ms

HEADER = b'{"version": 2, "width": 80, "height": 24, "timestamp": 1772380800}\n'
RING = b'[1.5, "o", "RING\\r\\n"]\n'


def read(folder: Path, content: bytes) -> tuple[list[tuple[int, str, bytes]], str]:
    path = folder / "L01.cast"
    path.write_bytes(content)
    reader = CastReader(str(path), "L01.cast")
    events = []
    while reader.next():
        events.append((reader.t_ms, reader.code, reader.data))
    return events, reader.fault


def test_a_sound_file_ends_without_a_fault(tmp_path: Path) -> None:
    content = HEADER + RING + b'\n[1.5009, "i", "ATH1\\r"]\n[ 2 , "m", "unplugged"]\n[3.25, "o", "\\u00ff\xc3\xa9\\u0000"]'
    expected = [(1500, "o", b"RING\r\n"), (1500, "i", b"ATH1\r"), (2000, "m", b"unplugged"), (3250, "o", b"\xff\xe9\x00")]
    assert read(tmp_path, content) == (expected, "")


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (b'[2.0, "o", RING]\n', "not an event"),
        (b'[2.0, "o", "RI', "not an event"),
        (b'[2.0, "o"]\n', "not an event"),
        (b'[2.0, "o", 7]\n', "not an event"),
        (b'[2.0, "o", "\xff"]\n', "not an event"),
        (b'{"version": 2}\n', "no time"),
        (b'["2.0", "o", "RING"]\n', "no time"),
        (b"7\n", "no time"),
        (b'[1.499, "o", "RING"]\n', "time runs back from 1.500 s"),
        (b'[2.0, "o", "\\u0100"]\n', "over 255"),
        (b'[99999999999999999999, "o", "RING"]\n', "beyond all sense"),
    ],
)
def test_damage_is_named_by_file_and_line_and_ends_the_reading(tmp_path: Path, line: bytes, what: str) -> None:
    events, fault = read(tmp_path, HEADER + RING + line + b'[9.0, "o", "RING\\r\\n"]\n')
    assert events == [(1500, "o", b"RING\r\n")]
    assert fault.startswith("L01.cast, line 3: ")
    assert what in fault


@pytest.mark.parametrize("header", [b"", b"\n", b"RING\n", b"[]\n", b'{"version": 1}\n'])
def test_a_file_without_its_header_is_damaged_from_the_start(tmp_path: Path, header: bytes) -> None:
    assert read(tmp_path, header + RING) == ([], "L01.cast, line 1: no asciicast v2 header")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match=r"absent\.cast: the line's file cannot be read"):
        CastReader(str(tmp_path / "absent.cast"), "absent.cast")


@pytest.mark.parametrize(("content", "fault"), [(None, "cannot be read"), (b"{", "not JSON"), (b"\xff", "not JSON")])
def test_a_trunk_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, fault: str) -> None:
    path = tmp_path / "trunk.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RecordingError, match=rf"trunk\.json: {fault}"):
        load_json(str(path))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-03-02T00:00:00+08:00", 1_772_380_800_000),
        ("2026-03-01T11:00:00.25-05:00", 1_772_380_800_250),
        ("2024-02-29T00:00:00Z", 1_709_164_800_000),
        ("2024-03-01 00:00:00z", 1_709_251_200_000),
    ],
)
def test_moments(text: str, expected: int) -> None:
    assert unix_ms(text) == expected


@pytest.mark.parametrize("text", ["", "None", "2026-03-02", "2026-03-02T00:00:00", "2026-03-02T00:00:00+0800", "2026-xx-02T00:00:00Z"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        unix_ms(text)


def test_every_byte_survives() -> None:
    assert latin1("".join(map(chr, range(256)))) == bytes(range(256))
