"""The orders of a file, from all their rows: Shopify writes a row for each line, WooCommerce's exporters do either."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from components.foundation import currencies, json
from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.foundation.sheets.line_remarks import Remarks, Trouble
from components.foundation.shop_settings import shop_settings
from components.old_shop import record_addresses, record_cells

SUMS = {
    "goods": "Subtotal", "discount": "Discount Amount", "delivery": "Shipping", "tax": "Taxes", "total": "Total",
    "refunded": "Refunded Amount",
}  # fmt: skip
_STATES = ("Financial Status", "Fulfillment Status", "Status")
MOST_LINES = 1_000


class BadRecord(Exception):
    """Why an order cannot be brought in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OldLine:
    """Prices in minor units of the order's currency; None where the file does not say."""

    name: str
    sku: str
    quantity: str
    price: int | None
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRecord:
    number: str
    lines: tuple[int, ...]
    placed_at: datetime
    email: str
    name: str
    address: str
    currency: str
    goods: tuple[OldLine, ...]
    sums: dict[str, int | None]
    statuses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrdersFile:
    """`remarks` are about rows of no order."""

    sheet: CsvSheet
    places: Sequence[tuple[str, tuple[int, ...]]]
    remarks: Remarks

    def __len__(self) -> int:
        return len(self.places)

    def record(self, position: int) -> OrderRecord:
        """Raises `BadRecord`."""
        number, rows = self.places[position]
        return _record(self.sheet, number, [self.sheet.lines[row] for row in rows])


def read(sheet: CsvSheet) -> OrdersFile:
    found: dict[str, list[int]] = {}
    remarks = Remarks()
    for row, line in enumerate(sheet.lines):
        if line.is_blank:
            continue
        number = record_cells.words(sheet, line, "Number", longest=100)
        if 0 < len(number) <= 60:
            found.setdefault(number, []).append(row)
        else:
            remarks.troubles.append(Trouble(line.number, "There is no order number of at most 60 characters."))
    return OrdersFile(sheet, [(number, tuple(rows)) for number, rows in found.items()], remarks)


def _record(sheet: CsvSheet, number: str, lines: list[CsvLine]) -> OrderRecord:
    def first(column: str) -> str:
        """The order's own cells stand on its first row, or on each."""
        return next(filter(None, (record_cells.words(sheet, line, column) for line in lines)), "")

    placed_at = record_cells.instant(first("Created at") or first("Paid at"))
    if placed_at is None:
        raise BadRecord(f"Order {number}: the date “{(first('Created at') or first('Paid at'))[:40]}” cannot be read.")
    currency = first("Currency").upper() or shop_settings.current().currency
    if currency not in currencies.SUPPORTED:
        raise BadRecord(f"Order {number}: “{currency[:10]}” is not a currency that is known here.")
    sums = {key: _amount(number, column, first(column), currency) for key, column in SUMS.items()}
    goods = _goods(sheet, number, lines, currency)
    if sums["total"] is None and sums["goods"] is not None:
        sums["total"] = sums["goods"] - (sums["discount"] or 0) + (sums["delivery"] or 0) + (sums["tax"] or 0)
    if sums["total"] is None or sums["total"] < 0:
        raise BadRecord(f"Order {number}: it has no total.")
    written = first("Email")
    return OrderRecord(
        number=number,
        lines=tuple(line.number for line in lines),
        placed_at=placed_at,
        email=(record_cells.email(written) or "") if written else "",
        name=_first_of(sheet, lines, record_addresses.person_name),
        address=_first_of(sheet, lines, _address),
        currency=currency,
        goods=goods,
        sums=sums,
        statuses=_statuses(first),
    )


def _statuses(first: Callable[[str], str]) -> tuple[str, ...]:
    found = [first(column).replace("_", " ").removeprefix("wc-") for column in _STATES]
    if first("Cancelled at") and not any("cancel" in one.casefold() for one in found):
        found.append("cancelled")
    return tuple(dict.fromkeys(one[:60] for one in found if one))


def _first_of(sheet: CsvSheet, lines: list[CsvLine], read: Callable[[CsvSheet, CsvLine, str], str]) -> str:
    """Where it was sent, else whom it was charged to."""
    found = (read(sheet, line, prefix) for prefix in ("Shipping ", "Billing ") for line in lines)
    return next(filter(None, found), "")[:600]


def _address(sheet: CsvSheet, line: CsvLine, prefix: str) -> str:
    found = record_addresses.read(sheet, line, prefix, "")
    return found.text if found else ""


def _amount(number: str, column: str, written: str, currency: str) -> int | None:
    try:
        return record_cells.amount(written, currency)
    except ValueError:
        raise BadRecord(f"Order {number}: {column} is “{written[:40]}”, which is not an amount.") from None


def _goods(sheet: CsvSheet, number: str, lines: list[CsvLine], currency: str) -> tuple[OldLine, ...]:
    made = []
    for line in lines:
        whole = record_cells.words(sheet, line, "Line items", longest=100_000)
        if whole:
            made += _in_one_cell(number, whole, currency)
        name = record_cells.words(sheet, line, "Lineitem name", longest=500)
        sku = record_cells.words(sheet, line, "Lineitem sku", longest=100)
        if name or sku:
            cells = {key: record_cells.words(sheet, line, f"Lineitem {key}") for key in ("quantity", "price", "total")}
            made.append(_line(number, cells | {"name": name, "sku": sku}, currency))
    return tuple(made[:MOST_LINES])


def _in_one_cell(number: str, whole: str, currency: str) -> list[OldLine]:
    """JSON, or "name:Cap|sku:C-1|quantity:2|total:48.00; name:…"; anything else is a name of goods."""
    if whole.startswith("["):
        try:
            found = json.load_as(list[dict[str, object]], whole)
        except ValueError:
            found = [{"name": whole}]
        plain = ({key: str(value) for key, value in one.items() if value is not None} for one in found)
        return [_line(number, cells, currency) for cells in plain]
    parts = re.split(r";\s*(?=(?:id|name|product_id|sku):)|\n", whole) if re.search(r"\bname:", whole) else [whole]
    made = []
    for part in filter(None, (part.strip() for part in parts)):
        pairs = dict(pair.split(":", 1) for pair in part.split("|") if ":" in pair) if "name:" in part else {}
        made.append(_line(number, pairs or {"name": part}, currency))
    return made


def _line(number: str, cells: dict[str, str], currency: str) -> OldLine:
    quantity = cells.get("quantity", "").strip()[:20] or "1"
    price = _amount(number, "the price of a line", cells.get("price", ""), currency)
    total = _amount(number, "the total of a line", cells.get("total", ""), currency)
    if total is None and price is not None and quantity.isascii() and quantity.isdigit():
        total = price * int(quantity[:6])
    name, sku = cells.get("name", "").strip()[:500], cells.get("sku", "").strip()[:100]
    return OldLine(name=name or sku, sku=sku, quantity=quantity, price=price, total=total)
