"""What the demo came to: the probes' work against the exchange's own truth."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from tests.exchange.truth import CallTruth

LEARNING_CALLS = 20
"""The SIM bank's calls after so many ought to be blocked."""
FULL_RUN_S = 60.0
"""A shorter run cannot be asked to have blocked anything."""
KINDS = ("alert", "call", "end", "alarm")


@dataclass(frozen=True, slots=True)
class Summary:
    """The demo's figures."""

    calls: int
    busy: int
    bank_calls: int
    bank_blocked: int
    bank_calls_after_learning: int
    bank_blocked_after_learning: int
    other_blocked: int
    honest_calls: int
    honest_blocked: int
    latencies_ms: Sequence[float]
    made: Mapping[str, int]
    stored: Mapping[str, int]

    def failures(self, seconds: float) -> list[str]:
        """What a run of `seconds` should have reached and did not."""
        failed = []
        if any(self.made.get(kind, 0) != self.stored.get(kind, 0) for kind in KINDS):
            failed.append("not everything the probes made is stored")
        if self.honest_blocked:
            failed.append(f"{self.honest_blocked} honest calls were blocked or cut off")
        if seconds >= FULL_RUN_S:
            if self.bank_blocked_after_learning < 5:
                failed.append("fewer than 5 of the SIM bank's calls were blocked")
            if 2 * self.bank_blocked_after_learning < self.bank_calls_after_learning:
                failed.append(f"less than half of the SIM bank's calls after its {LEARNING_CALLS}th were blocked")
        return failed

    def lines(self) -> list[str]:
        """The figures as they are printed."""
        after = f"{self.bank_blocked_after_learning} of {self.bank_calls_after_learning} after its {LEARNING_CALLS}th"
        kept = ", ".join(f"{kind} {self.made.get(kind, 0)} / {self.stored.get(kind, 0)}" for kind in KINDS)
        return [
            f"calls                       {self.calls}, and {self.busy} that found the line busy",
            f"SIM bank's calls            {self.bank_calls}, blocked {self.bank_blocked}: {after}",
            f"other nuisance blocked      {self.other_blocked}",
            f"honest calls                {self.honest_calls}, blocked {self.honest_blocked}",
            f"caller ID to hang-up        {_quantiles(self.latencies_ms)}, as the exchange saw it",
            f"records made / stored       {kept}",
        ]


def summarise(calls: Sequence[CallTruth], made: Mapping[str, int], stored: Mapping[str, int]) -> Summary:
    """The figures from the exchange's truth and the counts of records that the probes made and the aggregator stores."""
    played = [call for call in calls if call.outcome != "busy"]
    bank = [call for call in played if call.planned.label == "simbank"]
    honest = [call for call in played if call.planned.label == "legit"]
    later = bank[LEARNING_CALLS:]
    return Summary(
        calls=len(played),
        busy=len(calls) - len(played),
        bank_calls=len(bank),
        bank_blocked=_blocked(bank),
        bank_calls_after_learning=len(later),
        bank_blocked_after_learning=_blocked(later),
        other_blocked=_blocked([call for call in played if call.planned.label not in ("simbank", "legit")]),
        honest_calls=len(honest),
        honest_blocked=sum(call.outcome == "blocked" or call.touched_in_use for call in honest),
        latencies_ms=[latency for call in played if (latency := call.caller_id_to_hangup_ms()) is not None],
        made=made,
        stored=stored,
    )


def _blocked(calls: Sequence[CallTruth]) -> int:
    return sum(call.outcome == "blocked" for call in calls)


def _quantiles(latencies_ms: Sequence[float]) -> str:
    if not latencies_ms:
        return "nothing was hung up"
    p99_ms = sorted(latencies_ms)[ceil(0.99 * len(latencies_ms)) - 1]
    return f"median {statistics.median(latencies_ms):.1f} ms, p99 {p99_ms:.1f} ms of {len(latencies_ms)}"
