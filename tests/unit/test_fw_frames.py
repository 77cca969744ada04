"""Frames of the serial link: noise costs the frame that it hits and no other."""

import random
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catflap_probe.uplink.frames import LONGEST, FrameReader, frame
from catflap_probe.uplink.serial_link import PIECE

CONTENTS = [b"Q 7 532198412 1 13812345678 L01", b"b 31 384", b"a 31 200 {}\n00ff\n", b"H {}"]


def heard(chunks: Iterable[bytes]) -> list[bytes]:
    contents: list[bytes] = []
    reader = FrameReader(contents.append)
    for chunk in chunks:
        reader.feed(chunk)
    return contents


def _ignore(content: bytes) -> None:
    pass


def beside(data: bytes) -> list[bytes]:
    lines: list[bytes] = []
    FrameReader(_ignore, lines.append).feed(data)
    return lines


@given(st.binary(max_size=PIECE))
def test_any_bytes_come_through_as_they_were_on_one_line(content: bytes) -> None:
    written = frame(content)
    assert written.count(b"\n") == 1
    assert b"\x03" not in written
    assert heard([written]) == [content]


def test_the_longest_piece_fits_however_it_must_be_escaped() -> None:
    written = frame(b"B 65535 262143 262144 " + b"^" * PIECE)
    assert len(written) <= LONGEST
    assert len(heard([written])) == 1


@given(st.lists(st.integers(0, 200), max_size=20))
def test_bytes_may_be_split_anywhere(cuts: list[int]) -> None:
    stream = b"".join(map(frame, CONTENTS))
    places = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    assert heard(stream[start:end] for start, end in pairwise(places)) == CONTENTS


@pytest.mark.parametrize("noise", [b"\x00\xff\n", b"^", b"^Q 7", b"^^^\n", b"x" * 5000, b"\n" * 9, b"\r", b"~0 ^~ 00000000\n"])
def test_noise_between_frames_costs_none(noise: bytes) -> None:
    assert heard([noise.join(map(frame, CONTENTS))]) == CONTENTS


def test_a_byte_lost_changed_or_added_costs_its_frame_alone() -> None:
    first, second, third = map(frame, CONTENTS[:3])
    for place in range(len(second)):
        for changed in (b"", b"\x00", b"7", second[place : place + 1] + b"7"):
            hit = second[:place] + changed + second[place + 1 :]
            if hit != second:
                found = heard([first, hit, third])
                assert found[0] == CONTENTS[0] and found[-1] == CONTENTS[2]
                assert set(found) <= set(CONTENTS)


def test_a_wire_that_loses_every_fifth_byte_gives_no_false_frame_and_is_whole_again_after_it() -> None:
    rng = random.Random(1)
    stream = b"".join(frame(b"b %d %d" % (n, 3 * n)) for n in range(2000))
    lossy = bytes(byte for byte in stream if rng.random() >= 0.2)
    found = heard([lossy, *map(frame, CONTENTS)])
    assert found[-len(CONTENTS) :] == CONTENTS
    assert all(int(content.split()[2]) == 3 * int(content.split()[1]) for content in found[: -len(CONTENTS)])


def test_no_more_than_one_frame_is_ever_held() -> None:
    reader = FrameReader(_ignore)
    for noise in (b"x", b"^", b"^" + b"y" * 7000):
        for _ in range(300):
            reader.feed(noise * 7)
            assert len(reader._line) <= LONGEST


def test_what_is_printed_beside_frames_is_handed_on_line_by_line() -> None:
    assert beside(b"boot\r\n" + frame(b"h") + b"INFO:catflap: hello\n") == [b"boot", b"INFO:catflap: hello"]
