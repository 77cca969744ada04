"""Switches a modem off and on again: a relay, or the port of a USB hub, by writing a word to a file."""

from ..clock import Clock


class PowerSwitch:
    """A file that takes a word for off and one for on."""

    __slots__ = ("file", "off", "off_s", "on")

    def __init__(self, file: str, off: str, on: str, off_s: int) -> None:
        self.file = file
        self.off = off
        self.on = on
        self.off_s = off_s

    async def cycle(self, clock: Clock) -> None:
        """Off, so many seconds, on; raises OSError where the file cannot be written."""
        self._write(self.off)
        try:
            await clock.sleep(self.off_s * 1000)
        finally:
            # a modem must not stay off because its probe is being stopped
            self.switch_on()

    def switch_on(self) -> None:
        """On; raises OSError where the file cannot be written."""
        self._write(self.on)

    def _write(self, word: str) -> None:
        with open(self.file, "w") as file:
            file.write(word)
