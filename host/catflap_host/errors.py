"""The one error that ends a command without a traceback."""


class UserError(Exception):
    """What the user can put right; the text says what is wrong, where, and what to do."""
