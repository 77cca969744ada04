"""Compiles the world's plans and China's into the one table that the probe reads."""

import phonenumbers

from catflap_models.numbering import china
from catflap_models.numbering.pack import Packer, Target
from catflap_models.numbering.plans import UNNAMED, lengths_of, put_plan, put_regions
from catflap_models.numbering.regions import CHINA, countries, regions
from catflap_probe.verdict.number_layout import HEAD_BYTES, MAGIC

Range = tuple[str, list[int], int, str, str]


MOST_BYTES = 40_000

PLAN_BYTES = (420, 320, 220, 120, 60)
"""How much a plan may take for being exact; the first that keeps the table within MOST_BYTES."""


def compiled(opened_later: str = china.OPENED_LATER) -> bytes:
    """The table, the same bytes for the same metadata; raises ValueError if there is no making it small enough."""
    for plan_bytes in PLAN_BYTES:
        table = _compiled(china.ranges(opened_later), plan_bytes)
        if len(table) <= MOST_BYTES:
            return table
    raise ValueError(f"the number table takes {len(table)} bytes at least, {MOST_BYTES} at most are wanted")


def _compiled(facts: list[Range], plan_bytes: int) -> bytes:
    packer = Packer()
    region_numbers = {region.name: number for number, region in enumerate(regions(), 1)}
    region_numbers[UNNAMED] = len(region_numbers) + 1
    codes: dict[str, Target] = {}
    country_rows, lengths = bytearray(), bytearray()
    known_lengths: dict[bytes, int] = {}
    numbers: dict[str, int] = {}
    for number, country in enumerate(countries()):
        numbers[country.code] = number
        codes[country.code] = (True, len(country.code) << 8 | number)
        plan = 0 if country.code == CHINA else put_plan(packer, country, plan_bytes)
        row = _two(lengths_of(country)) + _two(country.local_lengths)
        if row not in known_lengths:
            known_lengths[row] = len(known_lengths)
            lengths += row
        main = region_numbers[country.regions[0]] if country.regions else 0
        country_rows += _two(plan) + _two(put_regions(packer, country, region_numbers)) + bytes([known_lengths[row], main])
    code_trie = packer.trie(codes)
    china_trie = packer.trie(_leaves(packer, facts))
    text_trie, texts = _texts(packer, facts)
    region_rows, prefixes = _regions(numbers)
    places = []
    table = bytearray(packer.nodes)
    for part in (packer.leaves, country_rows, lengths, region_rows, b"", prefixes, texts):
        places.append(len(table))
        table += part
    leaves, country_place, lengths_place, region_place, region_end, prefix_place, text_place = places
    head = (leaves, code_trie, country_place, lengths_place, region_place, region_end, prefix_place, china_trie, text_trie, text_place)
    table[:HEAD_BYTES] = MAGIC + b"".join(_two(place) for place in head)
    return bytes(table)


def _two(number: int) -> bytes:
    return number.to_bytes(2, "little")


def _leaves(packer: Packer, facts: list[Range]) -> dict[str, Target]:
    """China's leaves; what a prefix does not say of a length, the shorter prefix before it says."""
    kinds: dict[str, dict[int, int]] = {}
    for code, lengths, kind, _, _ in facts:
        kinds.setdefault(code, {}).update(dict.fromkeys(lengths, kind))
    leaves = {}
    for code in sorted(kinds):
        above = max((code[:end] for end in range(len(code)) if code[:end] in kinds), key=len, default=None)
        if above is not None:
            kinds[code] = kinds[above] | kinds[code]
        masks: dict[int, int] = {}
        for length, kind in kinds[code].items():
            masks[kind] = masks.get(kind, 0) | 1 << (length - 1)
        leaves[code] = packer.leaf(tuple(sorted(masks.items())))
    return leaves


def _texts(packer: Packer, facts: list[Range]) -> tuple[int, bytes]:
    """The trie of texts, and the texts; text 0 names the sources."""
    texts = [(phonenumbers.__version__, china.DATED)]
    leaves: dict[str, Target] = {}
    for code, _, _, holder, place in facts:
        if holder or place:
            if (holder, place) not in texts:
                texts.append((holder, place))
            leaves[code] = (True, texts.index((holder, place)))
    return packer.trie(leaves), b"".join(_text(holder) + _text(place) for holder, place in texts)


def _text(text: str) -> bytes:
    encoded = text.encode()
    return bytes([len(encoded)]) + encoded


def _regions(numbers: dict[str, int]) -> tuple[bytes, bytes]:
    rows, prefixes = bytearray(4), bytearray()
    known: dict[bytes, int] = {}
    for region in regions():
        assert len(region.national) <= 2 and len(region.international) <= 4
        pair = (region.national.ljust(2) + region.international.ljust(4)).encode()
        if pair not in known:
            known[pair] = len(known)
            prefixes += pair
        rows += region.name.encode() + bytes([numbers[region.code], known[pair]])
    return bytes(rows + b"    "), bytes(prefixes)
