"""Withdrawing from a contract without signing in, in two steps, as Article 11a of Directive 2011/83/EU asks.

Whoever says it gets a receipt with date and time at the address they typed, whether or not there is such a contract:
that tells nobody what anybody has bought. Staff see to it, with what it is about beside it and the last day for the
refund. Nothing is refunded by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.foundation import clock, database, ids
from components.foundation.consumer_law import law_rules
from components.foundation.formatting import money
from components.foundation.languages import language
from components.foundation.languages.words import _
from components.foundation.refusals import NotFound
from components.foundation.secrecy import signing
from components.foundation.shop_settings import shop_settings
from components.memberships.tables import GiftMembership, PaidTerm, Subscription
from components.messaging.notices import withdrawal_emails, withdrawn_contracts
from components.messaging.notices.withdrawal_sums import WithdrawalSum
from components.messaging.tables import Withdrawal
from components.orders import queries
from components.orders.views import OrderView
from components.people import addresses, customer_accounts, rate_limits
from components.people.facts import PersonErased
from components.people.rate_limits import RateLimit

REFUND_WITHIN = timedelta(days=14)
"""From the day that the withdrawal is received: Directive 2011/83/EU, Article 13."""
ON_ITS_WAY = timedelta(days=7)
"""How long a parcel is taken to be on its way at most, where nobody said when it arrives."""
KEPT = timedelta(days=4 * 365)
FROM_ONE = RateLimit("withdrawal", 10, timedelta(hours=1))
TO_ONE = RateLimit("withdrawal, one address", 5, timedelta(days=1))
FROM_ALL = RateLimit("withdrawal, everybody", 500, timedelta(hours=1))
A_PAGE = 25
_RECEIVED = "withdrawal received"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalDraft:
    """As it was typed. `items` is empty for the whole of it."""

    name: str
    email: str
    about: str
    number: str
    items: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWithdrawal:
    """One that staff should see to, with what it is about as far as number and address fit.

    `until_at` is the last instant to withdraw, None where it has not begun to run; `days` what the law gives there, 0
    where it gives none.
    """

    withdrawal: Withdrawal
    order: OrderView | None
    subscription: Subscription | None
    person_id: UUID | None
    days: int
    until_at: datetime | None
    sums: WithdrawalSum | None = None
    gift: GiftMembership | None = None
    term: PaidTerm | None = None
    plan: str = ""

    @property
    def refund_by(self) -> datetime:
        return self.withdrawal.at + REFUND_WITHIN

    @property
    def owed(self) -> str:
        """What speaks against its having been refunded, in words; "" where nothing does."""
        if self.order is None and not self.plan:
            return "Nothing with this number and address is known here, so no refund of it can be found."
        if self.order is not None and (not self.order.refunded or (self.order.left and not self.withdrawal.items)):
            left, number = money(self.order.left, self.order.currency), self.order.number
            return f"{left} of order {number} has not been refunded."
        if self.sums is not None and self.sums.back.amount:
            return f"{money(self.sums.back)} of {self.plan} has not been refunded."
        return ""

    @property
    def is_late(self) -> bool:
        return self.until_at is not None and self.withdrawal.at > self.until_at


def is_offered() -> bool:
    """Whether the foot of the pages leads to it: in the EU, for who charges the tax of each EU country, and where the
    shop wants it."""
    known = shop_settings.current()
    sold_to = frozenset({known.country, "DE"} if known.eu_sales == "each" else {known.country})
    asked = law_rules.asks("withdrawal_page", on=clock.now().date(), countries=sold_to)
    return asked or known.withdrawal_page == "on"


async def declare(draft: WithdrawalDraft, *, connection: str, is_own: bool = False) -> Withdrawal:
    """Store it, write the receipt. `is_own`: they are signed in with this address. Raises `TooManyTries`."""
    await rate_limits.hit(FROM_ONE, connection)
    if not is_own:  # whom strangers, however many, do not keep from withdrawing
        await rate_limits.hit(TO_ONE, draft.email)
        await rate_limits.hit(FROM_ALL)
    made = Withdrawal(
        id=ids.new(), at=clock.now(), name=draft.name, email=draft.email, about=draft.about, number=draft.number,
        items=draft.items, language=language.current(),
    )  # fmt: skip
    async with database.transaction():
        await Withdrawal.insert(made)
        await withdrawal_emails.receipt(made)
    return made


async def by_receipt(written: str) -> Withdrawal:
    """By the address of the page that says it has been received. Raises `NotFound`."""
    found = signing.stamped(written, purpose=_RECEIVED)
    row = await Withdrawal.objects().where(Withdrawal.id == found).first() if found else None
    if row is None:
        raise NotFound
    return row


def receipt_address(made: Withdrawal) -> str:
    return f"/withdraw/received/{signing.stamp(made.id, purpose=_RECEIVED)}"


async def to_do(*, page: int = 1) -> tuple[OpenWithdrawal, ...]:
    """Those that nobody has seen to, the most urgent first."""
    rows = Withdrawal.objects().where(Withdrawal.settled_at.is_null()).order_by(Withdrawal.at)
    return tuple([await opened(one) for one in await rows.limit(A_PAGE).offset((page - 1) * A_PAGE)])


async def count_to_do() -> int:
    return int(await Withdrawal.count().where(Withdrawal.settled_at.is_null()))


async def opened(row: Withdrawal) -> OpenWithdrawal:
    """With what it is about."""
    person = await customer_accounts.by_email(row.email)
    order = await _order(row, person.id if person else None)
    is_membership = person is not None and row.about == "membership"
    meant = await withdrawn_contracts.of_person(person.id, row.number) if person and is_membership else None
    days = days_in(order.address.country if order else await country_of(person.id if person else None), since=row.at)
    begins = delivered(order) if order else (meant.begins if meant else None)
    return OpenWithdrawal(
        withdrawal=row,
        order=order,
        subscription=meant.subscription if meant else None,
        person_id=person.id if person else None,
        days=days,
        until_at=begins + timedelta(days=days + 1) if begins and days else None,
        sums=await meant.sums(at=row.at) if meant else None,
        gift=meant.gift if meant else None,
        term=meant.term if meant else None,
        plan=meant.plan if meant else "",
    )


async def _order(row: Withdrawal, person_id: UUID | None) -> OrderView | None:
    """Only where number and address belong together."""
    order = await queries.by_number(row.number.strip().upper()) if row.about == "order" and row.number else None
    is_theirs = order is not None and (order.email == row.email or (person_id and order.person == person_id))
    return order if is_theirs else None


async def country_of(person_id: UUID | None) -> str:
    """By the address in their account, as they were asked about an early start; else where the shop is."""
    found = await addresses.of_person(person_id) if person_id else []
    return found[0].country if found else shop_settings.current().country


def days_in(country: str, *, since: datetime) -> int:
    """0 where the law gives none."""
    known = law_rules.rules("withdrawal", on=since.date(), country=country)
    return max((one.least_days for one in known), default=0)


def delivered(order: OrderView) -> datetime | None:
    """When the days to withdraw begin to run for goods: at their delivery, as far as is known."""
    return order.fulfilled_at + ON_ITS_WAY if order.fulfilled_at else None


async def unseen(person_id: UUID) -> str | None:
    """One that staff have yet to see to needs its name until then: what is owed could not be given back otherwise."""
    email = await customer_accounts.confirmed_email(person_id)
    if email and await Withdrawal.exists().where((Withdrawal.email == email) & Withdrawal.settled_at.is_null()):
        return _("We have yet to see to the withdrawal you sent us.")
    return None


async def erase_person(fact: PersonErased) -> None:
    """That somebody withdrew, and when, stays; who it was goes. May run twice."""
    await database.execute(_ERASE, fact.email_digest)


_ERASE = """
UPDATE withdrawal SET name = '', email = '', items = '', number = ''
WHERE encode(sha256(convert_to(email, 'UTF8')), 'hex') = $1
"""


async def forget_old() -> None:
    """Of what is settled, who it was goes in the end, also of those who have no account to erase."""
    one = Withdrawal
    nobody: dict[Column | str, Any] = {one.name: "", one.email: "", one.items: "", one.number: ""}
    await one.update(nobody).where(one.at < clock.now() - KEPT, one.settled_at.is_not_null(), one.email != "")
