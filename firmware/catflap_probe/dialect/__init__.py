"""Dialects: how a modem talks. Bytes in, line events out; one file a dialect, one data file a family."""
