"""Makes calling numbers as a Chinese trunk shows them: mobiles, landlines, services, foreign ones, and impossible ones."""

from random import Random
from zlib import crc32

from catflap_models.numbering.china import LONG_AREAS

VIRTUAL = ("162", "165", "167", "170", "171")
"""Ranges of virtual operators, where card dealers and couriers both buy."""

_CARRIERS = [
    "130",
    "131",
    "132",
    "133",
    "135",
    "136",
    "137",
    "138",
    "139",
    "147",
    "150",
    "151",
    "152",
    "153",
    "155",
    "156",
    "157",
    "158",
    "159",
    "166",
    "173",
    "175",
    "176",
    "177",
    "178",
    "180",
    "181",
    "182",
    "183",
    "184",
    "185",
    "186",
    "187",
    "188",
    "189",
    "191",
    "193",
    "195",
    "198",
    "199",
]
_DISTANT = ("021", "020", "022", "025", "0311", "0351", "0512", "0571", "0755", "0931")
_SERVICES = ("95588", "95533", "95599", "95555", "95338", "95543", "10086", "10010", "12345", "12306")
_DIALLERS = ("9501", "9502", "9503", "9510", "9521", "9540", "9570")
_ABROAD = (("85261", 6), ("12125", 6), ("44207", 7), ("819012", 6), ("6591", 6))
_ONE_RING = (("23276", 6), ("37126", 6), ("6757", 7), ("2207", 6), ("4477", 8), ("96079", 5))


# of 10,000 heads behind each code, what a large city has; wide prior
_CITY_HEADS = 150


def digits(rng: Random, count: int) -> str:
    """`count` random digits."""
    return "".join(rng.choice("0123456789") for _ in range(count))


def mobile(rng: Random, virtual_share: float = 0.05) -> str:
    """Eleven digits of a range that has a holder."""
    return rng.choice(VIRTUAL if rng.random() < virtual_share else _CARRIERS) + digits(rng, 8)


def local_mobile(rng: Random, area_code: str, virtual_share: float = 0.05) -> str:
    """Eleven digits from the city's own ranges.

    A carrier's numbers are given to cities by the first seven digits, in runs: so a city's people share their heads by chance.
    Which runs a city has is made up here, the same on every call.
    """
    carrier = rng.choice(VIRTUAL if rng.random() < virtual_share else _CARRIERS)
    first = crc32(f"{area_code} {carrier}".encode()) % (10_000 - _CITY_HEADS)
    return carrier + str(first + rng.randrange(_CITY_HEADS)).zfill(4) + digits(rng, 4)


def in_machine(rng: Random) -> str:
    """Thirteen digits of a card in a machine: a lift's alarm, a boiler's."""
    return rng.choice(("1440", "1410")) + digits(rng, 9)


def landline(rng: Random, area_code: str, local_share: float = 0.85) -> str:
    """A landline of the trunk's own area without its code, or one of another area with it."""
    if rng.random() < local_share:
        return _subscriber(rng, area_code)
    area = rng.choice([code for code in _DISTANT if code != area_code])
    return area + _subscriber(rng, area)


def _subscriber(rng: Random, area_code: str) -> str:
    return rng.choice("5678") + digits(rng, 7 if area_code in LONG_AREAS.split() else 6)


def service(rng: Random) -> str:
    """A bank, a carrier, a parcel service or a city's hotline."""
    return rng.choice(_SERVICES)


def dialler(rng: Random) -> str:
    """A number of a call-centre range."""
    return rng.choice(_DIALLERS) + digits(rng, 4)


def abroad(rng: Random) -> str:
    """An international number that honest people call from."""
    code, count = rng.choice(_ABROAD)
    return "+" + code + digits(rng, count)


def one_ring(rng: Random) -> str:
    """An international number of a country that one-ring callers use."""
    code, count = rng.choice(_ONE_RING)
    return "+" + code + digits(rng, count)


def impossible(rng: Random) -> str:
    """A number that no network can have given out."""
    return rng.choice(
        (
            "0086" + mobile(rng),
            "+8695" + digits(rng, 3),
            "+86" + rng.choice(("110", "10086", "12345", "96110")),
            rng.choice(("140", "141", "154", "160", "164", "168", "179", "194")) + digits(rng, 8),
            mobile(rng) + digits(rng, 1),
            mobile(rng)[:10],
            "000" + digits(rng, 7),
        )
    )


def neighbours(rng: Random, head: str, count: int, span: int) -> list[str]:
    """`count` different numbers within `span` of each other that begin with `head`, of as many digits as a mobile."""
    width = 11 - len(head)
    first = rng.randrange(10**width - span)
    return [head + str(first + offset).zfill(width) for offset in rng.sample(range(span), count)]
