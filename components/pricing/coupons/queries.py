"""Stored coupons, read by code, by id, or as part of another statement."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from components.catalog.scopes import stored_scope
from components.foundation import clock, database
from components.foundation.database import Query
from components.foundation.languages.words import N_
from components.foundation.refusals import NotFound
from components.foundation.text import mailbox
from components.pricing.coupons.coupons import CouponDiscount
from components.pricing.coupons.eligibility import CouponTerms, StoredCoupon, normal_code
from components.pricing.tables import Coupon, CouponUse

OURS = "u.state IN ('reserved', 'used')"
NO_ORDER = "NULL::uuid"
_BY_CODE = "SELECT id FROM coupon WHERE code = $1"


class UnknownCoupon(NotFound):
    message = N_("We could not find that coupon.")


def query(
    coupon_sql: str, order_sql: str, args: tuple[Any, ...], *, person_id: UUID | None, email: str
) -> Query[StoredCoupon | None]:
    """The coupon whose id the first fragment gives, ignoring its use by the order that the second one gives, and by a
    fee that this person has not paid yet."""
    person, mail = f"${len(args) + 1}", f"${len(args) + 2}"
    is_own = f"""(coalesce(u.order_id = ({order_sql}), false)
      OR u.fee IS NOT NULL AND u.state = 'reserved' AND coalesce(u.person = {person}::uuid, false))"""
    return Query(
        f"""SELECT json_build_object('row', to_json(c),
          'own', (SELECT count(*) FROM coupon_use u WHERE u.coupon = c.id AND {OURS} AND {is_own}),
          'theirs', (SELECT count(*) FROM coupon_use u WHERE u.coupon = c.id AND {OURS} AND NOT {is_own}
            AND (u.person = {person}::uuid OR ({mail}::text <> '' AND u.email = {mail}))))
        FROM coupon c WHERE c.id = ({coupon_sql})""",
        (*args, person_id, mailbox(email) if email else ""),
        _answered,
    )


def code_query(typed: str, *, person_id: UUID | None, email: str) -> Query[StoredCoupon | None]:
    """The coupon with this code, for somebody who has no order."""
    return query(_BY_CODE, NO_ORDER, (normal_code(typed),), person_id=person_id, email=email)


async def are_any_for_fees(of_plan: str | None = None) -> bool:
    """Whether any code for a membership fee can be used now; one that names the plan, where its slug is given."""
    return bool(await database.fetch_value(_ANY_FOR_FEES, clock.now(), of_plan))


_ANY_FOR_FEES = """
SELECT EXISTS (SELECT FROM coupon WHERE for_fees AND withdrawn_at IS NULL AND holds(from_at, until_at, $1)
  AND (limit_total IS NULL OR used < limit_total) AND ($2::text IS NULL OR $2 = ANY(fee_plans)))
"""


async def by_code(typed: str) -> StoredCoupon | None:
    row = await Coupon.select().where(Coupon.code == normal_code(typed)).first()
    return _stored_coupon(row) if row else None


async def codes_for(thing_id: UUID) -> tuple[str, ...]:
    """The active coupons that cover this collection, product or variant by name."""
    sql = "SELECT code FROM coupon WHERE $1 = ANY(scope_ids) AND withdrawn_at IS NULL ORDER BY code"
    return tuple(await database.fetch_values(sql, thing_id))


async def by_id(coupon_id: UUID) -> StoredCoupon:
    row = await Coupon.select().where(Coupon.id == coupon_id).first()
    if row is None:
        raise UnknownCoupon
    return _stored_coupon(row)


async def limited_to(segment_id: UUID) -> tuple[StoredCoupon, ...]:
    """Those that only customers of a segment can use, unless withdrawn."""
    is_theirs = (Coupon.segment == segment_id) & Coupon.withdrawn_at.is_null()
    return tuple(_stored_coupon(row) for row in await Coupon.select().where(is_theirs).order_by(Coupon.code))


async def all_coupons() -> tuple[StoredCoupon, ...]:
    """The newest first, withdrawn ones last."""
    rows = await Coupon.select().order_by(Coupon.made_at, Coupon.id, ascending=False)
    return tuple(_stored_coupon(row) for row in sorted(rows, key=lambda row: row["withdrawn_at"] is not None))


def _stored_coupon(row: dict[str, Any], *, own: int = 0, theirs: int = 0) -> StoredCoupon:
    coupon = CouponDiscount(
        row["id"],
        row["code"],
        row["words"],
        row["discount_type"],
        row["value"],
        stored_scope(row["scope_kind"], row["scope_ids"]),
        row["minimum"],
        row["stacks"],
    )
    terms = CouponTerms(
        from_at=row["from_at"],
        until_at=row["until_at"],
        limit_total=row["limit_total"],
        limit_each=row["limit_each"],
        plans=tuple(row["plans"]),
        first_order_only=row["first_order_only"],
        withdrawn_at=row["withdrawn_at"],
        for_fees=row["for_fees"],
        fee_payments=row["fee_payments"],
        fee_plans=tuple(row["fee_plans"]),
        segment=row["segment"],
    )
    return StoredCoupon(coupon, terms, row["used"] - own, theirs)


class _Typed(msgspec.Struct):
    """Types that JSON does not have."""

    id: UUID
    scope_ids: tuple[UUID, ...]
    from_at: datetime
    until_at: datetime | None
    withdrawn_at: datetime | None
    segment: UUID | None


def _answered(found: Any) -> StoredCoupon | None:
    if found is None:
        return None
    typed = msgspec.convert(found["row"], _Typed, strict=False)
    row = found["row"] | {name: getattr(typed, name) for name in typed.__struct_fields__}
    return _stored_coupon(row, own=found["own"], theirs=found["theirs"])


async def was_held(coupon_id: UUID) -> bool:
    """Whether an order ever held it, paid or not: it then stays on record."""
    return await CouponUse.exists().where(CouponUse.coupon == coupon_id)
