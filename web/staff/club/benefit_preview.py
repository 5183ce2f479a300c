"""The effect of a benefit on real products of this shop, before any member has it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from components.catalog import visibility
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import ProductView, VariantView
from components.catalog.visibility import Access
from components.checkout.delivery.delivery_terms import DeliveryTerms
from components.foundation.formatting import money, weekday_and_time
from components.memberships.benefits.combined_effects import access_of
from components.memberships.benefits.effects import DeliveryEffect, Effects, HeadStartEffect, PriceRuleEffect, of_type
from components.memberships.benefits.protocol import Illustration
from components.memberships.plans import lead_plan
from components.pricing import prices, traces
from components.pricing.price_context import PriceContext
from components.pricing.rules import PriceRule
from components.pricing.traces import Step

MOST = 3


@dataclass(frozen=True, kw_only=True)
class Example:
    """One product, without and with the benefit.

    For prices also what members pay now and with it, with every step of the calculation in words.
    """

    title: str
    before: str
    after: str
    why: str
    members_before: str = ""
    members_after: str = ""
    steps: tuple[str, ...] = ()


def examples(
    effects: Effects, terms: DeliveryTerms, at: datetime, illustrations: Iterable[Illustration] = ()
) -> tuple[Example, ...]:
    """Up to three real products for each thing the benefit affects."""
    found = (*_prices(effects, at), *_openings(effects, at), *_deliveries(effects, terms))
    told = (Example(title=one.title, before=one.before, after=one.after, why=one.why) for one in illustrations)
    return (*found, *told)


def _prices(effects: Effects, at: datetime) -> Iterator[Example]:
    rules = [one.rule for one in of_type(effects, PriceRuleEffect)]
    if not rules:
        return
    own, today = PriceContext.of(rules), lead_plan.context(at)
    edited = {rule.id for rule in rules}
    others = PriceContext.of(rule for rule in today.rules if rule.id not in edited)
    covered = ((product, _covered(product, rules)) for product in snapshot_refresh.snapshot().products)
    for product, variant in _spread([(product, one) for product, one in covered if one is not None]):
        price, then = (prices.resolve(variant, context, at) for context in (own, others.joined_with(own)))
        yield Example(
            title=product.title,
            before=money(price.regular),
            after=money(price.now),
            why=next(step.said().reason for step in price.trace if step.words == rules[0].words),
            members_before=money(prices.resolve(variant, today, at).now),
            members_after=money(then.now),
            steps=tuple(_said(step) for step in traces.said(then.trace)),
        )


def _said(step: Step) -> str:
    amount = f" {money(step.amount)}" if step.amount is not None else ""
    return f"{step.words}{amount}: {step.reason}"


def _covered(product: ProductView, rules: list[PriceRule]) -> VariantView | None:
    """The variant shown on cards, if it is covered; otherwise the first one that is."""
    ordered = (product.lead, *product.variants)
    return next((one for one in ordered if any(rule.covers(one) for rule in rules)), None)


def _spread(found: list[tuple[ProductView, VariantView]]) -> list[tuple[ProductView, VariantView]]:
    """The cheapest, the median and the most expensive."""
    ordered = sorted(found, key=lambda pair: pair[1].price)
    if len(ordered) <= MOST:
        return ordered
    return [ordered[0], ordered[len(ordered) // 2], ordered[-1]]


def _openings(effects: Effects, at: datetime) -> Iterator[Example]:
    access = access_of(effects)
    differing = [one for one in snapshot_refresh.snapshot().products if _differs(one, access, at)]
    for product in differing[:MOST]:
        yield Example(
            title=product.title,
            before=_stands(product, Access.NONE, at),
            after=_stands(product, access, at),
            why="Early access." if of_type(effects, HeadStartEffect) else "Members only.",
        )


def _differs(product: ProductView, access: Access, at: datetime) -> bool:
    return _stands(product, access, at) != _stands(product, Access.NONE, at)


def _stands(product: ProductView, access: Access, at: datetime) -> str:
    seen = visibility.product_availability(product, access, at)
    if seen.is_early and seen.most is not None:
        return f"Can be bought, up to {seen.most}"
    if seen.is_buyable:
        return "Can be bought"
    if seen.opens_at is not None and seen.opens_at > at:
        return f"From {weekday_and_time(seen.opens_at)}"
    return "Members only"


def _deliveries(effects: Effects, terms: DeliveryTerms) -> Iterator[Example]:
    for benefit in (one.benefit for one in of_type(effects, DeliveryEffect)):
        for method in terms.methods[:MOST]:
            covered = benefit.covers(method.choice)
            yield Example(
                title=method.name,
                before=money(method.lowest_fee),
                after=money(0 if covered else method.lowest_fee),
                why=_from(benefit.threshold) if covered else "Not for this delivery method.",
            )


def _from(threshold: int) -> str:
    return f"On orders of {money(threshold)} or more." if threshold else "On every order."
