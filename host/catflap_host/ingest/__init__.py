"""From a probe's batch on the wire to a signed answer."""
