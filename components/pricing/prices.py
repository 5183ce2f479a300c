"""One variant's price: the lowest eligible of the sale price, an explicit member price and the best single member rule.

Member rules start from the full price (before any sale), never stack with each other, and never stack with a sale.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from components.foundation.languages.words import N_
from components.pricing.price_context import PriceContext
from components.pricing.rules import PriceRule
from components.pricing.traces import Considered, Step, Verdict, step

if TYPE_CHECKING:
    from components.catalog.views import Sale, VariantView


@dataclass(frozen=True, slots=True)
class Price:
    """All amounts in minor units. `regular` is a guest's price at the same instant; `saved` is regular less now.

    Where only members may buy there is no other price: `regular` is the member's too, and nothing is saved.

    `rule` made the price; None when it is the shop's own. `told` lists everything that was considered, on demand. `was`
    is the full price before a reduction for everybody, `lowest_before` the lowest price of the 30 days before that
    reduction began.
    """

    now: int
    regular: int
    was: int | None
    rule: PriceRule | None
    lowest_before: int | None
    told: Callable[[], tuple[Considered, ...]] = field(compare=False, repr=False)

    @property
    def saved(self) -> int:
        return self.regular - self.now

    @property
    def is_for_members(self) -> bool:
        return self.rule is not None and not self.rule.for_everybody

    @property
    def trace(self) -> tuple[Step, ...]:
        """Every price considered, in order: exactly one of them is applied and its amount is the price."""
        considered = self.told()
        lowest = considered[_lowest(considered)]
        return tuple(step(one.beside(lowest), applied=one is lowest) for one in considered)


@dataclass(frozen=True, slots=True)
class VisitorAndMemberPrice:
    """Both prices for a card: this visitor's, and the price a member pays or would pay."""

    yours: Price
    club: Price

    @property
    def now(self) -> int:
        return self.yours.now

    @property
    def regular(self) -> int:
        return self.yours.regular

    @property
    def was(self) -> int | None:
        return self.yours.was

    @property
    def lowest_before(self) -> int | None:
        return self.yours.lowest_before

    @property
    def saved(self) -> int:
        return self.yours.saved

    @property
    def member(self) -> int:
        return min(self.club.now, self.yours.now)

    @property
    def shows_both(self) -> bool:
        """Whether membership makes a difference here."""
        return self.member < self.regular

    @property
    def is_the_same(self) -> bool:
        """Whether a reduction for everybody is as low as a member's price, so that membership changes nothing here."""
        return self.was is not None and self.yours is not self.club and not self.shows_both

    @property
    def is_yours(self) -> bool:
        """Whether this visitor already has a member's price."""
        return self.yours.saved > 0


def resolve(variant: VariantView, context: PriceContext, at: datetime) -> Price:
    """The price at once; its trace only on demand, because most prices are never explained."""
    full, regular = regular_price(variant), variant.price_at(at)
    everybodys: PriceRule | None = None
    members: PriceRule | None = None
    least: int | None = None
    for rule in context.rules_for(variant):
        if not rule.holds_at(at):
            continue
        amount = rule.price(full)
        if rule.for_everybody and amount < regular:
            regular, everybodys = amount, rule
        elif not rule.for_everybody and (least is None or amount < least):
            least, members = amount, rule
    is_less = least is not None and least < regular
    now = least if is_less and least is not None else regular
    return Price(
        now=now,
        regular=now if variant.members_only else regular,
        was=full if full > regular else None,
        rule=members if is_less else everybodys,
        lowest_before=_lowest_before(variant, regular, at) if full > regular else None,
        told=partial(_considered, variant, context, at),
    )


def _considered(variant: VariantView, context: PriceContext, at: datetime) -> tuple[Considered, ...]:
    full = regular_price(variant)
    return (*_shop_prices(variant, full, at), *(_by_rule(rule, variant, full, at) for rule in context.rules))


def visitor_and_member(
    variant: VariantView, visitor: PriceContext, club: PriceContext, at: datetime
) -> VisitorAndMemberPrice:
    yours = resolve(variant, visitor, at)
    return VisitorAndMemberPrice(yours, yours if visitor.key == club.key else resolve(variant, club, at))


def regular_price(variant: VariantView) -> int:
    """The price before any reduction: the compare-at price where it is higher, else the price."""
    return max(variant.price, variant.compare_at or 0)


def _shop_prices(variant: VariantView, full: int, at: datetime) -> list[Considered]:
    """Prices available to everybody. A future sale is left out."""
    verdict: Verdict = "nobodys" if variant.members_only else "reduced" if full > variant.price else "shop"
    shop = Considered(N_("Regular price"), variant.price, verdict)
    begun = (sale for sale in variant.sales if sale.from_at is None or sale.from_at <= at)
    return [shop, *(_by_sale(sale, at) for sale in begun)]


def _by_sale(sale: Sale, at: datetime) -> Considered:
    if not sale.is_on(at):
        return Considered(sale.words, None, "over", edge=sale.until)
    return Considered(sale.words, sale.price, "sale", edge=sale.until)


def _lowest_before(variant: VariantView, regular: int, at: datetime) -> int | None:
    """Of the sale that sets everybody's price, else of the price below its compare-at price."""
    on = (sale for sale in variant.sales if sale.is_on(at) and sale.price == regular)
    if regular < variant.price:
        return next((sale.lowest_before for sale in on), None)
    return variant.lowest_before


def _by_rule(rule: PriceRule, variant: VariantView, full: int, at: datetime) -> Considered:
    if not rule.covers(variant):
        return Considered(rule.words, None, "elsewhere", rule)
    if rule.is_still_to_come(at):
        return Considered(rule.words, None, "to_come", rule, rule.from_at)
    if rule.is_over(at):
        return Considered(rule.words, None, "over", rule, rule.until_at)
    return Considered(rule.words, rule.price(full), "beaten", rule)


def _lowest(considered: tuple[Considered, ...]) -> int:
    """Among equal prices everybody's comes first, so that nothing is called a saving that is none."""
    eligible = ((one.amount, not one.is_for_everybody, n) for n, one in enumerate(considered) if one.amount is not None)
    return min(eligible)[2]
