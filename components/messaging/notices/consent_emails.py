"""The e-mail that asks an address to confirm that it wants marketing e-mails. It advertises nothing itself."""

from components.consents import consents
from components.consents.consent_words import KINDS
from components.consents.facts import ConsentAsked
from components.foundation import clock, database, settings
from components.foundation.languages.words import _
from components.foundation.shop_settings import shop_settings
from components.messaging import email_outbox
from components.messaging.secret_placeholders import placeholder
from components.messaging.texts import recipient_language


async def confirmation(fact: ConsentAsked) -> None:
    """To the address somebody typed, unless it has been confirmed or withdrawn meanwhile."""
    async with database.transaction():
        change = await consents.change_by_id(fact.change_id)
        if change is None or not await consents.is_waiting(change):
            return
        with recipient_language.of(fact.language):
            await email_outbox.send(
                key=f"consent-confirmation:{change.id}",
                to=await consents.email_of(change),
                person=change.person,
                template="consent_confirmation",
                subject=f"Please confirm your subscription to e-mails from {shop_settings.current().shop_name}",
                fields={
                    "kind": _(KINDS[change.kind]),
                    "link": f"{settings.current().base_url}/e-mails/confirm/{placeholder('token')}",
                    "days": consents.CONFIRMABLE.days,
                },
                secrets={"token": consents.confirmation_token(change.id)},
                secrets_until=clock.now() + consents.CONFIRMABLE,
            )
