"""A large file is imported many products at once: what comes of it is what comes of one product after the other."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from components.catalog import invariants
from components.foundation import database
from components.foundation.sheets.line_remarks import Trouble
from components.product_files.import_file import FileImport
from components.product_files.import_result import ImportResult
from tests.support import databases, people
from tests.support.made_files import WAYS

Run = Callable[[FileImport], Any]
_SEEN = (
    """SELECT slug, title, description, vendor, kind, tags, option_names, status, position FROM product""",
    """SELECT p.slug, v.sku, shares_sku, v.title, options, price, cost, compare_at, v.position, barcode, weight_grams,
       is_taxable, tax_category, tracks_stock, sells_when_out, on_hand, withdrawn_at IS NULL
       FROM variant v JOIN product p ON p.id = v.product""",
    """SELECT p.slug, i.path, i.alt, i.position, f.address, f.state, v.options, i.brought_by IS NULL
       FROM picture i JOIN product p ON p.id = i.product LEFT JOIN variant v ON v.id = i.variant
       LEFT JOIN picture_fetch f ON f.id = i.source""",
    """SELECT p.slug, c.slug FROM collection_product x JOIN product p ON p.id = x.product
       JOIN collection c ON c.id = x.collection""",
    """SELECT p.slug, v.options, r.price, r.sale_price FROM price_record r JOIN variant v ON v.id = r.variant
       JOIN product p ON p.id = v.product""",
    """SELECT p.slug, v.options, m.change, m.kind FROM stock_movement m JOIN variant v ON v.id = m.variant
       JOIN product p ON p.id = v.product""",
    "SELECT what, subject, before::text, after::text FROM audit_entry WHERE subject <> 'person'",
    "SELECT position, key, cells::text, product IS NULL, variant IS NULL FROM imported_row",
)


async def seen() -> list[list[str]]:
    return [sorted(map(str, await database.fetch_rows(sql))) for sql in _SEEN]


async def one_by_one(importing: FileImport) -> ImportResult:
    await importing.start()
    for group in importing.reading:
        importing.take(group, await importing.bring(group))
    await importing.finish()
    return importing.outcome


async def at_once(importing: FileImport) -> ImportResult:
    return await importing.run()


async def imported(sources: list[bytes], run: Run) -> tuple[list[ImportResult], list[list[str]]]:
    """In an empty shop, each checked before; what was told and what is there after it."""
    await databases.empty()
    iris = (await people.owner()).id
    told = []
    for source in sources:
        foreseen = await run(FileImport(source, name="made.csv", rehearses=True))
        told.append(await run(FileImport(source, name="made.csv", by=iris)))
        assert foreseen.told == told[-1].told and foreseen.troubles == told[-1].troubles
    return told, await seen()


def changed(source: bytes) -> bytes:
    """The file as it might be a month later."""
    text = source.decode()
    for old, new in ((".99", ".49"), ("«", "‹"), ("Jug", "Pitcher"), (",shopify,", ",,"), ("true", "false")):
        text = text.replace(old, new)
    return text.replace("/7.jpg", "/new.jpg").replace("table, new", "table").encode()


AWKWARD = {
    "shopify": """
twice,Twice,,,A,P-1,10
twice,,,,A,P-2,11
new,New,,,,P-3,12
long,{long},,,,P-4,12
blue-jug-0,Blue jug 0,,,,S-0,99
priceless,Priceless,,,,P-5,
odd,Odd,,,,P-6,many
""",
    "woocommerce": """
901,simple,W-2,Again,1,,,3,,,7,{long},,,,,
902,simple,P-1,Same title,1,,,3,,,7,Pots,,,,,
903,simple,P-1,Same title,1,,,3,,,8,Pots,,,,,
904,simple,P-1,,1,,,3,,,8,Pots,,,,,
""",
}  # fmt: skip


@pytest.mark.parametrize("shop", list(AWKWARD))
async def test_many_at_once_come_to_what_each_comes_to(db: None, shop: str) -> None:
    way = WAYS[shop]
    first, head = way.file(18), list(next(way.rows(1)))
    awkward = AWKWARD[shop].strip().format(long="x" * 300)
    if shop == "shopify":
        columns = ("Handle", "Title", "", "", "Option1 Value", "Variant SKU", "Variant Price")
        rows = [dict(zip(columns, line.split(","), strict=True)) for line in awkward.splitlines()]
        awkward = "\r\n".join(",".join(row.get(name, "") for name in head) for row in rows)
    sources = [first, changed(first) + awkward.replace("\n", "\r\n").encode() + b"\r\n"]
    ones, after_ones = await imported(sources, one_by_one)
    many, after_many = await imported(sources, at_once)
    for one, other in zip(ones, many, strict=True):
        assert (one.told, one.troubles, one.notes) == (other.told, other.troubles, other.notes)
    assert after_many == after_ones and ones[1].troubles
    assert [place for place, rows in enumerate(after_ones) if not rows] == ([3] if shop == "shopify" else [])
    assert await invariants.invariants() == []


async def test_one_that_is_refused_while_it_is_written_is_left_out_alone(db: None) -> None:
    """A collection whose name is too long shows only then."""
    head = "Handle,Title,Collection,Variant Price\n"
    source = (head + f"a,A,,1\nb,B,{'x ' * 200},2\nc,C,New,3\n").encode()
    for rehearses in (True, False):
        outcome = await at_once(FileImport(source, name="made.csv", rehearses=rehearses))
        assert [one.title for one in outcome.told] == ["A", "C"]
        assert outcome.troubles == [Trouble(3, "A title can have at most 255 characters.")]
        left = await database.fetch_values("SELECT slug FROM product ORDER BY slug")
        assert left == ([] if rehearses else ["a", "c"])


async def test_two_imports_at_once_wait_for_each_other(db: None) -> None:
    """Of pictures and addresses that both name."""
    sources = [f"Handle,Title,Variant Price,Image Src\n{''.join(rows)}".encode() for rows in (LINES, LINES[::-1])]
    jobs = [asyncio.create_task(at_once(FileImport(one, name=f"{n}.csv"))) for n, one in enumerate(sources)]
    told = await asyncio.gather(*jobs)
    assert [len(one.told) + len(one.troubles) for one in told] == [12, 12]
    assert await database.fetch_value("SELECT count(*) FROM picture_fetch") == 12


LINES = [f"mug-{n},Mug {n},24,https://pictures.example/{n}.jpg\n" for n in range(12)]
