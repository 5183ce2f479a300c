"""What a benefit would do, shown on real things of this shop before anybody holds it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from components import catalog
from components.catalog import Access, ProductView, visibility
from components.checkout import Terms
from components.memberships.benefits import Illustration
from components.memberships.benefits.protocol import Share
from components.pricing import PriceContext, prices
from web.shop.dates import weekday_and_time
from web.templating import money

MOST = 3


@dataclass(frozen=True, kw_only=True)
class Example:
    """One thing, without the benefit and with it."""

    title: str
    before: str
    after: str
    why: str


def examples(
    share: Share, terms: Terms, at: datetime, illustrations: Iterable[Illustration] = ()
) -> tuple[Example, ...]:
    """Three real products for whatever the benefit touches; fewer when it touches fewer."""
    found = (*_prices(share, at), *_openings(share, at), *_deliveries(share, terms))
    told = (Example(title=one.title, before=one.before, after=one.after, why=one.why) for one in illustrations)
    return (*found, *told) or (*_content(share),)


def _prices(share: Share, at: datetime) -> Iterator[Example]:
    if not share.price_rules:
        return
    context = PriceContext.of(share.price_rules)
    for product in _spread([one for one in catalog.snapshot().products if _is_covered(one, share)]):
        variant = product.lead
        price = prices.resolve(variant, context, at)
        why = next(step.reason for step in price.trace if step.words == share.price_rules[0].words)
        yield Example(title=product.title, before=money(price.regular), after=money(price.now), why=why)


def _is_covered(product: ProductView, share: Share) -> bool:
    return any(rule.covers(product.lead) for rule in share.price_rules)


def _spread(products: list[ProductView]) -> list[ProductView]:
    """The cheapest, the one in the middle and the dearest."""
    ordered = sorted(products, key=lambda one: one.lead.price)
    if len(ordered) <= MOST:
        return ordered
    return [ordered[0], ordered[len(ordered) // 2], ordered[-1]]


def _openings(share: Share, at: datetime) -> Iterator[Example]:
    if not share.head_starts and not share.members_only:
        return
    access = Access(share.head_starts, share.members_only)
    differing = [one for one in catalog.snapshot().products if _differs(one, access, at)]
    for product in differing[:MOST]:
        yield Example(
            title=product.title,
            before=_stands(product, Access.NONE, at),
            after=_stands(product, access, at),
            why="Opens earlier." if share.head_starts else "Made for members only.",
        )


def _differs(product: ProductView, access: Access, at: datetime) -> bool:
    return _stands(product, access, at) != _stands(product, Access.NONE, at)


def _stands(product: ProductView, access: Access, at: datetime) -> str:
    seen = visibility.standing(product, access, at)
    if seen.is_buyable:
        return "May be bought"
    if seen.opens_at is not None and seen.opens_at > at:
        return f"From {weekday_and_time(seen.opens_at)}"
    return "For members only"


def _deliveries(share: Share, terms: Terms) -> Iterator[Example]:
    for benefit in share.deliveries:
        for method in terms.methods[:MOST]:
            covered = benefit.covers(method.choice)
            yield Example(
                title=method.name,
                before=money(method.fee),
                after=money(0 if covered else method.fee),
                why=_from(benefit.threshold) if covered else "It is for other methods.",
            )


def _from(threshold: int) -> str:
    return f"From {money(threshold)} of goods, before tax." if threshold else "On every order."


def _content(share: Share) -> Iterator[Example]:
    if share.opens_content:
        yield Example(title="Every members’ article", before="Teaser only", after="Whole", why="After its own days.")
