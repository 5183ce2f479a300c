"""The first payment of somebody who is joining: not finished, declined, on its way, refused by their bank, or not known
while Stripe cannot be asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, database
from components.memberships.billing import subscription_start
from components.memberships.grants import fixed_term, term_pages
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.payments.checkout_sessions import pages
from components.payments.invoicing import first_payments
from components.payments.tables import CheckoutSession

TOLD_FOR = timedelta(days=14)
"""How long the membership page says that a bank has refused the first payment."""


@dataclass(frozen=True, kw_only=True)
class AwaitedPayment:
    """`state` is unfinished, declined, on its way, refused or unknown. `pay_url` leads on to the payment page, while
    it is open. Nothing has been taken unless it is on its way or unknown."""

    state: str
    plan: PlanView
    pay_url: str = ""


async def of_person(person_id: UUID) -> AwaitedPayment | None:
    """As last mirrored. None for somebody who is not joining."""
    waiting = await subscription_start.pending(person_id)
    if waiting is not None:
        page = await pages.for_reference("joining", waiting.id)
        return await _of(waiting.id, plan_catalogue.by_version(waiting.plan_version), page)
    if (term_id := await fixed_term.pending(person_id)) is not None:
        term, page = await fixed_term.by_id(term_id), await pages.for_reference("term", term_id)
        version_id = term_pages.paid_with(page, term).version_id if page is not None else term.plan_version
        return await _of(term_id, plan_catalogue.by_version(version_id), page)
    return await _refused(person_id)


async def _of(reference_id: UUID, plan: PlanView, page: CheckoutSession | None) -> AwaitedPayment:
    if page is not None and page.is_complete:
        return AwaitedPayment(state="on its way", plan=plan)
    is_open = page is not None and page.is_open and page.expires_at > clock.now()
    url = (page.url or "") if page is not None and is_open else ""
    was_declined = await first_payments.was_declined(reference_id)
    return AwaitedPayment(state="declined" if was_declined else "unfinished", plan=plan, pay_url=url)


async def _refused(person_id: UUID) -> AwaitedPayment | None:
    """A bank debit that was refused days after the page. Of no interest to who has joined since."""
    found = await database.fetch_one_as(_Lapsed, _LAST_LAPSED, person_id, clock.now() - TOLD_FOR)
    if found is None or not found.is_last:
        return None
    page = await pages.for_reference("joining", found.id)
    if page is None or not page.has_failed:
        return None
    return AwaitedPayment(state="refused", plan=plan_catalogue.by_version(found.plan_version))


@dataclass(frozen=True)
class _Lapsed:
    id: UUID
    plan_version: UUID
    ended_at: datetime | None
    is_last: bool


_LAST_LAPSED = """
SELECT s.id, s.plan_version, s.ended_at, NOT EXISTS (SELECT FROM subscription o WHERE o.payer = s.payer
  AND o.created_at > s.created_at) AS is_last
FROM subscription s WHERE s.payer = $1 AND s.status = 'lapsed' AND s.ended_at > $2
ORDER BY s.created_at DESC LIMIT 1
"""
