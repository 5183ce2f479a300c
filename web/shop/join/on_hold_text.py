"""What the shop's pages say to a member whose membership is on hold, in the place of an invitation to join."""

from dataclasses import dataclass

from components.foundation.formatting import day
from components.memberships.entitlements.customer_entitlements import MembershipOnHold
from web.visitor import Visitor


@dataclass(frozen=True, kw_only=True)
class OnHoldText:
    title: str
    words: str
    action: str
    href: str


def on_hold_of(visitor: Visitor) -> OnHoldText | None:
    return on_hold_text(visitor.standing.on_hold) if visitor.standing.on_hold else None


def on_hold_text(held: MembershipOnHold) -> OnHoldText:
    if held.owes:
        return OnHoldText(
            title="Your membership benefits are off",
            words=f"A payment for {held.plan_name} hasn’t gone through. Your benefits are back as soon as it’s paid.",
            action="See what’s due",
            href="/account/membership/payment",
        )
    until = f" until {day(held.until)}" if held.until else ""
    back = f"Your benefits are back on {day(held.until)}" if held.until else "Your benefits are back when you resume"
    ends = f", and your membership ends on {day(held.ends_at)}" if held.ends_at else ""
    return OnHoldText(
        title=f"Your membership is on hold{until}",
        words=f"{back}{ends}. You can resume sooner.",
        action="Resume your membership",
        href="/account/membership/pause/end",
    )
