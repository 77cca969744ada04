"""The sweeps as data: a bank that hides in one way at a time, trunks and pools of all sizes, the same calls through other modems."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from catflap_models.court.suite import LIMIT, Size, base, seed_of, with_bank
from catflap_models.simulate.banks import SELECTORS
from catflap_models.simulate.scenario import Modems, Scenario

Heard = TypeVar("Heard")


@dataclass(frozen=True, slots=True)
class Trial:
    """One trunk of a sweep: what is varied, and the value that it has here."""

    axis: str
    value: str
    scenario: Scenario


_LIMITED = tuple(
    (
        f"{part} %",
        {"selector": "counter-limited", "limit_calls": LIMIT, "limit_share": part / 100, "calls_per_sim_day": LIMIT * part / 100},
    )
    for part in (25, 50, 80, 100, 150, 95)
)
"""What a bank does that keeps to such a part of what its operator allows a card; 95 %, the study's 190 of 200, are last: a sweep that is
cut short keeps them."""
_EVASIONS: tuple[tuple[str, tuple[tuple[str, dict[str, object]], ...]], ...] = (
    ("limit", (("none", {"selector": "counter-limited", "limit_calls": 0, "calls_per_sim_day": 190.0}), *_LIMITED)),
    ("sims", tuple((str(sims), {"sims": sims}) for sims in (8, 16, 64, 256, 512))),
    ("jitter", tuple((f"{part} %", {"gap_jitter": part / 100}) for part in (0, 25, 50, 100))),
    ("fake-incoming", tuple((f"{part} %", {"fake_incoming": part / 100}) for part in (0, 10, 25, 50))),
    ("selector", tuple((selector, {"selector": selector}) for selector in SELECTORS)),
    ("life", tuple((f"{days} days", {"life_days": float(days)}) for days in (1, 2, 5, 10))),
    ("share", tuple((f"{part:g} %", {"share": part / 100}) for part in (0.1, 0.3, 1, 3, 10))),
    ("sticky", tuple((f"{part} %", {"sticky": part / 100}) for part in (0, 50, 90))),
)


AXES = tuple(axis for axis, _ in _EVASIONS)
"""The ways of hiding."""


def evasions(size: Size, numbering: str) -> list[Trial]:
    """The sweep: one way of hiding at a time, the rest as in `base`; the same trunk and honest callers throughout."""
    starts = [
        replace(base(size, numbering, repeat), seed=seed_of("evasion", 2 * repeat + (numbering == "scattered")))
        for repeat in range(size.repeats)
    ]
    found = []
    for axis, values in _EVASIONS:
        # a sweep that is cut short keeps both ends
        chosen = values if len(values) <= size.sweep else (*values[: size.sweep - 1], values[-1])
        for number, (value, changes) in enumerate(chosen):
            for repeat, start in enumerate(starts):
                scenario = with_bank(start, **changes)
                trunk = replace(scenario.trunk, id=f"evasion-{numbering}-{axis}-{number}-{repeat}")
                found.append(Trial(axis, value, replace(scenario, trunk=trunk)))
    return found


def paces(size: Size) -> list[Trial]:
    """Point 5's: trunks by their lines, then pools by their size, each with neighbouring and with scattered numbers."""
    found: list[Trial] = []
    for numbering in ("neighbouring", "scattered"):
        for lines in size.line_counts:
            for repeat in range(size.repeats):
                scenario = replace(base(size, numbering, repeat), seed=seed_of("pace", len(found)))
                trunk = replace(scenario.trunk, id=f"lines-{numbering}-{lines}-{repeat}", lines=lines)
                # so many calls a line as everywhere; the bank's list is as long as the trunk
                per_line = size.calls_per_day / size.lines
                scenario = replace(scenario, trunk=trunk, honest=replace(scenario.honest, calls_per_day=per_line * lines))
                found.append(Trial("lines", f"{lines} {numbering}", with_bank(scenario, share=0.03 * lines / size.lines)))
        for sims in size.pool_sizes:
            for repeat in range(size.repeats):
                scenario = replace(base(size, numbering, repeat), seed=seed_of("pace", len(found)))
                scenario = replace(scenario, trunk=replace(scenario.trunk, id=f"pool-{numbering}-{sims}-{repeat}"))
                found.append(Trial("sims", f"{sims} {numbering}", with_bank(scenario, sims=sims)))
    return found


def by_value(trials: Sequence[Trial], heard: Iterable[Heard]) -> list[tuple[Trial, list[Heard]]]:
    """The first trial of each value, with what was heard of all of its trunks, in their order."""
    found: dict[tuple[str, str], tuple[Trial, list[Heard]]] = {}
    for trial, one in zip(trials, heard, strict=True):
        found.setdefault((trial.axis, trial.value), (trial, []))[1].append(one)
    return list(found.values())


MODEMS: tuple[tuple[str, Modems], ...] = (
    ("as learned", Modems(ring_s=(5.0,), split_share=0.0)),
    ("RING 3 s", Modems(ring_s=(3.0,), split_share=0.0)),
    ("RING 6 s", Modems(ring_s=(6.0,), split_share=0.0)),
    ("another cadence", Modems(ring_s=(4.0, 5.5), split_share=0.0)),
    ("cellular only", Modems(cellular_share=1.0)),
    ("analogue only", Modems(cellular_share=0.0)),
    ("DTMF", Modems(cellular_share=0.0, is_dtmf=True)),
    ("split text", Modems(ring_s=(5.0,), split_share=1.0)),
    ("lost text 2 %", Modems(lost_share=0.02)),
    ("clock step 1 h", Modems(ring_s=(5.0,), split_share=0.0, clock_step_s=3600.0)),
    ("withheld 20 %", Modems(withheld_share=0.2)),
)
"""What point 9 puts in the lines' place; the first is what the others are held against."""


def drifts(size: Size) -> list[Trial]:
    """The same calls of the same callers, heard by other modems."""
    starts = [replace(base(size, "neighbouring", repeat), seed=seed_of("drift", repeat)) for repeat in range(size.repeats)]
    chosen = MODEMS if size.name == "full" else MODEMS[:3]
    return [
        Trial("modems", name, replace(start, trunk=replace(start.trunk, id=f"drift-{number}-{repeat}"), modems=modems))
        for number, (name, modems) in enumerate(chosen)
        for repeat, start in enumerate(starts)
    ]
