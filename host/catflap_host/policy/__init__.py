"""The owner's policy: written, tried on past calls, approved, published, compiled for the probes and delivered to them."""
