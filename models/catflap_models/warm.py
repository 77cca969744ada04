"""Gives a probe a past: planned calls fed to a fresh memory, kept in the file that the probe will start from."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from catflap_models.feed import feed
from catflap_models.plan import PlannedCall
from catflap_probe.memory.keep import save
from catflap_probe.memory.trunk import TrunkMemory
from catflap_probe.policy import Policy
from catflap_probe.trunk import Observer, Trunk, TrunkSettings


def warm_memory(settings: TrunkSettings, calls: Iterable[PlannedCall], start: str, tables: str, path: Path) -> None:
    """Writes to `path` the memory that a probe with these lines has after `calls` (`line` counts its own lines from 0).

    `start` (RFC 3339) is the calls' second 0; `tables` is a size of catflap_probe.memory.trunk.TABLES. Raises OSError.
    """
    memory = TrunkMemory(settings.id, tables)
    trunk = Trunk(settings, memory, None, Policy(settings.country), Observer())
    trunk.start(settings, round(datetime.fromisoformat(start).timestamp() * 1000))
    feed(trunk, "v253", calls, lambda _: None)
    save(memory, str(path))
