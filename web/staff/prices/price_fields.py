"""The product fields that sales and coupons share."""

from collections.abc import Mapping
from uuid import UUID

from components.catalog.products import admin_products
from components.catalog.scopes import EVERYTHING, Scope
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import VariantView
from web.forms.fields import Choices, LongText, Many
from web.forms.form import Form

Named = Mapping[str, tuple[UUID, bool]]
"""By its name in the form: its id, and whether it is available now."""
NOTHING: Named = {}
GONE = " (not available)"


def sku_ids() -> LongText:
    return LongText("Variants by SKU", required=False, rows=3, help="One per line.")


def collections() -> Many:
    return Many("Collections")


def collection_choices() -> Choices:
    return tuple((str(one.id), one.title) for one in snapshot_refresh.snapshot().collections)


def scope_of(form: Form) -> Scope:
    """The scope chosen in `covers`, `collections` and `variants`; refuses an empty field."""
    covers = form.values.get("covers") or ""
    if covers == "everything":
        return EVERYTHING
    if covers == "collection":
        chosen = frozenset(UUID(one) for one in form.values.get("collections", ()))
        if not chosen:
            form.refuse("collections", "Choose at least one collection.")
        return Scope("collection", chosen)
    return Scope("variant", _variants(form))


def _variants(form: Form) -> frozenset[UUID]:
    written = [line.strip().removesuffix(GONE) for line in (form.values.get("variants") or "").splitlines()]
    lines = [line for line in written if line]
    by_sku = {name_of(variant): variant.id for one in snapshot_refresh.snapshot().products for variant in one.variants}
    by_sku |= {name: id for name, (id, _) in getattr(form, "named", NOTHING).items()}
    for line in lines:
        if line not in by_sku:
            form.refuse("variants", f"There is no variant “{line[:60]}”.")
            return frozenset()
    if not lines:
        form.refuse("variants", "Enter at least one SKU.")
    return frozenset(by_sku[line] for line in lines)


def name_of(variant: VariantView) -> str:
    """Its SKU; its id when it has none, or one that another variant had first."""
    return variant.sku if variant.sku and not variant.shares_sku else str(variant.id)


async def names_of(scope: Scope) -> Named:
    """Variants a row covers already, by SKU or id; including those not available now, so that they are kept."""
    if scope.kind != "variant":
        return NOTHING
    found = await admin_products.variants_named(scope.ids)
    return {one.name: (one.id, one.is_on_sale) for one in found}


def sku_lines(named: Named) -> str:
    """One per line, as the form shows them."""
    return "\n".join(name if is_on_sale else name + GONE for name, (_, is_on_sale) in sorted(named.items()))


def scope_words(scope: Scope) -> str:
    """ "All products", "Shoes, Hats" or "4 variants"."""
    if scope.kind == "everything":
        return "All products"
    if scope.kind == "collection":
        return (
            ", ".join(one.title for one in snapshot_refresh.snapshot().collections if one.id in scope.ids)
            or "A collection"
        )
    found = [variant for id in scope.ids if (variant := snapshot_refresh.snapshot().variant(id))]
    products = {snapshot_refresh.snapshot().product_by_id(variant.product_id) for variant in found}
    if len(products) == 1 and (only := next(iter(products))):
        return only.title
    return f"{len(scope.ids)} {scope.kind}s"
