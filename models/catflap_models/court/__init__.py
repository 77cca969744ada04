"""The court: judges a detector by the numbered protocol, and is able to say that it is bad."""
