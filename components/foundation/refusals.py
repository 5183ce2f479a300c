"""A refusal is a rule that says no, with a message for the visitor. It is a normal result, not an error."""


class Refusal(Exception):
    """Subclasses are named for the condition (`OutOfStock`); `status` is the HTTP status."""

    message = "That isn’t possible."
    status = 422

    def __init__(self, words: str | None = None) -> None:
        self.words = words or self.message
        super().__init__(self.words)

    def __str__(self) -> str:
        return self.words


class NotFound(Refusal):
    message = "We could not find that."
    status = 404


class NotAllowed(Refusal):
    message = "You don’t have permission to do this."
    status = 403


class Conflict(Refusal):
    message = "Someone else changed this at the same time. Please check it and try again."
    status = 409
