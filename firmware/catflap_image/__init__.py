"""Makes a board's firmware image: MicroPython from Debian's sources with the probe and its model frozen in."""
