"""What membership would change about one product, for who is not a member; for a member on hold, what is back when."""

from dataclasses import dataclass

from components.catalog.views import ProductView, VariantView
from components.catalog.visibility import Availability, PurchaseStatus
from components.foundation import formatting
from components.foundation.formatting import money
from components.foundation.languages.words import _
from components.memberships.benefits.effects import (
    DeliveryEffect,
    Effects,
    HeadStartEffect,
    MembersOnlyEffect,
    PriceRuleEffect,
    of_type,
)
from components.memberships.entitlements.customer_entitlements import MembershipOnHold
from components.memberships.plans import lead_plan
from components.pricing.prices import VisitorAndMemberPrice
from web.shop.join.on_hold_text import on_hold_text
from web.shop.viewer import Viewer


@dataclass(frozen=True, slots=True)
class MembershipOffer:
    title: str
    points: tuple[str, ...]
    action: str
    href: str
    words: str = ""


def membership_offer(
    product: ProductView,
    variant: VariantView,
    price: VisitorAndMemberPrice,
    seen: Availability,
    viewer: Viewer,
    held: MembershipOnHold | None,
) -> MembershipOffer | None:
    plan = lead_plan.current_plan(viewer.at)
    if plan is None:
        return None
    title = _club_title(product, price, seen, viewer)
    points = tuple(
        benefit.words for benefit in plan.benefits if _is_of_use(benefit.effects, product, variant, seen, price)
    )
    if held is not None:
        said = on_hold_text(held)
        return MembershipOffer(said.title, (title, *points), said.action, said.href, said.words)
    name = formatting.club_name()
    return MembershipOffer(title, points, _("About %(club)s", club=name), "/join")


def _is_of_use(
    effects: Effects, product: ProductView, variant: VariantView, seen: Availability, price: VisitorAndMemberPrice
) -> bool:
    """Whether a benefit changes anything about this product."""
    prices = any(price.club.rule == one.rule for one in of_type(effects, PriceRuleEffect))
    opens = product.members_only and any(one.scope.covers(variant) for one in of_type(effects, MembersOnlyEffect))
    waits = seen.public_from is not None and not seen.is_buyable
    early = waits and any(one.head_start.scope.covers(variant) for one in of_type(effects, HeadStartEffect))
    return prices or opens or early or (variant.needs_delivery and bool(of_type(effects, DeliveryEffect)))


def _club_title(product: ProductView, price: VisitorAndMemberPrice, seen: Availability, viewer: Viewer) -> str:
    if head_start := _head_start(product, seen, viewer.club_standing(product)):
        return head_start
    if price.shows_both or product.members_only:
        if (name := viewer.name_at_prices) != formatting.club_name():
            return _("With %(plan)s you pay %(sum)s", plan=name, sum=money(price.member))
        return _("Members pay %(sum)s", sum=money(price.member))
    return _("Members save on other products")


def _head_start(product: ProductView, seen: Availability, in_the_club: Availability) -> str:
    """When members may buy it, if that is before this visitor and some of it is left for them."""
    if in_the_club.is_early and not product.has_some_early:
        return ""
    if not seen.is_buyable and in_the_club.is_buyable:
        return _("Members can buy it now")
    if (
        seen.why is PurchaseStatus.NOT_YET
        and in_the_club.opens_at
        and seen.opens_at
        and in_the_club.opens_at < seen.opens_at
    ):
        return _("Members can buy it from %(day)s", day=formatting.weekday(in_the_club.opens_at))
    return ""
