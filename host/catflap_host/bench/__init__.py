"""How much the aggregator takes: `catflap host bench`."""
