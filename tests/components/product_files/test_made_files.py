"""Files in every public shape come in, go out and come in again without a difference, as Python's csv reads them.

25,000 rows of the same: `python -m benchmarks.imports`.
"""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest

from components.catalog import invariants
from components.foundation import database
from components.product_files import export_file, import_file
from tests.support.made_files import GERMAN, TODAY, WAYS, Made

pytestmark = pytest.mark.usefixtures("db")
ROWS = 20


def read(source: bytes, way: Made) -> list[list[str]]:
    text = source.decode(way.encoding)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=way.separator))


def named(source: bytes, way: Made) -> list[dict[str, str]]:
    """The rows by the names that the columns had first."""
    head, *rows = read(source, way)
    first = {other.lower(): name for names in (TODAY, GERMAN) for name, other in names.items()}
    plain = {name.lower(): name for name in next(way.rows(1))}
    header = [plain.get(cell.lower()) or first.get(cell.lower()) or cell for cell in head]
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.mark.parametrize("way", WAYS.values(), ids=list(WAYS))
async def test_what_comes_in_goes_out_and_comes_in_again_the_same(way: Made) -> None:
    source = way.file(ROWS)
    outcome = await import_file.run_import(source, name="made.csv")
    assert outcome.troubles == []
    exported = await export_file.original_file("made.csv")
    assert read(exported, way) == read(source, way) and exported == source
    whole = await (export_file.shopify_file() if way.shop == "shopify" else export_file.woocommerce_file())
    if "Cost per item" in named(source, way)[0] or way.shop == "woocommerce":
        assert read(whole, way) == read(source, way)
    for again in (exported, whole):
        second = await import_file.run_import(again, name="made.csv")
        assert (second.changed_rows, second.count("new")) == (0, 0), [one for one in second.told if one.fields]
    other = await import_file.run_import(source, name="the same under another name.csv")
    assert (other.changed_rows, other.count("new")) == (0, 0), [one for one in other.told if one.fields]
    assert await variants() == (shopify_says if way.shop == "shopify" else woocommerce_says)(named(source, way))
    assert await invariants.invariants() == []


async def variants() -> list[tuple[Any, ...]]:
    rows = await database.fetch_rows(
        """SELECT coalesce(v.sku, ''), v.price, v.compare_at, v.on_hand, v.weight_grams, v.barcode, v.cost
        FROM variant v WHERE v.withdrawn_at IS NULL"""
    )
    return sorted(map(str, map(tuple, rows)))  # type: ignore[arg-type]


def pence(text: str) -> int | None:
    return int(Decimal(text.replace(",", ".")) * 100) if text else None


def shopify_says(rows: list[dict[str, str]]) -> list[str]:
    """An independent reading."""
    places = [name for name in rows[0] if "Qty" in name or name.startswith("Inventory Available")]
    return sorted(
        str(
            (
                row["Variant SKU"],
                pence(row["Variant Price"]),
                pence(row["Variant Compare At Price"]),
                sum(int(row[place]) for place in places),
                int(row["Variant Grams"]),
                row.get("Variant Barcode", "").lstrip("'"),
                pence(row["Cost per item"]),
            )
        )
        for row in rows
    )


def woocommerce_says(rows: list[dict[str, str]]) -> list[str]:
    made = []
    for row in rows:
        is_off = row["Type"] == "variation" and row["Published"] == "0"
        if row["Type"] == "variable" or is_off:
            continue
        regular, sale = pence(row["Regular price"]), pence(row.get("Sale price", ""))
        price, before = (sale, regular) if sale is not None and regular and sale < regular else (regular, None)
        grams = int(Decimal(row["Weight (kg)"].replace(",", ".")) * 1000)
        made.append(str((row["SKU"], price, before, int(row.get("Stock") or 0), grams, "", None)))
    return sorted(made)
