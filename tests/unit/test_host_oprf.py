"""Matching without numbers: the vectors of RFC 9497 (A.1.2), blinds that tell nothing, a key that is proven and replaced."""

from contextlib import closing
from pathlib import Path

import pytest

from catflap_host.reputation import match_key, tags
from catflap_host.reputation.document import Appeal
from catflap_host.reputation.match_key import LIFE_MS
from catflap_host.reputation.oprf import ELEMENT_CHARS, Asked, Key, OprfError
from catflap_host.reputation.tags import Tagger, TagsError
from catflap_host.store.database import Database, open_database
from tests.unit.partnered import entry
from tests.unit.test_host_stix import NOW_MS, NUMBERS

SEED = bytes.fromhex("a3" * 32)
PUBLIC = "c803e2cc6b05fc15064549b5920659ca4a77b2cca6f04f6b357009335476ad4e"
INPUTS = (b"\x00", b"\x5a" * 17)
BLINDED = (
    "863f330cc1a1259ed5a5998a23acfd37fb4351a793a5b3c090b642ddc439b945",
    "90a0145ea9da29254c3a56be4fe185465ebb3bf2a1801f7124bbbadac751e654",
)
EVALUATED = [
    "aa8fa048764d5623868679402ff6108d2521884fa138cd7f9c7669a9a014267e",
    "cc5ac221950a49ceaa73c8db41b82c20372a4c8d63e5dded2db920b7eee36a2a",
]
OUTPUTS = ("b58cfbe118e0cb94d79b5fd6a6dafb98", "8a9a2f3c7f085b65933594309041fc18")
"""As much of them as a tag has."""


def test_key_points_and_outputs_are_those_of_the_rfc() -> None:
    key = Key(SEED, b"test key")
    assert key.public == PUBLIC
    assert [answer[-ELEMENT_CHARS:] for answer in key.answers(BLINDED)] == EVALUATED
    texts = [text.decode() for text in INPUTS]
    assert tuple(key.tags(texts).values()) == OUTPUTS
    asked = Asked(texts)
    assert tuple(asked.tags(key.answers(asked.blinded), key.public)) == OUTPUTS


def test_two_blinds_of_a_number_have_nothing_in_common_and_give_one_tag() -> None:
    key = Key(SEED)
    one, other = Asked(NUMBERS), Asked(NUMBERS)
    assert not set(one.blinded) & set(other.blinded)
    made = [asked.tags(key.answers(asked.blinded), key.public) for asked in (one, other)]
    assert made[0] == made[1] == list(key.tags(NUMBERS).values())
    assert Key(SEED, b"another use").tags(NUMBERS) != key.tags(NUMBERS)


def test_an_answer_by_another_key_changed_or_cut_is_refused() -> None:
    key, other = Key(SEED), Key(bytes(32))
    asked = Asked(NUMBERS)
    good = key.answers(asked.blinded)
    for answers, public in (
        (other.answers(asked.blinded), key.public),
        (good[::-1], key.public),
        ([answer[:128] + good[0][128:] for answer in good], key.public),
        (["00" * 96] * 2, key.public),
        (["zz" * 96] * 2, key.public),
        (good, "00" * 32),
    ):
        with pytest.raises(OprfError, match="not by the key"):
            asked.tags(answers, public)
    with pytest.raises(OprfError, match="2 answers are due, and 1 came"):
        asked.tags(good[:1], key.public)
    for point in ("00" * 32, "ff" * 32, "zz" * 32, ""):
        with pytest.raises(OprfError, match="blinded 1 is no point"):
            key.answers([BLINDED[0], point])


def test_key_is_one_for_all_workers_and_is_replaced_in_time(database: Database, address: str, tmp_path: Path) -> None:
    first = match_key.newest(database, NOW_MS)
    with closing(open_database(tmp_path, address)) as beside:
        again = match_key.newest(beside, NOW_MS + LIFE_MS - 1)
        assert (again.version, again.key.public) == (first.version, first.key.public) and first.version == 1
        late = match_key.newest(beside, NOW_MS + LIFE_MS)
    assert (late.version, late.since_ms) == (2, NOW_MS + LIFE_MS)
    assert match_key.newest(database, NOW_MS + LIFE_MS).key.public == late.key.public != first.key.public
    assert match_key.rotate(database, NOW_MS + LIFE_MS) == 3


def test_tags_are_of_undisputed_entries_in_an_order_that_tells_nothing(database: Database) -> None:
    key, tagger = match_key.newest(database, NOW_MS), Tagger()
    numbers = [f"+86138{place:08d}" for place in range(9)]
    made = tagger.tags(key, [*map(entry, numbers), entry("+8613900000000", appeal=Appeal.OPEN)])
    assert made == sorted(key.key.tags(numbers).values())
    assert tagger.tags(key, map(entry, numbers[:2])) == sorted(key.key.tags(numbers[:2]).values())
    read = tags.read(tags.fields("A", key, made, NOW_MS), NOW_MS)
    assert (read.key, read.public_key, read.tags) == (1, key.key.public, frozenset(made))
    match_key.rotate(database, NOW_MS)
    assert not set(tagger.tags(match_key.newest(database, NOW_MS), map(entry, numbers))) & set(made)


def test_tags_that_are_not_quite_some_are_refused(database: Database) -> None:
    good = tags.fields("A", match_key.newest(database, NOW_MS), ["0" * 32], NOW_MS)
    for changed, fault in (
        ({"catflap_tags": 2}, "another version"),
        ({"issuer": 5}, "another version"),
        ({"key": "1"}, "of which key"),
        ({"public_key": "x"}, "of which key"),
        ({"expires_ms": NOW_MS}, "are over"),
        ({"expires_ms": NOW_MS + 9 * LIFE_MS}, "are over"),
        ({"tags": ["0" * 31]}, "no list"),
        ({"tags": {}}, "no list"),
    ):
        with pytest.raises(TagsError, match=fault):
            tags.read(good | changed, NOW_MS)
