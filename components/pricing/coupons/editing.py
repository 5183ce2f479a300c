"""Creating, changing and withdrawing coupons. An order that holds a coupon keeps its terms."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from components.catalog.scopes import EVERYTHING, Scope
from components.catalog.snapshot import snapshot_refresh
from components.foundation import audit, clock, database, ids, json
from components.foundation.database import transaction
from components.foundation.operations import deletions
from components.foundation.operations.deletions import RowsOf, StillUsed, Thing
from components.foundation.refusals import Refusal
from components.pricing.coupons import queries
from components.pricing.coupons.eligibility import CODE, StoredCoupon, normal_code
from components.pricing.tables import Coupon

MOST_OFF = 9_999
MOST_PAYMENTS = 60
AT_ONCE = timedelta(minutes=2)


class CouponRefused(Refusal):
    """`field` is the form field that the refusal is about."""

    def __init__(self, field: str, words: str) -> None:
        self.field = field
        super().__init__(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponDetails:
    """`value` is basis points off (percent) or minor units off (amount). Without `from_at` it begins at once."""

    code: str
    words: str
    discount_type: str
    value: int = 0
    scope: Scope = EVERYTHING
    minimum: int = 0
    stacks: bool = False
    from_at: datetime | None = None
    until_at: datetime | None = None
    limit_total: int | None = None
    limit_each: int | None = None
    plans: tuple[str, ...] = ()
    first_order_only: bool = False
    for_fees: bool = False
    fee_payments: int | None = None
    fee_plans: tuple[str, ...] = ()
    segment: UUID | None = None


async def create(details: CouponDetails, *, by: UUID | None = None) -> UUID:
    """Raises `CouponRefused`, naming the field, for invalid details."""
    coupon_id, now = ids.new(), clock.now()
    if details.from_at is not None and details.from_at < now - AT_ONCE:
        raise CouponRefused("from_at", "That date has passed. Leave it empty to start straight away.")
    wanted = _columns(details, details.from_at or now)
    _check(details, wanted["from_at"])
    _check_scope(details.scope)
    try:
        async with transaction():
            await Coupon.insert(Coupon(id=coupon_id, made_at=now, **wanted))
            await _note(by, "coupon created", coupon_id, None, wanted)
    except asyncpg.UniqueViolationError:
        raise CouponRefused("code", f"There is already a coupon {wanted['code']}. Choose another code.") from None
    return coupon_id


async def revise(coupon_id: UUID, details: CouponDetails, *, by: UUID | None = None) -> None:
    """From now on. A limit cannot go below the number of uses; a scope it already has stays allowed."""
    async with transaction():
        row = await database.locked(Coupon, Coupon.id == coupon_id)
        if row is None:
            raise queries.UnknownCoupon
        if row.withdrawn_at:
            raise CouponRefused("code", "This coupon has been deactivated. Create a new one.")
        wanted = _columns(details, details.from_at or row.from_at)
        _check(details, wanted["from_at"])
        if (wanted["scope_kind"], set(wanted["scope_ids"])) != (row.scope_kind, set(row.scope_ids)):
            _check_scope(details.scope)
        if wanted["code"] != row.code and row.used:
            raise CouponRefused("code", "This code has already been used and can’t be changed.")
        if details.limit_total is not None and details.limit_total < row.used:
            raise CouponRefused("limit_total", f"It has already been used {row.used} times.")
        try:
            async with transaction():
                await Coupon.update(**wanted).where(Coupon.id == coupon_id)
        except asyncpg.UniqueViolationError:
            raise CouponRefused("code", f"There is already a coupon {wanted['code']}. Choose another code.") from None
        changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
        await _note(by, "coupon changed", coupon_id, {name: getattr(row, name) for name in changed}, changed)


async def withdraw(coupon_id: UUID, *, by: UUID | None = None) -> StoredCoupon:
    """It can no longer be used; a payment that is already running still uses it."""
    async with transaction():
        wanted = Coupon.update(withdrawn_at=clock.now()).returning(Coupon.id)
        if await wanted.where(Coupon.id == coupon_id, Coupon.withdrawn_at.is_null()):
            await _note(by, "coupon deactivated", coupon_id, None, {"withdrawn": True})
    return await queries.by_id(coupon_id)


async def reactivate(coupon_id: UUID, *, by: UUID | None = None) -> StoredCoupon:
    """It can be used again, within its dates and limits."""
    async with transaction():
        wanted = Coupon.update(withdrawn_at=None).returning(Coupon.id)
        if await wanted.where(Coupon.id == coupon_id, Coupon.withdrawn_at.is_not_null()):
            await _note(by, "coupon reactivated", coupon_id, None, {"withdrawn": False})
    return await queries.by_id(coupon_id)


async def delete(coupon_id: UUID, *, by: UUID | None = None) -> UUID:
    """What it is brought back by. Raises `StillUsed` once an order has held it."""
    async with transaction():
        row = await database.locked(Coupon, Coupon.id == coupon_id)
        if row is None:
            raise queries.UnknownCoupon
        parts = (RowsOf(Coupon, Coupon.id, [coupon_id]),)
        try:
            thing = Thing("coupon", coupon_id, row.code, "/staff/coupons")
            return await deletions.delete(thing, parts, by=by)
        except StillUsed:
            raise StillUsed("This coupon has been used, so it can only be deactivated.") from None


def _check(details: CouponDetails, from_at: datetime) -> None:
    if not CODE.fullmatch(normal_code(details.code)):
        raise CouponRefused("code", "Use 3 to 40 letters, digits and hyphens.")
    if not details.words.strip():
        raise CouponRefused("words", "Enter a short description. Customers see it.")
    if details.discount_type == "percent" and not 0 < details.value <= MOST_OFF:
        raise CouponRefused("percent", "Enter a percentage above 0 and below 100.")
    if details.discount_type == "amount" and details.value <= 0:
        raise CouponRefused("amount", "Enter an amount above zero.")
    if details.minimum < 0:
        raise CouponRefused("minimum", "Enter zero or more.")
    if details.until_at is not None and details.until_at <= from_at:
        raise CouponRefused("until_at", "The end date must be after the start date.")
    if details.until_at is not None and details.until_at <= clock.now():
        raise CouponRefused("until_at", "That date has passed.")
    if details.for_fees and details.discount_type == "free_delivery":
        raise CouponRefused("discount_type", "A membership fee has no delivery.")
    if details.for_fees and details.segment is not None:
        raise CouponRefused("segment", "A coupon for the membership fee can’t be limited to a segment.")
    if details.for_fees and details.fee_payments is not None and not 1 <= details.fee_payments <= MOST_PAYMENTS:
        raise CouponRefused("fee_payments", f"Enter a number from 1 to {MOST_PAYMENTS}, or leave it empty.")
    for field in ("limit_total", "limit_each"):
        limit = getattr(details, field)
        if limit is not None and limit < 1:
            raise CouponRefused(field, "Enter 1 or more, or leave it empty for no limit.")


def _check_scope(scope: Scope) -> None:
    if scope.kind != "everything" and not any(
        scope.touches(product) for product in snapshot_refresh.snapshot().products
    ):
        field = {"collection": "collections", "product": "products", "variant": "variants"}[scope.kind]
        raise CouponRefused(field, "There are no products for sale here.")


def _columns(details: CouponDetails, from_at: datetime) -> dict[str, Any]:
    return {
        "code": normal_code(details.code),
        "words": details.words.strip(),
        "discount_type": details.discount_type,
        "value": details.value if details.discount_type != "free_delivery" else 0,
        "scope_kind": details.scope.kind,
        "scope_ids": sorted(details.scope.ids),
        "minimum": details.minimum,
        "stacks": details.stacks,
        "from_at": from_at,
        "until_at": details.until_at,
        "limit_total": details.limit_total,
        "limit_each": details.limit_each,
        "plans": list(details.plans),
        "first_order_only": details.first_order_only,
        "for_fees": details.for_fees,
        "fee_payments": details.fee_payments if details.for_fees else None,
        "fee_plans": list(details.fee_plans) if details.for_fees else [],
        "segment": details.segment,
    }


async def _note(
    by: UUID | None, what: str, coupon_id: UUID, before: dict[str, Any] | None, after: dict[str, Any]
) -> None:
    if by is not None:
        before = None if before is None else json.to_plain(before)
        await audit.record(by, what, "coupon", coupon_id, before=before, after=json.to_plain(after))
