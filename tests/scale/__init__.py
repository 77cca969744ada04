"""How the aggregator bears many probes and many calls: `make bench-scale`."""
