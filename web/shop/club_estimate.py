"""Would membership pay for itself? The visitor's own basket, priced again as each plan would price it."""

from dataclasses import dataclass

from components import catalog, checkout
from components.checkout import Shopper
from components.memberships import Standing, offers
from components.memberships.breakeven import Trial, Verdict, verdict
from components.memberships.standing import best_delivery, context_of
from web.shop.basket import looked_at
from web.templating import money
from web.visitor import Visitor


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Words for the verdict and the figures it was made from, in minor units."""

    words: str
    is_yes: bool
    saved: int
    fee: int
    plan_name: str
    more: str


async def estimate(visitor: Visitor) -> Estimate | None:
    """None without a basket, or without a plan that costs something."""
    look = await looked_at(visitor, visitor.basket_token)
    guest = Shopper(None, Standing.NONE, visitor.at)
    shown = checkout.show(look.contents, snapshot=catalog.snapshot(), terms=look.terms, shopper=guest)
    if not shown.quote.lines:
        return None
    trials = []
    for plan in offers.offered(visitor.at):
        theirs = checkout.quote_for(
            shown, look.terms, context=context_of(plan.shares), benefit=best_delivery(plan.shares), at=visitor.at
        )
        trials.append(Trial(plan, shown.quote.total - theirs.total))
    found_verdict = verdict(trials)
    return _said(found_verdict) if found_verdict else None


def _said(found: Verdict) -> Estimate:
    best = found.best
    fee = best.plan.price.amount
    return Estimate(
        words=_verdict_words(best),
        is_yes=best.pays,
        saved=best.saved,
        fee=fee,
        plan_name=best.plan.name,
        more=_more(best),
    )


def _verdict_words(best: Trial) -> str:
    if best.pays:
        return (
            f"Join now: this basket alone saves {money(best.saved)}, and {best.plan.name} is {best.plan.price_words}."
        )
    if best.saved <= 0:
        return "Don’t join for this basket: nothing in it would be cheaper."
    saved, fee = money(best.saved), money(best.plan.price.amount)
    return f"Don’t join yet: this basket would save you {saved}, and the fee is {fee}."


def _more(best: Trial) -> str:
    if best.pays or best.baskets is None:
        return "Counted from what is in your basket now, delivery included, at today’s benefits."
    period = _period(best)
    return f"It pays for itself with {best.baskets} baskets like this one {period}. Until then, buy without it."


def _period(best: Trial) -> str:
    count, unit = best.plan.interval_count, best.plan.interval
    return f"a {unit}" if count == 1 else f"in {count} {unit}s"
