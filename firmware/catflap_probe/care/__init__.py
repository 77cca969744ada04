"""Care of the modems: each line's is opened, set up, looked after and brought back, every step told as a health record."""
