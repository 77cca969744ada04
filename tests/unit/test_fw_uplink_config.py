"""The uplink in a probe's configuration: addresses of one kind, secrets for their owner only."""

import json
from pathlib import Path
from typing import Any

import pytest

from catflap_probe.config import Config, ConfigError

LINE = {"id": "L01", "port": "/dev/ttyACM0", "dialect": "v253", "profile": "usr", "numbers": ["01062345601"]}
TRUNK = {"id": "beijing-7", "country": "CN", "area_code": "010", "role": "subscriber", "lines": [LINE]}


def read(folder: Path, uplink: dict[str, Any]) -> Config:
    """A configuration with that uplink."""
    tree = {"catflap_probe": 1, "id": "demo-a", "state": "state", "model": "model", "trunk": TRUNK, "uplink": uplink | {"key_file": "key"}}
    path = folder / "probe.json"
    path.write_text(json.dumps(tree))
    return Config(str(path))


def test_one_address_or_several(tmp_path: Path) -> None:
    assert read(tmp_path, {"url": "https://a:8750"}).urls == ["https://a:8750"]
    assert read(tmp_path, {"url": ["mqtts://a", "mqtts://b:99"]}).urls == ["mqtts://a", "mqtts://b:99"]


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("aggregator", "is no http://, https://, mqtt:// or mqtts:// address"),
        ("ftp://a", "is no http://, https://, mqtt:// or mqtts:// address"),
        ("https://a/b", "is no address of the form https://HOST:PORT"),
        ("https://user@a", "is no address of the form https://HOST:PORT"),
        ("mqtt://a:port", "is no address of the form mqtt://HOST:PORT"),
        (["https://a", "http://b"], "is no https:// address, as the one before it is"),
        ([], "no address is given"),
        ([7], "a string, or a list of them, is wanted"),
        (7, "a string, or a list of them, is wanted"),
    ],
)
def test_addresses_that_cannot_be_used_are_named_with_their_place(tmp_path: Path, url: object, fault: str) -> None:
    with pytest.raises(ConfigError, match=f"probe.json: uplink.*{fault}"):
        read(tmp_path, {"url": url})


def test_password_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.touch(0o600)
    path.write_text("open sesame\n")
    uplink = {"url": "mqtts://a", "password_file": str(path)}
    assert read(tmp_path, uplink).password == b"open sesame"
    path.chmod(0o640)
    with pytest.raises(ConfigError, match="chmod 600"):
        read(tmp_path, uplink)
    path.unlink()
    with pytest.raises(ConfigError, match="write the broker's password into it"):
        read(tmp_path, uplink)
