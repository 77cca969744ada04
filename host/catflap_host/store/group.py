"""What batches that are stored together add and change: each record once, each call and each alarm as its last record says."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from catflap_host.ingest import epochs
from catflap_host.ingest.envelope import Header, Record
from catflap_host.ingest.epochs import Standing
from catflap_host.store import projection
from catflap_host.store.places import record_place
from catflap_host.store.projection import Columns
from catflap_host.store.vault import Vault

MOVED = "moved"  # why of a drop that stands for what another cell has
MAX_LOST = 2**53  # a faulty probe's sums stop here, before the database's integers overflow

BootKey = tuple[str, str]
"""Probe and boot."""
CallKey = tuple[str, str, str, str, int]
"""Probe, boot, trunk, line, call."""
AlarmKey = tuple[str, str, str, str]
"""Probe, boot, trunk, alarm."""


class UnreachableError(Exception):
    """The database does not answer: none of the batches is at fault, and none may be stored."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A verified batch."""

    header: Header
    records: list[Record]


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a batch: `ack` is the boot's high-water mark now; it was not taken where `error` is `gap`, `replay` or `epoch`.

    `epoch` is the probe's now; `is_news`: the batch brought what was not stored.
    `tokens`: what the probe's bucket holds over all workers, where there may be several.
    """

    ack: int
    error: str = ""
    epoch: int = field(default=0, compare=False)
    is_news: bool = field(default=False, compare=False)
    tokens: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record to be added, and the call or alarm that it is about."""

    probe: str
    boot: str
    seq: int
    kind: str
    sealed: bytes
    call: CallKey | None
    alarm: AlarmKey | None


@dataclass(slots=True)
class AlarmChange:
    """An alarm's newest state, when it first was told here, and the numbers told in between."""

    raised_ms: int
    columns: Columns
    members: list[str]


@dataclass(slots=True)
class Drop:
    """What a probe had to let go."""

    lost: int = 0
    alerts: int = 0


@dataclass(slots=True)
class Group:
    """Everything that a transaction adds and changes."""

    records: list[RecordRow] = field(default_factory=list)
    decisions: dict[CallKey, Columns] = field(default_factory=dict)
    endings: dict[CallKey, Columns] = field(default_factory=dict)
    alarms: dict[AlarmKey, AlarmChange] = field(default_factory=dict)
    drops: dict[str, Drop] = field(default_factory=dict)
    boots: dict[BootKey, tuple[int, Header]] = field(default_factory=dict)
    epochs: dict[str, int] = field(default_factory=dict)
    """Epochs opened."""
    heard: dict[str, bool] = field(default_factory=dict)
    """Probes whose batches were taken, and whether there was news in them."""
    kinds: Counter[str] = field(default_factory=Counter)


def gather(batches: Sequence[Batch], standings: Mapping[BootKey, Standing], received_ms: int, vault: Vault) -> tuple[Group, list[Stored]]:
    """Sort batches into a group and say what becomes of each; `standings` tell of every boot in them what is stored before."""
    group = Group()
    results = [_take(group, batch, standings[batch.header.probe, batch.header.boot], received_ms, vault) for batch in batches]
    return group, results


def _take(group: Group, batch: Batch, stored: Standing, received_ms: int, vault: Vault) -> Stored:
    header = batch.header
    boot = header.probe, header.boot
    # what batches before this one in the group have changed holds too
    standing = Standing(group.epochs.get(header.probe, stored.epoch), group.boots[boot][0] if boot in group.boots else stored.ack)
    ack = standing.ack or 0
    judged = epochs.judge(header.epoch, standing, received_ms // 1000)
    if not judged.error and header.first > ack + 1:
        if batch.records:
            return Stored(ack, "gap", standing.epoch)
        # it only asks, and nothing would close the gap before there is a record
        group.heard[header.probe] = group.heard.get(header.probe, False)
        return Stored(ack, "", standing.epoch)
    if judged.epoch != standing.epoch:
        group.epochs[header.probe] = judged.epoch
    if judged.error:
        return Stored(ack, judged.error, judged.epoch)
    new = [record for record in batch.records if record.seq + record.count - 1 > ack]
    for record in new:
        _add(group, header, record, ack, vault)
    mark = max(ack, header.next_seq - 1)
    group.boots[boot] = mark, header
    group.heard[header.probe] = group.heard.get(header.probe, False) or bool(new)
    return Stored(mark, "", judged.epoch, mark > ack)


def boot_rows(group: Group, received_ms: int) -> list[tuple[str | int, ...]]:
    """Rows of `boots` as they are now, in the order of its columns."""
    return [
        (*boot, mark, header.mono_ms, header.wall_ms, received_ms, header.waiting, header.release)
        for boot, (mark, header) in group.boots.items()
    ]


def texts(group: Group) -> Iterator[str]:
    """Every number and name in the group, some more than once."""
    for columns in group.decisions.values():
        yield from (str(columns["calling"]), str(columns["name"]), str(columns["called"]))
    for change in group.alarms.values():
        yield from change.members


def _add(group: Group, header: Header, record: Record, ack: int, vault: Vault) -> None:
    fields = record.fields
    kind = projection.kind_of(fields)
    call: CallKey | None = None
    alarm: AlarmKey | None = None
    if kind in ("alert", "call"):
        call = _call_key(header, fields)
        if call:
            group.decisions[call] = projection.decision_columns(fields)
    elif kind == "end":
        call = _call_key(header, fields)
        if call:
            group.endings[call] = projection.ending_columns(fields)
    elif kind == "alarm":
        alarm = _change_alarm(group, header, fields)
    elif kind == "drop" and fields.get("why") != MOVED:
        # what was stored before the probe dropped it is not lost
        lost = min(record.count, record.seq + record.count - 1 - ack)
        drop = group.drops.setdefault(header.probe, Drop())
        drop.lost = min(drop.lost + lost, MAX_LOST)
        drop.alerts = min(drop.alerts + projection.dropped_alerts(fields, lost), MAX_LOST)
    sealed = vault.seal(record.raw.encode(), record_place(header.probe, header.boot, record.seq))
    group.records.append(RecordRow(header.probe, header.boot, record.seq, kind, sealed, call, alarm))
    group.kinds[kind] += 1


def _call_key(header: Header, fields: dict[str, object]) -> CallKey | None:
    key = projection.call_key(fields)
    return None if key is None else (header.probe, header.boot, str(key["trunk"]), str(key["line"]), int(key["call"]))


def _change_alarm(group: Group, header: Header, fields: dict[str, object]) -> AlarmKey | None:
    columns = projection.alarm_columns(fields)
    if columns is None:
        return None
    key = header.probe, header.boot, str(columns["trunk"]), str(columns["alarm"])
    members = projection.members(fields)
    if key in group.alarms:
        change = group.alarms[key]
        change.columns = columns
        change.members = list(dict.fromkeys([*change.members, *members]))[: projection.MAX_MEMBERS]
    else:
        group.alarms[key] = AlarmChange(int(columns["at_ms"]), columns, list(dict.fromkeys(members)))
    return key
