"""Compiles what is known of the world's numbering plans into the one table that the probe reads."""
