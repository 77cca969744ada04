"""Turns the call log of a callattendant installation (its CallLog table as CSV) into a recording of one US landline.

Measured, and so taken from the log: each call's caller-ID fields and `SystemDateTime`, here the moment the modem's caller-ID text came.
Filled in, since the log has not got it: the RINGs (their spacing is the US cadence, their count goes by the action that callattendant took,
see RINGS), the area code and the time zone. trunk.json may be corrected by hand.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

from catflap_host.errors import UserError

COLUMNS = ("Name", "Number", "Date", "Time", "SystemDateTime", "Action", "Reason")
RINGS = {"Permitted": 3, "Screened": 3, "Blocked": 2}
"""RINGs before the call was answered: by a person, by the screening message, by the block."""
CALLER_ID_AFTER_RING_S = 1.2
"""From the first RING, reported as its burst ends, to the end of the caller-ID text."""
CADENCE_S = 6.0
GUARD_S = 8.0
"""The last RING of a call comes at least this long before the first of the next."""
ZONE = timezone(timedelta(hours=-7))
AREA_CODE = "805"
LINE = "L01"
TITLE = (
    "callattendant call log. Measured: caller ID and its time. Filled in: RINGs (US cadence; 3 if permitted or screened, 2 if blocked), "
    "area code, time zone."
)


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """One row of the log."""

    caller_id_at: datetime
    date: str
    time: str
    number: str
    """Digits, or what the modem shows in their place: `O` (out of area) or `P` (private)."""
    name: str
    action: str
    reason: str


def import_log(csv_path: Path, out_dir: Path) -> int:
    """Writes the log as a recording with `outcomes.csv` beside it; returns how many calls. UserError names the file and row at fault."""
    calls = sorted(_read(csv_path), key=lambda call: call.caller_id_at)
    if not calls:
        raise UserError(f"{csv_path}: holds no calls; export the whole CallLog table")
    if (out_dir / "trunk.json").exists():
        raise UserError(f"{out_dir}: holds a recording already; name another folder")
    start = calls[0].caller_id_at.replace(hour=0, minute=0, second=0, microsecond=0)
    out_dir.mkdir(parents=True, exist_ok=True)
    (out_dir / "trunk.json").write_text(json.dumps(_trunk(csv_path.stem, start), indent=1) + "\n", encoding="utf-8")
    _write_cast(calls, start, out_dir / f"{LINE}.cast")
    _write_outcomes(calls, start, out_dir / "outcomes.csv")
    return len(calls)


def _read(csv_path: Path) -> Iterator[LoggedCall]:
    try:
        text = csv_path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"{csv_path}: {error.strerror}; name the CSV export of the CallLog table") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{csv_path}: byte {error.start} is not UTF-8; export the CallLog table as UTF-8") from error
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        missing = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
        if missing:
            raise UserError(f"{csv_path}, row 1: no column {', '.join(missing)}; export the whole CallLog table with its header")
        for row in rows:
            try:
                yield _logged_call(row)
            except ValueError as error:
                raise UserError(f"{csv_path}, row {rows.line_num}: {error}; mend or delete the row") from error
    except csv.Error as error:
        raise UserError(f"{csv_path}, row {rows.reader.line_num}: {error}; mend or delete the row") from error


def _logged_call(row: dict[str, str | None]) -> LoggedCall:
    fields = {column: row[column] for column in COLUMNS}
    cut = [column for column, value in fields.items() if value is None]
    if cut:
        raise ValueError(f"{', '.join(cut)} missing")
    value = {column: (text or "").strip() for column, text in fields.items()}
    for column, text in value.items():
        if not text.isprintable():
            raise ValueError(f"{column} holds a control character")
    if not re.fullmatch(r"\+?[0-9]+|O|P", value["Number"]):
        raise ValueError(f"Number {value['Number']!r} is neither digits nor O nor P")
    if value["Action"] not in RINGS:
        raise ValueError(f"Action {value['Action']!r} is none of {', '.join(RINGS)}")
    date = datetime.strptime(f"2000-{value['Date']}", "%Y-%d-%b")
    time = datetime.strptime(value["Time"], "%I:%M %p")
    return LoggedCall(
        caller_id_at=datetime.fromisoformat(value["SystemDateTime"]).replace(tzinfo=ZONE),
        date=f"{date:%m%d}",
        time=f"{time:%H%M}",
        number=value["Number"],
        # callattendant repeats the number where the line gave no name
        name="" if value["Name"] == value["Number"] else value["Name"],
        action=value["Action"],
        reason=value["Reason"],
    )


def _trunk(name: str, start: datetime) -> dict[str, object]:
    line = {"id": LINE, "file": f"{LINE}.cast", "dialect": "v253", "profile": "usr", "channels": 1, "numbers": []}
    return {
        "catflap_trunk": 1,
        "id": name,
        "start": start.isoformat(),
        "country": "US",
        "area_code": AREA_CODE,
        "role": "subscriber",
        "title": TITLE,
        "lines": [line],
    }


def _first_ring_s(call: LoggedCall, start: datetime) -> float:
    return (call.caller_id_at - start).total_seconds() - CALLER_ID_AFTER_RING_S


def _write_cast(calls: Sequence[LoggedCall], start: datetime, path: Path) -> None:
    first_rings_s = [_first_ring_s(call, start) for call in calls]
    with path.open("w", encoding="ascii") as cast:
        cast.write(json.dumps({"version": 2, "width": 80, "height": 24, "timestamp": int(start.timestamp())}) + "\n")
        for call, first_s, next_s in zip(calls, first_rings_s, [*first_rings_s[1:], float("inf")], strict=True):
            rings_s = [first_s + CADENCE_S * ring for ring in range(RINGS[call.action])]
            events = [(rings_s[0], "\r\nRING\r\n"), (first_s + CALLER_ID_AFTER_RING_S, _caller_id(call))]
            events += [(ring_s, "\r\nRING\r\n") for ring_s in rings_s[1:] if ring_s < next_s - GUARD_S]
            for t_s, text in events:
                # bytes are code points 0-255 in a recording
                cast.write(f'[{t_s:.6f}, "o", {json.dumps(text.encode().decode("latin-1"))}]\n')


def _caller_id(call: LoggedCall) -> str:
    text = f"\r\nDATE = {call.date}\r\nTIME = {call.time}\r\nNMBR = {call.number}\r\n"
    return text + (f"NAME = {call.name}\r\n" if call.name else "")


def _write_outcomes(calls: Sequence[LoggedCall], start: datetime, path: Path) -> None:
    """What callattendant did, which is no label: (line, t of the first RING, calling, action, reason)."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(("line", "t", "calling", "action", "reason"))
        for call in calls:
            calling = "" if call.number in ("O", "P") else call.number
            rows.writerow((LINE, f"{_first_ring_s(call, start):.6f}", calling, call.action, call.reason))
