"""The member's choice whether their store credit pays for renewals, and what the next one would use of it."""

from dataclasses import dataclass
from typing import Any

from litestar import Controller, Request, Response, post

from components.foundation.languages.words import _
from components.foundation.money import Money
from components.ledger import balances
from components.memberships.renewal_credits import credit_choices
from components.memberships.tables import Subscription
from web.current_person import person_id_of
from web.guards import signed_in
from web.replies import see_other, with_notice, with_refusal

HERE = "/account/membership"


@dataclass(frozen=True, kw_only=True)
class CreditOnRenewal:
    """`used` of the next charge is paid with credit, `left` with the card; `available` is all there is now."""

    is_wanted: bool
    available: Money
    used: Money
    left: Money


async def credit_on_renewal(subscription: Subscription, due: Money | None) -> CreditOnRenewal | None:
    """None where there is nothing to choose: the shop doesn't offer it, nothing renews, or there is no credit."""
    if due is None or not credit_choices.are_allowed():
        return None
    purse, wanted = await balances.for_person(subscription.payer), await credit_choices.is_wanted(subscription.payer)
    if not wanted and not purse.spendable:
        return None
    used = await credit_choices.coming(subscription.payer, due, subscription.current_period_end)
    available = Money(purse.spendable, due.currency)
    return CreditOnRenewal(is_wanted=wanted, available=available, used=used, left=due - used)


class RenewalCreditController(Controller):
    path = f"{HERE}/credit"
    guards = [signed_in]

    @post("/use")
    async def use(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _chosen(request, _("Your store credit will be used for your renewals."), wanted=True)

    @post("/keep")
    async def keep(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await _chosen(request, _("Your store credit won’t be used for your renewals."), wanted=False)


async def _chosen(request: Request[Any, Any, Any], words: str, *, wanted: bool) -> Response[Any]:
    try:
        await credit_choices.choose(person_id_of(request), wanted=wanted)
    except credit_choices.NotForRenewals as refusal:
        return with_refusal(see_other(HERE), str(refusal))
    return with_notice(see_other(HERE), words)
