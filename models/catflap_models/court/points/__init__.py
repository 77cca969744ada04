"""The eleven points of the protocol, a module each: a function of the court that gives a section of the report."""
