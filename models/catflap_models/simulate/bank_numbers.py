"""The numbers of a SIM bank's cards, in the order in which the cards are taken into use."""

from collections.abc import Iterator
from random import Random

from catflap_models import numbers
from catflap_models.simulate.scenario import SimBank

NUMBERINGS = ("neighbouring", "batch", "scattered")
_HEAD = 3
"""Digits of a range; a purchase stays within it."""


def any_mobile(rng: Random, area_code: str, local_share: float, virtual_share: float) -> str:
    """A mobile of the trunk's own city with a chance of `local_share`, else of anywhere."""
    if rng.random() < local_share:
        return numbers.local_mobile(rng, area_code, virtual_share)
    return numbers.mobile(rng, virtual_share)


def card_numbers(bank: SimBank, area_code: str, rng: Random) -> Iterator[str]:
    """Different mobile numbers without end; raises ValueError for an unknown numbering.

    `neighbouring`: one purchase, each number next to the one before it or a few further on. `batch`: two to five such purchases.
    `scattered`: anywhere. A purchase is a virtual operator's with a chance of `virtual_share`, as is every scattered number. Some
    banks buy in the city of `area_code`, the trunk's, because people answer such numbers; how many do is a wide prior.
    """
    local_share = rng.choice((0.0, rng.random()))

    def bought() -> str:
        return any_mobile(rng, area_code, local_share, bank.virtual_share)

    if bank.numbering == "scattered":
        return _different(iter(bought, ""))
    if bank.numbering == "neighbouring":
        return _packs([_purchase(bought(), rng)], bank.sims, rng)
    if bank.numbering == "batch":
        return _different(_packs([_purchase(bought(), rng) for _ in range(rng.randrange(2, 6))], bank.sims, rng))
    raise ValueError(f"numbering {bank.numbering!r} is none of {', '.join(NUMBERINGS)}")


def _different(drawn: Iterator[str]) -> Iterator[str]:
    found: set[str] = set()
    for number in drawn:
        if number not in found:
            found.add(number)
            yield number


def _purchase(first: str, rng: Random) -> Iterator[str]:
    """Numbers in ascending order from the hundred of `first` on, with gaps where others have bought before. The gaps are a wide prior."""
    width = len(first) - _HEAD
    gap_chance = rng.choice((0.0, 0.0, 0.03, 0.1))
    place = int(first[_HEAD:]) // 100 * 100
    while True:
        yield first[:_HEAD] + str(place % 10**width).zfill(width)
        place += 1 + (rng.randrange(1, 20) if rng.random() < gap_chance else 0)


def _packs(purchases: list[Iterator[str]], sims: int, rng: Random) -> Iterator[str]:
    """Takes from the purchases by chance; some owners put their cards in as they come, others mix them first."""
    is_mixed = rng.random() < 0.5
    while True:
        pack = [next(rng.choice(purchases)) for _ in range(sims)]
        if is_mixed:
            rng.shuffle(pack)
        yield from pack
