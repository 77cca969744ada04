"""The configuration of a probe that serves lines of the emulated exchange (PROTOCOL.md section 6)."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.exchange.exchange import Exchange
from tests.exchange.trunk import Trunk, line_fields, trunk_fields

OFF_S = 2
"""Seconds of the day for which a modem's power is switched off."""
BUNDLE = Path(__file__).parents[2] / "models" / "bundle"


def probe_config(trunk: Trunk, probe: str, lines: Sequence[str], state: Path) -> dict[str, Any]:
    """The configuration of a probe for the named lines, with the released model; policy, uplink, ports and clock are still to come."""
    return {
        "catflap_probe": 1,
        "id": probe,
        "state": str(state),
        "model": str(BUNDLE),
        "trunk": trunk_fields(trunk) | {"lines": [line_fields(line) for line in trunk.lines if line.id in lines]},
    }


def plugged_in(config: dict[str, Any], exchange: Exchange) -> dict[str, Any]:
    """The configuration with the exchange's ports and clock."""
    lines = [line | {"port": exchange.ports[line["id"]], "baud": 115200} for line in config["trunk"]["lines"]]
    for line in lines:
        if line["id"] in exchange.power:
            line["power"] = exchange.power[line["id"]].setting(OFF_S)
    return config | {"trunk": config["trunk"] | {"lines": lines}, "clock": exchange.clock_setting()}


def write_json(tree: dict[str, Any], path: Path) -> Path:
    """Writes a configuration or a policy to `path`, and returns the path."""
    path.write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")
    return path
