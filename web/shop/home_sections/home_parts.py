"""What a section of the home page shows, ready for its template."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from markupsafe import Markup

from components.memberships.plans.plan_catalogue import PlanView
from web.shop.for_you.personal_shelf import ChosenCard
from web.shop.journal.articles import Teaser
from web.shop.products.cards import CardPicture
from web.shop.products.collections import Tile


@dataclass(frozen=True, slots=True)
class SectionPlace:
    """Where a section stands. `without`: products that stand elsewhere on the page."""

    anchor: str
    without: frozenset[UUID] = frozenset()


@dataclass(frozen=True, kw_only=True)
class HomePart:
    """`anchor` is unique on the page. `shows`: products, which no section further down shows again. `is_hidden`: only
    staff see it, in their preview."""

    kind: ClassVar[str]
    anchor: str
    shows: tuple[UUID, ...] = ()
    is_hidden: bool = False


@dataclass(frozen=True, kw_only=True)
class HeroPart(HomePart):
    """Without a picture of its own it shows a product’s, and without that none at all."""

    kind = "hero"
    title: str
    text: str
    href: str
    link: str
    picture: CardPicture | None
    joins: bool
    is_first: bool


@dataclass(frozen=True, kw_only=True)
class ProductsPart(HomePart):
    """`grid` is None while there is nothing to show."""

    kind = "products"
    title: str
    href: str
    link: str
    grid: Markup | None


@dataclass(frozen=True, kw_only=True)
class ForYouPart(HomePart):
    kind = "for_you"
    title: str
    chosen: tuple[ChosenCard, ...]


@dataclass(frozen=True, kw_only=True)
class CollectionsPart(HomePart):
    kind = "collections"
    title: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, kw_only=True)
class ProductPart(HomePart):
    kind = "product"
    title: str
    text: Markup
    href: str
    picture: CardPicture | None
    price: str


@dataclass(frozen=True, kw_only=True)
class MembershipPart(HomePart):
    kind = "membership"
    title: str
    plan: PlanView
    points: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class JournalPart(HomePart):
    kind = "journal"
    title: str
    articles: tuple[Teaser, ...]


@dataclass(frozen=True, kw_only=True)
class TextPart(HomePart):
    kind = "text"
    title: str
    text: Markup
    href: str
    link: str


@dataclass(frozen=True, slots=True)
class QuotedWords:
    words: str
    who: str


@dataclass(frozen=True, kw_only=True)
class QuotesPart(HomePart):
    kind = "quotes"
    title: str
    quotes: tuple[QuotedWords, ...]
