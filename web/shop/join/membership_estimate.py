"""Would membership pay for itself? The visitor's basket and last twelve months, as each plan would price them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from components.checkout.basket import basket_context, past_savings, priced_basket
from components.checkout.basket.basket_context import BasketContext
from components.checkout.basket.priced_basket import PricedBasket, Shopper
from components.foundation import formatting
from components.foundation.formatting import money
from components.foundation.languages.words import N_, _, n_, np_, p_
from components.memberships.benefits.combined_effects import best_delivery, context_of
from components.memberships.billing import trials
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from components.memberships.plans import plan_catalogue, reverse_charges
from components.memberships.plans.breakeven import TrialTerms, Verdict, verdict
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.promises import open_plans
from components.orders.history import purchase_history
from components.orders.history.purchase_history import PastOrder
from web.shop.join import plan_years
from web.visitor import Visitor

A_YEAR = timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """The verdict in words and its figures, in minor units; `past` is None without past orders.

    `years` says of each plan, by slug, what it would have saved in twelve months; `recommended` is one that pays off.
    """

    words: str
    is_yes: bool
    saved: int
    past: int | None
    fee: int
    year_fee: int
    year_name: str
    plan: PlanView
    more: str
    recommended: str = ""
    years: Mapping[str, str] = field(default_factory=dict)

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
    plans = await _priced(visitor)
    if not plans:
        return None
    before = await _before(visitor)
    guest = Shopper(None, CustomerEntitlements.NONE, visitor.at)
    basket = priced_basket.price(context.goods_only(), guest, country=country)
    if not basket.quote.lines and not before:
        return None
    tried = [_trial(plan, basket, before) for plan in plans]
    found = verdict(tried)
    if found is None:
        return None
    days = await trials.days_for(visitor.person_id, found.best.plan)
    said = _said(found, has_basket=bool(basket.quote.lines), trial_days=days)
    return replace(said, years=plan_years.year_words(tried), recommended=plan_years.recommended(found.best))


async def _priced(visitor: Visitor) -> tuple[PlanView, ...]:
    """Those that cost something and have a place, at what they would pay: a business may pay a fee without its tax."""
    sold = [plan for plan in plan_catalogue.active_plans(visitor.at) if not plan.is_free]
    offered = await open_plans.of(sold, visitor.person_id)
    business = await reverse_charges.of_payer(visitor.person_id) if offered else None
    return tuple([plan.priced_as(await reverse_charges.price_for(plan, business)) for plan in offered])


async def _before(visitor: Visitor) -> tuple[PastOrder, ...]:
    """Nothing of whoever wants nothing chosen from their orders."""
    if visitor.person_id is None or not visitor.wants_personal:
        return ()
    return await purchase_history.past_orders(visitor.person_id, since=visitor.at - A_YEAR, until=visitor.at)


def _trial(plan: PlanView, basket: PricedBasket, before: tuple[PastOrder, ...]) -> TrialTerms:
    theirs = basket.quote_for(context_of(plan.all_effects), best_delivery(plan.all_effects))
    years = past_savings.saved(before, plan, context=basket.context, at=basket.shopper.at) if before else None
    off = basket.quote.total - theirs.total
    return TrialTerms(plan, off, years.off + years.credit, years.credit) if years else TrialTerms(plan, off)


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
        return " ".join([_last_year(best), _("%(plan)s pays for itself.", plan=best.plan.name)])
    if best.pays and has_basket:
        return _for_this_basket(found)
    if best.past is not None:
        return " ".join([_("Don’t join yet."), _last_year(found.year)])
    if best.saved <= 0:
        return _("Don’t join for this basket: nothing in it would be cheaper.")
    saved, fee = money(best.saved), money(best.plan.price.amount)
    return _("Don’t join yet: this basket would save you %(sum)s, and the fee is %(fee)s.", sum=saved, fee=fee)


def _trial_words(found: Verdict, days: int) -> str:
    best = found.best
    free = n_(
        "Try it: %(plan)s is free for %(num)s day, and this basket alone saves %(sum)s.",
        "Try it: %(plan)s is free for %(num)s days, and this basket alone saves %(sum)s.",
        days,
        plan=best.plan.name,
        sum=money(best.saved),
    )
    then = _("Then it’s %(price)s, unless you cancel before then.", price=best.plan.price_words)
    return f"{free} {then} {_last_year(found.year, best)}" if best.past is not None else f"{free} {then}"


def _for_this_basket(found: Verdict) -> str:
    best = found.best
    saves = _(_SAVES, sum=money(best.saved), plan=best.plan.name, price=best.plan.price_words)
    length = formatting.length(best.plan.interval, best.plan.interval_count)
    if best.past is not None:
        words = _PAYS if best.plan.is_once else _PAYS_FOR_A_WHILE
        return " ".join([_(words, saves=saves, length=length), _last_year(found.year, best)])
    if not best.is_worth_urging:
        return _(_LITTLE_DIFFERENCE, saves=saves, sum=money(best.left)) if best.left else _(_NO_DIFFERENCE, saves=saves)
    if best.saved >= found.year.year_fee:
        return _("Join now: %(saves)s.", saves=saves)
    words = _JOIN_NOW if best.plan.is_once else _JOIN_NOW_FOR_A_WHILE
    return _(words, saves=saves, length=length, year=_year_costs(found.year, best))


_SAVES = N_("this basket alone saves %(sum)s, and %(plan)s costs %(price)s")
_PAYS, _PAYS_FOR_A_WHILE = (
    N_("It pays for itself: %(saves)s."),
    N_("It pays for itself for %(length)s only: %(saves)s."),
)
_LITTLE_DIFFERENCE = N_("It makes little difference: %(saves)s. You’d be %(sum)s better off.")
_NO_DIFFERENCE = N_("It makes no difference: %(saves)s.")
_JOIN_NOW = N_("Join now, and it pays for itself: %(saves)s; %(year)s.")
_JOIN_NOW_FOR_A_WHILE = N_("Join now, and it pays for itself for %(length)s only: %(saves)s; %(year)s.")


def _last_year(year: TrialTerms, beside: TrialTerms | None = None) -> str:
    """Named where another plan has just been spoken of."""
    saved, costs = money(year.past or 0), _year_costs(year, beside)
    if beside is not None and beside.plan.id != year.plan.id:
        words = _WITH_PLAN_AND_CREDIT if year.credit else _WITH_PLAN
        return _(words, sum=saved, credit=money(year.credit), plan=year.plan.name, year=costs)
    if year.credit:
        return _(_WITH_CREDIT, sum=saved, credit=money(year.credit), year=costs)
    return _("In the last 12 months you would have saved %(sum)s; %(year)s.", sum=saved, year=costs)


_WITH_CREDIT = N_("In the last 12 months you would have saved %(sum)s, of which %(credit)s in store credit; %(year)s.")


_WITH_PLAN = N_("In the last 12 months you would have saved %(sum)s with %(plan)s; %(year)s.")
_WITH_PLAN_AND_CREDIT = N_(
    "In the last 12 months you would have saved %(sum)s with %(plan)s, of which %(credit)s in store credit; %(year)s."
)


def _year_costs(year: TrialTerms, beside: TrialTerms | None = None) -> str:
    """How it ends a sentence; the plan is named where another has just been spoken of."""
    cost, name = money(year.year_fee), year.plan.name
    if year.plan.is_once:
        return _("%(plan)s costs %(sum)s", plan=name, sum=cost)
    if beside is not None and beside.plan.id != year.plan.id:
        return _("a year of %(plan)s costs %(sum)s", plan=name, sum=cost)
    return _(_A_YEAR_COSTS, sum=cost)


_A_YEAR_COSTS = N_("a year costs %(sum)s")


def _more(found: Verdict, *, has_basket: bool, is_tried: bool) -> str:
    """What it is based on, and what it leaves out."""
    based = _based_on(found, has_basket=has_basket, is_tried=is_tried)
    left_out = past_savings.not_counted(found.best.plan, has_past=found.best.past is not None)
    return " ".join([based, _("Not counted: %(benefits)s.", benefits=", ".join(left_out))]) if left_out else based


def _based_on(found: Verdict, *, has_basket: bool, is_tried: bool) -> str:
    best = found.best
    if best.past is not None:
        if best.pays and has_basket and not best.paid_off:
            return _("Based on your past orders and this basket, including delivery, with today’s benefits.")
        words = _("Based on your past orders, including delivery, with today’s benefits.")
        if not has_basket or best.saved <= 0:
            return words
        return " ".join([words, _("This basket alone would save %(sum)s.", sum=money(best.saved))])
    if best.pays or best.baskets is None:
        return _("Based on your current basket, including delivery, with today’s benefits.")
    pays = n_(
        "It pays for itself with %(num)s basket like this one %(period)s.",
        "It pays for itself with %(num)s baskets like this one %(period)s.",
        best.baskets,
        period=_period(best),
    )
    return pays if is_tried else " ".join([pays, _("Until then, you’re better off without it.")])


def _period(best: TrialTerms) -> str:
    count, unit = best.plan.interval_count, best.plan.interval
    said = {
        "day": lambda: np_("3 baskets …", "a day", "in %(num)s days", count),
        "week": lambda: np_("3 baskets …", "a week", "in %(num)s weeks", count),
        "month": lambda: np_("3 baskets …", "a month", "in %(num)s months", count),
        "year": lambda: np_("3 baskets …", "a year", "in %(num)s years", count),
        "life": lambda: p_("3 baskets …", "in all"),
    }
    return said[unit]()
