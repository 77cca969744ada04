"""Catflap's aggregator: takes alerts from probes, stores them for good and shows them; and the `catflap` command."""
