"""E-mails about the account: sign-in, confirmation, staff access. All may be requested twice
and are stored once."""

from datetime import timedelta

from components.foundation import clock, database, settings
from components.messaging import letters
from components.messaging.sealing import mark
from components.people import Person, accounts, confirmations, links, operators
from components.people.facts import (
    AccountOpened,
    EmailChanged,
    EmailConfirmationAsked,
    OperatorInvited,
    PasswordChanged,
    PersonErased,
    SignInLinkAsked,
)

TOO_LATE = timedelta(days=7)


async def sign_in_letter(fact: SignInLinkAsked) -> None:
    """The link and the code; nothing for an unknown e-mail."""
    async with database.transaction():
        made = await links.make_out(fact.link_id)
        if made is None:
            return
        await letters.send(
            key=f"sign-in:{fact.link_id}",
            to=made.email,
            person=made.person_id,
            template="sign_in",
            subject=f"Your {settings.current().shop_name} sign-in code",
            fields={
                "name": made.name,
                "link": f"{settings.current().base_url}/sign-in/letter/{mark('token')}",
                "code": mark("code"),
                "minutes": int(links.LASTS.total_seconds() // 60),
            },
            secrets={"token": made.token, "code": made.code},
            secrets_until=clock.now() + links.LASTS,
        )


async def welcome_letter(fact: AccountOpened) -> None:
    """Welcome, with a request to confirm the e-mail. Not for old accounts, nor for invited staff."""
    key = f"account-opened:{fact.person_id}"
    person = await accounts.person(fact.person_id)
    if person is None or person.created_at < clock.now() - TOO_LATE or person.email_confirmed_at:
        return
    if await letters.kept(key) or await operators.includes(person.id):
        return
    async with database.transaction():
        token = await confirmations.begin(person)
        await letters.send(
            key=key,
            to=person.email,
            person=person.id,
            template="account_opened",
            subject=f"Welcome to {settings.current().shop_name}: please confirm your e-mail",
            fields={"name": person.name, "link": _confirmation_link(), "days": confirmations.LASTS.days},
            secrets={"token": token},
            secrets_until=clock.now() + confirmations.LASTS,
        )


async def confirmation_letter(fact: EmailConfirmationAsked) -> None:
    """To the e-mail to be confirmed."""
    async with database.transaction():
        made = await confirmations.make_out(fact.confirmation_id)
        if made is None:
            return
        await letters.send(
            key=f"email-confirmation:{fact.confirmation_id}",
            to=made.email,
            person=made.person_id,
            template="email_confirmation",
            subject=f"Please confirm your e-mail for {settings.current().shop_name}",
            fields={
                "name": made.name,
                "email": made.email,
                "is_change": made.is_change,
                "link": _confirmation_link(),
                "days": confirmations.LASTS.days,
            },
            secrets={"token": made.token},
            secrets_until=clock.now() + confirmations.LASTS,
        )


async def email_changed_letter(fact: EmailChanged) -> None:
    """To the previous e-mail, so that nobody's e-mail is changed without their knowledge."""
    change = await confirmations.answered(fact.confirmation_id)
    person = await accounts.person(fact.person_id)
    if change is None or person is None or not change.former:
        return
    await letters.send(
        key=f"email-changed:{fact.confirmation_id}",
        to=change.former,
        person=person.id,
        template="email_changed",
        subject=f"Your e-mail at {settings.current().shop_name} was changed",
        fields={"name": person.name, "email": change.email},
    )


async def password_letter(fact: PasswordChanged) -> None:
    """So that nobody's password is changed without their knowledge."""
    person = await accounts.person(fact.person_id)
    if person is None or fact.at < clock.now() - TOO_LATE:
        return
    await letters.send(
        key=f"password-changed:{person.id}:{fact.at.isoformat()}",
        to=person.email,
        person=person.id,
        template="password_changed",
        subject=f"Your password at {settings.current().shop_name} was updated",
        fields={"name": person.name, "at": fact.at, "link": f"{settings.current().base_url}/sign-in/letter"},
    )


async def invitation_letter(fact: OperatorInvited) -> None:
    """To a new member of staff, who signs in by e-mail."""
    person = await accounts.person(fact.person_id)
    inviter = await accounts.person(fact.by) if fact.by else None
    if person is None or not await operators.includes(person.id):
        return
    operator = await operators.one(person.id)
    await letters.send(
        key=f"operator-invited:{person.id}:{operator.since.isoformat()}",
        to=person.email,
        person=person.id,
        template="operator_invited",
        subject=f"You now have staff access to {settings.current().shop_name}",
        fields={
            "name": person.name,
            "inviter": _called(inviter),
            "link": f"{settings.current().base_url}/sign-in?next=/staff",
        },
    )


async def forget_letters(fact: PersonErased) -> None:
    """The content of e-mails to an erased person is deleted; that they were sent stays on record."""
    await database.execute(
        """UPDATE letter SET recipient = '', subject = 'Erased', html = '', text = '', secrets = NULL
        WHERE person = $1 OR encode(sha256(convert_to(recipient, 'UTF8')), 'hex') = $2""",
        fact.person_id, fact.email_digest,
    )  # fmt: skip


def _confirmation_link() -> str:
    return f"{settings.current().base_url}/account/confirmation/{mark('token')}"


def _called(person: Person | None) -> str:
    return (person.name or person.email) if person else "An owner"
