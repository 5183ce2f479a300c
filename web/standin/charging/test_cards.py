"""The test cards and how each behaves."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TestCard:
    """`code` and `decline_code` are Stripe's; `challenge` is None, "once" or "always" (3-D Secure)."""

    number: str
    words: str
    code: str | None = None
    decline_code: str | None = None
    message: str = ""
    challenge: str | None = None
    may_be_saved: bool = True
    is_disputed: bool = False
    refund_fails: bool = False
    is_warned_of: bool = False
    delay_days: int = 0

    @property
    def last4(self) -> str:
        return self.number[-4:]


_DECLINED = "Your card was declined."

CARDS = (
    TestCard("4242424242424242", "Payment succeeds"),
    TestCard("4000000000000002", "Declined", "card_declined", "generic_decline", _DECLINED, may_be_saved=False),
    TestCard(
        "4000000000009995",
        "Declined: insufficient funds",
        "card_declined",
        "insufficient_funds",
        "Your card has insufficient funds.",
        may_be_saved=False,
    ),
    TestCard(
        "4000000000000069", "Declined: expired card", "expired_card", None, "Your card has expired.", may_be_saved=False
    ),
    TestCard("4000000000000341", "Can be saved, then fails", "card_declined", "generic_decline", _DECLINED),
    TestCard("4000002500003155", "3-D Secure once", challenge="once"),
    TestCard("4000002760003184", "3-D Secure every time", challenge="always"),
    TestCard("4000000000000259", "Paid, then disputed", is_disputed=True),
    TestCard("4000000000005126", "Paid; a refund later fails", refund_fails=True),
    TestCard("4000000000005423", "Paid; its issuer warns of fraud", is_warned_of=True),
)

BANK_ACCOUNTS = (
    TestCard("10880000012345", "Bank debit: succeeds after 3 days", delay_days=3),
    TestCard(
        "10880033333335",
        "Bank debit: fails after 3 days",
        "payment_intent_payment_attempt_failed",
        "debit_not_authorized",
        "The bank refused the debit.",
        delay_days=3,
    ),
)

_BY_NUMBER = {card.number: card for card in (*CARDS, *BANK_ACCOUNTS)}


def by_number(number: str) -> TestCard | None:
    """Spaces and hyphens do not matter; None for anything that is not a test card."""
    return _BY_NUMBER.get("".join(sign for sign in number if sign.isdigit()))


CHALLENGE_FAILED = TestCard(
    "",
    "",
    "payment_intent_authentication_failure",
    None,
    "We are unable to authenticate your payment method. Please choose a different payment method and try again.",
)
CHALLENGE_NEEDED = TestCard(
    "",
    "",
    "authentication_required",
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
)
