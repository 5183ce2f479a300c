"""A refusal is a rule that says no, with a message for the visitor. It is a normal result, not an error."""

from components.foundation.languages.words import N_, _


class Refusal(Exception):
    """Subclasses are named for the condition (`OutOfStock`); `status` is the HTTP status.

    It speaks the language of whoever is refused.
    """

    message = N_("That isn’t possible.")
    status = 422

    def __init__(self, words: str | None = None) -> None:
        self.words = words or _(self.message)
        super().__init__(self.words)

    def __str__(self) -> str:
        return self.words


class NotFound(Refusal):
    message = N_("We could not find that.")
    status = 404


class NotAllowed(Refusal):
    message = N_("You don’t have permission to do this.")
    status = 403


class Conflict(Refusal):
    message = N_("Someone else changed this at the same time. Please check it and try again.")
    status = 409
