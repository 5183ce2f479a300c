"""Refunds of memberships that the bank did not take: the money is still with the shop."""

from dataclasses import dataclass
from datetime import datetime

from components.foundation.money import Money
from components.insights.todo import refunds_to_repeat
from web.staff.payments.payment_subject_links import SubjectLink, subject_links
from web.visitor import Visitor


@dataclass(frozen=True, slots=True)
class FailedRefundRow:
    about: SubjectLink | None
    amount: Money
    at: datetime


async def failed_refund_rows(visitor: Visitor) -> list[FailedRefundRow]:
    """The newest first."""
    failed = await refunds_to_repeat.failed()
    links = await subject_links([one.reference for one in failed], visitor)
    return [FailedRefundRow(links.get(one.reference), Money(one.amount, one.currency), one.at) for one in failed]
