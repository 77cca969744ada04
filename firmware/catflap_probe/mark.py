"""The called person's own mark that a call was a nuisance: a star code dialled, keys pressed on the line, a message to its modem.

line:   a call, answered or not, is over       probe: within ten minutes
person: dials *39                              -> a `mark` record of that call
        presses * 3 9, also while they talk    -> the same
        sends "13812345678" or "spam"          -> of that number's call, or of the last one
"""

from .call import OUT, Call
from .events import DIALLED, MESSAGE
from .rules.budget import Budget

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .line import Line

WAYS = ("star-code", "key", "sms")
STAR_CODE, KEY, SMS = 0, 1, 2

MEANT_MS = 600000
"""A call that ended longer ago is not meant any more."""

PAUSE_MS = 5000
"""Keys further apart are not of one code."""

MOST_MARKS = 20
WINDOW_S = 3600
"""So many marks an hour on a trunk: whoever forges a sender cannot fill the spool."""

MOST_CODE = 8
MOST_SENDERS = 20
LEAST_DIGITS = 3

_SEPARATORS = " -()./"


class MarkRule:
    """How calls may be marked: `code` is dialled or pressed, empty for neither; `senders` may send messages, as the line shows them."""

    __slots__ = ("code", "senders")

    def __init__(self, code: str, senders: "list[str]") -> None:
        """Raises ValueError for what is no such rule."""
        if not isinstance(code, str) or (code and (code[0] != "*" or not code[1:].isdigit() or len(code) > MOST_CODE)):
            raise ValueError("code: * and one to seven digits")
        if len(senders) > MOST_SENDERS or not all([isinstance(sender, str) and sender for sender in senders]):
            raise ValueError("sms: at most %d numbers" % MOST_SENDERS)
        self.code = code
        self.senders = tuple(senders)


class Marks:
    """Reads the marks of a trunk's lines out of their events."""

    def __init__(self) -> None:
        self._keys: dict[int, str] = {}  # by line: the keys of a code that has begun
        self._key_ms: dict[int, int] = {}
        self._budget = Budget(MOST_MARKS, WINDOW_S)

    def read(self, rule: MarkRule, line: int, kind: int, text: str, now_ms: int) -> "tuple[int, str, str] | None":
        """The way, the number that is named (empty: the last call) and the sender of a mark; None for what is none."""
        if kind == DIALLED:
            return (STAR_CODE, "", "") if rule.code and text == rule.code else None
        if kind == MESSAGE:
            sender, _, content = text.partition(" ")
            if sender not in rule.senders:
                return None
            number = named_in(content, rule.code)
            return None if number is None else (SMS, number, sender)
        return (KEY, "", "") if rule.code and self._is_pressed(rule.code, line, text, now_ms) else None

    def may(self, now_s: int) -> bool:
        """Whether one more mark is taken."""
        return self._budget.take(now_s)

    def _is_pressed(self, code: str, line: int, key: str, now_ms: int) -> bool:
        """Whether a key is the last one of the code."""
        if len(key) != 1:
            # a tone
            return False
        keys = self._keys.get(line, "")
        if key == "*" or now_ms - self._key_ms.get(line, 0) > PAUSE_MS:
            keys = ""
        keys += key
        if not code.startswith(keys):
            keys = ""
        self._key_ms[line] = now_ms
        self._keys[line] = "" if keys == code else keys
        return keys == code


def meant(line: "Line", now_ms: int, is_on_line: bool) -> "Call | None":
    """The call that a person marks: the one on the line if he is on it, else the last one that came in, for a while."""
    call = line.call
    if call is not None and (is_on_line or call.answered_ms >= 0):
        if call.direction != OUT:
            return call
        if is_on_line:
            # keys pressed during a call of his own
            return None
    call = line.came
    return call if call is not None and now_ms - call.ended_ms <= MEANT_MS else None


def named_in(text: str, code: str) -> "str | None":
    """The number that a message names; empty where it holds no digits, or the code alone; None where it holds others, or several."""
    text = text.strip()
    if code and text[: len(code)] == code:
        text = text[len(code) :]
    found = ""
    run = ""
    for letter in text + "\n":
        if "0" <= letter <= "9" or (letter == "+" and not run):
            run += letter
        elif letter not in _SEPARATORS:
            if run and found:
                return None
            found = found or run
            run = ""
    if not found:
        return ""
    digits = found[1:] if found[0] == "+" else found
    return found if LEAST_DIGITS <= len(digits) <= 15 else None
