"""Brokers' addresses read from text, and the topics of batches as either kind of broker writes them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catflap_host.errors import UserError
from catflap_host.ingest.broker import answer_topic, from_subject, parse_broker, probe_of, to_subject


def test_addresses_with_and_without_user_and_port() -> None:
    plain = parse_broker("mqtt", "mqtt://broker", None, None)
    assert (plain.places, plain.user, plain.password, plain.tls) == ((("broker", 1883),), "", "", None)
    secure = parse_broker("mqtt", "mqtts://aggregator@broker:99", None, None)
    assert (secure.places, secure.user, secure.tls is not None) == ((("broker", 99),), "aggregator", True)
    cluster = parse_broker("nats", "nats://n1,nats://n2:4333", None, None)
    assert cluster.places == (("n1", 4222), ("n2", 4333))


@pytest.mark.parametrize(
    ("protocol", "text", "fault"),
    [
        ("mqtt", "broker:1883", "no broker's address"),
        ("mqtt", "http://broker", "no broker's address"),
        ("mqtt", "nats://broker", "no broker's address"),
        ("nats", "mqtt://broker", "no broker's address"),
        ("mqtt", "mqtt://broker:port", "no broker's address"),
        ("mqtt", "mqtt://broker/topic", "no broker's address"),
        ("mqtt", "mqtt://user:secret@broker", "the password into a file"),
        ("mqtt", "mqtt://a,mqtt://b", "several brokers"),
        ("nats", "nats://a,", "no broker's address"),
    ],
)
def test_what_is_no_address_is_named(protocol: str, text: str, fault: str) -> None:
    with pytest.raises(UserError, match=fault):
        parse_broker(protocol, text, None, None)


def test_password_is_its_owners_alone_and_never_shown(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.touch(0o600)
    path.write_text("open sesame\n")
    broker = parse_broker("mqtt", "mqtt://aggregator@broker", None, path)
    assert broker.password == "open sesame"
    assert "sesame" not in repr(broker)
    path.chmod(0o644)
    with pytest.raises(UserError, match="chmod 600"):
        parse_broker("mqtt", "mqtt://aggregator@broker", None, path)
    with pytest.raises(UserError, match="cannot be read"):
        parse_broker("mqtt", "mqtt://aggregator@broker", None, tmp_path / "nothing")


def test_certificates_that_are_none_are_named(tmp_path: Path) -> None:
    path = tmp_path / "ca.pem"
    path.write_text("Dear diary")
    with pytest.raises(UserError, match=r"ca\.pem"):
        parse_broker("mqtt", "mqtts://broker", path, None)


@given(st.from_regex(r"[A-Za-z0-9._-]{1,64}", fullmatch=True), st.integers(1, 65_535))
def test_topic_of_any_probe_comes_back_from_its_subject(probe: str, number: int) -> None:
    topic = f"catflap/v1/batch/{probe}/{number}"
    subject = to_subject(topic)
    assert subject.count(".") == 4
    assert from_subject(subject) == topic
    assert probe_of(topic) == probe
    assert answer_topic(topic) == f"catflap/v1/answer/{probe}/{number}"
