"""What a file or a cell can be refused for, in words for the person who sent it."""


class Unreadable(Exception):
    """The file as a whole can't go on being read; ``line`` is where."""

    def __init__(self, reason: object, line: int = 0) -> None:
        super().__init__(str(reason))
        self.reason = str(reason)
        self.line = line


class BadRow(ValueError):
    """This row can't be kept; the file goes on."""

    def __init__(self, reason: object) -> None:
        super().__init__(str(reason))
        self.reason = str(reason)
