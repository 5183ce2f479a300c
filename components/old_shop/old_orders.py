"""Orders of the earlier shop: kept as they were told, found by number and e-mail.

They change no stock, no sum and no figure of this shop. A customer sees those of their e-mail once they confirmed it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from components.foundation import clock, database, ids, json, paging
from components.foundation.money import Money
from components.old_shop.customer_import import Brought
from components.old_shop.order_records import OldLine, OrderRecord
from components.old_shop.tables import OldOrder
from components.people import customer_accounts
from components.people.privacy import erasure

PER_PAGE = 25
Lines = TypeVar("Lines")


@dataclass(frozen=True, kw_only=True)
class _OldOrder(Generic[Lines]):
    id: UUID
    number: str
    placed_at: datetime
    email: str
    name: str
    address: str
    currency: str
    lines: Lines
    goods: int | None
    discount: int | None
    delivery: int | None
    tax: int | None
    total: int
    refunded: int
    statuses: list[str]
    file: str


@dataclass(frozen=True, kw_only=True)
class OldOrderView(_OldOrder[list[OldLine]]):
    """Amounts in minor units of `currency`; None where the file did not say."""

    def money(self, amount: int | None) -> Money | None:
        return None if amount is None else Money(amount, self.currency)

    @property
    def sums(self) -> list[tuple[str, Money, str]]:
        """What is known of how the total came about: name, sum, and "", "back", "within" for what it holds already, or
        "told" where it says nothing of that.

        Shops differ in whether the goods are told with their tax and their reduction; the total says which it was.
        """
        tax, discount = self.tax or 0, self.discount or 0
        rest = self.total - (self.goods or 0) - (self.delivery or 0)
        silent = "within" if rest in (0, tax, -discount, tax - discount) else "told"
        of_tax = "" if rest in (tax, tax - discount) else silent
        of_discount = "back" if rest in (-discount, tax - discount) else silent
        found = (("goods", self.goods, ""), ("discount", discount, of_discount), ("delivery", self.delivery, ""),
                 ("tax", tax, of_tax))  # fmt: skip
        return [(name, Money(amount, self.currency), kind) for name, amount, kind in found if amount]


@dataclass(frozen=True, kw_only=True)
class OldOrderPage:
    rows: list[OldOrderView]
    number: int
    last: int


@dataclass(frozen=True, kw_only=True)
class _OldOrderRow(_OldOrder[str]):
    """As it is stored, its lines as JSON."""


async def bring_all(records: Sequence[OrderRecord], *, run: UUID, file: str) -> list[Brought]:
    """Within a transaction, each of another number. An order is known again by its number and its date."""
    emails = {record.email for record in records if record.email}
    forgotten = await erasure.forgotten(emails - (await customer_accounts.by_emails(emails)).keys())
    numbers, dates = [record.number for record in records], [record.placed_at for record in records]
    known = {(row.number, row.placed_at): row for row in await database.fetch_as(_OldOrderRow, _KNOWN, numbers, dates)}
    made, new, at = [], [], clock.now()
    for record in records:
        before, said = known.get((record.number, record.placed_at)), _said(record)
        if record.email in forgotten:
            words = f"Order {record.number}: its customer’s account was deleted at their wish."
            made.append(Brought("skipped", words=words))
        elif before is None:
            new.append((ids.new(), run, file, record.number, record.placed_at, at, *said.values()))
            made.append(Brought("new", notes=_notes(record)))
        else:
            made.append(await _revise(record, before, said, file))
    await database.insert_rows(OldOrder, _COLUMNS, new)
    return made


_KNOWN = """
SELECT id, number, placed_at, email, name, address, currency, lines, goods, discount, delivery, tax, total, refunded,
  statuses, file
FROM old_order WHERE (number, placed_at) IN (SELECT * FROM unnest($1::text[], $2::timestamptz[]))
ORDER BY id FOR UPDATE"""
_SUMS = ("goods", "discount", "delivery", "tax")
_SAID = ("email", "name", "address", "currency", "lines", "total", "refunded", *_SUMS, "statuses")
_COLUMNS = ("id", "run", "file", "number", "placed_at", "imported_at", *_SAID)


def _said(record: OrderRecord) -> dict[str, Any]:
    total, refunded = record.sums["total"] or 0, record.sums["refunded"] or 0
    about = (record.email, record.name, record.address, record.currency, json.dump(record.goods), total, refunded)
    return dict(zip(_SAID, (*about, *(record.sums[name] for name in _SUMS), list(record.statuses)), strict=True))


async def _revise(record: OrderRecord, before: _OldOrderRow, said: dict[str, Any], file: str) -> Brought:
    if before.email == "" and record.email:
        return Brought("skipped", words=f"Order {record.number} was imported without its e-mail, and stays so.")
    changed = [name for name, value in said.items() if _plain(before, name) != value]
    if not changed:
        return Brought("the same")
    wanted: dict[Any, Any] = {**said, "file": file}
    await OldOrder.update(wanted).where(OldOrder.id == before.id)
    return Brought("changed", tuple(sorted(changed)), notes=_notes(record))


def _plain(row: _OldOrderRow, name: str) -> object:
    return json.dump(json.load(row.lines)) if name == "lines" else getattr(row, name)


def _notes(record: OrderRecord) -> list[str]:
    if not record.email:
        return [f"Order {record.number} has no e-mail: only staff will see it."]
    return [] if record.goods else [f"Order {record.number} has no lines."]


async def of_email(email: str | None, *, page: int = 1) -> OldOrderPage:
    """Newest first. `email` is a confirmed one; of none there are no orders."""
    if not email:
        return OldOrderPage(rows=[], number=1, last=1)
    return await _page("email = $1", email, page=page)


async def for_staff(search: str, *, page: int = 1) -> OldOrderPage:
    """Whose number, e-mail or name contains this; all of them without a search."""
    return await _page(_FOUND, search.strip().lower(), page=page)


async def matching(search: str) -> int:
    """How many `for_staff` finds."""
    sql = f"SELECT count(*) FROM old_order WHERE {_FOUND}"
    number: int = await database.fetch_value(sql, search.strip().lower())
    return number


async def count(email: str) -> int:
    """Under this e-mail, whether it is confirmed or not: for staff."""
    return int(await OldOrder.count().where(OldOrder.email == email))


async def undo(run: UUID) -> int:
    """Remove what this import brought in; how many."""
    return len(await OldOrder.delete().where(OldOrder.run == run).returning(OldOrder.id))


_FOUND = "(strpos(lower(number), $1) > 0 OR strpos(email, $1) > 0 OR strpos(lower(name), $1) > 0)"
_VIEWS = """SELECT id, number, placed_at, email, name, address, currency, lines, goods, discount, delivery, tax, total,
refunded, statuses, file FROM old_order"""


async def _page(where: str, value: str, *, page: int) -> OldOrderPage:
    many: int = await database.fetch_value(f"SELECT count(*) FROM old_order WHERE {where}", value)
    number = paging.within(page, many, PER_PAGE)
    sql = f"{_VIEWS} WHERE {where} ORDER BY placed_at DESC, id DESC LIMIT $2 OFFSET $3"
    rows = await database.fetch_as(_OldOrderRow, sql, value, PER_PAGE, (number - 1) * PER_PAGE)
    return OldOrderPage(rows=[_view(row) for row in rows], number=number, last=paging.last(many, PER_PAGE))


def _view(row: _OldOrderRow) -> OldOrderView:
    return OldOrderView(**vars(row) | {"lines": json.load_as(list[OldLine], row.lines)})
