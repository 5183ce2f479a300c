"""One reference has at most one page that can be paid: choosing it, closing the others, and creating it at Stripe."""

import contextlib
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, database, ids, json, outbox
from components.payments.checkout_sessions import card_charges, checkout_session_params
from components.payments.facts import CheckoutSessionExpired
from components.payments.mirror import mirrored_sessions as mirror
from components.payments.mirror.mirror_rows import lock_row
from components.payments.payment_refusals import AlreadyPaid, PaymentRefused, StripeFailed, Superseded
from components.payments.stripe_calls import stripe_sessions
from components.payments.tables import CheckoutSession

LAST_MINUTE = timedelta(minutes=1)


async def create(
    requested: checkout_session_params.SessionRequest, *, at_least: int, expires_at: datetime | None
) -> CheckoutSession:
    """The page for this request, with older ones closed. Raises `AlreadyPaid`, `Superseded` and what the calls
    raise."""
    await _close_card_charges(requested)
    page, older = await _decided(requested, at_least=at_least, expires_at=expires_at)
    for old in older:
        await close_other(old, in_favour_of=page)
    page = page if page.has_session else await request_page(page)
    if page.is_replaced or page.is_expired:
        await close(page)
        raise Superseded
    return page


async def request_page(page: CheckoutSession) -> CheckoutSession:
    """Request the page from Stripe under its key, as often as needed: the same key is the same session.

    The address of a page without a session is known to nobody, so if it cannot be created it is simply dropped.
    """
    try:
        session = await stripe_sessions.create(json.load(page.request), key=page.key)
    except StripeFailed:
        await _drop(page)
        raise
    except PaymentRefused:
        await _give_up(page)
        raise
    await mirror.name_session(page.id, session)
    return await mirror.fetch_session(page.id) or page if session.status != "open" else await _fresh(page)


async def repair(page: CheckoutSession) -> CheckoutSession:
    """A page whose creation was interrupted: request it again, or give it up when Stripe will no longer create it.

    A response under an old key is as old as the key, so the session's current state is read again.
    """
    if page.charges_card:
        return await card_charges.settle(page)
    with contextlib.suppress(PaymentRefused):
        await request_page(page)
    return await mirror.fetch_session(page.id) or page


async def _close_card_charges(requested: checkout_session_params.SessionRequest) -> None:
    """While nobody knows whether a card was charged, no page is opened beside it. Raises `OutcomeUnknown`."""
    for page in await _known(requested):
        if page.charges_card and page.is_open:
            await card_charges.close(page)


async def _decided(
    requested: checkout_session_params.SessionRequest, *, at_least: int, expires_at: datetime | None
) -> tuple[CheckoutSession, tuple[CheckoutSession, ...]]:
    """Which page to use, and which others may still be open at Stripe."""
    async with database.transaction():
        await lock_row(f"{requested.purpose}:{requested.reference_id}")
        known = await _known(requested)
        if finished := [page for page in known if page.is_complete and not page.may_be_repeated]:
            raise AlreadyPaid(finished[-1])
        unfinished = [page for page in known if page.is_open]
        page = next((page for page in unfinished if _is_the_same(page, requested, at_least)), None)
        if page is None:
            await replace_open(requested.purpose, requested.reference_id)
            page = await _row(
                requested, attempt=max([at_least, *(page.attempt + 1 for page in known)]), until=expires_at
            )
        return page, tuple(old for old in unfinished if old.id != page.id)


async def _known(requested: checkout_session_params.SessionRequest) -> list[CheckoutSession]:
    is_for_it = (CheckoutSession.purpose == requested.purpose) & (
        CheckoutSession.reference_id == requested.reference_id
    )
    return await CheckoutSession.objects().where(is_for_it).order_by(CheckoutSession.attempt)


def _is_the_same(page: CheckoutSession, requested: checkout_session_params.SessionRequest, at_least: int) -> bool:
    is_current = not page.is_replaced and page.attempt >= at_least
    return is_current and page.fingerprint == requested.fingerprint and page.expires_at > clock.now() + LAST_MINUTE


async def replace_open(purpose: str, reference_id: UUID) -> None:
    """Whatever is open for the reference no longer counts; the caller closes it at Stripe after its transaction."""
    page = CheckoutSession
    is_its = (page.purpose == purpose) & (page.reference_id == reference_id)
    is_open = page.status.is_in(["creating", "open"]) & page.replaced_at.is_null()
    await page.update({page.replaced_at: clock.now()}).where(is_its & is_open)


async def _row(
    requested: checkout_session_params.SessionRequest, *, attempt: int, until: datetime | None
) -> CheckoutSession:
    page_id, expires_at = ids.new(), checkout_session_params.expiry(until, at=clock.now())
    page = CheckoutSession(
        id=page_id,
        purpose=requested.purpose,
        reference_id=requested.reference_id,
        along=requested.along,
        along_amount=requested.along_amount,
        attempt=attempt,
        key=f"{requested.purpose}:{requested.reference_id}:checkout:{attempt}",
        person_id=requested.payer.person_id,
        email=requested.payer.email,
        request=json.dump(checkout_session_params.request(requested, page_id=page_id, expires_at=expires_at)),
        fingerprint=requested.fingerprint,
        amount=requested.amount,
        currency=requested.currency,
        created_at=clock.now(),
        expires_at=expires_at,
    )
    await page.save()
    return page


async def close_other(old: CheckoutSession, *, in_favour_of: CheckoutSession) -> None:
    """Raises `AlreadyPaid` when the old page was paid at the last moment; the new one is then given up."""
    closed = await close(old)
    if closed.is_complete:
        await _give_up(in_favour_of)
        raise AlreadyPaid(closed)


async def close(page: CheckoutSession) -> CheckoutSession:
    """Make sure that the page can no longer be paid; it may turn out to have been paid already."""
    if page.charges_card:
        return await card_charges.close(page)
    if not page.has_session:
        await _give_up(page)
        page = await _fresh(page)
    if page.is_open and page.stripe_session_id:
        with contextlib.suppress(PaymentRefused):  # finished or expired by then: reading it again says which
            await stripe_sessions.expire(page.stripe_session_id, key=f"{page.key}:expire")
        page = await mirror.fetch_session(page.id) or page
    return page


async def _give_up(page: CheckoutSession) -> None:
    """A page that Stripe will not create, or that must not be used, can no longer be paid."""
    async with database.transaction():
        if await _expire_unmade(page) and not page.is_replaced:
            await outbox.announce(CheckoutSessionExpired(page.id, page.purpose, page.reference_id))
    if page.has_session or page.charges_card:
        await close(page)


async def _drop(page: CheckoutSession) -> None:
    """Only this attempt ends: the next one has a key of its own."""
    async with database.transaction():
        await _expire_unmade(page)


async def _expire_unmade(page: CheckoutSession) -> bool:
    table = CheckoutSession
    unmade = (table.status == "creating") & table.stripe_session_id.is_null()
    expired = table.update({table.status: "expired", table.expired_at: clock.now()})
    return bool(await expired.where((table.id == page.id) & unmade).returning(table.id))


async def _fresh(page: CheckoutSession) -> CheckoutSession:
    return await CheckoutSession.objects().where(CheckoutSession.id == page.id).first() or page
