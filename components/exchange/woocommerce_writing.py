"""Writes WooCommerce's lines: from an imported file, or new for a product that was never in one."""

from collections.abc import Sequence
from uuid import UUID

from components.catalog import VariantDetails
from components.exchange import cells as meaning
from components.exchange import columns, inert, woocommerce
from components.exchange.columns import About
from components.exchange.current import Current, Product
from components.exchange.kept import KeptFile, KeptRow
from components.exchange.pictures import address_of, path_of
from components.exchange.sheets import Line, Sheet
from components.exchange.wanted import WantedProduct, WantedVariant
from components.exchange.woocommerce_columns import HEADER, PRODUCT, VARIANT, listed

__all__ = ["HEADER", "again", "anew"]
Cells = tuple[str, ...]


def again(file: KeptFile, now: Current) -> list[Cells]:
    """The file's lines in their order; later variations come at the end."""
    said, made = _said(file.sheet), []
    for place, row in enumerate(file.rows):
        product = now.products.get(row.product) if row.product else None
        if product is None or place not in said:
            made.append(row.cells)
        elif (line := _line(file.sheet, row, product, *said[place], now)) is not None:
            made.append(line)
    for product_id in dict.fromkeys(row.product for row in file.rows if row.product):
        if product := now.products.get(product_id):
            made += _additions(file, product)
    return made


def _said(sheet: Sheet) -> dict[int, tuple[WantedProduct, WantedVariant | None]]:
    found: dict[int, tuple[WantedProduct, WantedVariant | None]] = {}
    for product in woocommerce.read(sheet).products:
        of_line = {variant.line.number: variant for variant in product.variants}
        found |= {line.number: (product, of_line.get(line.number)) for line in product.lines}
    return found


def _line(
    sheet: Sheet,
    row: KeptRow,
    product: Product,
    wanted: WantedProduct,
    variant: WantedVariant | None,
    now: Current,
) -> Cells | None:
    """One line with current data; None for an archived variation."""
    here = product.variants.get(row.variant) if row.variant else None
    said = About(wanted.details, variant.details if variant else None)
    is_variation = row.cells is not wanted.lines[0].cells
    if is_variation and row.variant is not None and here is None:
        return None
    cells = row.cells
    if not is_variation:
        cells = _with_product(sheet, cells, product, wanted, now)
    if here is not None and variant is not None:
        cells = columns.fill(sheet, cells, VARIANT, said=said, now=About(product.details, here))
    return cells


def _with_product(sheet: Sheet, cells: Cells, product: Product, wanted: WantedProduct, now: Current) -> Cells:
    said, about = About(wanted.details), About(product.details)
    if said.product.description != about.product.description:
        cells = columns.emptied(sheet, cells, ("Short description",))
    cells = columns.fill(sheet, cells, PRODUCT, said=said, now=about)
    raw = Line(0, cells)
    asked = {slug for slug, _ in woocommerce.collections(sheet.value(raw, "Categories"))}
    if not asked <= set(about.product.collections):
        cells = columns.put(sheet, cells, {"Categories": _categories(product, now)})
    written = [path_of(address) for address in meaning.listed(sheet.value(raw, "Images"))]
    here = [picture.path for picture in product.pictures]
    if not set(written) <= set(here) or any("://" not in path for path in here if path not in written):
        cells = columns.put(sheet, cells, {"Images": ", ".join(address_of(picture) for picture in product.pictures)})
    return cells


def _categories(product: Product, now: Current) -> str:
    """Paths of titles: a collection whose address starts with another's is its child."""
    slugs = product.details.collections
    leaves = [slug for slug in slugs if not any(other.startswith(f"{slug}-") for other in slugs)]
    return listed(" > ".join(now.titles[part] for part in _above(leaf, now) if part in now.titles) for leaf in leaves)


def _above(slug: str, now: Current) -> list[str]:
    parts = slug.split("-")
    return [known for n in range(1, len(parts) + 1) if (known := "-".join(parts[:n])) in now.titles]


def _additions(file: KeptFile, product: Product) -> list[Cells]:
    rows = [row for row in file.rows if row.product == product.id]
    if file.sheet.value(Line(0, rows[0].cells), "Type").strip() != "variable":
        return []
    known = {row.variant for row in rows}
    parent = file.sheet.value(Line(0, rows[0].cells), "SKU")
    new = [details for id, details in product.variants.items() if id not in known]
    return [_variation(file.sheet, product, details, parent) for details in new]


def anew(sheet: Sheet, now: Current, ids: Sequence[UUID]) -> list[Cells]:
    return [line for id in ids for line in _whole(sheet, now.products[id], now)]


def _whole(sheet: Sheet, product: Product, now: Current) -> list[Cells]:
    variants = list(product.variants.values())
    is_simple = len(variants) == 1
    said = {
        "Type": "simple" if is_simple else "variable",
        "SKU": variants[0].sku or "" if is_simple else product.slug,
        "Visibility in catalog": "visible",
        "Tax status": "taxable",
        "In stock?": "1",
        "Categories": _categories(product, now),
        "Images": ", ".join(address_of(picture) for picture in product.pictures),
        **_attributes(
            product, [tuple(dict.fromkeys(each)) for each in zip(*(v.options for v in variants), strict=True)]
        ),
    }
    line = columns.fill(sheet, columns.put(sheet, (), said), PRODUCT, said=None, now=About(product.details))
    if is_simple:
        return [columns.fill(sheet, line, VARIANT, said=None, now=About(product.details, variants[0]))]
    return [line, *(_variation(sheet, product, each, product.slug) for each in variants)]


def _values(variants: Sequence[VariantDetails]) -> list[tuple[str, ...]]:
    """All values of each option."""
    return [tuple(dict.fromkeys(values)) for values in zip(*(each.options for each in variants), strict=True)]


def _variation(sheet: Sheet, product: Product, details: VariantDetails, parent: str) -> Cells:
    said = {
        "Type": "variation",
        "Name": inert.guarded(f"{product.details.title} - {', '.join(details.options)}"),
        "Published": "1",
        "In stock?": "1",
        "Parent": parent,
        **_attributes(product, [(value,) for value in details.options]),
    }
    return columns.fill(sheet, columns.put(sheet, (), said), VARIANT, said=None, now=About(product.details, details))


def _attributes(product: Product, values: Sequence[Sequence[str]]) -> dict[str, str]:
    said = {}
    for number, (name, chosen) in enumerate(zip(product.details.option_names, values, strict=False), start=1):
        said[f"Attribute {number} name"] = inert.guarded(name)
        said[f"Attribute {number} value(s)"] = inert.guarded(listed(chosen))
        said[f"Attribute {number} visible"] = said[f"Attribute {number} global"] = "1"
    return said
