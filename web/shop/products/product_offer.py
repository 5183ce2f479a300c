"""Everything a product's page shows this visitor: their price, whether and when they may buy it, and why."""

from dataclasses import dataclass
from uuid import UUID

from markupsafe import Markup

from components.catalog import product_list
from components.catalog.early_access import counts
from components.catalog.product_list import BrowseQuery
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import PictureView, ProductView, VariantView
from components.catalog.visibility import Availability, PurchaseStatus
from components.foundation import formatting, settings, text
from components.foundation.languages import language, letter_case
from components.foundation.languages.words import N_, _
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from components.pricing.prices import VisitorAndMemberPrice
from components.pricing.traces import Step, about_this
from web.shop.products import assurances, cards, descriptions, early_access_text, json_ld, variant_choice
from web.shop.products.assurances import Assurance
from web.shop.products.cards import CardPicture
from web.shop.products.early_access_text import EarlyAccessPart, EarlyWait
from web.shop.products.membership_offer import MembershipOffer, membership_offer
from web.shop.products.variant_choice import OptionRow
from web.shop.viewer import Viewer

MORE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductOffer:
    """Amounts in minor units. `waiting` is None when it may be bought; `most` is how many at once.

    `early` is set for somebody who may buy it before general sale.
    """

    title: str
    address: str
    crumbs: tuple[tuple[str, str], ...]
    gallery: tuple[CardPicture | None, ...]
    description: Markup
    summary: str
    options: tuple[OptionRow, ...]
    variant_id: str
    price: int
    member_price: int | None
    was: int | None
    lowest_before: int | None
    is_member_price: bool
    is_the_same: bool
    is_for_members: bool
    price_name: str
    steps: tuple[Step, ...]
    member_steps: tuple[Step, ...]
    why_href: str
    early: EarlyAccessPart | None
    waiting: EarlyWait | None
    stock_words: str
    is_in_stock: bool
    most: int
    club: MembershipOffer | None
    assurances: tuple[Assurance, ...]
    facts: tuple[tuple[str, str], ...]
    structured: Markup
    more: Markup | None
    more_title: str


async def offer_for(
    product: ProductView, viewer: Viewer, asked: str, standing: CustomerEntitlements, person_id: UUID | None = None
) -> ProductOffer:
    is_member = standing.is_member
    variant = variant_choice.chosen_variant(product, asked, cards.lead_variant(product, viewer))
    price, seen = viewer.prices(variant), viewer.standing_of(product, variant)
    had = await counts.for_person(person_id if seen.most is not None else None)
    limit = early_access_text.limit_for(product, variant, seen, had)
    address = settings.current().base_url + text.in_address(f"{language.prefix()}/products/{product.slug}")
    summary = descriptions.plain(product.description)
    more_title, more = _more(product, viewer)
    return ProductOffer(
        title=product.title,
        address=address,
        crumbs=_crumbs(product),
        gallery=_gallery(product, variant),
        description=descriptions.html(product.description),
        summary=summary,
        options=variant_choice.option_rows(
            product, variant, is_there=lambda one: cards.is_in_stock(product, one, viewer)
        ),
        variant_id=str(variant.id),
        price=price.now,
        member_price=price.member if price.shows_both and not price.is_yours else None,
        was=price.regular if price.is_yours else price.was,
        lowest_before=price.lowest_before if price.was is not None and not price.is_yours else None,
        is_member_price=price.is_yours,
        is_the_same=price.is_the_same,
        is_for_members=product.members_only,
        price_name=viewer.name_at_prices,
        steps=about_this(price.yours.trace),
        member_steps=about_this(price.club.trace) if _tells_both(price) else (),
        why_href=f"/products/{product.slug}/why?variant={variant_choice.option_key(variant)}",
        early=early_access_text.early_access_part(seen, limit),
        waiting=_waiting(seen) or early_access_text.limit_reached_text(seen, limit),
        stock_words=early_access_text.stock_text(variant, seen),
        is_in_stock=variant.is_in_stock,
        most=max(limit.units, 1),
        club=None if is_member else membership_offer(product, variant, price, seen, viewer, standing.on_hold),
        assurances=await assurances.assurances(variant, viewer, seen, is_member=is_member),
        facts=_facts(product, variant),
        structured=json_ld.product(product, variant, price, seen, address=address, summary=summary),
        more=more,
        more_title=more_title,
    )


def _tells_both(price: VisitorAndMemberPrice) -> bool:
    return price.is_the_same or (price.shows_both and not price.is_yours)


def _crumbs(product: ProductView) -> tuple[tuple[str, str], ...]:
    homes = [
        each for each in snapshot_refresh.snapshot().collections if each.id in product.collection_ids and each.is_listed
    ]
    return ((_("Shop"), "/products"), *((home.title, f"/collections/{home.slug}") for home in homes[:1]))


def _gallery(product: ProductView, variant: VariantView) -> tuple[CardPicture | None, ...]:
    """Pictures of the chosen variant (or of the one most like it) first; the placeholder when there are none."""
    options = {each.id: each.options for each in product.variants}

    def unlike(picture: PictureView) -> float:
        if picture.variant_id is None:
            return 0.5
        pictured = options.get(picture.variant_id, ())
        return sum(here != there for here, there in zip(pictured, variant.options, strict=False))

    return tuple(cards.card_pictures(picture) for picture in sorted(product.pictures_here, key=unlike)) or (None,)


def _waiting(seen: Availability) -> EarlyWait | None:
    if seen.why is PurchaseStatus.NOT_YET and seen.opens_at is not None:
        when = early_access_text.from_then(seen.opens_at)
        title = _("From %(day)s", day=formatting.weekday(seen.opens_at))
        return EarlyWait(title, N_("You can buy it %(when)s."), when, seen.opens_at)
    if seen.why is PurchaseStatus.MEMBERS_ONLY:
        return EarlyWait(_("Members only"), N_("This product is only available to members."), "", None)
    if not seen.is_buyable:
        return EarlyWait(_("Not on sale yet"), N_("It has no release date yet."), "", None)
    return None


def _facts(product: ProductView, variant: VariantView) -> tuple[tuple[str, str], ...]:
    known = ((_("Brand"), product.vendor), (_("Product type"), product.kind), (_("SKU"), variant.sku or ""))
    return tuple((name, words) for name, words in known if words)


def _more(product: ProductView, viewer: Viewer) -> tuple[str, Markup | None]:
    """Some other products of the same collection."""
    homes = [
        each for each in snapshot_refresh.snapshot().collections if each.id in product.collection_ids and each.is_listed
    ]
    if not homes:
        return "", None
    browsing = BrowseQuery(collection_id=homes[0].id)
    found = product_list.browse(snapshot_refresh.snapshot(), browsing, viewer.access, viewer.at).products
    others = [each for each in found if each.id != product.id][:MORE]
    title = _("More %(collection)s", collection=letter_case.inside(homes[0].title))
    return title, cards.card_grid(others, viewer, level="h3") if others else None
