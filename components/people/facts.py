from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation.outbox import Fact


@dataclass(frozen=True)
class AccountOpened(Fact):
    """`agreed`: the marketing e-mails that were ticked with it."""

    person_id: UUID
    agreed: tuple[str, ...] = ()


@dataclass(frozen=True)
class EmailsAgreed(Fact):
    """Marketing e-mails were ticked when somebody signed up who has an account already, and their e-mail was read."""

    person_id: UUID
    agreed: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class SignInLinkRequested(Fact):
    link_id: UUID


@dataclass(frozen=True)
class IdentityCodeRequested(Fact):
    """Somebody signed in wants a code by e-mail to confirm that it is them."""

    code_id: UUID


@dataclass(frozen=True)
class EmailConfirmationRequested(Fact):
    confirmation_id: UUID


@dataclass(frozen=True)
class EmailChanged(Fact):
    """The person's e-mail has changed; the confirmation has the new and the previous one."""

    person_id: UUID
    confirmation_id: UUID


@dataclass(frozen=True)
class PasswordChanged(Fact):
    """A password was set or replaced; not announced for the one an account is created with."""

    person_id: UUID
    at: datetime


@dataclass(frozen=True)
class SecondFactorChanged(Fact):
    """`what`: as in the security events, such as "passkey added". Not `is_own`: by an owner or a command."""

    person_id: UUID
    what: str
    at: datetime
    is_own: bool


@dataclass(frozen=True)
class OperatorInvited(Fact):
    person_id: UUID
    by: UUID | None


@dataclass(frozen=True)
class PersonErased(Fact):
    """`email_digest`: SHA-256 of the e-mail in hexadecimal. Facts are kept for ever, e-mails are not."""

    person_id: UUID
    email_digest: str


@dataclass(frozen=True)
class InvoiceAddressChanged(Fact):
    """It was saved or removed, and with it, maybe, a VAT number."""

    person_id: UUID
