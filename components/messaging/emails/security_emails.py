"""E-mails that say what has become of the ways into an account. They hold no secret."""

from components.foundation import settings
from components.foundation.languages.words import N_, _
from components.foundation.shop_settings import shop_settings
from components.messaging import email_outbox
from components.messaging.texts import recipient_language
from components.people import customer_accounts
from components.people.facts import SecondFactorChanged

_SAID = {
    "authenticator app added": N_("An app with sign-in codes was added to your account"),
    "authenticator app removed": N_("The app with sign-in codes was removed from your account"),
    "passkey added": N_("A passkey was added to your account"),
    "passkey removed": N_("A passkey was removed from your account"),
    "recovery codes renewed": N_("You have new recovery codes; the earlier ones no longer work"),
    "second factor reset": N_("Your passkeys, app and recovery codes were removed, and you were signed out everywhere"),
}


async def second_factor_email(fact: SecondFactorChanged) -> None:
    """So that nobody's ways in are changed without their knowledge."""
    person = await customer_accounts.by_id(fact.person_id)
    if person is None:
        return
    with recipient_language.of_person(person):
        await email_outbox.send(
            key=f"second-factor:{person.id}:{fact.what}:{fact.at.isoformat()}",
            to=person.email,
            person=person.id,
            template="second_factor_changed",
            subject=f"The ways to sign in to {shop_settings.current().shop_name} were changed",
            fields={
                "name": person.name,
                "said": _(_SAID[fact.what]),
                "at": fact.at,
                "is_own": fact.is_own,
                "link": f"{settings.current().base_url}/account/security",
            },
        )
