"""Why a card was declined, as Stripe says it in English, in the language spoken."""

from components.foundation.languages import catalogues, language
from components.foundation.languages.words import N_, _

KNOWN = frozenset(
    {
        N_("Your card was declined."),
        N_("Your card was declined. This transaction requires authentication."),
        N_("Your card has insufficient funds."),
        N_("Your card has expired."),
        N_("Your card's security code is incorrect."),
        N_("Your card number is incorrect."),
        N_("Your card is not supported."),
        N_("Your card does not support this type of purchase."),
        N_("An error occurred while processing your card. Try again in a little bit."),
    }
)


def said(by_stripe: str | None) -> str | None:
    """None for words that nobody has translated: the caller then says what is always true."""
    if not by_stripe:
        return None
    if by_stripe in KNOWN:
        return _(by_stripe)
    return by_stripe if language.current() == catalogues.SOURCE else None
