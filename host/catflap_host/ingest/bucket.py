"""A token bucket for each probe, so that one that floods has to wait and the others do not.

Where several workers share the probes, the account is in the database, and each worker learns from it with every batch that it stores.
Between two of its own it knows nothing of the others': a bucket may be overdrawn by one batch a worker, for all of which its probe waits.
"""

from dataclasses import dataclass

RECORDS_PER_S = 1_000
"""A probe of 64 lines makes a few records a second; so fast may it send what it kept while it was alone."""
BURST_RECORDS = 10_000


def price(records: int) -> int:
    """The tokens that a batch takes: one a record, and one for itself."""
    return records + 1


def filled(tokens: float, passed_s: float, records_per_s: float = RECORDS_PER_S, burst_records: float = BURST_RECORDS) -> float:
    """What a bucket holds some time later."""
    return min(tokens + max(passed_s, 0.0) * records_per_s, burst_records)


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at_s: float


class Buckets:
    """The buckets of all probes, one token a record; a bucket may be overdrawn by one batch, which its probe then waits for."""

    def __init__(self, records_per_s: float = RECORDS_PER_S, burst_records: float = BURST_RECORDS) -> None:
        self._records_per_s = records_per_s
        self._burst_records = burst_records
        self._buckets: dict[str, _Bucket] = {}

    def wait_ms(self, probe: str, now_s: float) -> int:
        """How long the probe has to wait before its next batch: 0 while its bucket holds anything. `now_s` counts on a steady clock."""
        bucket = self._filled(probe, now_s)
        return 0 if bucket.tokens > 0 else int(-bucket.tokens / self._records_per_s * 1000) + 1

    def take(self, probe: str, records: int, now_s: float) -> int:
        """Take tokens for a batch of so many records, and one for the batch itself; returns what `wait_ms` says then."""
        self._filled(probe, now_s).tokens -= price(records)
        return self.wait_ms(probe, now_s)

    def learn(self, probe: str, tokens: int, now_s: float) -> int:
        """Take over what the bucket holds over all workers, if that is less; returns what `wait_ms` says then."""
        bucket = self._filled(probe, now_s)
        bucket.tokens = min(bucket.tokens, tokens)
        return self.wait_ms(probe, now_s)

    def _filled(self, probe: str, now_s: float) -> _Bucket:
        bucket = self._buckets.get(probe)
        if bucket is None:
            bucket = self._buckets[probe] = _Bucket(self._burst_records, now_s)
        bucket.tokens = filled(bucket.tokens, now_s - bucket.at_s, self._records_per_s, self._burst_records)
        bucket.at_s = now_s
        return bucket
