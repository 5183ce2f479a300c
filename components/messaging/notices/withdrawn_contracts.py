"""Which contract about a membership is meant by who withdraws: a subscription, a gift they bought, or a plan paid once.

What is typed names a plan, as far as it does; otherwise it is the newest. Of an order, it is what was joined with it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.memberships.billing import subscriptions
from components.memberships.grants import fixed_term, gift_memberships
from components.memberships.plans import plan_catalogue
from components.memberships.tables import GiftMembership, PaidTerm, Subscription
from components.messaging.notices import withdrawal_sums
from components.messaging.notices.withdrawal_sums import WithdrawalSum
from components.orders.views import OrderView

GIFT = ("gift", "geschenk")
"""What people call it who withdraw from one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnContract:
    """One of the three. `begins`: when the days to withdraw begin to run, at the joining or the buying."""

    plan: str
    begins: datetime | None
    subscription: Subscription | None = None
    gift: GiftMembership | None = None
    term: PaidTerm | None = None

    @property
    def reference(self) -> UUID:
        """Of the subscription, gift or term."""
        found = self.subscription or self.gift or self.term
        assert found is not None
        return found.id

    def is_named_by(self, typed: str) -> bool:
        said = typed.strip().casefold()
        return said == self.plan.casefold() or (self.gift is not None and any(word in said for word in GIFT))

    async def sums(self, *, at: datetime) -> WithdrawalSum | None:
        if self.subscription is not None:
            return await withdrawal_sums.of_subscription(self.subscription, at=at)
        if self.gift is not None:
            return await withdrawal_sums.of_gift(self.gift.id, at=at)
        return await withdrawal_sums.of_term(self.term, at=at) if self.term else None


async def of_person(person_id: UUID, typed: str) -> WithdrawnContract | None:
    """None of somebody who has none."""
    found = await all_of(person_id)
    named = [one for one in found if one.is_named_by(typed)]
    newest_first = sorted(named or found, key=lambda one: (one.begins is not None, one.begins), reverse=True)
    return next(iter(newest_first), None)


async def of_order(order: OrderView) -> WithdrawnContract | None:
    """The membership that was joined with it, once both were paid."""
    if order.paid_at is None:
        return None
    if order.joins is not None:
        held = await subscriptions.by_id(order.joins)
        return _of_subscription(held) if held.started_at else None
    term = await fixed_term.by_id(order.joins_term) if order.joins_term else None
    return _of_term(term) if term and term.paid_at else None


async def all_of(person_id: UUID) -> list[WithdrawnContract]:
    """Also what has ended since: its fee may still be owed, or have been refunded."""
    held = await subscriptions.latest(person_id)
    found = [_of_subscription(held)] if held else []
    for gift in await gift_memberships.bought_by(person_id):
        found.append(WithdrawnContract(plan=_name(gift.plan_version), begins=gift.paid_at, gift=gift))
    return [*found, *[_of_term(term) for term in await fixed_term.paid(person_id)]]


def _of_subscription(held: Subscription) -> WithdrawnContract:
    return WithdrawnContract(plan=_name(held.plan_version), begins=held.started_at, subscription=held)


def _of_term(term: PaidTerm) -> WithdrawnContract:
    return WithdrawnContract(plan=_name(term.plan_version), begins=term.paid_at, term=term)


def _name(version_id: UUID) -> str:
    return plan_catalogue.by_version(version_id).name
