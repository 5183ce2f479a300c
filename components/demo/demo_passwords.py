"""The demo's password is published: nobody may hold it where money is real."""

from components.demo.cast import CAST, PASSWORD
from components.foundation import settings
from components.foundation.refusals import Refusal
from components.people import passwords


class DemoRefused(Refusal):
    message = (
        "The demo is not for a shop that takes real money: its accounts have a published password, and one of them is "
        "an owner. Start without --demo, or without ENVIRONMENT=production and the live Stripe key."
    )


def refuse_where_money_is_real() -> None:
    """Raises `DemoRefused`."""
    if settings.current().takes_real_money:
        raise DemoRefused


async def refusals() -> tuple[str, ...]:
    """The accounts that anybody could sign in to, as one sentence. None in a practice shop."""
    if not settings.current().takes_real_money:
        return ()
    found = await passwords.have_password((role.email for role in CAST), PASSWORD)
    if not found:
        return ()
    verb = "has" if len(found) == 1 else "have"
    return (
        f"{', '.join(found)} {verb} the demo's published password. Change it, or delete the account, before opening.",
    )
