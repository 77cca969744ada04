"""Epochs: whether a batch belongs to its probe's present life, by a number that the aggregator issues (firmware/PROTOCOL.md, section 2)."""

from dataclasses import dataclass

LARGEST = 2**53
"""No epoch is larger: every reader of JSON has it whole."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is stored of a probe: its epoch (0: none was opened yet) and the mark of the boot asked about (None: that boot is new)."""

    epoch: int
    ack: int | None


@dataclass(frozen=True, slots=True)
class Judged:
    """The epoch that holds from now on, and why the batch is refused: `replay`, `epoch`, or nothing."""

    epoch: int
    error: str


def judge(told: int | None, standing: Standing, now_s: int) -> Judged:
    """Judge a batch by the epoch that it was made under; `told` is None where its probe knows none. `now_s` is Unix time, in seconds.

    An epoch ahead of the stored one was issued by this aggregator and is not in its database, which is an older copy: the epoch opened then
    is past both.
    """
    current = standing.epoch
    if told is None or told == current:
        return Judged(_opened(current, now_s) if standing.ack is None else current, "")
    if told > current:
        return Judged(_opened(told, now_s), "epoch")
    return Judged(current, "replay" if told else "epoch")


def _opened(last: int, now_s: int) -> int:
    # the clock keeps numbers apart that two copies of one database would issue
    return min(max(last + 1, now_s), LARGEST)
