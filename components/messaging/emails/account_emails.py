"""E-mails about the account: sign-in, confirmation, staff access. All may be requested twice
and are stored once."""

from datetime import timedelta

from components.foundation import clock, database, settings
from components.foundation.shop_settings import shop_settings
from components.messaging import email_outbox
from components.messaging.secret_placeholders import placeholder
from components.messaging.texts import recipient_language
from components.people import customer_accounts, email_confirmations, operators, sign_in_links
from components.people.facts import (
    AccountOpened,
    EmailChanged,
    EmailConfirmationRequested,
    IdentityCodeRequested,
    OperatorInvited,
    PasswordChanged,
    PersonErased,
    SignInLinkRequested,
)
from components.people.identity import identity_codes
from components.people.sign_in_links import IssuedLink
from components.people.tables import Person

LAST = "account_deleted"
OVER_AFTER = timedelta(days=30)
"""Nobody is welcomed to an account that they have had for so long."""


async def sign_in_email(fact: SignInLinkRequested) -> None:
    """The link and the code; for an unknown e-mail only when an account was asked for."""
    async with database.transaction():
        made = await sign_in_links.issue(fact.link_id)
        if made is None:
            return
        template, subject = _asked_for(made)
        with recipient_language.of(made.language):
            await email_outbox.send(
                key=f"sign-in:{fact.link_id}",
                to=made.email,
                person=made.person_id,
                template=template,
                subject=subject,
                fields={
                    "name": made.name,
                    "link": f"{settings.current().base_url}/sign-in/email/{placeholder('token')}",
                    "code": placeholder("code"),
                    "minutes": int(sign_in_links.LASTS.total_seconds() // 60),
                },
                secrets={"token": made.token, "code": made.code},
                secrets_until=clock.now() + sign_in_links.LASTS,
            )


def _asked_for(made: IssuedLink) -> tuple[str, str]:
    """Template and subject. Here alone it is said whether the e-mail has an account already."""
    shop = shop_settings.current().shop_name
    if made.person_id is None:
        return "account_wanted", f"Please confirm your e-mail for {shop}"
    if made.asked_for_account:
        return "account_exists", f"You already have an account at {shop}"
    return "sign_in", f"Your {shop} sign-in code"


async def identity_code_email(fact: IdentityCodeRequested) -> None:
    """The code with which somebody signed in confirms that it is them."""
    async with database.transaction():
        made = await identity_codes.issue(fact.code_id)
        if made is None:
            return
        with recipient_language.of(made.language):
            await email_outbox.send(
                key=f"identity-code:{fact.code_id}",
                to=made.email,
                person=made.person_id,
                template="identity_code",
                subject=f"Your {shop_settings.current().shop_name} code",
                fields={
                    "name": made.name,
                    "code": placeholder("code"),
                    "minutes": int(identity_codes.LASTS.total_seconds() // 60),
                },
                secrets={"code": made.code},
                secrets_until=clock.now() + identity_codes.LASTS,
            )


async def welcome_email(fact: AccountOpened) -> None:
    """Welcome, with a request to confirm the e-mail. Not for old accounts, nor for invited staff."""
    key = f"account-opened:{fact.person_id}"
    person = await customer_accounts.by_id(fact.person_id)
    if person is None or person.created_at < clock.now() - OVER_AFTER or person.email_confirmed_at:
        return
    if await email_outbox.was_sent(key) or await operators.includes(person.id):
        return
    async with database.transaction():
        token = await email_confirmations.start_change(person)
        with recipient_language.of_person(person):
            await email_outbox.send(
                key=key,
                to=person.email,
                person=person.id,
                template="account_opened",
                subject=f"Welcome to {shop_settings.current().shop_name}: please confirm your e-mail",
                fields={"name": person.name, "link": _confirmation_link(), "days": email_confirmations.LASTS.days},
                secrets={"token": token},
                secrets_until=clock.now() + email_confirmations.LASTS,
            )


async def confirmation_email(fact: EmailConfirmationRequested) -> None:
    """To the e-mail to be confirmed."""
    async with database.transaction():
        made = await email_confirmations.issue(fact.confirmation_id)
        if made is None:
            return
        with recipient_language.of(made.language):
            await email_outbox.send(
                key=f"email-confirmation:{fact.confirmation_id}",
                to=made.email,
                person=made.person_id,
                template="email_confirmation",
                subject=f"Please confirm your e-mail for {shop_settings.current().shop_name}",
                fields={
                    "name": made.name,
                    "email": made.email,
                    "is_change": made.is_change,
                    "link": _confirmation_link(),
                    "days": email_confirmations.LASTS.days,
                },
                secrets={"token": made.token},
                secrets_until=clock.now() + email_confirmations.LASTS,
            )


async def email_changed_email(fact: EmailChanged) -> None:
    """To the previous e-mail, so that nobody's e-mail is changed without their knowledge."""
    change = await email_confirmations.confirmed_by(fact.confirmation_id)
    person = await customer_accounts.by_id(fact.person_id)
    if change is None or person is None or not change.former:
        return
    with recipient_language.of_person(person):
        await email_outbox.send(
            key=f"email-changed:{fact.confirmation_id}",
            to=change.former,
            person=person.id,
            template="email_changed",
            subject=f"Your e-mail at {shop_settings.current().shop_name} was changed",
            fields={"name": person.name, "email": change.email},
        )


async def password_email(fact: PasswordChanged) -> None:
    """So that nobody's password is changed without their knowledge."""
    person = await customer_accounts.by_id(fact.person_id)
    if person is None:
        return
    with recipient_language.of_person(person):
        await email_outbox.send(
            key=f"password-changed:{person.id}:{fact.at.isoformat()}",
            to=person.email,
            person=person.id,
            template="password_changed",
            subject=f"Your password at {shop_settings.current().shop_name} was updated",
            fields={"name": person.name, "at": fact.at, "link": f"{settings.current().base_url}/sign-in/email"},
        )


async def invitation_email(fact: OperatorInvited) -> None:
    """To a new member of staff, who signs in by e-mail."""
    person = await customer_accounts.by_id(fact.person_id)
    inviter = await customer_accounts.by_id(fact.by) if fact.by else None
    if person is None or not await operators.includes(person.id):
        return
    operator = await operators.by_id(person.id)
    with recipient_language.of_staff():
        await email_outbox.send(
            key=f"operator-invited:{person.id}:{operator.since.isoformat()}",
            to=person.email,
            person=person.id,
            template="operator_invited",
            subject=f"You now have staff access to {shop_settings.current().shop_name}",
            fields={
                "name": person.name,
                "inviter": _called(inviter),
                "link": f"{settings.current().base_url}/sign-in?next=/staff",
            },
        )


async def deleted_email(person: Person) -> None:
    """To whoever waited for it; whoever is deleted at once reads it on the page. It is nobody's: their row forgets
    them."""
    if not person.erasure_wanted_at:
        return
    with recipient_language.of_person(person):
        await email_outbox.send(
            key=f"account-deleted:{person.id}",
            to=person.email,
            template=LAST,
            subject=f"Your account at {shop_settings.current().shop_name} has been deleted",
            fields={"name": person.name, "at": person.erasure_wanted_at},
        )


async def erase_emails(fact: PersonErased) -> None:
    """The content of e-mails to an erased person is deleted; that they were sent stays on record."""
    await database.execute(_ERASE, fact.person_id, fact.email_digest)


_ERASE = """
UPDATE email SET recipient = '', subject = 'Erased', html = '', text = '', secrets = NULL,
  unsubscribe = '', placeholder_values = NULL, failure = CASE WHEN failure = '' THEN '' ELSE 'Erased' END
WHERE person = $1 OR encode(sha256(convert_to(recipient, 'UTF8')), 'hex') = $2 AND template <> 'account_deleted'
"""
"""The last one is still to be sent: it goes the night after (`personal.py`)."""


def _confirmation_link() -> str:
    return f"{settings.current().base_url}/account/confirmation/{placeholder('token')}"


def _called(person: Person | None) -> str:
    return (person.name or person.email) if person else "An owner"
