"""The envelope of firmware/PROTOCOL.md, sections 1 and 2: a batch taken apart and verified, an answer written and signed."""

import hmac
import json
import re
from dataclasses import dataclass

from catflap_host.ingest.epochs import LARGEST

VERSION = 1
MAX_BODY_BYTES = 262_144
MAX_RECORDS = 500
MAX_RECORD_BYTES = 4_096
MAX_DEPTH = 16
"""Lists and objects of a record, one within the other."""
BATCH_CONTEXT = b"catflap-batch-1\n"
ANSWER_CONTEXT = b"catflap-answer-1\n"

PROBE_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
_BOOT = re.compile(r"[0-9A-Fa-f]{16}")
_RELEASE = re.compile(r"[ -~]{0,64}")
_MAC = re.compile(rb"[0-9A-Fa-f]{64}")
_INT64 = range(-(2**63), 2**63)


class RefusedError(Exception):
    """A batch not taken: `status` and `error` are those of the protocol's table, the text says what and where."""

    def __init__(self, status: int, error: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.error = error


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a batch; the records cover the sequence numbers `first` ... `next_seq - 1`. `epoch` is None where it names none.

    `feed` is the place in the feed that the probe has and the room that it has for more, None of one that takes no feed.
    `policy` is what it says of its policy: see policy/delivering.py. `waiting` are the records that its spool holds, -1 where it does
    not say; `release` is what it is and runs on.
    """

    probe: str
    boot: str
    first: int
    next_seq: int
    mono_ms: int
    wall_ms: int
    epoch: int | None = None
    feed: tuple[int, int] | None = None
    policy: tuple[int, int, int, int] | None = None
    waiting: int = -1
    release: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One record, covering `count` sequence numbers from `seq`: its line as it came, and what it says ({} where it is no JSON object)."""

    seq: int
    count: int
    fields: dict[str, object]
    raw: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """A batch whose form is sound; nothing in it is to be believed before `verify`."""

    header: Header
    signed: bytes
    mac: bytes
    record_lines: list[bytes]


def malformed(detail: str) -> RefusedError:
    """The refusal of what is not an envelope."""
    return RefusedError(400, "malformed", detail)


def too_large(detail: str) -> RefusedError:
    """The refusal of more than a batch may hold."""
    return RefusedError(413, "too-large", detail)


def too_deep(where: str) -> RefusedError:
    """The refusal of what is nested beyond all use."""
    return RefusedError(422, "too-deep", f"{where} is nested more than {MAX_DEPTH} deep")


def split(body: bytes) -> Envelope:
    """Take a body apart without believing it; raises RefusedError `malformed`, `too-large` or `too-deep`."""
    if len(body) > MAX_BODY_BYTES:
        raise too_large(f"the body has {len(body)} bytes, {MAX_BODY_BYTES} may be sent at once")
    lines = body.split(b"\n")
    if len(lines) < 3 or lines[-1]:
        raise malformed("a batch is a header line, records and a line with the MAC, each ended by a line feed")
    mac = lines[-2]
    if not _MAC.fullmatch(mac):
        raise malformed("the last line is not a MAC of 64 hex digits")
    header = _header(lines[0])
    return Envelope(header, body[: -len(mac) - 1], mac, lines[1:-2])


def verify(envelope: Envelope, key: bytes) -> None:
    """Check the MAC in constant time; raises RefusedError `bad-mac`."""
    expected = hmac.digest(key, BATCH_CONTEXT + envelope.signed, "sha256").hex().encode()
    if not hmac.compare_digest(expected, envelope.mac.lower()):
        raise RefusedError(401, "bad-mac", f"the MAC does not fit the key of probe {envelope.header.probe}")


def read_records(envelope: Envelope) -> list[Record]:
    """The records in order, which cover exactly the header's sequence numbers.

    Raises RefusedError `malformed`, `too-large` or `too-deep`; after `verify` the probe may be told so under its key.
    """
    if len(envelope.record_lines) > MAX_RECORDS:
        raise too_large(f"{len(envelope.record_lines)} records, {MAX_RECORDS} may be sent at once")
    longest = max(map(len, envelope.record_lines), default=0)
    if longest > MAX_RECORD_BYTES:
        raise too_large(f"a record has {longest} bytes, {MAX_RECORD_BYTES} are allowed")
    seq = envelope.header.first
    records = []
    for number, line in enumerate(envelope.record_lines, start=1):
        fields = _fields(line, f"record {number}")
        count = _covered(fields, f"record {number}")
        records.append(Record(seq, count, fields, line.decode()))
        seq += count
    if seq != envelope.header.next_seq:
        raise malformed(f"the records end before sequence number {seq}, the header says {envelope.header.next_seq}")
    return records


def answer(
    header: Header,
    ack: int,
    wall_ms: int,
    retry_after_ms: int,
    error: str,
    key: bytes,
    epoch: int = 0,
    more: dict[str, object] | None = None,
) -> bytes:
    """The signed answer to a verified batch; `error` is empty for one that was taken, `epoch` 0 where none is to be told.

    `more` is what the answer says of the feed and the policy.
    """
    fields: dict[str, object] = {
        "v": VERSION,
        "probe": header.probe,
        "boot": header.boot,
        "ack": ack,
        "wall_ms": wall_ms,
        "retry_after_ms": retry_after_ms,
    }
    if error:
        fields["error"] = error
    if epoch:
        fields["epoch"] = epoch
    fields |= more or {}
    line = _line(fields)
    return line + hmac.digest(key, ANSWER_CONTEXT + line, "sha256").hex().encode() + b"\n"


def refusal(refused: RefusedError) -> bytes:
    """The unsigned answer to a batch that nobody has been proved to have sent."""
    return _line({"v": VERSION, "error": refused.error, "detail": str(refused)})


def _line(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, separators=(",", ":")).encode() + b"\n"


def _header(line: bytes) -> Header:
    fields = _fields(line, "the header")
    if _whole(fields, "v") != VERSION:
        raise malformed(f"the header's v is not {VERSION}: this aggregator reads no other version")
    header = Header(
        _text(fields, "probe", PROBE_NAME),
        _text(fields, "boot", _BOOT),
        _whole(fields, "first"),
        _whole(fields, "next"),
        _whole(fields, "mono_ms"),
        _whole(fields, "wall_ms"),
        _whole(fields, "epoch") if "epoch" in fields else None,
        _feed(fields["feed"]) if "feed" in fields else None,
        _policy(fields["policy"]) if "policy" in fields else None,
        _whole(fields, "waiting") if "waiting" in fields else -1,
        _text(fields, "release", _RELEASE) if "release" in fields else "",
    )
    if not 1 <= header.first <= header.next_seq:
        raise malformed("the header's first and next are no range of sequence numbers from 1 on")
    if header.epoch is not None and not 0 <= header.epoch <= LARGEST:
        raise malformed("the header's epoch is none that an aggregator issues")
    return header


def _fields(line: bytes, where: str) -> dict[str, object]:
    """The JSON object on a line, or {} for any other JSON value; raises RefusedError `malformed` or `too-deep`."""
    try:
        value = _JSON.decode(line.decode())
    except RecursionError:
        raise too_deep(where) from None
    except ValueError:
        raise malformed(f"{where} is not JSON in UTF-8") from None
    # most lines have too few brackets to be looked into
    if line.count(b"[") + line.count(b"{") > MAX_DEPTH and _is_too_deep(value):
        raise too_deep(where)
    return value if isinstance(value, dict) else {}


def _is_too_deep(value: object) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            inner for outer in level if isinstance(outer, dict | list) for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return any(isinstance(inner, dict | list) for inner in level)


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


# one for all records: `json.loads` would make one for each
_JSON = json.JSONDecoder(parse_constant=_no_constant)


def _covered(fields: dict[str, object], where: str) -> int:
    """How many sequence numbers a record covers: one, or a drop's `n`."""
    if fields.get("k") != "drop":
        return 1
    count = fields.get("n")
    if type(count) is not int or count < 1:
        raise malformed(f"{where} is a drop whose n is not a whole number from 1 on")
    return count


def _whole(fields: dict[str, object], name: str) -> int:
    value = fields.get(name)
    if type(value) is not int or value not in _INT64:
        raise malformed(f"the header's {name} is not a whole number of 64 bits")
    return value


def _policy(value: object) -> tuple[int, int, int, int]:
    if isinstance(value, list) and len(value) == 4 and all(type(part) is int and -1 <= part <= LARGEST for part in value) and value[3] > 0:
        return value[0], value[1], value[2], value[3]
    raise malformed("the header's policy is not two serial numbers, a place and a room")


def _feed(value: object) -> tuple[int, int]:
    if isinstance(value, list) and len(value) == 2 and all(type(number) is int and 0 <= number < 2**53 for number in value):
        return value[0], value[1]
    raise malformed("the header's feed is not a place and a room")


def _text(fields: dict[str, object], name: str, form: re.Pattern[str]) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise malformed(f"the header's {name} is not of the form {form.pattern}")
    return value
