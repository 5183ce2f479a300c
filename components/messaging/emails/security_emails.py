"""E-mails that say what has become of the ways into an account. They hold no secret."""

from components.foundation import settings
from components.foundation.shop_settings import shop_settings
from components.messaging import email_outbox
from components.people import customer_accounts
from components.people.facts import SecondFactorChanged

_SAID = {
    "authenticator app added": "An app with sign-in codes was added to your account",
    "authenticator app removed": "The app with sign-in codes was removed from your account",
    "passkey added": "A passkey was added to your account",
    "passkey removed": "A passkey was removed from your account",
    "recovery codes renewed": "You have new recovery codes; the earlier ones no longer work",
    "second factor reset": "Your passkeys, app and recovery codes were removed, and you were signed out everywhere",
}


async def second_factor_email(fact: SecondFactorChanged) -> None:
    """So that nobody's ways in are changed without their knowledge."""
    person = await customer_accounts.by_id(fact.person_id)
    if person is None:
        return
    await email_outbox.send(
        key=f"second-factor:{person.id}:{fact.what}:{fact.at.isoformat()}",
        to=person.email,
        person=person.id,
        template="second_factor_changed",
        subject=f"The ways to sign in to {shop_settings.current().shop_name} were changed",
        fields={
            "name": person.name,
            "said": _SAID[fact.what],
            "at": fact.at,
            "is_own": fact.is_own,
            "link": f"{settings.current().base_url}/account/security",
        },
    )
