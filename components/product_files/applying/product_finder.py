"""Which product here each product of a file means: asked for many at once."""

from collections.abc import Sequence
from uuid import UUID

from components.catalog.products import product_deletion, products, variants
from components.foundation.refusals import Refusal
from components.product_files import import_archive
from components.product_files.applying import products_here
from components.product_files.applying.products_here import ProductHere
from components.product_files.file_formats import Format
from components.product_files.import_archive import FoundBefore
from components.product_files.parsed_products import ParsedProduct


class ProductFinder:
    """`claimed` are products that a product of the file has taken: no other is meant by their address or SKUs.

    A preview (`rehearses`) undoes each new product: those after it do not find it.
    """

    def __init__(self, of: Format, name: str, *, rehearses: bool) -> None:
        self.format, self.name, self.rehearses = of, name, rehearses
        self.claimed: set[UUID] = set()
        self._known: dict[str, FoundBefore] = {}

    async def start(self) -> None:
        """Raises a `Refusal` if this name belongs to a file of the other format."""
        file = await import_archive.header_by_name(self.name)
        if file is not None and file.source != self.format.name:
            raise Refusal(f"A file named “{self.name}” was already imported in another format. Please rename this one.")
        known = await import_archive.products_by_key(self.format.name, self.name)
        here = await product_deletion.existing([found.product for found in known.values()])
        self._known = {key: found for key, found in known.items() if found.product in here}

    async def find(self, wanted: Sequence[ParsedProduct]) -> list[UUID | None]:
        """None for a product that is new. The list ends before a product that means the same as one before it: what
        comes of that one decides."""
        here = await self._unsure(wanted)
        by_slug = await self._by_slug(wanted) if self.format.names_address else {}
        by_sku = {} if self.format.names_address else await self._by_sku(wanted)
        found: list[UUID | None] = []
        new = 0
        for one in wanted:
            product = self._before(one, here)
            if product is None:
                alike = {by_slug.get(one.slug)} if self.format.names_address else _having(by_sku, one)
                only = alike.pop() if len(alike) == 1 else None
                product = None if only in self.claimed or isinstance(only, int) else only
            if product is not None and product in found:
                break
            found.append(product)
            if product is None and not self.rehearses:
                new += 1
                for sku in _skus(one):
                    by_sku.setdefault(sku, set()).add(new)
        return found

    def _before(self, wanted: ParsedProduct, here: dict[UUID, ProductHere]) -> UUID | None:
        """The product of an earlier import."""
        before = self._known.get(wanted.key)
        if before is None:
            return None
        is_it = before.is_of_this_file or self.format.names_address or _is_it(here.get(before.product), wanted)
        return before.product if is_it else None

    async def _unsure(self, wanted: Sequence[ParsedProduct]) -> dict[UUID, ProductHere]:
        if self.format.names_address:
            return {}
        known = [before for one in wanted if (before := self._known.get(one.key)) and not before.is_of_this_file]
        return await products_here.load([before.product for before in known])

    async def _by_slug(self, wanted: Sequence[ParsedProduct]) -> dict[str, UUID]:
        return await products.by_slugs([one.slug for one in wanted if one.slug and one.key not in self._known])

    async def _by_sku(self, wanted: Sequence[ParsedProduct]) -> dict[str, set[UUID | int]]:
        """By SKU; those that are new in this list have numbers."""
        skus = {sku for one in wanted for sku in _skus(one)}
        return {sku: {*found} for sku, found in (await variants.products_of(list(skus))).items()}


def _having(by_sku: dict[str, set[UUID | int]], wanted: ParsedProduct) -> set[UUID | int | None]:
    return {product for sku in _skus(wanted) for product in by_sku.get(sku, ())}


def _skus(wanted: ParsedProduct) -> set[str]:
    return {one.details.sku for one in wanted.variants if one.details.sku}


def _is_it(here: ProductHere | None, wanted: ParsedProduct) -> bool:
    """Two shops give the same number to different products: those have another title and other SKUs."""
    if here is None:
        return False
    skus, wanted_skus = here.skus, _skus(wanted)
    is_alike = here.details.title == wanted.details.title or not wanted.details.title
    return is_alike or not skus or not wanted_skus or bool(skus & wanted_skus)
