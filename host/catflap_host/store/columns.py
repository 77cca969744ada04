"""The columns that a decision and an ending set, in one order for every store."""

from collections.abc import Iterable, Mapping
from operator import itemgetter

from catflap_host.store.projection import MAX_MEMBERS, Columns

DECISION = (
    "at_ms",
    "decided_ms",
    "direction",
    "presentation",
    "number_kind",
    "country",
    "holder",
    "place",
    "channel",
    "label",
    "score",
    "action",
    "shadow",
    "reasons",
    "model",
    "calling_party",
    "name_party",
    "called_party",
)
ENDING = ("ended_ms", "final_label", "rings", "ring_ms", "answered_ms", "outcome")
KEY = ("probe", "boot", "trunk", "line", "call")

_plain_decision = itemgetter(*DECISION[:-3])
_plain_ending = itemgetter(*ENDING)


def decision_values(columns: Columns, ids: Mapping[str, int]) -> tuple[object, ...]:
    """The values of `DECISION`; `ids` are the rows of the numbers and names."""
    return (*_plain_decision(columns), ids[str(columns["calling"])], ids[str(columns["name"])], ids[str(columns["called"])])


def ending_values(columns: Columns) -> tuple[object, ...]:
    """The values of `ENDING`."""
    values: tuple[object, ...] = _plain_ending(columns)
    return values


def joined_members(before: str, members: Iterable[str], ids: Mapping[str, int]) -> str:
    """An alarm's members so far with those told now, as it keeps them: row numbers, each once, in the order of their coming."""
    known = dict.fromkeys(before.split(";") if before else [])
    known.update(dict.fromkeys(str(ids[member]) for member in members))
    return ";".join(list(known)[:MAX_MEMBERS])


def split_members(joined: str) -> list[int]:
    """The row numbers that an alarm keeps."""
    return [int(member) for member in joined.split(";")] if joined else []
