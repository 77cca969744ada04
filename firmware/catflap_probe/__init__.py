"""Catflap's probe: hears calls on telephone lines, decides while they ring and acts; runs on CPython and MicroPython."""

VERSION = "0.1.0"
