"""Reconciling the mirror with Stripe to find what no webhook reported: hourly the recent events, nightly everything."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from contextvars import ContextVar
from datetime import timedelta
from functools import partial
from uuid import UUID

import structlog
from piccolo.columns.combination import Combinable
from piccolo.query.functions import Max

from components.foundation import clock, database, ids
from components.payments import mirror, payment_refunds
from components.payments.checkout_sessions import payment_attempts, saved_cards
from components.payments.dispute_answers import dispute_answers
from components.payments.mirror import mirrored_sessions as page_mirror
from components.payments.payment_refusals import PaymentRefused, StripeKeyRefused, StripeUnavailable, is_silence
from components.payments.stripe_calls import stripe_events
from components.payments.tables import (
    CheckoutSession,
    MirroredDispute,
    MirroredInvoice,
    MirroredRefund,
    MirroredSubscription,
    ReconcileRun,
    RequestedRefund,
)
from components.payments.webhooks import inbox, webhook_payloads

FIRST_LOOK_BACK = timedelta(days=3)
OVERLAP = timedelta(minutes=10)
LOT, FIRST = 500, UUID(int=0)
"""As many rows are held at a time, in the order of their ids."""
SETTLING = timedelta(minutes=2)
"""A row younger than this may still be in use by the request that created it."""

Step = Callable[[], Awaitable[int]]
Check = Callable[[], Awaitable[list[str]]]
_checks: dict[str, Check] = {}
_left: ContextVar[list[str]] = ContextVar("left")
"""What this run could not put right."""
log = structlog.get_logger()


def also_check(name: str, check: Check) -> None:
    """Add a check to the nightly run that returns one sentence for each contradiction with the mirror."""
    _checks[name] = check


async def lightly() -> None:
    """Events since the last run, and whatever should have progressed by now."""
    await _run(
        "light",
        (
            inbox.process_unhandled,
            missed_events,
            pending_pages,
            pending_refunds,
            dispute_answers.settle,
            overdue_subscriptions,
        ),
    )


async def fully() -> None:
    """The same for everything that is not finished, and every order's total of the last days."""
    await _run(
        "full",
        (
            inbox.process_unhandled,
            missed_events,
            pending_pages,
            pending_refunds,
            dispute_answers.settle,
            running_subscriptions,
            unpaid_invoices,
            open_disputes,
            saved_cards.remember_all,
        ),
    )


async def _run(kind: str, steps: Sequence[Step]) -> None:
    """What cannot be put right is named and left for the next run; only an outage ends this one."""
    run = ReconcileRun(id=ids.new(), kind=kind, started_at=clock.now())
    await run.save()
    left = _left.set([])
    try:
        for step in steps:
            run.repaired += await step()
        run.events_until = run.started_at
        run.trouble = "\n".join([*_left.get(), *(await _differences() if kind == "full" else ())])
    except StripeKeyRefused:
        run.trouble = "Stripe refuses the shop’s key: check STRIPE_SECRET_KEY."
    except StripeUnavailable:
        run.trouble = "\n".join([*_left.get(), "Stripe did not answer; the next run begins where this one did."])
    finally:
        _left.reset(left)
    run.finished_at = clock.now()
    await run.save()
    log.info("payments were reconciled", kind=kind, repaired=run.repaired, trouble=run.trouble)


async def _tried(what: str, work: Callable[[], Awaitable[int]]) -> int:
    """One object. One that is in a bad state does not stop the others; without any answer at all nothing goes on."""
    try:
        return await work()
    except Exception as trouble:
        if is_silence(trouble):
            raise
        log.warning("one object could not be reconciled", what=what, trouble=repr(trouble))
        _left.get().append(f"{what}: {str(trouble)[:200]}")
        return 0


async def missed_events() -> int:
    """Events that no webhook delivered, put in the inbox."""
    last = await ReconcileRun.select(Max(ReconcileRun.events_until)).first()
    since = (last["max"] if last and last["max"] else clock.now() - FIRST_LOOK_BACK) - OVERLAP
    stored = 0
    async for event in stripe_events.since(since):
        stored += await inbox.store(webhook_payloads.parse(event.encode()))
    return stored


async def pending_pages() -> int:
    """Pages whose creation was interrupted, whose time is over, or whose payment is on its way."""
    moved, last, before = 0, FIRST, clock.now() - SETTLING
    while pages := await database.fetch_values(_PENDING_PAGES, before, last, LOT):
        last = pages[-1]
        moved += sum([await _tried(f"Checkout session {each}", partial(_moves_on, each)) for each in pages])
    return moved


_PENDING_PAGES = """
SELECT id FROM checkout_session page WHERE id > $2 AND ((status = 'creating' AND created_at < $1)
  OR (status = 'open' AND expires_at < $1)
  OR (status = 'complete' AND paid_at IS NULL AND failed_at IS NULL AND purpose <> 'card'
    AND NOT EXISTS (SELECT FROM mismatch WHERE page_id = page.id)))
ORDER BY id LIMIT $3
"""


async def _moves_on(page_id: UUID) -> int:
    page = await CheckoutSession.objects().where(CheckoutSession.id == page_id).first()
    if page is None:
        return 0
    after = await page_mirror.fetch_session(page_id) if page.has_session else await payment_attempts.repair(page)
    return after is not None and (after.status, after.paid_at) != (page.status, page.paid_at)


async def pending_refunds() -> int:
    """Refunds we requested without a response, and those still on their way."""
    unanswered = RequestedRefund.stripe_id.is_null() & RequestedRefund.refused.is_null()
    sent = 0
    for asked in await RequestedRefund.objects().where(
        unanswered & (RequestedRefund.asked_at < clock.now() - SETTLING)
    ):
        sent += await _tried(f"Refund {asked.key}", partial(_refunded, asked))
    is_waiting = MirroredRefund.status.is_in(["pending", "requires_action"])
    return sent + await _synced("refund", MirroredRefund, is_waiting)


async def _refunded(asked: RequestedRefund) -> int:
    with contextlib.suppress(PaymentRefused):  # stored with the request
        await payment_refunds.send_again(asked)
    return 1


_IS_RUNNING = MirroredSubscription.status.not_in(["cancelled", "incomplete_expired"])


async def overdue_subscriptions() -> int:
    due = clock.now() - SETTLING
    is_overdue = (
        (MirroredSubscription.current_period_end < due)
        | (MirroredSubscription.cancel_at < due)
        | ((MirroredSubscription.trial_end < due) & (MirroredSubscription.status == "trialing"))
    )
    return await _synced("subscription", MirroredSubscription, _IS_RUNNING & is_overdue)


async def running_subscriptions() -> int:
    return await _synced("subscription", MirroredSubscription, _IS_RUNNING)


async def unpaid_invoices() -> int:
    return await _synced("invoice", MirroredInvoice, MirroredInvoice.status.is_in(["draft", "open"]))


async def open_disputes() -> int:
    return await _synced("dispute", MirroredDispute, MirroredDispute.status.not_in(["won", "lost", "warning_closed"]))


Mirrored = type[MirroredRefund] | type[MirroredSubscription] | type[MirroredInvoice] | type[MirroredDispute]


async def _synced(kind: str, table: Mirrored, where: Combinable) -> int:
    """Mirror each again; returns how many had another status at Stripe than here."""
    moved, last = 0, ""
    columns = (table.stripe_id, table.status)
    while found := (
        await table.select(*columns).where(where & (table.stripe_id > last)).order_by(table.stripe_id).limit(LOT)
    ):
        last = found[-1]["stripe_id"]
        for row in found:
            work = partial(_synced_one, kind, table, row["stripe_id"], row["status"])
            moved += await _tried(f"{kind.capitalize()} {row['stripe_id']}", work)
    return moved


async def _synced_one(kind: str, table: Mirrored, stripe_id: str, status: str) -> int:
    await mirror.sync_object(kind, stripe_id)
    now = await table.select(table.status).where(table.stripe_id == stripe_id).first()
    return now is None or now["status"] != status


async def _differences() -> list[str]:
    return [words for check in _checks.values() for words in await check()]
