"""A counter that forgets: halves its value every half-life, in integers, so that both runtimes agree to the bit."""

# 32768 * 2 ** (-i / 8): an eighth of a half-life a step
_EIGHTHS = (32768, 30048, 27554, 25268, 23170, 21247, 19484, 17867)

ONE = 16
"""One event, as the counter's value has it: four binary places."""

_TOP = 32767


class Counter:
    """Events per half-life, decayed; values are sixteenths and never pass 32767."""

    __slots__ = ("eighth_s", "since_s", "value")

    def __init__(self, half_life_s: int) -> None:
        self.eighth_s = half_life_s >> 3
        self.since_s = 0
        self.value = 0

    def at(self, now_s: int) -> int:
        """The value at `now_s`, in sixteenths of an event."""
        if not self.value:
            # its steps count from an event, not from midnights: the same calls on another date give the same values
            self.since_s = now_s
            return 0
        steps = (now_s - self.since_s) // self.eighth_s
        if steps > 0:
            self.since_s += steps * self.eighth_s
            halvings = steps >> 3
            self.value = 0 if halvings > 15 else (self.value * _EIGHTHS[steps & 7] >> 15) >> halvings
        return self.value

    def add(self, now_s: int, amount: int = ONE) -> None:
        """Counts one event at `now_s`, or so many sixteenths of one."""
        value = self.at(now_s) + amount
        self.value = value if value < _TOP else _TOP
