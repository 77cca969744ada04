"""The gateway of a site: boards on USB serial, their batches to the aggregator, and the trunk's memory lent to them."""
