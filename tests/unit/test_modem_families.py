"""The data of the modem families: what the dialects and the document promise holds for every one of them."""

import pytest

from catflap_probe.dialect.profiles import Profile
from catflap_probe.dialect.table import FAMILIES, find_profile, profile_of
from tests import modem_tables

ANALOGUE = {name: profile_of("v253", name) for name in FAMILIES["v253"]}


def test_the_document_says_what_the_data_files_say() -> None:
    text = modem_tables.DOCUMENT.read_text(encoding="utf-8")
    assert text == modem_tables.written_anew(text), "python -m tests.modem_tables writes it anew"
    for dialect, families in FAMILIES.items():
        assert f"families of {dialect}" in text
        assert all(f"### `{name}`" in text for name in families)


@pytest.mark.parametrize("name", ["usr", "conexant", "agere", "zoom", "rockwell", "ti", "si24xx", "hayes", "generic", "zyxel"])
def test_a_family_is_found_by_its_name(name: str) -> None:
    profile, is_known = find_profile("v253", name)
    assert is_known and profile.name == name


@pytest.mark.parametrize("profile", ANALOGUE.values(), ids=ANALOGUE)
def test_an_analogue_modem_takes_the_line_and_leaves_it_again(profile: Profile) -> None:
    assert (profile.stop, profile.hang_up) == ("ATH1", "ATH0")
    assert 1000 <= profile.hold_ms <= 3000
    assert not profile.stop_waiting, "going off-hook would cut into the conversation"


@pytest.mark.parametrize("profile", ANALOGUE.values(), ids=ANALOGUE)
def test_it_is_set_up_to_answer_in_words_and_never_to_a_call(profile: Profile) -> None:
    setup = "".join(profile.initialise)
    assert all(setting in setup for setting in ("E0", "Q0", "V1", "S0=0"))
    assert profile.initialise[0] == "ATZ", "it comes before caller ID is switched on: it switches it off"


@pytest.mark.parametrize("profile", ANALOGUE.values(), ids=ANALOGUE)
def test_caller_id_is_switched_on_by_one_command_and_asked_after_by_its_question(profile: Profile) -> None:
    assert profile.caller_id
    for command, question in profile.caller_id:
        assert command.startswith("AT")
        assert not question or question == command.partition("=")[0] + "?"


def test_the_generic_family_tries_every_family_s_commands_but_for_one_maker_s_register() -> None:
    tried = {command for command, _ in ANALOGUE["generic"].caller_id}
    used = {command for profile in ANALOGUE.values() for command, _ in profile.caller_id}
    assert used - tried == {"ATS40.2=1"}


@pytest.mark.parametrize("profile", ANALOGUE.values(), ids=ANALOGUE)
def test_the_country_goes_by_two_hex_digits(profile: Profile) -> None:
    assert profile.country % 0x26 == "AT+GCI=26"
    assert profile.country % 0x00 == "AT+GCI=00"


def test_no_word_for_one_family_stands_for_another_too() -> None:
    words = [word for profile in ANALOGUE.values() for word in profile.identities]
    assert len(words) == len(set(words))
    assert all(word == word.upper() for word in words)


@pytest.mark.parametrize("profile", ANALOGUE.values(), ids=ANALOGUE)
def test_what_users_have_met_is_a_sentence_each(profile: Profile) -> None:
    assert all(fault[0].isupper() and fault.endswith(".") for fault in profile.faults)
