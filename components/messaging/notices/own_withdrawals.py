"""What somebody may still withdraw from, and what they have withdrawn from, as their own pages say it.

The law gives the days also where it does not ask for a link on every page (`withdrawals.is_offered`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock
from components.messaging.notices import open_withdrawals, order_withdrawals, settled_withdrawals, withdrawn_contracts
from components.messaging.notices.withdrawn_contracts import WithdrawnContract
from components.messaging.tables import Withdrawal
from components.orders.views import OrderView
from components.people import customer_accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWithdrawal:
    """`until_at` is the last day to withdraw, None while it has not begun to run; `received_at` says that they have,
    and that the shop has yet to see to it."""

    name: str
    is_gift: bool = False
    until_at: datetime | None = None
    received_at: datetime | None = None


async def of_member(person_id: UUID) -> tuple[OwnWithdrawal, ...]:
    """By what they pay for or have paid for once, gifts to others included; what was seen to is not offered again."""
    days = open_withdrawals.days_in(await open_withdrawals.country_of(person_id), since=clock.now())
    said = await _said(person_id)
    found = []
    for one in await withdrawn_contracts.all_of(person_id):
        row = said.get(one.reference)
        last = one.begins + timedelta(days=days) if one.begins and days else None
        if row is not None and not row.settled_at:
            found.append(OwnWithdrawal(name=one.plan, is_gift=one.gift is not None, received_at=row.at))
        elif row is None and last is not None and await _is_open(one, last):
            found.append(OwnWithdrawal(name=one.plan, is_gift=one.gift is not None, until_at=last))
    return tuple(found)


async def received(person_id: UUID | None, reference: UUID) -> datetime | None:
    """When they withdrew from this subscription, gift or term, if staff have yet to see to it."""
    row = (await _said(person_id)).get(reference) if person_id else None
    return row.at if row is not None and not row.settled_at else None


async def of_order(order: OrderView) -> OwnWithdrawal | None:
    """None where the days are over, or there is nothing left to give back."""
    said = await order_withdrawals.of_order(order)
    if waiting := [one for one in said if one.is_open]:
        return OwnWithdrawal(name=order.number, received_at=waiting[-1].at)
    days = open_withdrawals.days_in(order.address.country, since=order.placed_at)
    begins = open_withdrawals.delivered(order)
    last = begins + timedelta(days=days) if begins else None
    is_over = last is not None and last < clock.now()
    if said or not days or is_over or not order.is_paid or not order.left:
        return None
    return OwnWithdrawal(name=order.number, until_at=last)


async def _said(person_id: UUID) -> dict[UUID, Withdrawal]:
    """By the contract that is meant, the last said of each; only what came from an address that is theirs."""
    email = await customer_accounts.confirmed_email(person_id)
    rows = await settled_withdrawals.about_memberships(email) if email else []
    meant = {row.id: await open_withdrawals.membership(row) for row in rows}
    return {one.reference: row for row in rows if (one := meant[row.id]) is not None}


async def _is_open(one: WithdrawnContract, last: datetime) -> bool:
    if last < clock.now():
        return False
    sums = await one.sums(at=clock.now())
    return sums is not None and bool(sums.back.amount)
