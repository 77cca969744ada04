"""A modem's settings: what ATZ or a power failure makes of them, and whether one holds."""

from collections.abc import Mapping


class Settings:
    """Values of the commands that set something, by name."""

    def __init__(self, after_reset: Mapping[str, str], kept: frozenset[str]) -> None:
        """`kept` are those that a reset does not lose."""
        self.values = dict(after_reset)
        self._after_reset = after_reset
        self._kept = kept

    def reset(self) -> None:
        """All but the kept ones go back."""
        self.values |= {name: value for name, value in self._after_reset.items() if name not in self._kept}

    def holds(self, setting: str) -> bool:
        """Whether a setting such as `+CCWA=1` is in force, further parameters left out of account; an empty one always is."""
        name, _, value = setting.partition("=")
        return not setting or self.values.get(name, "").partition(",")[0] == value
