"""Pools over several simulated trunks against the truth: what was found of the bank, and that honest people never are."""

from pathlib import Path

import pytest

from catflap_host.correlate.correlator import Correlator
from catflap_host.correlate.heard import Reader
from catflap_models.simulate.scenario import SimBank
from tests.planted_sites import City, Reported, plant

BANKS = {
    "neighbouring": SimBank("bank", "random", "neighbouring", 3, 7, sims=64, share=0.02),
    "batch": SimBank("bank", "round-robin", "batch", 3, 7, sims=64, share=0.03),
    "scattered": SimBank("bank", "longest-idle", "scattered", 3, 7, sims=64, share=0.03),
}
LEAST_RECALL = {"neighbouring": 0.9, "batch": 0.7, "scattered": 0.4}
"""Of all the bank's numbers that any trunk has seen, even once: most of the others are never suspected at two sites.

Over the seeds 11 to 22 it was 0.97, 0.78 and 0.52. Of 3,931 numbers found, one was not the bank's but
an honest rider's, of 125,525 honest ones.
"""


def correlated(reported: Reported) -> tuple[Correlator, set[str]]:
    """The correlator after all of it, and every number that was ever told as a pool's, in national form."""
    correlator, reader, told = Correlator(), Reader(), set[str]()
    for probe, record in reported.records:
        event = reader.read(probe, record)
        if event is not None:
            told |= {change.number.removeprefix("+86") for change in correlator.take(event) if not change.has_left}
    return correlator, told


@pytest.mark.parametrize("numbering", BANKS)
def test_shared_bank_is_one_pool_and_nobody_else_is_in_it(numbering: str, tmp_path: Path) -> None:
    reported = plant(City(seed=12, campaigns=(BANKS[numbering],)), tmp_path)
    correlator, told = correlated(reported)
    assert {reported.truth[number] for number in told} == {("simbank", "bank")}, "precision 1.0"
    assert len(told) >= LEAST_RECALL[numbering] * len(reported.bank())
    (pool,) = correlator.known()
    assert pool.sites() == ["site-1", "site-2", "site-3"]
    assert ("pool.neighbours" in pool.reasons()) == (numbering != "scattered")
    assert {"pool.sites", "pool.alarm"} <= set(pool.reasons())
    assert pool.confidence() > 9_000


@pytest.mark.parametrize("seed", [21, 22])
def test_honest_people_known_at_all_sites_are_no_pool(seed: int, tmp_path: Path) -> None:
    reported = plant(City(seed=seed, calls_a_line=10.0), tmp_path)
    assert {"hospital-recall", "courier", "school-alert", "family-block"} <= {family for _, family in reported.truth.values()}
    correlator, told = correlated(reported)
    assert (told, correlator.pools.pools) == (set(), {})
