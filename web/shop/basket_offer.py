"""What the basket says of joining: what it would take off, whether that pays, and the way to have it at once."""

from dataclasses import dataclass

from components import catalog, checkout
from components.checkout import Look, Shown
from components.foundation import settings
from components.memberships import club
from components.pricing import Quote
from web.shop.club_estimate import Estimate, estimate_of
from web.shop.join_part import shopper_of
from web.templating import money
from web.visitor import Visitor


@dataclass(frozen=True, kw_only=True)
class ClubOffer:
    """`words` are the honest verdict, `note` says what it was counted from."""

    title: str
    words: str
    points: tuple[str, ...]
    action: str
    href: str
    note: str


def members_quote(shown: Shown, look: Look, visitor: Visitor) -> Quote | None:
    """What the same basket costs members, for somebody who is none."""
    if visitor.is_member:
        return None
    return checkout.quote_for(
        shown, look.terms, context=club.context(visitor.at), benefit=club.free_delivery(visitor.at), at=visitor.at
    )


async def club_offer(shown: Shown, look: Look, visitor: Visitor) -> ClubOffer | None:
    theirs, plan = members_quote(shown, look, visitor), club.plan(visitor.at)
    if theirs is None or plan is None:
        return None
    mine = checkout.quote_for(
        shown, look.terms, context=visitor.price_context, benefit=visitor.standing.free_delivery, at=visitor.at
    )
    goods, delivery = mine.goods - theirs.goods, mine.delivery - theirs.delivery
    if goods <= 0 and delivery <= 0:
        return None
    found = await estimate_of(visitor, look)
    named = found.plan if found else plan
    action, href = await _way(found, look, visitor)
    return ClubOffer(
        title=f"Save {money(goods + delivery)} on this basket with {settings.current().club_name}",
        words=found.words if found else "",
        points=_points(goods, delivery, f"{named.name} costs {named.price_words}"),
        action=action,
        href=href,
        note=found.more if found else "",
    )


def _points(goods: int, delivery: int, plan: str) -> tuple[str, ...]:
    points = [f"Member prices: {money(goods)}"] if goods > 0 else []
    points += [f"Delivery: {money(delivery)}"] if delivery > 0 else []
    return (*points, plan)


async def _way(found: Estimate | None, look: Look, visitor: Visitor) -> tuple[str, str]:
    """Joining at once with this order where it pays, else a look at what the club gives."""
    if found is None or not found.is_yes or not found.may_join_here:
        return f"See the benefits of {settings.current().club_name}", "/join"
    charged = await _charged(found.plan.slug, look, visitor)
    return f"Join and pay {money(charged)} now", f"/checkout?join={found.plan.slug}"


async def _charged(plan_slug: str, look: Look, visitor: Visitor) -> int:
    """The order at member prices and the fee, as the checkout will show them first."""
    shown = checkout.show(
        look.contents,
        snapshot=catalog.snapshot(),
        terms=look.terms,
        shopper=await shopper_of(visitor, plan_slug),
        gifts=look.own_gifts,
        credit=look.spendable,
        coupon=look.coupon,
        has_ordered=look.has_ordered,
        had=look.had,
    )
    return shown.charged
