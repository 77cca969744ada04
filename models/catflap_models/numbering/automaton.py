"""Reads libphonenumber's patterns (digits, classes, groups, counts) and tells which lengths can follow a prefix."""

from functools import cache

Mask = int
"""Bit n - 1 stands for n digits."""

_DIGITS = "0123456789"


class _Reader:
    """A recursive-descent parser whose result is a tree of tuples."""

    def __init__(self, pattern: str) -> None:
        self.text = pattern
        self.at = 0

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def take(self) -> str:
        letter = self.peek()
        self.at += 1
        return letter

    def choice(self) -> tuple[object, ...]:
        options = [self.sequence()]
        while self.peek() == "|":
            self.take()
            options.append(self.sequence())
        return ("choice", *options)

    def sequence(self) -> tuple[object, ...]:
        parts: list[object] = []
        while self.peek() not in ("", "|", ")"):
            parts.append(self.counted())
        return ("sequence", *parts)

    def counted(self) -> object:
        part = self.atom()
        least, most = 1, 1
        if self.peek() == "?":
            self.take()
            least = 0
        elif self.peek() == "{":
            end = self.text.index("}", self.at)
            first, comma, last = self.text[self.at + 1 : end].partition(",")
            least, most = int(first), int(last if comma else first)
            self.at = end + 1
        return part if (least, most) == (1, 1) else ("count", part, least, most)

    def atom(self) -> object:
        letter = self.take()
        if letter == "(":
            if self.text[self.at : self.at + 2] == "?:":
                self.at += 2
            inner = self.choice()
            if self.take() != ")":
                raise ValueError(f"unclosed group in {self.text!r}")
            return inner
        if letter == "[":
            end = self.text.index("]", self.at)
            inside = self.text[self.at : end].replace("\\d", "0-9")
            self.at = end + 1
            found = ""
            while inside:
                if inside[1:2] == "-":
                    found += _DIGITS[int(inside[0]) : int(inside[2]) + 1]
                    inside = inside[3:]
                else:
                    found += inside[0]
                    inside = inside[1:]
            if not set(found) <= set(_DIGITS):
                raise ValueError(f"a class of {self.text!r} is not understood")
            return frozenset(found)
        if letter == "\\" and self.take() == "d":
            return frozenset(_DIGITS)
        if letter in _DIGITS:
            return frozenset(letter)
        raise ValueError(f"{letter!r} in {self.text!r} is not understood")


class Pattern:
    """A pattern without loops; its states are numbers, its start is the set `start`."""

    def __init__(self, pattern: str) -> None:
        """Raises ValueError for a pattern that has more than digits, classes, groups and counts."""
        self.steps: list[tuple[frozenset[str], int] | None] = []
        self.empty: list[list[int]] = []
        self.end = self._state()
        reader = _Reader("".join(pattern.split()))
        first = self._build(reader.choice(), self.end)
        if reader.peek():
            raise ValueError(f"unmatched bracket in {pattern!r}")
        self.start = self._closure({first})
        self._lengths = cache(self._lengths_from)
        self._counts = cache(self._count_from)

    def after(self, states: frozenset[int], digit: str) -> frozenset[int]:
        """The states after one more digit."""
        found = set()
        for state in states:
            step = self.steps[state]
            if step is not None and digit in step[0]:
                found.add(step[1])
        return self._closure(found)

    def lengths(self, states: frozenset[int]) -> Mask:
        """Counts of digits that can still follow until the end, as bits: bit n for n digits."""
        found = 0
        for state in states:
            found |= self._lengths(state)
        return found

    def count(self, states: frozenset[int]) -> int:
        """About how many endings there are; those that two ways lead to count twice."""
        return sum(self._counts(state) for state in states)

    def _lengths_from(self, state: int) -> Mask:
        if state == self.end:
            return 1
        step = self.steps[state]
        return self.lengths(self._closure({step[1]})) << 1 if step is not None else 0

    def _count_from(self, state: int) -> int:
        if state == self.end:
            return 1
        step = self.steps[state]
        return len(step[0]) * self.count(self._closure({step[1]})) if step is not None else 0

    def _state(self) -> int:
        self.steps.append(None)
        self.empty.append([])
        return len(self.steps) - 1

    def _closure(self, states: "set[int]") -> frozenset[int]:
        found: set[int] = set()
        todo = list(states)
        while todo:
            state = todo.pop()
            if state not in found:
                found.add(state)
                todo += self.empty[state]
        return frozenset(found)

    def _build(self, tree: object, then: int) -> int:
        if isinstance(tree, frozenset):
            state = self._state()
            self.steps[state] = (tree, then)
            return state
        assert isinstance(tree, tuple)
        if tree[0] == "sequence":
            for part in reversed(tree[1:]):
                then = self._build(part, then)
            return then
        state = self._state()
        if tree[0] == "choice":
            self.empty[state] = [self._build(option, then) for option in tree[1:]]
            return state
        _, part, least, most = tree
        for _ in range(most - least):
            optional = self._state()
            self.empty[optional] = [self._build(part, then), then]
            then = optional
        for _ in range(least):
            then = self._build(part, then)
        return then
