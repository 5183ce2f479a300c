"""Orders of the earlier shop: kept as they were told, found by number and e-mail.

They change no stock, no sum and no figure of this shop. A customer sees those of their e-mail once they confirmed it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import clock, database, ids, json, paging
from components.foundation.money import Money
from components.old_shop.customer_import import Brought
from components.old_shop.order_records import OldLine, OrderRecord
from components.old_shop.tables import OldOrder
from components.people import customer_accounts, erasure

PER_PAGE = 25


@dataclass(frozen=True, kw_only=True)
class OldOrderView:
    """Amounts in minor units of `currency`; None where the file did not say."""

    id: UUID
    number: str
    placed_at: datetime
    email: str
    name: str
    address: str
    currency: str
    lines: list[OldLine]
    goods: int | None
    discount: int | None
    delivery: int | None
    tax: int | None
    total: int
    refunded: int
    statuses: list[str]
    file: str

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


async def bring(record: OrderRecord, *, run: UUID, file: str) -> Brought:
    """Within a transaction. An order is known again by its number and its date."""
    if record.email and not await customer_accounts.by_email(record.email) and await erasure.is_forgotten(record.email):
        return Brought("skipped", words=f"Order {record.number}: its customer’s account was deleted at their wish.")
    said: dict[Any, Any] = {
        OldOrder.email: record.email, OldOrder.name: record.name, OldOrder.address: record.address,
        OldOrder.currency: record.currency, OldOrder.lines: json.dump(record.goods),
        OldOrder.total: record.sums["total"] or 0, OldOrder.refunded: record.sums["refunded"] or 0,
        OldOrder.goods: record.sums["goods"], OldOrder.discount: record.sums["discount"],
        OldOrder.delivery: record.sums["delivery"], OldOrder.tax: record.sums["tax"],
        OldOrder.statuses: list(record.statuses),
    }  # fmt: skip
    same = (OldOrder.number == record.number) & (OldOrder.placed_at == record.placed_at)
    before = await OldOrder.objects().where(same).lock_rows().first()
    if before is None:
        kept = {
            OldOrder.id: ids.new(), OldOrder.run: run, OldOrder.file: file, OldOrder.number: record.number,
            OldOrder.placed_at: record.placed_at, OldOrder.imported_at: clock.now(),
        }  # fmt: skip
        await OldOrder.insert(OldOrder({**kept, **said}))
        return Brought("new", notes=_notes(record))
    if before.email == "" and record.email:
        return Brought("skipped", words=f"Order {record.number} was imported without its e-mail, and stays so.")
    changed = [column._meta.name for column, value in said.items() if _plain(before, column._meta.name) != value]
    if not changed:
        return Brought("the same")
    await before.update_self({**said, OldOrder.file: file})
    return Brought("changed", tuple(sorted(changed)), notes=_notes(record))


def _plain(row: OldOrder, name: str) -> object:
    value = getattr(row, name)
    return json.dump(json.load(value)) if name == "lines" else value


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
    number: int = await database.fetch_value("SELECT count(*) FROM old_order WHERE email = $1", email)
    return number


async def undo(run: UUID) -> int:
    """Remove what this import brought in; how many."""
    return await database.execute("DELETE FROM old_order WHERE run = $1", run)


_FOUND = "(strpos(lower(number), $1) > 0 OR strpos(email, $1) > 0 OR strpos(lower(name), $1) > 0)"
_VIEWS = """SELECT id, number, placed_at, email, name, address, currency, lines, goods, discount, delivery, tax, total,
refunded, statuses, file FROM old_order"""


async def _page(where: str, value: str, *, page: int) -> OldOrderPage:
    many: int = await database.fetch_value(f"SELECT count(*) FROM old_order WHERE {where}", value)
    number = paging.within(page, many, PER_PAGE)
    sql = f"{_VIEWS} WHERE {where} ORDER BY placed_at DESC, id DESC LIMIT $2 OFFSET $3"
    rows = await database.fetch(sql, value, PER_PAGE, (number - 1) * PER_PAGE)
    return OldOrderPage(rows=[_view(dict(row)) for row in rows], number=number, last=paging.last(many, PER_PAGE))


def _view(row: dict[str, object]) -> OldOrderView:
    return OldOrderView(**{**row, "lines": json.load_as(list[OldLine], str(row["lines"]))})  # type: ignore[arg-type]
