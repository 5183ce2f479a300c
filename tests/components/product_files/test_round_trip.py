"""Real files of other shops come in whole, change nothing a second time, and go out as they came."""

import csv
import io
from pathlib import Path

import pytest

from components.catalog import invariants
from components.catalog.product_details import ProductDetails, VariantDetails
from components.catalog.products import collections, products, variants
from components.catalog.snapshot import snapshot_refresh
from components.catalog.stock import stock
from components.foundation import clock, database, ids
from components.foundation.sheets import formula_escaping
from components.pricing import prices
from components.pricing.price_context import PriceContext
from components.product_files import export_file, import_archive, import_file
from components.product_files.import_result import ImportResult

pytestmark = pytest.mark.usefixtures("db")
FILES = sorted((Path(__file__).parents[2] / "data" / "imports").glob("*.csv"))
FILE = {path.stem: path for path in FILES}
APPAREL, JEWELLERY = FILE["shopify-apparel"], FILE["shopify-jewelery"]
WOO = FILE["woocommerce-sample-products"]

every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


async def brought(path: Path) -> ImportResult:
    outcome = await import_file.run_import(path.read_bytes(), name=path.name)
    await snapshot_refresh.refresh()
    return outcome


async def fingerprint() -> str:
    """Every row of catalogue and exchange with the transaction that wrote it."""
    names = ("product", "variant", "picture", "collection", "collection_product", "stock_movement")
    tables = (*names, "imported_file", "imported_row")
    parts = [
        await database.fetch_value(f"SELECT string_agg(t::text || xmin, '|' ORDER BY id) FROM {t} t") for t in tables
    ]
    return "\n".join(str(part) for part in parts)


@every_file
async def test_every_line_comes_in(path: Path) -> None:
    outcome = await brought(path)
    assert outcome.troubles == []
    assert outcome.changed_rows == outcome.rows
    assert await invariants.invariants() == []


@every_file
async def test_a_second_time_writes_not_one_row(path: Path) -> None:
    await brought(path)
    before = await fingerprint()
    outcome = await brought(path)
    assert (outcome.changed_rows, outcome.count("new"), outcome.count("changed")) == (0, 0, 0)
    assert await fingerprint() == before


@every_file
async def test_a_preview_tells_the_same_and_leaves_nothing(path: Path) -> None:
    before = await fingerprint()
    preview = await import_file.preview(path.read_bytes(), name=path.name)
    assert await fingerprint() == before
    outcome = await brought(path)
    assert (preview.told, preview.notes, preview.changed_rows) == (outcome.told, outcome.notes, outcome.changed_rows)


@every_file
async def test_it_goes_out_the_same_to_the_byte(path: Path) -> None:
    await brought(path)
    assert await export_file.original_file(path.name) == path.read_bytes()


@every_file
async def test_a_catalogue_of_one_file_is_that_file(path: Path) -> None:
    await brought(path)
    whole = export_file.shopify_file if path.stem.startswith("shopify") else export_file.woocommerce_file
    assert await whole() == path.read_bytes()


async def test_all_four_live_side_by_side() -> None:
    for path in FILES:
        await brought(path)
    assert len(snapshot_refresh.snapshot()) == 72
    for path in FILES:
        assert await export_file.original_file(path.name) == path.read_bytes()
    assert [name for name, _ in await import_archive.file_names()] == [path.name for path in FILES]


async def test_shopifys_lines_become_variants_and_pictures_of_one_product() -> None:
    await brought(JEWELLERY)
    anchor = snapshot_refresh.snapshot().product("leather-anchor")
    assert anchor is not None
    assert anchor.option_names == ("Color",)
    assert [(v.title, v.price, v.compare_at, v.available) for v in anchor.variants] == [
        ("Gold", 6999, 8500, None),
        ("Silver", 5500, 8500, None),
    ]
    assert len(anchor.pictures) == 3
    assert anchor.pictures_here == ()
    plain = snapshot_refresh.snapshot().product("boho-earrings")
    assert plain is not None
    assert (plain.option_names, [v.options for v in plain.variants], len(plain.pictures)) == ((), [()], 3)


async def test_shopifys_counted_stock_is_counted_here() -> None:
    await brought(FILE["shopify-home-and-garden"])
    pots = snapshot_refresh.snapshot().product("biodegradable-cardboard-pots")
    assert pots is not None
    assert pots.variants[0].available == 8


async def test_woocommerces_variations_find_their_parents() -> None:
    await brought(WOO)
    hoodie, shirt = (snapshot_refresh.snapshot().product(slug) for slug in ("hoodie", "t-shirt"))
    assert hoodie is not None and shirt is not None
    assert hoodie.option_names == ("Color", "Logo")
    assert {v.options: (v.sku, v.price, v.compare_at) for v in hoodie.variants}["Red", "No"] == (
        "cc-hoodie-red",
        4200,
        4500,
    )
    assert len(hoodie.variants) == 6
    assert [v.options for v in shirt.variants] == [("Blue",), ("Green",), ("Red",)]


async def test_woocommerces_kinds_become_what_they_are_here() -> None:
    outcome = await brought(WOO)
    shelf, at = snapshot_refresh.snapshot(), clock.now()
    album, beanie = shelf.product("album"), shelf.product("beanie")
    assert album is not None and beanie is not None
    assert not album.variants[0].needs_delivery
    price = prices.resolve(beanie.variants[0], PriceContext.GUEST, at)
    assert (price.regular, price.was) == (1800, 2000)
    assert shelf.product("hoodie-with-pocket") is None, "what is hidden there is not shown here"
    assert shelf.product("classicpress-donation") is None, "what is sold elsewhere is not sold here"
    assert {note.line for note in outcome.notes} >= {9, 17, 18}
    together = shelf.collection("logo-collection")
    assert together is not None
    assert {p.slug for p in shelf.products if together.id in p.collection_ids} == {
        "hoodie-with-pocket-and-logo",
        "t-shirt-with-logo",
        "beanie-with-logo",
    }


async def test_woocommerces_categories_become_collections_of_each_level() -> None:
    await brought(WOO)
    titles = {each.slug: each.title for each in snapshot_refresh.snapshot().collections}
    assert titles["clothing-hoodies"] == "Hoodies"
    hoodie = snapshot_refresh.snapshot().product("hoodie")
    assert hoodie is not None
    ids_of = {each.slug: each.id for each in snapshot_refresh.snapshot().collections}
    assert {ids_of["clothing"], ids_of["clothing-hoodies"]} <= hoodie.collection_ids


async def test_what_was_sold_since_is_not_put_back_by_the_same_file() -> None:
    path = FILE["shopify-home-and-garden"]
    await brought(path)
    pots = snapshot_refresh.snapshot().product("biodegradable-cardboard-pots")
    assert pots is not None
    order = ids.new()
    await stock.reserve({pots.variants[0].id: 3}, because_of=order, until=clock.in_days(1))
    await stock.sell(order)
    assert (await brought(path)).changed_rows == 0
    assert snapshot_refresh.snapshot().variant(pots.variants[0].id).available == 5  # type: ignore[union-attr]
    recounted = path.read_bytes().replace(b",shopify,8,", b",shopify,20,")
    await import_file.run_import(recounted, name=path.name)
    assert await database.fetch_value("SELECT on_hand FROM variant WHERE id = $1", pots.variants[0].id) == 20
    assert await invariants.invariants() == []


async def test_only_what_has_changed_is_written_anew() -> None:
    await brought(APPAREL)
    shirt = snapshot_refresh.snapshot().product("ocean-blue-shirt")
    assert shirt is not None
    await variants.revise(shirt.variants[0].id, VariantDetails(price=4550, tracks_stock=False))
    out = (await export_file.original_file(APPAREL.name)).split(b"\r\n")
    was = APPAREL.read_bytes().split(b"\r\n")
    assert [number for number, (a, b) in enumerate(zip(out, was, strict=True)) if a != b] == [1]
    assert out[1] == was[1].replace(b",manual,50,", b",manual,45.50,")


async def test_a_new_variant_stands_behind_its_product_and_comes_back() -> None:
    await brought(APPAREL)
    top = snapshot_refresh.snapshot().product("classic-varsity-top")
    assert top is not None
    await variants.add(top.id, VariantDetails(price=6100, options=("Extra large",), sku="XL", on_hand=4))
    out = await export_file.original_file(APPAREL.name)
    rows = list(csv.DictReader(io.StringIO(out.decode(), newline="")))
    sizes = [row["Option1 Value"] for row in rows if row["Handle"] == "classic-varsity-top"]
    assert sizes == ["Small", "Medium", "Large", "Extra large"]
    again = await import_file.run_import(out, name="again.csv")
    assert again.count("new") == 0


async def test_the_shops_own_products_go_out_in_either_form_and_come_in_again() -> None:
    await collections.get_or_create("Mugs")
    details = ProductDetails(
        title="Moon mug",
        description="Round.",
        option_names=("Glaze", "Size"),
        tags=("mug", "moon"),
        collections=("mugs",),
    )
    sold_as = [
        VariantDetails(price=2400 + 100 * n, options=(glaze, size), sku=f"M-{n}", on_hand=n, weight_grams=340)
        for n, (glaze, size) in enumerate((g, s) for g in ("Moss", "Salt") for s in ("Small", "Large"))
    ]
    await products.create(details, sold_as)
    for written in (await export_file.shopify_file(), await export_file.woocommerce_file()):
        outcome = await import_file.run_import(written, name=f"{ids.new()}.csv")
        assert (outcome.troubles, outcome.count("new"), outcome.changed_rows) == ([], 0, 0), outcome.told


async def test_a_file_for_a_shop_is_exact_and_one_for_a_spreadsheet_runs_nothing() -> None:
    """Either comes back the same."""
    title = '=HYPERLINK("http://evil.example","Free")'
    id = await products.create(ProductDetails(title=title, vendor="@home"), [VariantDetails(price=1, sku="-5")])
    exact = await export_file.shopify_file()
    inert = formula_escaping.for_a_spreadsheet(exact)
    for out, sign in ((exact, ""), (inert, "'")):
        row = next(csv.DictReader(io.StringIO(out.decode("utf-8-sig"), newline="")))
        assert (row["Title"], row["Vendor"], row["Variant SKU"]) == (sign + title, sign + "@home", "-5")
        outcome = await import_file.run_import(out, name=f"{ids.new()}.csv")
        assert outcome.changed_rows == 0, outcome.told
        assert await database.fetch_value("SELECT title FROM product WHERE id = $1", id) == title
    for written in (exact, await export_file.woocommerce_file()):
        cells = csv.reader(io.StringIO(formula_escaping.for_a_spreadsheet(written).decode("utf-8-sig"), newline=""))
        assert not [cell for row in cells for cell in row if cell.startswith(("=", "@", "+", "\t", "\r"))]


HOME = FILE["shopify-home-and-garden"]


async def cost_of(slug: str) -> list[int | None]:
    rows = await database.fetch(
        "SELECT v.cost FROM variant v JOIN product p ON p.id = v.product WHERE p.slug = $1 ORDER BY v.position", slug
    )
    return [row["cost"] for row in rows]


async def test_what_a_piece_costs_comes_in_goes_out_and_is_not_forgotten() -> None:
    name = b"Cost per item"
    head, first, *rest = HOME.read_bytes().split(b"\r\n")
    assert head.endswith(name) and first.endswith(b",")
    told = b"\r\n".join([head, first + b"3.25", *rest])
    slug = first.split(b",")[0].decode()
    await import_file.run_import(told, name=HOME.name)
    assert (await cost_of(slug))[0] == 325
    assert await export_file.original_file(HOME.name) == told
    assert (await import_file.run_import(HOME.read_bytes(), name="silent.csv")).troubles == []
    assert (await cost_of(slug))[0] == 325, "a file that is silent about it changes nothing"


async def test_a_cost_that_is_none_is_said_with_its_line() -> None:
    head, first, *rest = HOME.read_bytes().split(b"\r\n")
    for wrong in (b"-1", b"cheap"):
        outcome = await import_file.run_import(b"\r\n".join([head, first + wrong, *rest]), name=HOME.name)
        assert [(one.line, "Cost per item is" in one.words) for one in outcome.troubles] == [(2, True)]


async def test_costs_that_no_file_had_a_column_for_go_out_in_one_of_their_own() -> None:
    await brought(APPAREL)
    shirt = snapshot_refresh.snapshot().product("ocean-blue-shirt")
    assert shirt is not None
    await variants.revise(shirt.variants[0].id, VariantDetails(price=5000, cost=1210, tracks_stock=False))
    rows = list(csv.DictReader(io.StringIO((await export_file.shopify_file()).decode(), newline="")))
    assert {row["Handle"]: row["Cost per item"] for row in rows if row["Cost per item"]} == {
        "ocean-blue-shirt": "12.10"
    }
    assert "Cost per item" not in (await export_file.original_file(APPAREL.name)).decode()
