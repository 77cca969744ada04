"""The mark of words that are translated later, where they are shown."""


def N_(message: str) -> str:
    """The words themselves."""
    return message
