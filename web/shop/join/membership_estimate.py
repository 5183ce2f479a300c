"""Would membership pay for itself? The visitor's basket and last twelve months, as each plan would price them."""

from dataclasses import dataclass
from datetime import timedelta

from components.checkout.basket import basket_context, past_savings, priced_basket
from components.checkout.basket.basket_context import BasketContext
from components.checkout.basket.priced_basket import PricedBasket, Shopper
from components.foundation import formatting
from components.foundation.formatting import money
from components.memberships.benefits.combined_effects import best_delivery, context_of
from components.memberships.billing import trials
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from components.memberships.plans import plan_catalogue
from components.memberships.plans.breakeven import TrialTerms, Verdict, verdict
from components.memberships.plans.plan_catalogue import PlanView
from components.orders.history import purchase_history
from components.orders.history.purchase_history import PastOrder
from web.visitor import Visitor

A_YEAR = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """The verdict in words and its figures, in minor units; `past` is None without past orders."""

    words: str
    is_yes: bool
    saved: int
    past: int | None
    fee: int
    year_fee: int
    year_name: str
    plan: PlanView
    more: str

    @property
    def plan_name(self) -> str:
        return self.plan.name

    @property
    def may_join_here(self) -> bool:
        """Together with the order, in one payment."""
        return self.plan.renews


async def estimate(visitor: Visitor) -> Estimate | None:
    """None for somebody without a basket and without past orders, or without a plan that costs something."""
    person_id, at, tried = visitor.person_id, visitor.at, visitor.tried
    context = await basket_context.load(visitor.basket_token, person_id=person_id, at=at, tried=tried)
    return await estimate_of(visitor, context)


async def estimate_of(visitor: Visitor, context: BasketContext, *, country: str | None = None) -> Estimate | None:
    """The same for a basket that was read already, sent to `country` if not to the shop's own."""
    plans = tuple(plan for plan in plan_catalogue.active_plans(visitor.at) if not plan.is_free)
    if not plans:
        return None
    before = await _before(visitor)
    guest = Shopper(None, CustomerEntitlements.NONE, visitor.at)
    basket = priced_basket.price(context.goods_only(), guest, country=country)
    if not basket.quote.lines and not before:
        return None
    found = verdict([_trial(plan, basket, before) for plan in plans])
    if found is None:
        return None
    days = await trials.days_for(visitor.person_id, found.best.plan)
    return _said(found, has_basket=bool(basket.quote.lines), trial_days=days)


async def _before(visitor: Visitor) -> tuple[PastOrder, ...]:
    if visitor.person_id is None:
        return ()
    return await purchase_history.past_orders(visitor.person_id, since=visitor.at - A_YEAR, until=visitor.at)


def _trial(plan: PlanView, basket: PricedBasket, before: tuple[PastOrder, ...]) -> TrialTerms:
    theirs = basket.quote_for(context_of(plan.all_effects), best_delivery(plan.all_effects))
    years = past_savings.saved(before, plan, context=basket.context, at=basket.shopper.at) if before else None
    return TrialTerms(plan, basket.quote.total - theirs.total, years)


def _said(found: Verdict, *, has_basket: bool, trial_days: int) -> Estimate:
    """With a trial, any basket that gets cheaper makes the verdict positive, because trying costs nothing."""
    best = found.best
    is_tried = bool(trial_days) and has_basket and best.saved > 0
    return Estimate(
        words=_trial_words(found, trial_days) if is_tried else _verdict_words(found, has_basket=has_basket),
        is_yes=found.is_worth_urging or is_tried,
        saved=best.saved,
        past=best.past,
        fee=best.plan.price.amount,
        year_fee=best.year_fee if best.paid_off else found.year.year_fee,
        year_name=(best if best.paid_off else found.year).plan.name,
        plan=best.plan,
        more=_more(found, has_basket=has_basket, is_tried=is_tried),
    )


def _verdict_words(found: Verdict, *, has_basket: bool) -> str:
    """The year's verdict where there are past orders; else the basket's, and how long it holds."""
    best = found.best
    if best.paid_off:
        return f"{_last_year(best)} {best.plan.name} pays for itself."
    if best.pays and has_basket:
        return _for_this_basket(found)
    if best.past is not None:
        return f"Don’t join yet. {_last_year(found.year)}"
    if best.saved <= 0:
        return "Don’t join for this basket: nothing in it would be cheaper."
    saved, fee = money(best.saved), money(best.plan.price.amount)
    return f"Don’t join yet: this basket would save you {saved}, and the fee is {fee}."


def _trial_words(found: Verdict, days: int) -> str:
    best = found.best
    free = f"Try it: {best.plan.name} is free for {days} days, and this basket alone saves {money(best.saved)}."
    then = f"Then it’s {best.plan.price_words}, unless you cancel before then."
    return f"{free} {then} {_last_year(found.year)}" if best.past is not None else f"{free} {then}"


def _for_this_basket(found: Verdict) -> str:
    best = found.best
    saves = f"this basket alone saves {money(best.saved)}, and {best.plan.name} costs {best.plan.price_words}"
    span = "" if best.plan.is_once else f" for {formatting.length(best.plan.interval, best.plan.interval_count)} only"
    if best.past is not None:
        return f"It pays for itself{span}: {saves}. {_last_year(found.year)}"
    if not best.is_worth_urging:
        return f"It makes little difference: {saves}. You’d be {money(best.left)} better off."
    if best.saved >= found.year.year_fee:
        return f"Join now: {saves}."
    return f"Join now, and it pays for itself{span}: {saves}; {_year_costs(found.year)}."


def _last_year(year: TrialTerms) -> str:
    return f"In the last 12 months you would have saved {money(year.past or 0)}; {_year_costs(year)}."


def _year_costs(year: TrialTerms) -> str:
    cost = f"{year.plan.name} costs" if year.plan.is_once else "a year costs"
    return f"{cost} {money(year.year_fee)}"


def _more(found: Verdict, *, has_basket: bool, is_tried: bool) -> str:
    best = found.best
    if best.past is not None:
        if best.pays and has_basket and not best.paid_off:
            return "Based on your past orders and this basket, including delivery, with today’s benefits."
        basket = f" This basket alone would save {money(best.saved)}." if has_basket and best.saved > 0 else ""
        return f"Based on your past orders, including delivery, with today’s benefits.{basket}"
    if best.pays or best.baskets is None:
        return "Based on your current basket, including delivery, with today’s benefits."
    period = _period(best)
    pays = f"It pays for itself with {best.baskets} baskets like this one {period}."
    return pays if is_tried else f"{pays} Until then, you’re better off without it."


def _period(best: TrialTerms) -> str:
    count, unit = best.plan.interval_count, best.plan.interval
    return f"a {unit}" if count == 1 else f"in {count} {unit}s"
