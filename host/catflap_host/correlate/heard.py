"""What the correlation takes of a probe's records: numbers in their one form, seconds, labels; anything else is passed over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catflap_host.number_form import international, plan_of
from catflap_probe.verdict.trunk_plan import TrunkPlan

MAX_TRUNKS = 65_536
MAX_MEMBERS = 64
_POOL_REASON = "pool."
_FED_REASON = "feed.pool"
_MOBILE = "mobile"
_LAST_S = 253_402_300_799


@dataclass(frozen=True, slots=True)
class Heard:
    """An incoming call that was decided; `site` is its probe, `line` is unique over all probes, `at_s` Unix time by the probe's clock.

    `is_fed`: it was found so since the aggregator had named the number, and by nothing that the probe saw of a pool itself.
    """

    number: str
    is_mobile: bool
    site: str
    line: str
    at_s: int
    label: str
    score: int
    is_pool: bool
    is_fed: bool = False


@dataclass(frozen=True, slots=True)
class Dialled:
    """A number that a trunk itself has called."""

    number: str
    site: str
    at_s: int


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm of one probe; `name` is unique over all probes, `members` are all that it had room to tell."""

    name: str
    kind: str
    site: str
    at_s: int
    members: Sequence[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What a call was found to be once it had ended; `number` is empty where none was shown."""

    number: str
    site: str
    line: str
    at_s: int
    label: str


Event = Heard | Dialled | Raised | Found
PlanRow = tuple[str, str, str, str, str]


class Reader:
    """Reads records; remembers the numbering plan of each trunk, as its `trunk` records tell, and the last call of each line."""

    def __init__(self) -> None:
        self._plans: dict[tuple[str, str], TrunkPlan] = {}
        self._last: dict[str, tuple[object, str]] = {}

    def read(self, probe: str, fields: dict[str, object]) -> Event | None:
        """The event that a record tells of, None for any other; a record with odd fields tells of none."""
        kind, trunk, at_ms = fields.get("k"), fields.get("trunk"), fields.get("at_ms")
        if not isinstance(trunk, str):
            return None
        if kind == "trunk":
            self._learn(probe, trunk, fields)
            return None
        if type(at_ms) is not int or not 0 < at_ms // 1000 <= _LAST_S:
            return None
        if kind in ("alert", "call"):
            return self._call(probe, trunk, at_ms // 1000, fields)
        if kind == "end":
            return self._end(probe, trunk, at_ms // 1000, fields)
        return self._alarm(probe, trunk, at_ms // 1000, fields) if kind == "alarm" else None

    def plans(self) -> list[PlanRow]:
        """Every trunk's plan as it was told: probe, trunk, country, area code, role."""
        return [(*trunk, plan.letters, plan.area_code, plan.role) for trunk, plan in self._plans.items()]

    def put_back(self, plans: Iterable[PlanRow]) -> None:
        """Takes over plans that `plans` gave."""
        self._plans = {(probe, trunk): plan_of(*told) for probe, trunk, *told in plans}

    def _learn(self, probe: str, trunk: str, fields: dict[str, object]) -> None:
        if len(self._plans) >= MAX_TRUNKS:
            self._plans.pop(next(iter(self._plans)))
        self._plans[probe, trunk] = plan_of(_text(fields, "country"), _text(fields, "area_code"), _text(fields, "role"))

    def _call(self, probe: str, trunk: str, at_s: int, fields: dict[str, object]) -> Event | None:
        plan = self._plans.get((probe, trunk)) or plan_of(_text(fields, "country"), "", "")
        if fields.get("direction") == "out":
            called = international(_text(fields, "called"), plan)
            return Dialled(called, probe, at_s) if called else None
        number = international(_text(fields, "calling"), plan)
        line = f"{probe}/{trunk}/{_text(fields, 'line')}"
        if len(self._last) >= MAX_TRUNKS and line not in self._last:
            self._last.pop(next(iter(self._last)))
        self._last[line] = fields.get("call"), number
        score, reasons = fields.get("score"), fields.get("reasons")
        if not number or type(score) is not int:
            return None
        is_pool = isinstance(reasons, list) and any(isinstance(reason, str) and reason.startswith(_POOL_REASON) for reason in reasons)
        is_fed = isinstance(reasons, list) and _FED_REASON in reasons and not is_pool
        return Heard(number, fields.get("number_kind") == _MOBILE, probe, line, at_s, _text(fields, "label"), score, is_pool, is_fed)

    def _end(self, probe: str, trunk: str, at_s: int, fields: dict[str, object]) -> Event | None:
        line = f"{probe}/{trunk}/{_text(fields, 'line')}"
        call, number = self._last.get(line, (None, ""))
        return Found(number if call == fields.get("call") else "", probe, line, at_s, _text(fields, "final_label"))

    def _alarm(self, probe: str, trunk: str, at_s: int, fields: dict[str, object]) -> Event | None:
        members, plan = fields.get("members"), self._plans.get((probe, trunk)) or plan_of("CN", "", "")
        if not isinstance(members, list):
            return None
        numbers = [international(member, plan) for member in members[-MAX_MEMBERS:] if isinstance(member, str)]
        name = f"{probe}/{trunk}/{_text(fields, 'alarm')}"
        return Raised(name, _text(fields, "kind"), probe, at_s, [number for number in numbers if number])


def _text(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    return value if isinstance(value, str) else ""
