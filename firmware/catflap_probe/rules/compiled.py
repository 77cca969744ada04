"""Reads a compiled policy: a line of JSON, the lists of numbers, and a SHA-256 over both (PROTOCOL.md section 11)."""

import hashlib
import json

from ..mark import MarkRule
from ..policy import BEST, NEVER, Policy, PolicyError
from .budget import Budget
from .hours import Calendar, Hours
from .layout import DIGEST_BYTES, FORMAT
from .lists import open_lists
from .registers import Registers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

HEAD = b'{"catflap_policy":2,'
"""How a compiled policy begins."""

_PIECE = 1024


def is_compiled(path: str) -> bool:
    """Whether a file is a compiled policy; raises OSError."""
    with open(path, "rb") as file:
        return file.read(len(HEAD)) == HEAD


def digest_of(path: str) -> bytes:
    """The SHA-256 at a policy's end; raises OSError, and PolicyError where it does not fit the bytes before it."""
    found = hashlib.sha256()
    piece = bytearray(_PIECE)
    with open(path, "rb") as file:
        file.seek(0, 2)
        left = file.tell() - DIGEST_BYTES
        if left < 0:
            raise PolicyError("the policy is cut short")
        file.seek(0)
        while left > 0:
            count = min(left, _PIECE)
            data = memoryview(piece)[:count]
            if file.readinto(data) != count:
                raise PolicyError("the policy is cut short")
            found.update(data)
            left -= count
        digest = file.read(DIGEST_BYTES)
    if found.digest() != digest:
        raise PolicyError("the policy is damaged: its SHA-256 does not fit")
    return digest


def read(path: str, country: str, is_checked: bool = False) -> Policy:
    """The policy in a file, for a trunk of a country, checked as a whole unless it was; its file stays open. Raises PolicyError."""
    try:
        if not is_checked:
            digest_of(path)
        file = open(path, "rb")
    except OSError as fault:
        raise PolicyError("the policy cannot be read: %s" % fault)
    try:
        line = file.readline()
        head = json.loads(line.decode())
        if head["catflap_policy"] != FORMAT:
            raise PolicyError("a compiled policy of version %s, which this probe does not read" % head["catflap_policy"])
        policy = _policy(head, country)
        policy.lists = open_lists(file, len(line), head["words"])
        return policy
    except PolicyError:
        file.close()
        raise
    except (KeyError, TypeError, ValueError, IndexError, OSError) as fault:
        file.close()
        raise PolicyError("the policy cannot be read: %s" % fault)


def _policy(head: "dict[str, Any]", country: str) -> Policy:
    policy = Policy(country)
    policy.serial = int(head["serial"])
    policy.version = str(head["version"])
    policy.shadow = bool(head["shadow"])
    policy.stop = [str(wish) for wish in head["stop"]]
    if len(policy.stop) != 2 or not all(wish in (BEST, "reject", "answer", NEVER) for wish in policy.stop):
        raise PolicyError("stop: two of best, reject, answer, never")
    if head["emergency"]:
        policy.emergency = tuple(head["emergency"])
    policy.allowed_kinds, policy.denied_kinds = head["kinds"]
    policy.allowed_countries, policy.denied_countries = head["countries"]
    policy.actions = [tuple(rule) for rule in head["actions"]]
    policy.hours = [Hours(*rule) for rule in head["hours"]]
    calendar = head["calendar"]
    policy.calendar = Calendar(calendar["offsets"], calendar["rest"], calendar["work"])
    if head["budget"]:
        policy.budget = Budget(*head["budget"])
    # aggregators before this one say nothing of it
    if head.get("registers"):
        policy.registers = Registers(*head["registers"])
    if head.get("mark"):
        policy.mark = MarkRule(*head["mark"])
    return policy
