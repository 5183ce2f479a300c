"""A subscription at Stripe as a candidate: the facts that decide about it, in the words of the verdicts."""

from collections.abc import Iterator

from components.adoption.candidates import KEPT, Candidate
from components.old_shop import record_cells
from components.payments.adopted import takeover
from components.payments.stripe_calls import foreign_answers
from components.payments.stripe_calls.foreign_answers import ForeignSubscription, PaidThere

_STATES = {
    "active": "active", "trialing": "trialing", "past_due": "past_due", "unpaid": "unpaid", "paused": "paused",
    "incomplete": "pending", "incomplete_expired": "ended", "cancelled": "ended",
}  # fmt: skip


async def of(found: ForeignSubscription) -> tuple[Candidate, PaidThere | None]:
    """With the payment that counts for the time under way. Asks Stripe once more where the latest invoice is another.

    Time that was paid for is no trial, whatever Stripe calls it: other software moves renewals by trials, too.
    """
    answer = found.answer
    asks = found.paid is None and answer.status in ("active", "trialing", "past_due", "unpaid")
    is_first_trial = answer.status == "trialing" and answer.trial_end == answer.current_period_end and _is_new(found)
    paid = found.paid or (await foreign_answers.last_paid(answer.id) if asks and not is_first_trial else None)
    made = Candidate(
        billing=KEPT,
        key=answer.id,
        status=_STATES.get(answer.status, "pending"),
        email=record_cells.email(found.email) or "",
        name=found.name[:200],
        language=found.locale.partition("-")[0].lower(),
        title=answer.price,
        price=answer.price,
        amount=found.fee,
        currency=answer.currency,
        interval=found.interval,
        count=found.count,
        quantity=found.quantity,
        items=found.items,
        started_at=answer.started_at,
        paid_until=answer.current_period_end,
        ends_at=answer.cancel_at,
        customer=answer.customer,
        method=found.method or "",
        facts=tuple(_facts(found, paid)),
    )
    return made, paid


def _is_new(found: ForeignSubscription) -> bool:
    return found.answer.current_period_start == found.answer.started_at


def _facts(found: ForeignSubscription, paid: PaidThere | None) -> Iterator[str]:
    claimed = takeover.is_claimed(found)
    told = {
        "ours": takeover.is_claimed_here(found),
        "other shop": claimed and not takeover.is_claimed_here(found),
        "customer gone": found.is_customer_gone,
        "schedule": found.schedule,
        "change waits": found.change_waits,
        "shared": found.shares,
        "by invoice": found.by_invoice,
        "not collected": found.collection_paused,
        "discount": found.discounts > 0,
        "no card": not found.method,
        "classic": found.billing_mode == "classic",
        "platform": bool(found.application),
        "tax on top": found.tax_on_top,
        "paid time": paid is not None,
    }
    yield from (fact for fact, is_so in told.items() if is_so)
