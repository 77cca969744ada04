"""The gateway's configuration (firmware/PROTOCOL.md, section 9)."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catflap_host.errors import UserError
from catflap_probe.trunk import SettingsError, TrunkSettings
from catflap_probe.uplink.address import split_url


@dataclass(frozen=True, slots=True)
class Settings:
    """What a gateway is told; `ports` are paths or patterns, `ca_file` is empty for the machine's own certificates."""

    state: Path
    ports: tuple[str, ...]
    baud: int
    trunk: TrunkSettings
    url: str
    ca_file: str
    tells_time: bool
    """Whether the boards live in the world's time; those of an emulated day keep their own."""


def read_settings(path: Path) -> Settings:
    """The configuration in a file; raises UserError that names the place and the fault."""
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise UserError(f"{path}: the configuration cannot be read: {fault.strerror}") from None
    except ValueError as fault:
        raise UserError(f"{path}: not JSON: {fault}") from None
    if not isinstance(tree, dict) or tree.get("catflap_gateway") != 1:
        raise UserError(f'{path}: no "catflap_gateway": 1 in it: not a gateway\'s configuration')
    try:
        return _settings(tree)
    except (ValueError, SettingsError) as fault:
        raise UserError(f"{path}: {fault}") from None


def _settings(tree: dict[str, Any]) -> Settings:
    ports = tree.get("ports")
    if not isinstance(ports, list) or not ports or not all(isinstance(port, str) and port.startswith("/") for port in ports):
        raise ValueError("ports: a list of paths or patterns, such as /dev/serial/by-id/usb-*Catflap*")
    trunk = tree.get("trunk")
    if not isinstance(trunk, dict):
        raise ValueError("trunk: an object is wanted, as in a probe's configuration")
    uplink = tree.get("uplink")
    if not isinstance(uplink, dict):
        raise ValueError("uplink: an object is wanted")
    url, ca_file = _text(uplink, "url", "uplink."), uplink.get("ca_file", "")
    split_url(url)
    if not isinstance(ca_file, str):
        raise ValueError("uplink.ca_file: a string is wanted")
    baud, tells_time = tree.get("baud", 115200), tree.get("tells_time", True)
    if type(baud) is not int or baud < 1:
        raise ValueError("baud: a whole number")
    if not isinstance(tells_time, bool):
        raise ValueError("tells_time: true or false")
    return Settings(Path(_text(tree, "state")), tuple(ports), baud, TrunkSettings(trunk), url, ca_file, tells_time)


def _text(tree: dict[str, Any], name: str, place: str = "") -> str:
    value = tree.get(name)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{place}{name}: a string is wanted")
    return value
