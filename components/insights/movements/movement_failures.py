"""People whose movements cannot be worked out or recorded: the others are recorded, and these are named."""

from collections.abc import Sequence
from uuid import UUID

import structlog

log = structlog.get_logger()


class MovementsFailed(Exception):
    """The message names each person by the address of their page for staff."""

    def __init__(self, people: Sequence[UUID]) -> None:
        self.people = tuple(people)
        whom = "person" if len(people) == 1 else "people"
        pages = ", ".join(f"/staff/members/{person}" for person in people)
        super().__init__(f"The MRR of {len(people)} {whom} could not be worked out: {pages}")


def note(person: UUID, failed: list[UUID]) -> None:
    """Inside the handler of what went wrong, which the log has."""
    failed.append(person)
    log.exception("the movements of a person could not be recorded", person=str(person))
