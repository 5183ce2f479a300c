"""The demo is for practice: its owner has a published password."""

from components.foundation import settings
from components.foundation.refusals import Refusal


class DemoRefused(Refusal):
    message = (
        "The demo is not for a shop that takes real money: its accounts have a published password, and one of them is "
        "an owner. Start without --demo, or without ENVIRONMENT=production and the live Stripe key."
    )


def refuse_where_money_is_real() -> None:
    """Raises `DemoRefused`."""
    if settings.current().takes_real_money:
        raise DemoRefused
