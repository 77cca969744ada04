"""Which decisions came too late: 0.1 s after the number, after the second RING, 7 s after the first event."""

from pathlib import Path

import pytest

from catflap_models.court.in_time import late
from catflap_models.court.trunks import open_trunk
from catflap_models.court.verdicts import Row
from catflap_probe.call import SIMBANK
from tests.unit.court_cases import write_recording

NUMBER = "17000000001"
MDMF = "".join(f"3{digit}" for digit in NUMBER)
AT_S = 10.0


def is_late(tmp_path: Path, texts: list[tuple[float, str]], decided_at_s: float, calling: str = NUMBER, is_out: bool = False) -> bool:
    """Whether a call that begins at AT_S with these texts (seconds after it) was decided too late."""
    events = [(AT_S + t_s, text) for t_s, text in texts]
    recordings = open_trunk([write_recording(tmp_path / "a", {"L01": events})])
    row = Row(0, "L01", "", AT_S, is_out, calling, "", SIMBANK, 0.9, 3, AT_S + decided_at_s, SIMBANK, ())
    return bool(late(recordings, [row])[0])


RING = (0.0, "\r\nRING\r\n")
SECOND_RING = (5.0, "\r\nRING\r\n")
NEVER = 60.0


@pytest.mark.parametrize(
    ("texts", "decided_at_s", "is_too_late"),
    [
        ([RING, (1.8, f"NMBR = {NUMBER}\r\n"), SECOND_RING], 1.9, False),
        ([RING, (1.8, f"NMBR = {NUMBER}\r\n"), SECOND_RING], 1.95, True),
        ([RING, (1.8, f"NMBR = {NUMBER}\r\n"), SECOND_RING], 5.0, True),
        ([RING, (1.8, f"NMBR = {NUMBER[:5]}"), (2.4, f"{NUMBER[5:]}\r\n"), SECOND_RING], 2.45, False),
        ([RING, (1.8, f"NMBR = {NUMBER}"), (2.4, "\r\n"), SECOND_RING], 2.45, False),
        ([RING, (1.8, f"NMBR = {NUMBER}"), SECOND_RING], 3.0, False),
        ([RING, (1.8, f"MESG = 8010020B{MDMF}\r\n"), SECOND_RING], 1.9, False),
        ([RING, (1.8, f"MESG = 8010020B{MDMF}\r\n"), SECOND_RING], 5.0, True),
        ([RING, (1.8, "".join("\x10" + digit for digit in NUMBER) + "\r\n")], 5.0, True),
        ([RING, SECOND_RING, (8.0, f"NMBR = {NUMBER}\r\n")], 8.1, False),
        ([RING, SECOND_RING, (8.0, f"NMBR = {NUMBER}\r\n")], 8.2, True),
    ],
    ids=[
        "at once",
        "0.15 s after the number",
        "at the second ring",
        "number in two pieces",
        "line end apart",
        "line not yet over",
        "as a message in hex",
        "as a message in hex, late",
        "shielded",
        "number after the second ring",
        "that late",
    ],
)
def test_a_number_leaves_a_tenth_of_a_second(
    tmp_path: Path, texts: list[tuple[float, str]], decided_at_s: float, is_too_late: bool
) -> None:
    """Counted from the end of the text that holds it."""
    assert is_late(tmp_path, texts, decided_at_s) is is_too_late


@pytest.mark.parametrize(
    ("texts", "decided_at_s", "is_too_late"),
    [
        ([RING, SECOND_RING], 5.1, False),
        ([RING, SECOND_RING], 5.3, True),
        ([RING], 7.0, False),
        ([RING], 7.2, True),
        ([RING, (1.8, "NMBR = P\r\n"), SECOND_RING], 1.85, False),
        ([RING, SECOND_RING, (20.0, "NO CARRIER\r\n")], 20.0, True),
        ([RING, SECOND_RING, (8.0, '+CLIP: "",128,,,,1\r\n')], 8.05, False),
    ],
    ids=["second ring", "after it", "seven seconds", "after them", "withheld", "at the end", "withheld, told late"],
)
def test_without_a_number_the_second_ring_or_seven_seconds_end_the_wait(
    tmp_path: Path, texts: list[tuple[float, str]], decided_at_s: float, is_too_late: bool
) -> None:
    """Whichever comes first; the word that there is no number decides anew."""
    assert is_late(tmp_path, texts, decided_at_s, "") is is_too_late


def test_a_number_that_the_line_never_showed_buys_no_time(tmp_path: Path) -> None:
    """A detector may not claim a number to decide later."""
    assert is_late(tmp_path, [RING, SECOND_RING, (30.0, "NMBR = 13800000000\r\n")], 30.05)


def test_an_outgoing_call_has_no_hurry(tmp_path: Path) -> None:
    """Nothing rings."""
    assert not is_late(tmp_path, [RING], NEVER, is_out=True)
