"""Who can see a product, and who may buy it, at an instant. Pages, lists, search, feeds and payment all use this
rule."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from components.catalog.scopes import Scope
from components.catalog.views import ProductView, VariantView

ANNOUNCED = timedelta(days=30)
NEW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class HeadStart:
    """Products of the scope open this much earlier; until general sale, at most `most` units of one product.

    `most` is None for no limit.
    """

    scope: Scope
    lead: timedelta
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """What a person's entitlements open. Hashable: people with the same access share cached pages."""

    NONE: ClassVar["Access"]

    head_starts: tuple[HeadStart, ...] = ()
    members_only: tuple[Scope, ...] = ()
    _hash: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.head_starts, self.members_only)))

    def __hash__(self) -> int:
        """Calculated once: it is part of many cache keys, several times per page."""
        return self._hash


Access.NONE = Access()


class PurchaseStatus(StrEnum):
    """Whether a product can be bought now: `open`, or the reason why not."""

    OPEN = "open"
    NOT_YET = "not yet"
    MEMBERS_ONLY = "members only"
    UNANNOUNCED = "unannounced"


@dataclass(frozen=True, slots=True)
class Availability:
    """`opens_at` is the first instant this visitor may buy; None when there is no date to wait for.

    `is_early`: open to this visitor but not on general sale yet; they may then have `most` units of the product (None:
    no limit).
    """

    why: PurchaseStatus
    opens_at: datetime | None
    public_from: datetime | None
    is_early: bool = False
    most: int | None = None

    @property
    def is_visible(self) -> bool:
        return self.why is not PurchaseStatus.UNANNOUNCED

    @property
    def is_buyable(self) -> bool:
        return self.why is PurchaseStatus.OPEN

    @property
    def may_be_given(self) -> bool:
        """Whether it may be given as a free gift: once it is open, if only to members."""
        return self.why in (PurchaseStatus.OPEN, PurchaseStatus.MEMBERS_ONLY)


_ALWAYS = Availability(PurchaseStatus.OPEN, None, None)


def product_availability(product: ProductView, access: Access, at: datetime) -> Availability:
    """The product's availability for this access. Instants are half-open: open *at* the first one."""
    if product.public_from is None and not product.members_only:
        return _ALWAYS
    return _weighed(product, product.variants, access, at)


def availability_of(product: ProductView, variant: VariantView, access: Access, at: datetime) -> Availability:
    """The same for one variant: a benefit may open only some variants of a product."""
    if product.public_from is None and not product.members_only:
        return _ALWAYS
    return _weighed(product, (variant,), access, at)


def is_for_all(product: ProductView, at: datetime) -> bool:
    """Whether everybody may see it: texts that address nobody in particular name no other products."""
    return product_availability(product, Access.NONE, at).is_visible


def _weighed(product: ProductView, variants: tuple[VariantView, ...], access: Access, at: datetime) -> Availability:
    public_from = product.public_from
    opens_at = None if public_from is None else public_from - _head_start(variants, access)
    if opens_at is not None and at < opens_at:
        # `opens_at` is never later than `public_from`, so members are informed at least as early as anybody else.
        why = PurchaseStatus.NOT_YET if opens_at - at <= ANNOUNCED else PurchaseStatus.UNANNOUNCED
        return Availability(why, opens_at, public_from)
    if product.members_only and not _is_let_in(variants, access):
        return Availability(PurchaseStatus.MEMBERS_ONLY, opens_at, public_from)
    if not is_before_everybody(product, at):
        return Availability(PurchaseStatus.OPEN, opens_at, public_from)
    return Availability(
        PurchaseStatus.OPEN, opens_at, public_from, is_early=True, most=early_limit(product, access, at)
    )


def is_before_everybody(product: ProductView, at: datetime) -> bool:
    """Whether a unit sold now is sold in early access."""
    return product.public_from is not None and at < product.public_from


def early_limit(product: ProductView, access: Access, at: datetime) -> int | None:
    """How many units of a product in early access one member may have. The most generous of several head starts
    counts, whichever variants they cover. None for no limit."""
    public_from = product.public_from
    opened = (head for head in access.head_starts if head.scope.touches(product))
    found = [head.most for head in opened if public_from is not None and public_from - head.lead <= at]
    limits = [most for most in found if most is not None]
    return max(limits) if limits and len(limits) == len(found) else None


def available(variant: VariantView, seen: Availability) -> int | None:
    """How many units are available with this availability: early buyers have a quota. None for no limit."""
    return variant.available_early if seen.is_early else variant.available


def _head_start(variants: tuple[VariantView, ...], access: Access) -> timedelta:
    leads = (head.lead for head in access.head_starts if any(head.scope.covers(variant) for variant in variants))
    return max(leads, default=timedelta())


def _is_let_in(variants: tuple[VariantView, ...], access: Access) -> bool:
    return any(scope.covers(variant) for scope in access.members_only for variant in variants)


def is_new(product: ProductView, at: datetime) -> bool:
    """Whether general sale began in the last thirty days."""
    return product.public_from is not None and product.public_from <= at < product.public_from + NEW


def boundaries(product: ProductView, access: Access) -> tuple[datetime, ...]:
    """Every instant at which `product_availability` or `is_new` may change for this access."""
    if product.public_from is None:
        return ()
    opening = {product.public_from} | {product.public_from - head.lead for head in access.head_starts}
    moments = [instant - early for instant in opening for early in (timedelta(), ANNOUNCED)]
    return (*moments, product.public_from + NEW)
