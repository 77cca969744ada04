"""Batches and answers as they go over the wire (PROTOCOL.md sections 1 and 2)."""

import hmac
import json

MAX_RECORDS = 100
"""A batch of ours holds no more; the aggregator takes more."""

BATCH_DOMAIN = b"catflap-batch-1\n"
ANSWER_DOMAIN = b"catflap-answer-1\n"


class EnvelopeError(ValueError):
    """An answer that is not to be believed; the message says why."""


class Answer:
    """What the aggregator said: committed up to `ack`; `error` is empty where the batch was taken; `epoch` 0 where it told none."""

    __slots__ = ("ack", "epoch", "error", "retry_after_ms")

    def __init__(self, ack: int, error: str, retry_after_ms: int, epoch: int) -> None:
        self.ack = ack
        self.error = error
        self.retry_after_ms = retry_after_ms
        self.epoch = epoch


def mac(key: bytes, domain: bytes, parts: "list[bytes]") -> bytes:
    """HMAC-SHA256 in hex over `domain` and the parts, one behind the other."""
    digest = hmac.new(key, domain, "sha256")
    for part in parts:
        digest.update(part)
    return digest.hexdigest().encode()


def batch(
    key: bytes, probe: str, boot: str, epoch: int, first: int, after: int, mono_ms: int, wall_ms: int, records: "list[bytes]"
) -> bytes:
    """A signed batch of JSON records that cover the sequence numbers `first` ... `after` - 1; `epoch` is 0 before one was told."""
    header = '{"v":1,"probe":%s,"boot":"%s","epoch":%d,"first":%d,"next":%d,"mono_ms":%d,"wall_ms":%d}' % (
        json.dumps(probe),
        boot,
        epoch,
        first,
        after,
        mono_ms,
        wall_ms,
    )
    # joined once: a board's heap has few places for a block of that size
    parts = [header.encode(), b"\n"]
    for record in records:
        parts.append(record)
        parts.append(b"\n")
    parts.append(mac(key, BATCH_DOMAIN, parts))
    parts.append(b"\n")
    return b"".join(parts)


def read_answer(key: bytes, probe: str, boot: str, body: bytes) -> Answer:
    """The answer to a batch of that probe and boot; raises EnvelopeError."""
    content, newline, rest = body.partition(b"\n")
    if not newline or not hmac.compare_digest(mac(key, ANSWER_DOMAIN, [content, b"\n"]), rest.strip()):
        raise EnvelopeError("the answer carries no valid MAC: wrong key, or not our aggregator")
    try:
        tree = json.loads(content.decode())
        if tree["v"] != 1 or tree["probe"] != probe or tree["boot"] != boot:
            raise EnvelopeError("the answer is for another probe or boot, or of another version")
        return Answer(int(tree["ack"]), str(tree.get("error", "")), int(tree.get("retry_after_ms", 0)), int(tree.get("epoch", 0)))
    except (KeyError, TypeError, ValueError) as fault:
        if isinstance(fault, EnvelopeError):
            raise
        raise EnvelopeError("the answer cannot be read: %s" % fault)
