"""The called-side world: who calls a trunk, what campaigns run against it, and what its modems write of it."""
