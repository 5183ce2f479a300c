"""What a payment was for, as staff are told: an order by its number, a membership by its plan and who pays for it."""

from dataclasses import dataclass
from uuid import UUID

from components.foundation.refusals import NotFound
from components.memberships.billing import subscriptions
from components.memberships.grants import paid_once
from components.memberships.plans import plan_catalogue
from components.orders import queries
from components.orders.views import OrderView
from components.payments import disputes
from components.people import customer_accounts

ERASED = "an erased customer"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentSubjectText:
    """`order` is the one it paid for, also beside a membership."""

    words: str
    order: OrderView | None


async def of_payment(reference_id: UUID | None, payment_intent: str | None) -> PaymentSubjectText:
    order = await _order(reference_id, payment_intent) if reference_id else None
    membership = await _membership(reference_id) if reference_id else ""
    named = [f"order {order.number}"] if order else []
    named += [membership] if membership else []
    return PaymentSubjectText(words=" and ".join(named) or "something that is unknown here", order=order)


async def _order(reference_id: UUID, payment_intent: str | None) -> OrderView | None:
    """Of a membership that began with one, its first payment only was for the order too."""
    if (order := await queries.by_id(reference_id)) is not None:
        return order
    beside = await queries.joined_with(reference_id)
    is_it = beside is not None and payment_intent in await disputes.payments_of_order(beside.id)
    return beside if is_it else None


async def _membership(reference_id: UUID) -> str:
    """Of a subscription, a gift or a term; empty for anything else."""
    once = await paid_once.of_reference(reference_id)
    if once is None:
        return await _subscription(reference_id)
    plan, payer = plan_catalogue.by_version(once.plan_version).name, await name_of(once.payer)
    return f"the gift of {plan} from {payer}" if once.is_gift else f"{plan} of {payer}"


async def _subscription(reference_id: UUID) -> str:
    try:
        kept = await subscriptions.by_id(reference_id)
    except NotFound:
        return ""
    return f"{plan_catalogue.by_version(kept.plan_version).name} of {await name_of(kept.payer)}"


async def name_of(person_id: UUID | None) -> str:
    person = await customer_accounts.by_id(person_id) if person_id else None
    return (person.name or person.email) if person else ERASED
