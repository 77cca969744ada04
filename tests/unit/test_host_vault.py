"""What is sealed opens only where it belongs, and a pseudonym gives nothing away."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catflap_host.store.keys import Keys
from catflap_host.store.vault import SealError, Vault

FIRST = Keys(b"s" * 32, b"p" * 32)
SECOND = Keys(b"S" * 32, b"P" * 32)


@given(st.binary(max_size=200), st.binary(max_size=20))
def test_sealed_text_opens_in_its_place_only(plain: bytes, place: bytes) -> None:
    vault = Vault({1: FIRST})
    sealed = vault.seal(plain, place)
    assert vault.open(sealed, place) == plain
    with pytest.raises(SealError, match="does not open"):
        vault.open(sealed, place + b"x")
    assert len(plain) < 8 or plain not in sealed


@given(st.binary(max_size=60))
def test_garbage_does_not_open(garbage: bytes) -> None:
    with pytest.raises(SealError):
        Vault({1: FIRST}).open(garbage, b"")


def test_the_same_text_is_never_sealed_the_same_way_twice() -> None:
    vault = Vault({1: FIRST})
    sealed = {vault.seal(b"110", b"") for _ in range(1_000)} | {Vault({1: FIRST}).seal(b"110", b"") for _ in range(100)}
    assert len(sealed) == 1_100


def test_an_older_version_is_read_and_no_longer_written() -> None:
    old, both = Vault({1: FIRST}), Vault({1: FIRST, 2: SECOND})
    assert both.open(old.seal(b"110", b""), b"") == b"110"
    with pytest.raises(SealError, match="version 2"):
        old.open(both.seal(b"110", b""), b"")
    assert both.pseudonyms("110") == [both.pseudonym("110"), old.pseudonym("110")]


def test_pseudonym_hangs_on_key_and_text_and_shows_neither() -> None:
    vault = Vault({1: FIRST})
    assert vault.pseudonym("13812345678") == Vault({1: FIRST}).pseudonym("13812345678")
    others = {vault.pseudonym("13812345679"), Vault({1: SECOND}).pseudonym("13812345678"), Vault({2: FIRST}).pseudonym("13812345678")}
    assert vault.pseudonym("13812345678") not in others
    assert len(others) == 3
    assert vault.pseudonym("\ud800").startswith("1."), "half a pair is a text too"
