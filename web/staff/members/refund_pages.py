"""The page on which staff refund what was paid for a membership, whether a fee, a gift or a term: what it will mean,
how much, why, and whether the membership goes on.
"""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from litestar import Request, Response

from components.foundation.formatting import day
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.grants.refund_rules import MoreThanLeft, NoRefundAmount
from components.payments import disputes
from components.payments.payment_refusals import OutcomeUnknown, StripeUnavailable
from web.forms.fields import Choice, Once, Text
from web.forms.form import Form
from web.forms.numbers import AmountField
from web.replies import see_other, with_notice, with_refusal
from web.staff.net_payments import NetPayment
from web.views import View

KEEP, END = "keep", "end"
NOT_CONFIRMED = "The refund is saved. Stripe hasn’t confirmed it yet; we keep asking, and it is made once only."
AMOUNT_UNUSED = "You’ve entered an amount. Choose “Custom amount” to refund it, or clear it."
Follows = dict[str, tuple[str, None]]


class HiddenState(Text):
    kind = "hidden"


class MembershipRefundForm(Form):
    """`seen` is the state of which the page has named the consequences."""

    how = Choice("What to refund", (("whole", "Everything remaining"), ("amount", "Custom amount")), as_radio=True)
    amount = AmountField("Amount", required=False, help="Only for “Custom amount”.")
    follows = Choice(
        "What happens with the membership",
        ((KEEP, "Keep the membership"), (END, "End the membership now")),
        as_radio=True,
    )
    reason = Text("Reason", longest=300, required=False, help="Included in the e-mail to the member.")
    seen = HiddenState("State", longest=20, required=False)
    key = Once("Form")


class GiftRefundForm(MembershipRefundForm):
    reason = Text("Reason", longest=300, required=False, help="For your records.")


@dataclass(frozen=True, kw_only=True)
class MembershipRefundPage(View):
    """`refused` says why this payment cannot be refunded now. `follows` is what each choice means for the membership,
    where there is one to choose about."""

    template: ClassVar[str] = "staff/members/refunds/new.html"
    title: str
    ways: tuple[tuple[str, str], ...]
    back: str
    action: str
    whom: str
    about: str
    paid: Money
    left: Money
    net: NetPayment | None
    sentences: tuple[str, ...]
    follows: Follows
    refused: str
    form: MembershipRefundForm


async def read(kind: type[MembershipRefundForm], request: Request[Any, Any, Any]) -> MembershipRefundForm:
    """As it was sent; an amount beside “Everything remaining” is refused, for nobody knows which was meant."""
    form = await kind.read(request)
    if form.is_valid and form.amount and form.how == "whole":
        form.refuse("how", AMOUNT_UNUSED)
    return form


def usual(received: datetime | None) -> str:
    """What is found chosen for the membership: whoever has withdrawn from it does not keep it."""
    return END if received else KEEP


def withdrawn(received: datetime | None) -> tuple[str, ...]:
    return (f"They withdrew from it on {day(received)}: the membership ends with the refund.",) if received else ()


def amount_of(form: MembershipRefundForm, left: Money) -> int:
    """In minor units; what cannot be is refused by whoever makes the refund."""
    return left.amount if form.how == "whole" else form.amount or 0


def refuse(form: MembershipRefundForm, refusal: Refusal) -> MembershipRefundForm:
    """The same form, with the sentence where it belongs."""
    return form.refuse("amount" if isinstance(refusal, NoRefundAmount | MoreThanLeft) else None, str(refusal))


def refused_by(found: Sequence[disputes.DisputeView]) -> str:
    """Why nothing can be refunded while these disputes stand; empty when it can."""
    try:
        disputes.refuse_refund(list(found))
    except Refusal as refusal:
        return str(refusal)
    return ""


async def sent(sending: Awaitable[None], *, back: str, done: str) -> Response[Any]:
    """Send it now; if Stripe does not answer, the worker tries again."""
    try:
        await sending
    except (StripeUnavailable, OutcomeUnknown):
        return with_notice(see_other(back), NOT_CONFIRMED)
    except Refusal as refusal:
        words = getattr(refusal, "detail", "") or refusal
        return with_refusal(see_other(back), f"The refund could not be made: {words}")
    return with_notice(see_other(back), done)
