"""A call centre's own calls against the registers: what it may not have done, and its day in figures."""
