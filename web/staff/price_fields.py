"""The question which products that sales and coupons share."""

from collections.abc import Iterable
from uuid import UUID

from components import catalog
from components.catalog import Scope
from web.forms import Choices, Form, LongText, Many


def skus() -> LongText:
    return LongText("Variants, by SKU", required=False, rows=3, help="One to a line.")


def collections() -> Many:
    return Many("Collections")


def collection_choices() -> Choices:
    return tuple((str(one.id), one.title) for one in catalog.snapshot().collections)


def scope_of(form: Form) -> Scope:
    """What the form's `covers`, `collections` and `variants` name; refuses the field that names nothing."""
    covers = form.values.get("covers") or ""
    if covers == "everything":
        return catalog.EVERYTHING
    if covers == "collection":
        chosen = frozenset(UUID(one) for one in form.values.get("collections", ()))
        if not chosen:
            form.refuse("collections", "Choose at least one.")
        return Scope("collection", chosen)
    return Scope("variant", _variants(form))


def _variants(form: Form) -> frozenset[UUID]:
    lines = [line.strip() for line in (form.values.get("variants") or "").splitlines() if line.strip()]
    by_sku = {variant.sku: variant.id for one in catalog.snapshot().products for variant in one.variants if variant.sku}
    for line in lines:
        if line not in by_sku:
            form.refuse("variants", f"We have nothing called “{line}”.")
            return frozenset()
    if not lines:
        form.refuse("variants", "Name at least one.")
    return frozenset(by_sku[line] for line in lines)


def sku_lines(ids: Iterable[UUID]) -> str:
    found = (catalog.snapshot().variant(id) for id in ids)
    return "\n".join(sorted(variant.sku or str(variant.id) for variant in found if variant))


def scope_words(scope: Scope) -> str:
    """ "Everything", "Mugs, Bowls" or "4 variants"."""
    if scope.kind == "everything":
        return "Everything"
    if scope.kind == "collection":
        return ", ".join(one.title for one in catalog.snapshot().collections if one.id in scope.ids) or "A collection"
    found = [variant for id in scope.ids if (variant := catalog.snapshot().variant(id))]
    products = {catalog.snapshot().product_by_id(variant.product_id) for variant in found}
    if len(products) == 1 and (only := next(iter(products))):
        return only.title
    return f"{len(scope.ids)} {scope.kind}s"
