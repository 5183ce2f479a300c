"""A withdrawal that staff should see to, with what it is about as far as number and address fit: the order, the
membership, or both of an order that a membership was joined with. Each of the two has its own days and its own sum."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation.consumer_law import law_rules
from components.foundation.formatting import money
from components.foundation.shop_settings import shop_settings
from components.memberships.tables import GiftMembership, PaidTerm, Subscription
from components.messaging.notices import withdrawn_contracts
from components.messaging.notices.withdrawal_sums import WithdrawalSum
from components.messaging.notices.withdrawn_contracts import WithdrawnContract
from components.messaging.tables import Withdrawal
from components.orders import queries
from components.orders.views import OrderView
from components.people import addresses, customer_accounts

REFUND_WITHIN = timedelta(days=14)
"""From the day that the withdrawal is received: Directive 2011/83/EU, Article 13."""
ON_ITS_WAY = timedelta(days=7)
"""How long a parcel is taken to be on its way at most, where nobody said when it arrives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWithdrawal:
    """`until_at` is the last instant to withdraw from the order, or from the membership where only that is meant; None
    where it has not begun to run. `fee_until_at` is that of the membership. `days` is what the law gives there, 0 where
    it gives none. `plan` and `sums` are of the membership that is meant; `joined` is one that was joined with the order
    and is not.
    """

    withdrawal: Withdrawal
    order: OrderView | None
    subscription: Subscription | None
    person_id: UUID | None
    days: int
    until_at: datetime | None
    fee_until_at: datetime | None = None
    sums: WithdrawalSum | None = None
    gift: GiftMembership | None = None
    term: PaidTerm | None = None
    plan: str = ""
    joined: str = ""
    joined_sums: WithdrawalSum | None = None

    @property
    def refund_by(self) -> datetime:
        return self.withdrawal.at + REFUND_WITHIN

    @property
    def owed(self) -> str:
        """What speaks against its having been refunded, in words; "" where nothing does. Of two, not the one that alone
        came too late."""
        if self.order is None and not self.plan:
            return "Nothing with this number and address is known here, so no refund of it can be found."
        of_order, of_fee = self._owed_of_the_order, self._owed_of_the_fee
        if self.order is not None and self.plan and self.is_late is not self.fee_is_late:
            return of_fee if self.is_late else of_order
        return " ".join(filter(None, (of_order, of_fee)))

    @property
    def _owed_of_the_order(self) -> str:
        if self.order is None or (self.order.refunded and (not self.order.left or self.withdrawal.items)):
            return ""
        return f"{money(self.order.left, self.order.currency)} of order {self.order.number} has not been refunded."

    @property
    def _owed_of_the_fee(self) -> str:
        is_owed = self.sums is not None and self.sums.back.amount
        return f"{money(self.sums.back)} of {self.plan} has not been refunded." if is_owed and self.sums else ""

    @property
    def is_late(self) -> bool:
        return self.until_at is not None and self.withdrawal.at > self.until_at

    @property
    def fee_is_late(self) -> bool:
        return self.fee_until_at is not None and self.withdrawal.at > self.fee_until_at

    @property
    def is_due(self) -> bool:
        """Whether anything has to be refunded: of an order with its membership, one of them may be in time alone."""
        return not self.is_late or (self.order is not None and bool(self.plan) and not self.fee_is_late)


async def opened(row: Withdrawal) -> OpenWithdrawal:
    """With what it is about."""
    person = await customer_accounts.by_email(row.email)
    named = await _order(row, person.id if person else None)
    order = named if row.about != "membership" else None
    with_it = await withdrawn_contracts.of_order(named) if named else None
    meant = await _meant(row, with_it, person.id if person else None)
    days = days_in(order.address.country if order else await country_of(person.id if person else None), since=row.at)
    of_fee = _until(meant.begins if meant else None, days)
    joined = with_it if meant is None else None
    return OpenWithdrawal(
        withdrawal=row,
        order=order,
        subscription=meant.subscription if meant else None,
        person_id=person.id if person else None,
        days=days,
        until_at=_until(delivered(order), days) if order else of_fee,
        fee_until_at=of_fee,
        sums=await meant.sums(at=row.at) if meant else None,
        gift=meant.gift if meant else None,
        term=meant.term if meant else None,
        plan=meant.plan if meant else "",
        joined=joined.plan if joined else "",
        joined_sums=await joined.sums(at=row.at) if joined else None,
    )


async def membership(row: Withdrawal) -> WithdrawnContract | None:
    """The one that is withdrawn from; None of items alone."""
    person = await customer_accounts.by_email(row.email)
    named = await _order(row, person.id if person else None)
    with_it = await withdrawn_contracts.of_order(named) if named else None
    return await _meant(row, with_it, person.id if person else None)


async def country_of(person_id: UUID | None) -> str:
    """By the address in their account, as they were asked about an early start; else where the shop is."""
    found = await addresses.of_person(person_id) if person_id else []
    return found[0].country if found else shop_settings.current().country


def days_in(country: str, *, since: datetime) -> int:
    """0 where the law gives none."""
    known = law_rules.rules("withdrawal", on=since.date(), country=country)
    return max((one.least_days for one in known), default=0)


async def _meant(
    row: Withdrawal, with_it: WithdrawnContract | None, person_id: UUID | None
) -> WithdrawnContract | None:
    """The membership that is withdrawn from; of who gave an order's number for it, the one joined with that order."""
    if row.about == "order":
        return None
    if with_it is not None or row.about == "both" or person_id is None:
        return with_it
    return await withdrawn_contracts.of_person(person_id, row.number)


async def _order(row: Withdrawal, person_id: UUID | None) -> OrderView | None:
    """Only where number and address belong together."""
    order = await queries.by_number(row.number.strip().upper()) if row.number else None
    is_theirs = order is not None and (order.email == row.email or (person_id and order.person == person_id))
    return order if is_theirs else None


def delivered(order: OrderView) -> datetime | None:
    """When the days to withdraw begin to run for goods: at their delivery, as far as is known."""
    return order.fulfilled_at + ON_ITS_WAY if order.fulfilled_at else None


def _until(begins: datetime | None, days: int) -> datetime | None:
    return begins + timedelta(days=days + 1) if begins and days else None
