"""The rules of a policy that the aggregator compiled (PROTOCOL.md section 11)."""
