from dataclasses import dataclass
from uuid import UUID

from components.foundation.outbox import Fact


@dataclass(frozen=True)
class AccountOpened(Fact):
    person_id: UUID


@dataclass(frozen=True)
class SignInLinkAsked(Fact):
    link_id: UUID


@dataclass(frozen=True)
class EmailConfirmationAsked(Fact):
    confirmation_id: UUID


@dataclass(frozen=True)
class EmailChanged(Fact):
    """`email` is the new one; `former` was in use until now."""

    person_id: UUID
    email: str
    former: str


@dataclass(frozen=True)
class OperatorInvited(Fact):
    person_id: UUID
    by: UUID | None


@dataclass(frozen=True)
class PersonErased(Fact):
    person_id: UUID
    email: str
