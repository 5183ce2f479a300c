"""The question "which products?" that several kinds ask, and its answer in words."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, TypeGuard
from uuid import UUID

import msgspec

from components.catalog import visibility
from components.catalog.scopes import Scope
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import ProductView, VariantView
from components.foundation import clock
from components.foundation.languages import enumerations
from components.foundation.languages.words import _, n_
from components.memberships.benefits.protocol import BenefitField, SettingRefused

Covers = Literal["everything", "collection", "product", "variant"]

FIELDS = (
    BenefitField(
        "covers",
        "Applies to",
        "choice",
        choices=(
            ("everything", "All products"),
            ("collection", "Selected collections"),
            ("product", "Selected products"),
            ("variant", "Selected variants"),
        ),
    ),
    BenefitField("collections", "Collections", "collections", is_needed=False),
    BenefitField("products", "Products", "products", is_needed=False),
    BenefitField("variants", "Variants by SKU", "variants", is_needed=False),
)
_ANSWERED_BY: dict[str, str] = {"collection": "collections", "product": "products", "variant": "variants"}


class Covered(msgspec.Struct, frozen=True):
    """A part of the catalogue as it is stored in a benefit's settings."""

    kind: Covers = "everything"
    ids: tuple[UUID, ...] = ()

    @property
    def scope(self) -> Scope:
        return Scope(self.kind, frozenset(self.ids))


def read_scope(answers: Mapping[str, Any]) -> Covered:
    """Raises `SettingRefused` when nothing has been chosen."""
    covers = str(answers.get("covers") or "everything")
    if covers == "everything":
        return Covered()
    field = _ANSWERED_BY.get(covers)
    if field is None:
        raise SettingRefused("covers", "Choose which products it applies to.")
    chosen = answers.get(field) or ()
    if not chosen:
        raise SettingRefused(field, "Choose at least one.")
    return Covered(covers, tuple(sorted(UUID(str(one)) for one in chosen)))  # type: ignore[arg-type]


def as_answers(covered: Covered) -> dict[str, Any]:
    chosen = {_ANSWERED_BY[covered.kind]: [str(one) for one in covered.ids]} if covered.kind in _ANSWERED_BY else {}
    return {"covers": covered.kind, **chosen}


def in_words(covered: Covered) -> str:
    """ "everything", "Bags and Hats", or "4 products" when the names would make it long."""
    if covered.kind == "everything":
        return _("everything")
    names = _names(covered)
    if len(names) != len(covered.ids) or len(names) > 3:
        return _COUNTED[covered.kind](len(covered.ids))
    return enumerations.all_of(names)


_COUNTED: dict[str, Callable[[int], str]] = {
    "collection": lambda count: n_("%(num)s collections", "%(num)s collections", count),
    "product": lambda count: n_("%(num)s products", "%(num)s products", count),
    "variant": lambda count: n_("%(num)s variants", "%(num)s variants", count),
}


def _names(covered: Covered) -> list[str]:
    snapshot, wanted = snapshot_refresh.snapshot(), set(covered.ids)
    if covered.kind == "collection":
        return [one.title for one in snapshot.collections if one.id in wanted]
    if covered.kind == "product":
        products = map(snapshot.product_by_id, covered.ids)
        return [found.title for found in products if is_named(found)]
    variants = [found for found in map(snapshot.variant, covered.ids) if found]
    return [found.title for found in variants if is_named(snapshot.product_by_id(found.product_id))]


def products_on_sale(covered: Covered) -> Iterator[tuple[ProductView, VariantView]]:
    """Every variant on sale, now or later, that this covers."""
    for product in snapshot_refresh.snapshot().products:
        for variant in product.variants:
            if covered.scope.covers(variant):
                yield product, variant


def is_named(product: ProductView | None) -> TypeGuard[ProductView]:
    """Whether public text may name it: not before it is announced, and not once it is gone."""
    return product is not None and visibility.is_for_all(product, clock.now())
