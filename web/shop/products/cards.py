"""Cards: a product in a list, with this visitor's price and what the club would change."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from components.catalog import visibility
from components.catalog.pictures import pictures
from components.catalog.views import PictureView, ProductView, VariantView
from components.catalog.visibility import Availability, PurchaseStatus
from components.foundation import formatting
from components.foundation.languages.words import _, p_
from web import templating
from web.shop.viewer import Viewer

KEPT_SHELVES = 500
Badge = tuple[str, str]


@dataclass(frozen=True, slots=True)
class CardPicture:
    """A picture ready for the page."""

    src: str
    srcset: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CardOpening:
    """The next opening: `before` precedes `words`, which a script may replace with a countdown."""

    before: str
    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class ProductCard:
    """Amounts in minor units; `member_price` is None where membership changes nothing.

    `is_the_same`: a sale for everybody is as low as a member's price.
    `lowest_before` is the lowest price of the 30 days before a reduction that everybody gets, where one is announced.
    """

    url: str
    title: str
    picture: CardPicture | None
    price: int
    member_price: int | None
    was: int | None
    lowest_before: int | None
    is_member_price: bool
    has_range: bool
    is_the_same: bool
    badges: tuple[Badge, ...]
    is_early: bool
    sold_out: bool
    opens: CardOpening | None = None


def card_pictures(picture: PictureView | None) -> CardPicture | None:
    if picture is None:
        return None
    widths = pictures.widths(picture)
    src = pictures.address(picture, widths[min(1, len(widths) - 1)])
    srcset = ", ".join(f"{pictures.address(picture, width)} {width}w" for width in widths)
    return CardPicture(src, srcset, picture.alt, picture.width, picture.height)


def first_picture(product: ProductView) -> CardPicture | None:
    return card_pictures(next(iter(product.pictures_here), None))


def lead_variant(product: ProductView, viewer: Viewer) -> VariantView:
    """The variant shown on a card: the cheapest for this visitor, available ones before others."""
    if len(product.variants) == 1:
        return product.variants[0]
    return min(
        product.variants, key=lambda variant: (not is_in_stock(product, variant, viewer), viewer.prices(variant).now)
    )


def is_in_stock(product: ProductView, variant: VariantView, viewer: Viewer) -> bool:
    """Whether a unit is available to this visitor; for an early buyer, within the early access quota."""
    return visibility.available(variant, viewer.standing_of(product, variant)) != 0


def card(product: ProductView, viewer: Viewer) -> ProductCard:
    price, seen = viewer.prices(lead_variant(product, viewer)), viewer.standing(product)
    is_reduced = price.was is not None and not price.is_yours
    return ProductCard(
        url=f"/products/{product.slug}",
        title=product.title,
        picture=first_picture(product),
        price=price.now,
        member_price=price.member if price.shows_both and not price.is_yours else None,
        was=price.regular if price.is_yours else price.was,
        lowest_before=price.lowest_before if is_reduced else None,
        is_member_price=price.is_yours,
        has_range=not product.has_one_price,
        is_the_same=price.is_the_same,
        badges=_badges(product, seen, viewer, on_sale=is_reduced),
        is_early=product.has_some_early and _is_early(product, seen, viewer),
        sold_out=not product.is_in_stock,
        opens=_opening(seen),
    )


def _is_early(product: ProductView, seen: Availability, viewer: Viewer) -> bool:
    return seen.is_early or (seen.why is PurchaseStatus.NOT_YET and viewer.club_standing(product).is_buyable)


def _opening(seen: Availability) -> CardOpening | None:
    if seen.why is PurchaseStatus.NOT_YET and seen.opens_at is not None:
        return CardOpening(p_("from an instant on", "On sale"), seen.opens_at, _when(seen.opens_at))
    if seen.is_early and seen.public_from is not None:
        return CardOpening(_("On general sale"), seen.public_from, _when(seen.public_from))
    return None


def _when(at: datetime) -> str:
    return p_("On sale …", "%(when)s", when=formatting.weekday_and_time(at))


def _badges(product: ProductView, seen: Availability, viewer: Viewer, *, on_sale: bool) -> tuple[Badge, ...]:
    badges: list[Badge] = []
    if product.members_only:
        badges.append((_("Members only"), "club"))
    if seen.why is PurchaseStatus.NOT_YET and seen.opens_at is not None:
        badges.append((_("From %(day)s", day=formatting.short_day(seen.opens_at)), "plain"))
    elif visibility.is_new(product, viewer.at):
        badges.append((p_("product", "New"), "plain"))
    elif seen.is_early and product.is_in_stock and not product.has_some_early:
        badges.append((_("Early access sold out"), "plain"))
    if on_sale:
        badges.append((p_("reduced", "Sale"), "sale"))
    return tuple(badges)


_shelves: OrderedDict[tuple[object, ...], Markup] = OrderedDict()


def card_grid(products: Sequence[ProductView], viewer: Viewer, *, level: str = "h2") -> Markup:
    """The products as a list of cards, rendered once for everybody who sees the same."""
    key = (level, viewer.key, *((product.id, product.stamp) for product in products))
    if key in _shelves:
        _shelves.move_to_end(key)
        return _shelves[key]
    cards = tuple(card(product, viewer) for product in products)
    drawn = Markup(
        templating.render("shop/products/_shelf.html", {"cards": cards, "level": level, "name": viewer.name_at_prices})
    )
    _shelves[key] = drawn
    if len(_shelves) > KEPT_SHELVES:
        _shelves.popitem(last=False)
    return drawn
