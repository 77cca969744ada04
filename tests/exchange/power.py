"""The file through which a probe switches a modem's power (firmware/PROTOCOL.md section 6), as a relay or a hub's port would see it."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

POLL_S = 0.005
OFF, ON = "0", "1"


class PowerSwitch:
    """Tells `switched` whenever the file's word changes; `cycles` counts how often the power went."""

    def __init__(self, file: Path, switched: Callable[[bool], None]) -> None:
        self.cycles = 0
        self._file = file
        self._switched = switched
        file.write_text(ON, encoding="ascii")
        self._task = asyncio.get_running_loop().create_task(self._watch())

    def setting(self, off_s: int) -> dict[str, Any]:
        """The `power` of a line in the probe's configuration."""
        return {"file": str(self._file), "off": OFF, "on": ON, "off_s": off_s}

    def close(self) -> None:
        """Watches no longer."""
        self._task.cancel()

    async def _watch(self) -> None:
        is_on = True
        while True:
            word = self._file.read_text(encoding="ascii").strip()
            # while the probe writes it the file may be empty
            if word in (OFF, ON) and (word == ON) != is_on:
                is_on = word == ON
                self.cycles += not is_on
                self._switched(is_on)
            await asyncio.sleep(POLL_S)
