"""The probe's configuration (PROTOCOL.md section 6)."""

import json
import os

from .care.power import PowerSwitch
from .dialect.table import DIALECTS
from .memory.trunk import TABLES
from .trunk import SettingsError, TrunkSettings
from .uplink.address import split_urls


class ConfigError(ValueError):
    """A configuration that cannot be used; the message names the place and the fault."""


OFF_S = 5
LONGEST_OFF_S = 60


class PortSettings:
    """Where a line's modem is, and what switches it off and on (None: nothing does)."""

    __slots__ = ("baud", "path", "power")

    def __init__(self, path: str, baud: int, power: "PowerSwitch | None" = None) -> None:
        self.path = path
        self.baud = baud
        self.power = power


class Config:
    """A probe's configuration, read and checked."""

    def __init__(self, path: str, tables: str = "linux") -> None:
        """Reads the file; `tables` is taken where it names none. Raises ConfigError."""
        tree = _read(path)
        if tree.get("catflap_probe") != 1:
            raise ConfigError('%s: no "catflap_probe": 1 in it: not a probe\'s configuration' % path)
        try:
            self.trunk = TrunkSettings(_object(tree, "trunk", path))
        except SettingsError as fault:
            raise ConfigError("%s: %s" % (path, fault))
        self.id = _text(tree, "id", path)
        self.state = _text(tree, "state", path)
        self.model = _text(tree, "model", path)
        self.policy = _text(tree, "policy", path) if "policy" in tree else ""
        self.tables = _text(tree, "tables", path) if "tables" in tree else tables
        if self.tables not in TABLES:
            raise ConfigError("%s: tables: one of %s" % (path, ", ".join(sorted(TABLES))))
        self.ports: list[PortSettings] = []
        lines = _object(tree, "trunk", path)["lines"]
        assert isinstance(lines, list)
        for index, line in enumerate(lines):
            place = "%s: trunk.lines[%d]" % (path, index)
            if self.trunk.lines[index].dialect not in DIALECTS:
                raise ConfigError("%s.dialect: one of %s" % (place, ", ".join(sorted(DIALECTS))))
            baud = _baud(line, place)
            port = _text(line, "port", place)
            for other, settings in enumerate(self.ports):
                if settings.path == port:
                    raise ConfigError("%s.port: line %s has %s already" % (place, self.trunk.lines[other].id, port))
            power = _power(_object(line, "power", place), "%s.power" % place) if "power" in line else None
            self.ports.append(PortSettings(port, baud, power))
        self.clock = _object(tree, "clock", path) if "clock" in tree else None
        self.record = _text(tree, "record", path) if "record" in tree else ""
        self.urls: list[str] = []
        self.gateway: PortSettings | None = None
        if "uplink" in tree:
            self._set_uplink(_object(tree, "uplink", path), path)

    def _set_uplink(self, uplink: "dict[str, object]", path: str) -> None:
        place = "%s: uplink" % path
        self.key_file = _text(uplink, "key_file", place)
        if ("url" in uplink) == ("port" in uplink):
            raise ConfigError("%s: either url (an aggregator) or port (a gateway)" % place)
        if "port" in uplink:
            self.gateway = PortSettings(_text(uplink, "port", place), _baud(uplink, place))
            return
        urls = uplink["url"]
        for url in urls if isinstance(urls, list) else [urls]:
            if not isinstance(url, str):
                raise ConfigError("%s: url: a string, or a list of them, is wanted" % place)
            self.urls.append(url)
        self.ca_file = _text(uplink, "ca_file", place) if "ca_file" in uplink else ""
        try:
            split_urls(self.urls)
        except ValueError as fault:
            raise ConfigError("%s.url: %s" % (place, fault))
        self.password = b""
        if "password_file" in uplink:
            self.password = _secret(_text(uplink, "password_file", place), "write the broker's password into it")


def _power(tree: "dict[str, object]", place: str) -> PowerSwitch:
    off_s = tree.get("off_s", OFF_S)
    if not isinstance(off_s, int) or isinstance(off_s, bool) or not 1 <= off_s <= LONGEST_OFF_S:
        raise ConfigError("%s.off_s: whole seconds, 1 to %d" % (place, LONGEST_OFF_S))
    return PowerSwitch(_text(tree, "file", place), _text(tree, "off", place), _text(tree, "on", place), off_s)


def read_key(path: str) -> bytes:
    """The 32 bytes that a key file, readable by its owner only, holds as 64 hex digits; raises ConfigError, never with the key in it."""
    content = _secret(path, "`catflap host enrol` makes one")
    try:
        text = content.decode()
        key = bytes([int(text[at : at + 2], 16) for at in range(0, len(text), 2)])
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ConfigError("%s: a key is 64 hex digits" % path)
    return key


def _secret(path: str, advice: str) -> bytes:
    """What a file that only its owner may read holds, without blanks around it; raises ConfigError, with advice where there is none."""
    try:
        if os.stat(path)[0] & 0o077:
            raise ConfigError("%s: others than its owner may read the file: chmod 600 it" % path)
        with open(path, "rb") as file:
            return file.read().strip()
    except OSError:
        raise ConfigError("%s: the file cannot be read; %s" % (path, advice))


def _read(path: str) -> "dict[str, object]":
    try:
        with open(path) as file:
            tree = json.loads(file.read())
    except OSError:
        raise ConfigError("%s: the configuration cannot be read" % path)
    except ValueError as fault:
        raise ConfigError("%s: not JSON: %s" % (path, fault))
    if not isinstance(tree, dict):
        raise ConfigError("%s: an object is wanted" % path)
    return tree


def _baud(tree: "dict[str, object]", place: str) -> int:
    baud = tree.get("baud", 115200)
    if not isinstance(baud, int) or isinstance(baud, bool) or baud < 1:
        raise ConfigError("%s.baud: a whole number" % place)
    return baud


def _object(tree: "dict[str, object]", name: str, place: str) -> "dict[str, object]":
    value = tree.get(name)
    if not isinstance(value, dict):
        raise ConfigError("%s: %s: an object is wanted" % (place, name))
    return value


def _text(tree: "dict[str, object]", name: str, place: str) -> str:
    value = tree.get(name)
    if not isinstance(value, str) or not value:
        raise ConfigError("%s: %s: a string is wanted" % (place, name))
    return value
