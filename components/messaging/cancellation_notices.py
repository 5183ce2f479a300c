"""A membership cancelled in writing by somebody who has not signed in, as § 312k BGB asks of shops in Germany.

Whoever says it gets a receipt at the address they typed, whoever they are; that tells nobody who is a member. What
can be attributed for certain is carried out: by the link in that e-mail, when the address is a member's. Until then,
and for everything else, it waits for staff.
"""

import contextlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.foundation import audit, clock, database, ids
from components.foundation.languages import language
from components.foundation.languages.words import N_, _
from components.foundation.refusals import NotFound, Refusal
from components.foundation.secrecy import signing
from components.foundation.shop_settings import shop_settings
from components.memberships.billing import cancellations, subscriptions
from components.memberships.plans import plan_catalogue
from components.memberships.tables import Subscription
from components.messaging.emails import cancellation_emails
from components.messaging.notices import early_leaving
from components.messaging.tables import CancellationNotice
from components.people import customer_accounts, rate_limits
from components.people.facts import PersonErased
from components.people.rate_limits import RateLimit

LASTS = timedelta(days=30)
"""How long the link in the receipt works."""
KEPT = timedelta(days=4 * 365)
"""Who it was: claims lapse three years after the end of the year."""
FROM_ONE = RateLimit("cancellation notice", 10, timedelta(hours=1))
TO_ONE = RateLimit("cancellation notice, one address", 5, timedelta(days=1))
FROM_ALL = RateLimit("cancellation notice, everybody", 500, timedelta(hours=1))
A_PAGE = 25
_RECEIVED, _CONFIRMED = "cancellation received", "cancellation confirmed"


class NoticeOver(Refusal):
    message = N_("This link doesn’t work any more. Your cancellation reached us, and we see to it.")
    status = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeDraft:
    """As it was typed. `wanted_on` is None for the earliest possible date."""

    name: str
    email: str
    plan: str
    kind: str = "ordinary"
    reason: str = ""
    wanted_on: date | None = None


@dataclass(frozen=True, slots=True)
class OpenNotice:
    """One that staff should see to. `person_id`: who has an account with the address that was typed;
    `leaves_from`: the day from which they need not stay, before the end of what they paid for."""

    notice: CancellationNotice
    person_id: UUID | None
    leaves_from: datetime | None = None


def is_offered() -> bool:
    """Whether the foot of this page leads to it: in Germany, on German pages, and where the shop wants it."""
    known = shop_settings.current()
    is_asked = known.country == "DE" or language.current().startswith("de")
    return bool(plan_catalogue.all_plans()) and (is_asked or known.cancel_page == "on")


async def declare(draft: NoticeDraft, *, connection: str, signed_in: UUID | None = None) -> CancellationNotice:
    """Store it with its moment and write the receipt. Of somebody signed in it is carried out at once, where it can be.

    Raises `TooManyTries`.
    """
    await rate_limits.hit(FROM_ONE, connection)
    if signed_in is None:  # whom strangers, however many, do not keep from cancelling
        await rate_limits.hit(TO_ONE, draft.email)
        await rate_limits.hit(FROM_ALL)
    notice = CancellationNotice(
        id=ids.new(), at=clock.now(), name=draft.name, email=draft.email, plan=draft.plan, kind=draft.kind,
        reason=draft.reason, wanted_on=draft.wanted_on, language=language.current(),
    )  # fmt: skip
    ended = await _carried_out_at_once(notice, signed_in)
    if ended is not None:
        notice.settled_at, notice.outcome = clock.now(), "member"
    person = await customer_accounts.by_email(notice.email)
    may_confirm = ended is None and await _running(person.id if person else None, notice) is not None
    token = signing.stamp(notice.id, purpose=_CONFIRMED) if may_confirm else ""
    async with database.transaction():
        await CancellationNotice.insert(notice)
        await cancellation_emails.receipt(notice, ended, token=token, lasts=LASTS)
    return notice


async def _carried_out_at_once(notice: CancellationNotice, signed_in: UUID | None) -> Subscription | None:
    """Whatever Stripe answers, the receipt goes out: what was not carried out waits for its link, or for staff."""
    with contextlib.suppress(Refusal):
        return await _end(await _running(signed_in, notice))
    return None


async def by_receipt(written: str) -> CancellationNotice:
    """By the address of the page that says it has been received. Raises `NotFound`."""
    return await _by(signing.stamped(written, purpose=_RECEIVED))


def receipt_address(notice: CancellationNotice) -> str:
    return f"/cancel-membership/received/{signing.stamp(notice.id, purpose=_RECEIVED)}"


async def by_link(written: str) -> tuple[CancellationNotice, Subscription]:
    """By the link in the receipt. Raises `NotFound`, `NoticeOver`."""
    notice = await _by(signing.stamped(written, purpose=_CONFIRMED))
    person = await customer_accounts.by_email(notice.email)
    running = await _running(person.id if person else None, notice)
    if notice.settled_at or notice.at + LASTS < clock.now() or running is None:
        raise NoticeOver
    return notice, running


async def confirm(written: str) -> Subscription:
    """Whoever reads the member's e-mail says it once more. Raises `NotFound`, `NoticeOver`, `OutcomeUnknown`."""
    notice, running = await by_link(written)
    ended = await _end(running)
    if ended is None:
        raise NoticeOver
    await _settle(notice, "member")
    return ended


async def settle(notice_id: UUID, *, by: UUID) -> None:
    """Staff have seen to it. Raises `NotFound`."""
    async with database.transaction():
        notice = await database.locked(CancellationNotice, CancellationNotice.id == notice_id)
        if notice is None:
            raise NotFound
        if not notice.settled_at:
            await _settle(notice, "staff")
            await audit.record(by, "cancellation notice settled", "cancellation notice", notice_id)


async def to_do(*, page: int = 1) -> tuple[OpenNotice, ...]:
    """Those that nobody has seen to, the oldest first."""
    rows = CancellationNotice.objects().where(CancellationNotice.settled_at.is_null())
    ordered = rows.order_by(CancellationNotice.at)
    notices = await ordered.limit(A_PAGE).offset((page - 1) * A_PAGE)
    people = await customer_accounts.by_emails(notice.email for notice in notices)
    found = [(notice, people.get(notice.email)) for notice in notices]
    return tuple([await _opened(notice, person.id if person else None) for notice, person in found])


async def _opened(notice: CancellationNotice, person_id: UUID | None) -> OpenNotice:
    running = await subscriptions.running(person_id) if person_id else None
    leaves = await early_leaving.earliest(running, said_at=notice.at) if running else None
    return OpenNotice(notice, person_id, leaves)


async def count_to_do() -> int:
    return int(await CancellationNotice.count().where(CancellationNotice.settled_at.is_null()))


async def unseen(person_id: UUID) -> str | None:
    """A cancellation in writing that staff have yet to see to needs its name until then."""
    email = await customer_accounts.confirmed_email(person_id)
    if email and await CancellationNotice.exists().where(
        (CancellationNotice.email == email) & CancellationNotice.settled_at.is_null()
    ):
        return _("We have yet to see to the cancellation you sent us.")
    return None


async def erase_person(fact: PersonErased) -> None:
    """That somebody cancelled, and when, stays; who it was goes. May run twice."""
    await database.execute(_ERASE, fact.email_digest)


_ERASE = """
UPDATE cancellation_notice SET name = '', email = '', reason = ''
WHERE encode(sha256(convert_to(email, 'UTF8')), 'hex') = $1
"""


async def forget_old() -> None:
    """Of what is settled, who it was goes in the end, also of those who have no account to erase."""
    one = CancellationNotice
    nobody: dict[Column | str, Any] = {one.name: "", one.email: "", one.reason: ""}
    await one.update(nobody).where(one.at < clock.now() - KEPT, one.settled_at.is_not_null(), one.email != "")


async def _running(person_id: UUID | None, notice: CancellationNotice) -> Subscription | None:
    """What the notice ends, where that is beyond doubt: an ordinary one, for the end of what is paid."""
    running = await subscriptions.running(person_id) if person_id else None
    if running is None or running.cancel_at or notice.kind != "ordinary":
        return None
    ends = running.current_period_end
    is_later = bool(notice.wanted_on) and (not ends or notice.wanted_on > ends.date())
    is_earlier = await early_leaving.is_wanted(running, notice.wanted_on, said_at=notice.at)
    return None if is_later or is_earlier else running


async def _end(running: Subscription | None) -> Subscription | None:
    """None where there is nothing to end, or where it cannot be ended like that: staff see to it then."""
    if running is None:
        return None
    try:
        return await cancellations.schedule(running.id, reason="else")
    except (cancellations.NothingToCancel, cancellations.AlreadyCancelled):
        return None


async def _settle(notice: CancellationNotice, outcome: str) -> None:
    if not notice.settled_at:
        await notice.update_self({"settled_at": clock.now(), "outcome": outcome})


async def _by(notice_id: UUID | None) -> CancellationNotice:
    found = await CancellationNotice.objects().where(CancellationNotice.id == notice_id).first() if notice_id else None
    if found is None:
        raise NotFound
    return found
