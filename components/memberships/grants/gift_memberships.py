"""Gift memberships: paid once, sent on a chosen date, redeemed once with a code by whoever has it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from piccolo.columns.combination import Where

from components.foundation import clock, database, formatting, ids, outbox
from components.foundation.database.advisory_locks import take_turns
from components.foundation.languages.words import N_, _
from components.foundation.refusals import NotFound, Refusal
from components.foundation.text import normal_email
from components.memberships.entitlements import membership_periods
from components.memberships.facts import GiftDue, GiftPaid
from components.memberships.grants import gift_codes, gift_expiry, prepaid_periods
from components.memberships.plans import kept_taxes, plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.promises import plan_places
from components.memberships.tables import GiftMembership, Membership
from components.payments.checkout_sessions import pages
from components.payments.values import Payer, SessionLine

FURTHEST = timedelta(days=366)


class NotGiftable(Refusal):
    message = N_("This plan isn’t available as a gift.")


class SendDateTooLate(Refusal):
    message = N_("Choose a date between today and a year from now.")


class UnknownCode(NotFound):
    message = N_("We don’t recognise this code. Please check it and try again.")


class RedeemedAlready(Refusal):
    message = N_("This gift has already been redeemed.")
    status = 409

    def __init__(self, by: UUID | None) -> None:
        super().__init__()
        self.by = by


class GiftRefunded(Refusal):
    message = N_("This gift was refunded to the buyer.")
    status = 409


class GiftVoid(Refusal):
    message = N_("This gift can no longer be used.")
    status = 409


class GiftExpired(Refusal):
    message = N_("This gift code has expired.")
    status = 409


@dataclass(frozen=True, kw_only=True)
class GiftDetails:
    """The recipient, the sender, the message, and from when the gift may be sent."""

    giver_name: str
    recipient_name: str
    recipient_email: str
    message: str
    send_at: datetime


async def buy(payer: Payer, plan: PlanView, wrapping: GiftDetails, *, success_path: str, cancel_path: str) -> str:
    """Where the giver pays. Raises `NotGiftable`, `SendDateTooLate`, and what `payments.pages.open` raises."""
    if not plan.is_giftable or not plan.is_offered:
        raise NotGiftable
    now = clock.now()
    if not now - timedelta(days=1) <= wrapping.send_at <= now + FURTHEST:
        raise SendDateTooLate
    gift = GiftMembership(
        id=ids.new(),
        buyer=payer.person_id,
        plan_version=plan.version_id,
        giver_name=wrapping.giver_name,
        recipient_name=wrapping.recipient_name,
        recipient_email=normal_email(wrapping.recipient_email),
        message=wrapping.message,
        send_at=wrapping.send_at,
        created_at=now,
    )
    gift_codes.keep(gift, ids.readable_code())
    async with database.transaction():
        await plan_places.take_for_gift(plan.id, payer.person_id)
        await GiftMembership.insert(gift)
    page = await pages.open(
        "gift",
        gift.id,
        payer=payer,
        lines=(
            SessionLine(f"Gift for {wrapping.recipient_name}: {plan.name}, {length_in_words(plan)}", plan.price.amount),
        ),
        currency=plan.price.currency,
        success_path=f"{success_path}/{gift.id}",
        cancel_path=cancel_path,
    )
    return page.url or success_path


def length_in_words(plan: PlanView) -> str:
    """How long a gift of the plan lasts, in words: "a year", "6 months", "life"."""
    return formatting.length(plan.interval, plan.interval_count)


async def complete(gift_id: UUID) -> GiftMembership:
    """Ask what became of the payment. Raises `NotFound`, `StripeUnavailable`."""
    page = await pages.for_reference("gift", gift_id)
    if page is not None and not page.is_paid:
        await pages.sync(page)
    await apply(gift_id)
    return await by_id(gift_id)


async def apply(gift_id: UUID) -> None:
    """Once it is paid it can be sent and redeemed. May run any number of times.

    Of two at once the second sends it: the first finds it locked, and leaves it for the next time.
    """
    async with database.transaction():
        await _pay(gift_id)
    await send_due()


async def _pay(gift_id: UUID) -> None:
    kept = await database.locked(GiftMembership, GiftMembership.id == gift_id)
    page = await pages.for_reference("gift", gift_id)
    if kept is None or kept.paid_at or page is None or not page.is_paid:
        return
    assert page.paid_at is not None
    until = gift_expiry.expires_at(max(page.paid_at, kept.send_at))
    taxes = await kept_taxes.in_force(kept.buyer, version_id=kept.plan_version, at=page.paid_at)
    await kept.update_self({
        GiftMembership.paid_at: page.paid_at, GiftMembership.lapsed_at: None, GiftMembership.expires_at: until,
        **taxes.columns(page.amount),
    })  # fmt: skip
    await outbox.announce(GiftPaid(gift_id))


async def expire(gift_id: UUID) -> None:
    """Nobody paid for it in time."""
    page = await pages.for_reference("gift", gift_id)
    if page is not None and (page.is_open or page.is_complete):
        return
    is_unpaid = GiftMembership.paid_at.is_null() & GiftMembership.lapsed_at.is_null()
    lapsed = GiftMembership.update({GiftMembership.lapsed_at: clock.now()})
    await lapsed.where((GiftMembership.id == gift_id) & is_unpaid)


async def send_due() -> None:
    """Scheduled, and run when a gift is paid: announces each gift that is due, once."""
    async with database.transaction():
        for gift_id in await database.fetch_values(_TAKE_DUE, clock.now()):
            await outbox.announce(GiftDue(gift_id))


_TAKE_DUE = """
UPDATE gift_membership SET sent_at = $1 WHERE id IN (
  SELECT id FROM gift_membership WHERE paid_at IS NOT NULL AND sent_at IS NULL AND refunded_at IS NULL
    AND voided_at IS NULL AND redeemed_at IS NULL AND send_at <= $1 ORDER BY send_at LIMIT 200 FOR UPDATE SKIP LOCKED)
RETURNING id
"""


async def redeem(code: str, *, person_id: UUID) -> Membership | None:
    """Starts now, or after the person's current membership; None when it waits for one without an end date.

    Once, however many try. Raises `UnknownCode`, `RedeemedAlready`, `GiftRefunded`, `GiftVoid`, `GiftExpired`.
    """
    async with database.transaction():
        kept = await database.locked(GiftMembership, GiftMembership.code_digest.is_in(gift_codes.known_as(code)))
        _check(kept)
        assert kept is not None
        await kept.update_self({GiftMembership.redeemed_at: clock.now(), GiftMembership.redeemed_by: person_id})
        return await _begin_when_free(kept, person_id)


async def begin_waiting(person_id: UUID) -> None:
    """A person's membership has ended: the gifts that waited for that start. May run any number of times."""
    async with database.transaction():
        kept = await database.locked(GiftMembership, _waits(person_id))
        if kept is not None:
            await _begin_when_free(kept, person_id)


async def by_code(code: str) -> GiftMembership:
    """A gift that can still be redeemed. Raises `UnknownCode`, `RedeemedAlready`, `GiftRefunded`, `GiftVoid`."""
    found = await GiftMembership.objects().where(GiftMembership.code_digest.is_in(gift_codes.known_as(code))).first()
    _check(found)
    assert found is not None
    return found


async def known(gift_id: UUID) -> GiftMembership | None:
    return await GiftMembership.objects().where(GiftMembership.id == gift_id).first()


async def by_id(gift_id: UUID) -> GiftMembership:
    """Raises `NotFound`."""
    found = await known(gift_id)
    if found is None:
        raise NotFound(_("We couldn’t find this gift."))
    return found


async def bought_by(person_id: UUID) -> list[GiftMembership]:
    """The gifts this person has paid for, newest first."""
    is_hers = (GiftMembership.buyer == person_id) & GiftMembership.paid_at.is_not_null()
    return await GiftMembership.objects().where(is_hers).order_by(GiftMembership.created_at, ascending=False)


async def pending(person_id: UUID) -> list[GiftMembership]:
    """Redeemed by this person and not started yet."""
    return await GiftMembership.objects().where(_waits(person_id)).order_by(GiftMembership.redeemed_at)


def _waits(person_id: UUID) -> Where:
    """One that was refunded in whole, or stopped, before it began does not begin."""
    is_theirs = (GiftMembership.redeemed_by == person_id) & GiftMembership.begun_at.is_null()
    return cast(Where, is_theirs & GiftMembership.refunded_at.is_null() & GiftMembership.voided_at.is_null())


async def all_gifts(*, limit: int = 200) -> list[GiftMembership]:
    """All paid gifts, newest first, for staff."""
    is_paid = GiftMembership.paid_at.is_not_null()
    newest_first = GiftMembership.objects().order_by(GiftMembership.created_at, ascending=False)
    return await newest_first.where(is_paid).limit(limit)


def _check(gift: GiftMembership | None) -> None:
    if gift is None or not gift.paid_at:
        raise UnknownCode
    if gift.refunded_at:
        raise GiftRefunded
    if gift.redeemed_at:
        raise RedeemedAlready(gift.redeemed_by)
    if gift.voided_at:
        raise GiftVoid
    if has_expired(gift):
        raise GiftExpired


def has_expired(gift: GiftMembership) -> bool:
    """Never one that was redeemed before."""
    return gift.expires_at is not None and not gift.redeemed_at and gift.expires_at <= clock.now()


def redeem_by(gift: GiftMembership) -> datetime | None:
    """An instant of the last day on which its code works; None once it is redeemed, and for ever."""
    return gift.expires_at - timedelta(seconds=1) if gift.expires_at and not gift.redeemed_at else None


async def expiring(*, within: timedelta) -> list[GiftMembership]:
    """Those that can still be redeemed, and not for long."""
    now, gift = clock.now(), GiftMembership
    is_open = gift.redeemed_at.is_null() & gift.refunded_at.is_null() & gift.voided_at.is_null()
    soon = (gift.expires_at > now) & (gift.expires_at <= now + within)
    return await gift.objects().where(gift.paid_at.is_not_null() & is_open & soon).order_by(gift.expires_at)


async def unredeemed(*, since: datetime) -> list[GiftMembership]:
    """Codes that nobody has redeemed, and that work or have expired since then; what expires first comes first."""
    gift = GiftMembership
    is_open = gift.redeemed_at.is_null() & gift.refunded_at.is_null() & gift.voided_at.is_null()
    counts = gift.expires_at.is_null() | (gift.expires_at > since)
    return await gift.objects().where(gift.paid_at.is_not_null() & is_open & counts).order_by(gift.expires_at)


async def _begin_when_free(gift: GiftMembership, person_id: UUID) -> Membership | None:
    await take_turns(f"membership:{person_id}")
    try:
        starts_at = await prepaid_periods.starts_at(person_id)
    except prepaid_periods.OpenEnded:
        return None
    plan = plan_catalogue.by_version(gift.plan_version)
    await gift.update_self({GiftMembership.begun_at: starts_at})
    return await membership_periods.start(
        person_id, plan_id=plan.id, source="gift", source_id=gift.id, starts_at=starts_at,
        ends_at=prepaid_periods.ends_at(plan, starts_at),
    )  # fmt: skip
