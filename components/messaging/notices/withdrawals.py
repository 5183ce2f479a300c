"""Withdrawing from a contract without signing in, in two steps, as Article 11a of Directive 2011/83/EU asks.

Whoever says it gets a receipt with date and time at the address they typed, whether or not there is such a contract:
that tells nobody what anybody has bought. Staff see to it, with what it is about beside it and the last day for the
refund. Nothing is refunded by itself.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.foundation import clock, database, ids
from components.foundation.consumer_law import law_rules
from components.foundation.languages import language
from components.foundation.languages.words import _
from components.foundation.refusals import NotFound
from components.foundation.secrecy import signing
from components.foundation.shop_settings import shop_settings
from components.messaging.notices import open_withdrawals, withdrawal_emails
from components.messaging.notices.open_withdrawals import OpenWithdrawal
from components.messaging.tables import Withdrawal
from components.people import customer_accounts, rate_limits
from components.people.facts import PersonErased
from components.people.rate_limits import RateLimit

KEPT = timedelta(days=4 * 365)
FROM_ONE = RateLimit("withdrawal", 10, timedelta(hours=1))
TO_ONE = RateLimit("withdrawal, one address", 5, timedelta(days=1))
FROM_ALL = RateLimit("withdrawal, everybody", 500, timedelta(hours=1))
A_PAGE = 25
_RECEIVED = "withdrawal received"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalDraft:
    """As it was typed. `items` is empty for the whole of it, `number` an order's where the order is meant."""

    name: str
    email: str
    about: str
    number: str
    items: str = ""


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
    return tuple([await open_withdrawals.opened(one) for one in await rows.limit(A_PAGE).offset((page - 1) * A_PAGE)])


async def count_to_do() -> int:
    return int(await Withdrawal.count().where(Withdrawal.settled_at.is_null()))


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
