"""Whether the account can work out tax: asked when a shop chooses Stripe Tax, and by `clubfront stripe check`."""

from components.payments.payment_refusals import PaymentRefused, StripeKeyRefused, StripeUnavailable
from components.payments.stripe_account import key_alarm
from components.payments.taxes import tax_alarm, tax_calls

KEY_MAY_NOT = (
    "Your Stripe key may not use Stripe Tax. Give it the permission “Tax calculations and transactions” (Write) and "
    "“Tax settings” (Read) in Stripe’s dashboard, or use a key that has them."
)
SILENCE = "Stripe did not answer, so its tax settings could not be checked. Please try again in a minute."
PARTS = {"head_office": "the address of your head office", "defaults.tax_code": "a preset tax code"}
"""What Stripe calls missing, in words."""


async def fault() -> str:
    """Why Stripe Tax cannot be used with this account and key; "" when it can."""
    try:
        with key_alarm.trying():
            found = await tax_calls.account_settings()
    except StripeKeyRefused:
        return KEY_MAY_NOT
    except StripeUnavailable:
        return SILENCE
    except PaymentRefused as refusal:
        return f"Stripe says: {refusal.detail}"
    if found.is_active:
        await tax_alarm.is_active()
        return ""
    missing = " and ".join(PARTS.get(part, part) for part in found.missing) or "a part of the settings"
    return f"Stripe Tax is not set up yet: {missing} is missing. Add it in Stripe’s dashboard under Tax, Settings."
