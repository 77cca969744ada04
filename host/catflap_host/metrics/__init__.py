"""Figures of the running aggregator for Prometheus."""
