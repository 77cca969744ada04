"""The one error that ends a command without a traceback."""


class UserError(Exception):
    """What the user can put right; the text says what is wrong, where, and what to do.

    With `values` the text is a pattern that they fill in: `%(name)s`. So written, and marked by N_, it can be shown in another language.
    """

    def __init__(self, pattern: str, /, **values: object) -> None:
        super().__init__(pattern % values if values else pattern)
        self.pattern = pattern
        self.values = values
