"""What the shop's pages say to a member whose membership is on hold, in the place of an invitation to join.

Whoever shares somebody's may join with a plan of their own meanwhile; nobody asks them to.
"""

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
    is_shared: bool = False


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
    if held.giver:
        return _shared(held)
    until = f" until {day(held.until)}" if held.until else ""
    back = f"Your benefits are back on {day(held.until)}" if held.until else "Your benefits are back when you resume"
    ends = f", and your membership ends on {day(held.ends_at)}" if held.ends_at else ""
    return OnHoldText(
        title=f"Your membership is on hold{until}",
        words=f"{back}{ends}. You can resume sooner.",
        action="Resume your membership",
        href="/account/membership/pause/end",
    )


def _shared(held: MembershipOnHold) -> OnHoldText:
    whose = f"The {held.plan_name} membership that {held.giver} shares with you"
    until = f" until {day(held.until)}" if held.until else ""
    back = "then" if held.until else "as soon as it is active again"
    ends = f" It ends on {day(held.ends_at)}." if held.ends_at else ""
    return OnHoldText(
        title=f"Your membership is on hold{until}",
        words=f"{whose} is on hold. Your place is kept, and your benefits are back {back}.{ends}",
        action="See your membership",
        href="/account/membership",
        is_shared=True,
    )
