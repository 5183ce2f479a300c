"""What a difference means and what to do about it, in plain words, by the name of its rule."""

import re
from datetime import UTC, datetime

from components.foundation.formatting import moment

ADVICE = {
    "subscription_status": "A webhook was probably lost. “Read again” takes what Stripe says; benefits and e-mails "
    "follow from it. Nothing is charged.",
    "subscription_price": "Somebody may have changed the price in Stripe’s dashboard. “Read again” takes Stripe’s "
    "price. If it is wrong, change it in Stripe first: Stripe charges what it has.",
    "subscription_period": "The next charge is on another day than the shop shows. “Read again” takes Stripe’s date.",
    "subscription_unknown": "Someone is being charged for a membership the shop doesn’t show. “Record it” gives them "
    "the membership. If the shop never asked for it, cancel it in Stripe and refund it there.",
    "subscription_gone": "The member has benefits that nobody is charged for any more. “End it here” ends the "
    "membership now and tells the member. That can’t be undone.",
    "invoice_status": "The shop and Stripe disagree about whether this fee was paid. “Read again” takes what Stripe "
    "says.",
    "payment_unmirrored": "A customer has paid, and the shop doesn’t know. “Record it” completes what they paid for.",
    "refund_differs": "Money went back to a customer, perhaps from Stripe’s dashboard. “Record it” shows it here. It "
    "refunds nothing.",
    "refund_gone": "The shop counts money as refunded that Stripe never returned. “Count as failed” corrects that; "
    "refund again if the customer should still get the money.",
    "refund_unanswered": "The shop asked for a refund and got no answer. “Look and send again” looks first, and sends "
    "it only if Stripe doesn’t have it: it is never refunded twice.",
    "dispute_differs": "A customer’s bank has disputed a payment, or has decided. “Record it” shows it here, with the "
    "date it must be answered by.",
    "page_overdue": "A customer could still pay on an old checkout page. “Close it” closes it, or records the payment "
    "if they have just paid.",
    "customer_deleted": "The customer was deleted in Stripe’s dashboard, with their saved cards. “Forget it” lets them "
    "pay as a new customer next time. A running membership there has ended.",
    "price_unknown": "Members pay a price that belongs to none of your plans. “Find its plan” asks Stripe which plan "
    "it is; if Stripe doesn’t say, change the subscription’s plan in Stripe.",
    "invoice_without_period": "The member has paid, and the shop hasn’t counted it. “Record the period” gives the time "
    "they paid for.",
    "membership_behind": "The subscription changed, and the membership didn’t follow. “Follow it” gives or ends the "
    "benefits that Stripe’s status means.",
    "order_without_money": "Don’t ship this order yet: Stripe has no money for it. “Flag the order” asks Stripe once "
    "more and, if nothing is there, marks it for attention.",
    "money_without_order": "The customer has paid and still waits. “Complete the order” confirms it and e-mails them.",
}
_PRICE_ID = re.compile(r", price_\w+")
_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d)(?: UTC)?")
_SAYS = {
    "unknown": "Not there",
    "known": "A customer",
    "deleted": "Deleted",
    "belongs to no plan": "No plan has this price",
    "billed": "Members are billed at this price",
}


def side_text(stored: str, other: str) -> str:
    """What one side says, as a shopkeeper reads it. A price's id is only told when the amounts are the same."""
    amount, other_amount = _PRICE_ID.sub("", stored), _PRICE_ID.sub("", other)
    words = stored if amount == other_amount else amount
    words = _INSTANT.sub(lambda found: _moment(found.group(1)), words)
    if "price_" not in words:
        words = words.replace("_", " ")
    return _SAYS.get(words, words[:1].upper() + words[1:])


def _moment(written: str) -> str:
    return moment(datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=UTC))
