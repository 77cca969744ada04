"""The cellular modem families: what they are told from, set up with, and what may be sent to a modem whose line is somebody's service."""

import pytest

from catflap_probe.dialect.profiles import Profile
from catflap_probe.dialect.table import FAMILIES as ALL
from catflap_probe.dialect.table import find_profile, profile_of

FAMILIES = sorted(ALL["3gpp"])


def commands(profile: Profile) -> tuple[str, ...]:
    """Everything that is sent to set a modem up and to look after it."""
    switching = [command for pair in profile.caller_id for command in pair if command]
    return (*profile.initialise, *profile.options, *profile.identify, *switching)


@pytest.mark.parametrize("name", FAMILIES)
def test_a_waiting_call_is_rejected_by_the_command_that_leaves_the_talk_alone(name: str) -> None:
    # TS 22.030 clause 6.5.5.1: 0 sets user determined user busy for the waiting call
    assert profile_of("3gpp", name).stop_waiting == "AT+CHLD=0"


@pytest.mark.parametrize("name", FAMILIES)
def test_a_ringing_call_is_rejected_and_never_taken(name: str) -> None:
    profile = profile_of("3gpp", name)
    assert profile.stop in ("AT+CHUP", "ATH")
    assert (profile.hang_up, profile.hold_ms, profile.country) == ("", 0, "")


@pytest.mark.parametrize("name", FAMILIES)
def test_setting_up_changes_no_service_in_the_network(name: str) -> None:
    # a mode in +CCWA, +CCFC, +CLCK or +CLIR would act on the subscription, and +COLP=1 delays the answer to a dialling command
    sent = commands(profile_of("3gpp", name))
    assert [command for command in sent if command.startswith(("AT+CCWA=1,", "AT+CCFC", "AT+CLCK", "AT+CLIR", "AT+COLP"))] == []
    assert "AT+CCWA=1" in sent
    assert ("AT+CLIP=1", "AT+CLIP?") in profile_of("3gpp", name).caller_id


@pytest.mark.parametrize("name", FAMILIES)
def test_a_family_is_registered_under_its_own_name_and_says_its_words_in_capitals(name: str) -> None:
    profile, is_known = find_profile("3gpp", name)
    assert is_known
    assert profile.name == name
    assert profile.identify
    assert bool(profile.identities) is (name != "generic")
    assert all(word == word.upper() for word in profile.identities)
    assert all(fault.endswith(".") for fault in profile.faults)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("SIMCOM INCORPORATED SIMCOM_SIM7600E", "simcom"),
        ("SIMCOM_Ltd SIMCOM_SIM800L", "sim800"),
        ("INCORPORATED A7670C-FASL", "simcom"),
        ("huawei E1752", "huawei"),
        ("Quectel EC25", "quectel"),
        ("u-blox SARA-U201", "ublox"),
        ("Telit GE910-QUAD", "telit"),
        (" WAVECOM MODEM  MULTIBAND  900E  1800", "wavecom"),
        ("Sierra Wireless, Incorporated HL7588", "sierra"),
    ],
)
def test_what_a_modem_answers_means_its_family(words: str, name: str) -> None:
    assert any(word in words.upper() for word in profile_of("3gpp", name).identities)
    others = [other for other in FAMILIES if any(word in words.upper() for word in profile_of("3gpp", other).identities)]
    # SIM800 answers with its maker's name too
    assert set(others) <= {name, "simcom"}


def test_two_families_reject_by_ath_because_their_manuals_say_so() -> None:
    assert [name for name in FAMILIES if profile_of("3gpp", name).stop == "ATH"] == ["sim800", "wavecom"]
