"""Pictures that a file names, added to many products at once: the shop's own, and those that have to be fetched."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from components.catalog.catalog_refusals import UnknownProduct
from components.catalog.pictures import picture_fetches
from components.catalog.pictures.picture_fetches import WantedPicture
from components.catalog.pictures.pictures import StoredPicture
from components.catalog.tables import Picture, Product
from components.foundation import database, ids
from components.foundation.database import any_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPicture:
    """`path` is what it would be called here; unless such a picture is here, it is fetched from its address."""

    product: UUID
    path: str
    address: str
    alt: str
    variant: UUID | None = None


_COLUMNS = ("id", "product", "variant", "path", "alt", "position", "width", "height", "source", "brought_by")


async def add_all(named: Sequence[NamedPicture], *, by_import: UUID | None = None) -> list[UUID]:
    """Show each as its product's last one, those that are elsewhere once they have been fetched. `by_import` as for
    `picture_fetches.brought`."""
    if not named:
        return []
    product_ids = sorted({one.product for one in named})
    async with database.transaction():
        known = Product.select(Product.id).where(any_of(Product.id, product_ids)).order_by(Product.id)
        if len(await known.lock_rows()) < len(product_ids):
            raise UnknownProduct
        own = await _stored(one.path for one in named)
        elsewhere = {one.address for one in named if one.path not in own}
        wanted = await picture_fetches.want(elsewhere) if elsewhere else {}
        places = dict(await database.fetch_rows(_PLACES, product_ids))
        rows = []
        for one in named:
            place = places.get(one.product, 0)
            places[one.product] = place + 1
            found = WantedPicture(None, own[one.path]) if one.path in own else wanted[one.address]
            fetch, shown = found.fetch, found.shown
            sizes = (shown.path, one.alt, place, shown.width, shown.height)
            rows.append((ids.new(), one.product, one.variant, *sizes, fetch, by_import if fetch else None))
        await database.insert_rows(Picture, _COLUMNS, rows)
    return [row[0] for row in rows]


async def _stored(paths: Iterable[str]) -> dict[str, StoredPicture]:
    """Those that some product shows already, by their names here."""
    rows = await database.fetch_rows(_STORED, list(set(paths)))
    return {path: StoredPicture(path, width, height) for path, width, height in rows}


_STORED = "SELECT DISTINCT ON (path) path, width, height FROM picture WHERE path = ANY($1) AND width > 0 ORDER BY path"
_PLACES = "SELECT product, max(position) + 1 FROM picture WHERE product = ANY($1) GROUP BY product"
