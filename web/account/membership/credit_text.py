"""What the statement of store credit says of each change, and of why it was made."""

from components.foundation.kept_sentences import KeptSentences
from components.foundation.languages.words import N_, _
from components.ledger.statements import LedgerLine

WORDS = {
    "earned": N_("Cashback earned"),
    "available": N_("Cashback now available"),
    "reversed": N_("Cashback reversed"),
    "restored": N_("Cashback restored: a refund failed"),
    "taken again": N_("Credit used again: a refund failed"),
    "given": N_("Credit added"),
    "reserved": N_("Reserved for an order"),
    "spent": N_("Spent"),
    "released": N_("Released"),
    "given back": N_("Credit refunded"),
    "expired": N_("Expired"),
}
LESS_OWED = {
    "available": N_("Cashback now available, less what was owed"),
    "given back": N_("Credit refunded, less what was owed"),
    "restored": N_("Cashback restored: a refund failed, less what was owed"),
}
REASONS = KeptSentences(
    N_("Reversed: order %(number)s was refunded"),
    N_("The refund of order %(number)s did not go through"),
    N_("Order %(number)s was not paid"),
    N_("Order %(number)s was refunded"),
    N_("Order %(number)s"),
    N_("%(benefit)s on order %(number)s"),
    N_("%(benefit)s, for %(day)s to %(day_after)s"),
    N_("%(benefit)s, from %(day)s"),
)
"""As orders and benefits write them into the ledger."""


def what(one: LedgerLine) -> str:
    """Mentions what is owed where it changes something."""
    if one.kind == "reversed" and one.owed:
        return _("Cashback reversed; what you had already spent comes off your next cashback")
    if one.kind in LESS_OWED and one.owed:
        return _(LESS_OWED[one.kind])
    return _(WORDS.get(one.kind, one.kind.capitalize()))
