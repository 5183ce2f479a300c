"""What the shop's pages say to a member whose membership is on hold, in the place of an invitation to join.

Whoever shares somebody's may join with a plan of their own meanwhile; nobody asks them to.
"""

from dataclasses import dataclass

from components.foundation.formatting import day
from components.foundation.languages.words import N_, _
from components.memberships.billing import subscriptions
from components.memberships.billing.states import awaited_payments
from components.memberships.entitlements.customer_entitlements import MembershipOnHold
from web.visitor import Visitor

_OWES = N_("A payment for %(plan)s hasn’t gone through. Your benefits are back as soon as it’s paid.")


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
            title=_("Your membership benefits are off"),
            words=_(_OWES, plan=held.plan_name),
            action=_("See what’s due"),
            href="/account/membership/payment",
        )
    if held.giver:
        return _shared(held)
    until = day(held.until) if held.until else ""
    return OnHoldText(
        title=_("Your membership is on hold until %(day)s", day=until) if until else _("Your membership is on hold"),
        words=" ".join([_back(until, day(held.ends_at) if held.ends_at else ""), _("You can resume sooner.")]),
        action=_("Resume your membership"),
        href="/account/membership/pause/end",
    )


def _back(until: str, ends: str) -> str:
    if until and ends:
        words = N_("Your benefits are back on %(day)s, and your membership ends on %(end)s.")
        return _(words, day=until, end=ends)
    if until:
        return _("Your benefits are back on %(day)s.", day=until)
    if ends:
        return _("Your benefits are back when you resume, and your membership ends on %(end)s.", end=ends)
    return _("Your benefits are back when you resume.")


def _shared(held: MembershipOnHold) -> OnHoldText:
    whose = _(
        "The %(plan)s membership that %(giver)s shares with you is on hold.", plan=held.plan_name, giver=held.giver
    )
    back = (
        _("Your place is kept, and your benefits are back then.")
        if held.until
        else _("Your place is kept, and your benefits are back as soon as it is active again.")
    )
    ends = _("It ends on %(day)s.", day=day(held.ends_at)) if held.ends_at else ""
    return OnHoldText(
        title=_("Your membership is on hold until %(day)s", day=day(held.until))
        if held.until
        else _("Your membership is on hold"),
        words=" ".join(filter(None, (whose, back, ends))),
        action=_("See your membership"),
        href="/account/membership",
        is_shared=True,
    )


async def is_awaited(visitor: Visitor) -> bool:
    """Whether a first payment is on its way, so that a second one would be refused."""
    if visitor.person_id is None or visitor.has_membership:
        return False
    found = await awaited_payments.of_person(visitor.person_id)
    return found is not None and found.state == "on its way"


async def has_subscription(visitor: Visitor) -> bool:
    """Paused, or owing after the grace: without benefits, and still theirs."""
    return visitor.person_id is not None and await subscriptions.running(visitor.person_id) is not None
