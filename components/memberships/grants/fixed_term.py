"""Plans that are paid once: for a fixed term, or for life. The membership starts when the payment has arrived."""

import contextlib
from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.foundation import clock, database, ids
from components.foundation.database.advisory_locks import take_turns
from components.foundation.languages.words import N_, _
from components.foundation.refusals import NotFound, Refusal
from components.memberships.discounts.fee_codes import FeeCode
from components.memberships.entitlements import membership_periods
from components.memberships.grants import prepaid_periods, term_codes, term_pages
from components.memberships.grants.term_pages import IS_WAITING
from components.memberships.plans import kept_taxes, plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.promises import fee_guarantees, plan_places
from components.memberships.tables import Membership, PaidTerm
from components.payments.checkout_sessions import pages
from components.payments.payment_refusals import AlreadyPaid
from components.payments.tables import CheckoutSession
from components.payments.values import Payer, SessionLine


class Renewing(Refusal):
    message = N_(
        "You have a membership that renews automatically. Cancel it first, so this one can start when it ends."
    )
    status = 409


class PaymentOnItsWay(Refusal):
    message = N_("A payment of yours for a membership is on its way, so there’s no need to pay for a second one.")
    status = 409


class ForLife(Refusal):
    message = N_("You already have a lifetime membership.")
    status = 409


async def start(
    payer: Payer, plan: PlanView, *, success_path: str, cancel_path: str, code: FeeCode | None = None
) -> str:
    """Where the person pays for the whole term. A second click gives the same page.

    Raises `Renewing`, `ForLife`, `CouponGone`, `DiscountTooLarge`, and what `payments.pages.open` raises: then nothing
    is held for a page that there is not.
    """
    assert payer.person_id is not None
    await _check(payer.person_id)
    term_id = await _waiting(payer.person_id, plan, ordered_at=None)
    try:
        discount = await term_codes.hold(term_id, code, plan, payer)
        off = term_codes.off(discount, plan)
        page = await pages.open(
            "term",
            term_id,
            payer=payer,
            lines=(SessionLine(f"{plan.name}, {plan.interval_words}", plan.price.amount - off),),
            currency=plan.price.currency,
            success_path=success_path,
            cancel_path=cancel_path,
            agreed=term_pages.agreed(plan, discount.id if discount else None),
        )
    except AlreadyPaid as paid:
        await _stays(term_id, payer.person_id, plan, paid.page)
        return f"{success_path}?session_id={paid.page.stripe_session_id}"
    except Refusal:
        await term_pages.give_back(term_id, payer.person_id, plan)
        raise
    await term_pages.waits_for(term_id, plan)
    return page.url or success_path


async def start_with_order(payer: Payer, plan: PlanView, code: FeeCode | None) -> tuple[UUID, UUID | None]:
    """The term that waits to be paid for together with an order, within the transaction that places that, and the
    discount for which a use is reserved. Raises `PaymentOnItsWay`, `Renewing`, `ForLife`, `CouponGone`,
    `DiscountTooLarge`."""
    assert payer.person_id is not None
    await _check(payer.person_id)
    await _check_payments(payer.person_id)
    term_id = await _waiting(payer.person_id, plan, ordered_at=clock.now())
    discount = await term_codes.hold(term_id, code, plan, payer)
    await term_pages.waits_for(term_id, plan)
    return term_id, discount.id if discount else None


async def complete(term_id: UUID) -> bool:
    """Look up the payment and update the membership. Returns whether it is paid."""
    page = await pages.for_reference("term", term_id)
    if page is not None and not page.is_paid:
        page = await pages.sync(page)
    if page is None or not page.is_paid:
        return False
    await apply(term_id)
    return True


async def apply(term_id: UUID) -> None:
    """It is paid: the membership starts, once, now or after the person's current one. It is the one that the page was
    for, whatever they have asked for since. May run any number of times."""
    async with database.transaction():
        kept = await term_pages.locked(term_id)
        page = await pages.for_reference("term", term_id)
        if kept is None or kept.paid_at or page is None or not page.is_paid:
            return
        assert page.paid_at is not None
        version_id, discount_id, place = term_pages.paid_with(page, kept)
        plan = plan_catalogue.by_version(version_id)
        taxes = await kept_taxes.in_force(
            kept.payer, version_id=version_id, at=page.created_at if place else page.paid_at, place=place
        )
        off = term_codes.off(await term_codes.use(term_id, discount_id), plan)
        paid: dict[Column | str, Any] = {
            PaidTerm.paid_at: page.paid_at, PaidTerm.lapsed_at: None, PaidTerm.off: off,
            PaidTerm.plan_version: version_id,
        }  # fmt: skip
        await term_pages.leave_place(kept, plan)
        await kept.update_self({**paid, **taxes.columns(pages.fee_of(page))})
        starts_at = await _start(kept.payer)
        ends_at = prepaid_periods.ends_at(plan, starts_at)
        await membership_periods.start(
            kept.payer, plan_id=plan.id, source="term", source_id=kept.id, starts_at=starts_at, ends_at=ends_at
        )
        await fee_guarantees.promise_term(
            kept.id, payer=kept.payer, version_id=version_id, starts_at=starts_at, ends_at=ends_at,
            amount=pages.fee_of(page), currency=page.currency,
        )  # fmt: skip


async def expire(term_id: UUID) -> None:
    """Its page can no longer be paid. Not while a newer page is open or already paid, nor while an order that was
    placed since is getting one, or waits."""
    async with database.transaction():
        kept = await term_pages.locked(term_id)
        page = await pages.for_reference("term", term_id)
        if kept is not None and not (page and kept.ordered_at and kept.ordered_at > page.created_at):
            await _lapse(term_id, page)


async def order_expired(term_id: UUID, *, placed_at: datetime) -> None:
    """The order that it was to be paid with has ended, perhaps before it had a page. Whoever has asked for it since,
    with another order or without one, keeps what they were promised. May run twice."""
    async with database.transaction():
        if await _leave_order(term_id, placed_at):
            await _lapse(term_id, await pages.for_reference("term", term_id))


async def order_not_needed(term_id: UUID, page: CheckoutSession, *, version_id: UUID, placed_at: datetime) -> None:
    """It has been paid on this page already, or its payment is on its way: nothing is held for the order that was
    placed since. May run twice."""
    kept = await by_id(term_id)
    paid_for = plan_catalogue.by_version(term_pages.paid_with(page, kept).version_id)
    async with database.transaction():
        if await _leave_order(term_id, placed_at) and not page.is_paid:
            with contextlib.suppress(plan_places.NoPlace):  # given back for the order, and somebody else has it by now
                await plan_places.take(paid_for.id, kept.payer)
        await term_pages.waits_for(term_id, paid_for)
    await _stays(term_id, kept.payer, plan_catalogue.by_version(version_id), page)


async def _leave_order(term_id: UUID, placed_at: datetime) -> bool:
    """It waits for this order no more: what becomes of its page decides again. Whether it had."""
    kept = await term_pages.locked(term_id)
    if kept is None or not kept.ordered_at or kept.ordered_at > placed_at:
        return False
    none: dict[Column | str, Any] = {PaidTerm.ordered_at: None}
    await kept.update_self(none)
    return True


async def _lapse(term_id: UUID, page: CheckoutSession | None) -> None:
    if page is not None and (page.is_open or page.is_complete):
        return
    lapsed = PaidTerm.update({PaidTerm.lapsed_at: clock.now()}).where((PaidTerm.id == term_id) & IS_WAITING)
    for one in await lapsed.returning(PaidTerm.payer, PaidTerm.plan_version):
        await plan_places.release(plan_catalogue.by_version(one["plan_version"]).id, one["payer"])
    await term_codes.release(term_id)


async def pending(person_id: UUID) -> UUID | None:
    """The term whose payment is still expected, if any."""
    found = await PaidTerm.objects().where((PaidTerm.payer == person_id) & IS_WAITING).first()
    return found.id if found else None


async def paid(person_id: UUID) -> list[PaidTerm]:
    """Every one this person has paid for, the oldest first."""
    found = PaidTerm.objects().where((PaidTerm.payer == person_id) & PaidTerm.paid_at.is_not_null())
    return await found.order_by(PaidTerm.paid_at)


async def by_id(term_id: UUID) -> PaidTerm:
    """Raises `NotFound`."""
    found = await PaidTerm.objects().where(PaidTerm.id == term_id).first()
    if found is None:
        raise NotFound(_("We couldn’t find this membership."))
    return found


async def _check(person_id: UUID) -> None:
    """Nobody pays twice for the same time."""
    is_paid_for = Membership.source.is_in(["subscription", "term", "gift"])
    open_ended = await Membership.objects().where(
        (Membership.holder == person_id) & is_paid_for & Membership.ends_at.is_null()
    )
    if any(one.source == "subscription" for one in open_ended):
        raise Renewing
    if open_ended:
        raise ForLife


async def _check_payments(person_id: UUID) -> None:
    term_id = await pending(person_id)
    page = await pages.for_reference("term", term_id) if term_id else None
    if page is not None and page.is_complete and not page.is_paid:
        raise PaymentOnItsWay


async def _start(person_id: UUID) -> datetime:
    await take_turns(f"membership:{person_id}")
    try:
        return await prepaid_periods.starts_at(person_id)
    except prepaid_periods.OpenEnded:
        return clock.now()


async def _waiting(payer: UUID, plan: PlanView, *, ordered_at: datetime | None) -> UUID:
    """The one waiting term of the person. One that waits for another price goes on doing so until there is a page for
    this one."""
    async with database.transaction():
        await term_pages.take_turn(payer)
        await plan_places.take(plan.id, payer)
        await database.execute(_WAIT, ids.new(), payer, plan.version_id, clock.now())
        term_id = await pending(payer)
        assert term_id is not None
        ordered: dict[Column | str, Any] = {PaidTerm.ordered_at: ordered_at}
        await PaidTerm.update(ordered).where((PaidTerm.id == term_id) & IS_WAITING)
    return term_id


_WAIT = """
INSERT INTO paid_term (id, payer, plan_version, created_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (payer) WHERE paid_at IS NULL AND lapsed_at IS NULL DO NOTHING
"""


async def _stays(term_id: UUID, payer: UUID, plan: PlanView, page: CheckoutSession) -> None:
    """It had been paid for already, with what its page was opened for: nothing is held for what was asked for now."""
    version_id, discount_id, _place = term_pages.paid_with(page, await by_id(term_id))
    if plan_catalogue.by_version(version_id).id != plan.id:
        await plan_places.release(plan.id, payer)
    await term_codes.release(term_id, but=discount_id, why="replaced")
    await apply(term_id)
