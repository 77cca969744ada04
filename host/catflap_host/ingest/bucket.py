"""A token bucket for each probe, so that one that floods has to wait and the others do not."""

from dataclasses import dataclass

RECORDS_PER_S = 1_000
"""A probe of 64 lines makes a few records a second; so fast may it send what it kept while it was alone."""
BURST_RECORDS = 10_000


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
        self._filled(probe, now_s).tokens -= records + 1
        return self.wait_ms(probe, now_s)

    def _filled(self, probe: str, now_s: float) -> _Bucket:
        bucket = self._buckets.get(probe)
        if bucket is None:
            bucket = self._buckets[probe] = _Bucket(self._burst_records, now_s)
        bucket.tokens = min(bucket.tokens + (now_s - bucket.at_s) * self._records_per_s, self._burst_records)
        bucket.at_s = now_s
        return bucket
