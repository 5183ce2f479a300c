"""An account opens when its e-mail has been read: until then there is only a link with what was asked for.

So nobody has an account under somebody else's e-mail, and asking for one looks the same whether there is one or not.
"""

from dataclasses import dataclass
from uuid import UUID

from components.foundation import clock, ids, outbox
from components.foundation.operations import security_events
from components.people import customer_accounts, email_verification
from components.people.facts import AccountOpened, EmailsAgreed
from components.people.tables import Person, SignInLink


@dataclass(frozen=True, slots=True)
class AccountWish:
    """What the account would begin with, if there is none yet. `opener` is kept by the browser that asked."""

    name: str
    password_hash: str | None
    opener: str
    agreed: tuple[str, ...] = ()


async def person_behind(link: SignInLink, *, opener: str) -> Person:
    """Whom a used link signs in, with a confirmed e-mail; a new account when the e-mail has none.

    Name, password and what was agreed to are taken over only in the browser in which they were typed: anybody may have
    typed somebody else's e-mail with a password of their own.
    """
    is_same_browser = bool(opener) and link.opener_digest == ids.digest(opener)
    agreed = tuple(link.agreed) if is_same_browser else ()
    if link.person is not None:
        return await _known(link.person, agreed)
    now = clock.now()
    person = Person(
        id=ids.new(),
        email=link.email,
        name=link.name if is_same_browser else "",
        password_hash=link.password_hash if is_same_browser else None,
        email_confirmed_at=now,
        language=link.language,
        created_at=now,
    )
    if not await Person.insert(person).on_conflict(action="DO NOTHING").returning(Person.id):
        known = await customer_accounts.by_email(link.email)
        assert known is not None, "an e-mail is taken by nobody"
        return await _known(known.id, agreed)
    await security_events.note("account opened", person=person.id)
    await outbox.announce(AccountOpened(person.id, agreed))
    return person


async def _known(person_id: UUID, agreed: tuple[str, ...]) -> Person:
    if agreed:
        await outbox.announce(EmailsAgreed(person_id, agreed, clock.now()))
    return await email_verification.email_verified(person_id)
