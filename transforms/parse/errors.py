"""The one exception of this room."""


class ParseError(Exception):
    """A document or entry that cannot be read.

    Attributes:
        code: short, stable, snake_case; becomes `Failure.code`.
        message: what is wrong and what to do; the input's name is put before it.
    """

    def __init__(self, code: str, message: str) -> None:
        """Args: the code and the message."""
        super().__init__(message)
        self.code = code
        self.message = message
