"""Which calls are wanted: asked of the database and of a call at hand, with one meaning."""

from dataclasses import dataclass, fields

from sqlalchemy import ColumnElement

from catflap_host.store.rows import Call
from catflap_host.store.tables import calls


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Values that a call must have; empty ones do not matter."""

    probe: str = ""
    trunk: str = ""
    line: str = ""
    label: str = ""
    action: str = ""
    direction: str = ""

    def given(self) -> dict[str, str]:
        """The values that matter, by their fields."""
        return {field.name: value for field in fields(self) if (value := getattr(self, field.name))}

    def fits(self, call: Call) -> bool:
        """Whether a call has them all."""
        return all(getattr(call, name) == value for name, value in self.given().items())

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same for the rows of `calls`."""
        return [calls.c[name] == value for name, value in self.given().items()]
