"""Batches and answers as they go over the wire (PROTOCOL.md sections 1 and 2)."""

import hmac
import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MAX_RECORDS = 100
"""A batch of ours holds no more; the aggregator takes more."""

BATCH_DOMAIN = b"catflap-batch-1\n"
ANSWER_DOMAIN = b"catflap-answer-1\n"


class EnvelopeError(ValueError):
    """An answer that is not to be believed; the message says why."""


class Answer:
    """What the aggregator said: committed up to `ack`; `error` is empty where the batch was taken; `epoch` 0 where it told none.

    `poll_ms`: ask again so often though there is nothing to send (0: do not). `feed`: numbers of pools, empty where it told none;
    `feed_at`: the place in the feed behind them. `policy`: a piece of the policy, as it stands in the answer.
    """

    __slots__ = ("ack", "epoch", "error", "feed", "feed_at", "policy", "poll_ms", "retry_after_ms", "urls")

    def __init__(self, tree: "dict[str, Any]") -> None:
        """Raises KeyError, TypeError or ValueError."""
        feed = tree.get("feed", {})
        self.ack = int(tree["ack"])
        self.error = str(tree.get("error", ""))
        self.retry_after_ms = int(tree.get("retry_after_ms", 0))
        self.epoch = int(tree.get("epoch", 0))
        self.poll_ms = int(tree.get("poll_ms", 0))
        self.urls = [str(url) for url in tree.get("urls", [])]
        self.feed = str(feed.get("pool", ""))
        self.feed_at = int(feed.get("at", 0))
        self.policy: dict[str, Any] | None = tree.get("policy")


def mac(key: bytes, domain: bytes, parts: "list[bytes]") -> bytes:
    """HMAC-SHA256 in hex over `domain` and the parts, one behind the other."""
    digest = hmac.new(key, domain, "sha256")
    for part in parts:
        digest.update(part)
    return digest.hexdigest().encode()


def batch(
    key: bytes,
    probe: str,
    boot: str,
    epoch: int,
    first: int,
    after: int,
    mono_ms: int,
    wall_ms: int,
    records: "list[bytes]",
    feed: str = "",
    policy: str = "",
    waiting: int = -1,
    release: str = "",
) -> bytes:
    """A signed batch of JSON records that cover the sequence numbers `first` ... `after` - 1; `epoch` is 0 before one was told.

    `feed`: the place in the feed up to which we have it, a comma, and how many numbers we have room for; empty: we take none.
    `policy`: what we say of ours (rules/delivery.py), empty: we take none. `waiting`: how many records the spool holds, these among them.
    `release`: what we are.
    """
    header = '{"v":1,"probe":%s,"boot":"%s","epoch":%d,"first":%d,"next":%d,"mono_ms":%d,"wall_ms":%d%s%s%s%s}' % (
        json.dumps(probe),
        boot,
        epoch,
        first,
        after,
        mono_ms,
        wall_ms,
        feed and ',"feed":[%s]' % feed,
        policy and ',"policy":[%s]' % policy,
        ',"waiting":%d' % waiting if waiting >= 0 else "",
        release and ',"release":%s' % json.dumps(release),
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
        return Answer(tree)
    except (AttributeError, KeyError, TypeError, ValueError) as fault:
        if isinstance(fault, EnvelopeError):
            raise
        raise EnvelopeError("the answer cannot be read: %s" % fault)
