"""Coupons as they stand in the rows, read by code, by id, or in the same statement as whatever wants one."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from components.catalog.scopes import Scope
from components.foundation import database
from components.foundation.database import Query
from components.foundation.refusals import NotFound
from components.foundation.text import mailbox
from components.pricing.coupons.coupons import CouponDiscount
from components.pricing.coupons.eligibility import CouponTerms, StoredCoupon, normal_code

OURS = "u.state IN ('reserved', 'used')"


class UnknownCoupon(NotFound):
    message = "We could not find that coupon."


def query(
    coupon_sql: str, order_sql: str, args: tuple[Any, ...], *, person_id: UUID | None, email: str
) -> Query[StoredCoupon | None]:
    """The coupon whose id the first fragment says, leaving out its use by the order that the second one says."""
    person, mail = f"${len(args) + 1}", f"${len(args) + 2}"
    return Query(
        f"""SELECT json_build_object('row', to_json(c),
          'own', (SELECT count(*) FROM coupon_use u WHERE u.coupon = c.id AND {OURS} AND u.order_id = ({order_sql})),
          'theirs', (SELECT count(*) FROM coupon_use u WHERE u.coupon = c.id AND {OURS}
            AND u.order_id IS DISTINCT FROM ({order_sql})
            AND (u.person = {person}::uuid OR ({mail}::text <> '' AND u.email = {mail}))))
        FROM coupon c WHERE c.id = ({coupon_sql})""",
        (*args, person_id, mailbox(email) if email else ""),
        _answered,
    )


async def by_code(typed: str) -> StoredCoupon | None:
    row = await database.fetch_one("SELECT * FROM coupon WHERE code = $1", normal_code(typed))
    return stored_coupon(row) if row else None


async def by_id(coupon_id: UUID) -> StoredCoupon:
    row = await database.fetch_one("SELECT * FROM coupon WHERE id = $1", coupon_id)
    if row is None:
        raise UnknownCoupon
    return stored_coupon(row)


async def all_coupons() -> tuple[StoredCoupon, ...]:
    """The newest first."""
    rows = await database.fetch("SELECT * FROM coupon ORDER BY withdrawn_at IS NOT NULL, made_at DESC, id DESC")
    return tuple(stored_coupon(row) for row in rows)


def stored_coupon(row: dict[str, Any], *, own: int = 0, theirs: int = 0) -> StoredCoupon:
    coupon = CouponDiscount(
        row["id"],
        row["code"],
        row["words"],
        row["discount_type"],
        row["value"],
        Scope(row["scope_kind"], frozenset(row["scope_ids"])),
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
    )
    return StoredCoupon(coupon, terms, row["used"] - own, theirs)


class _Typed(msgspec.Struct):
    """What JSON has no types for."""

    id: UUID
    scope_ids: tuple[UUID, ...]
    from_at: datetime
    until_at: datetime | None
    withdrawn_at: datetime | None


def _answered(found: Any) -> StoredCoupon | None:
    if found is None:
        return None
    typed = msgspec.convert(found["row"], _Typed, strict=False)
    row = found["row"] | {name: getattr(typed, name) for name in typed.__struct_fields__}
    return stored_coupon(row, own=found["own"], theirs=found["theirs"])
