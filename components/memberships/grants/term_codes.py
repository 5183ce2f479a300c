"""A code on a plan that is paid once: off its one payment, reserved with the payment page, used when that is paid."""

from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.foundation import clock, database, ids
from components.memberships.discounts import fee_discounts
from components.memberships.discounts.fee_codes import FeeCode
from components.memberships.discounts.tables import FeeDiscount
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import PaidTerm
from components.payments.values import Payer
from components.pricing.coupons import fee_redemptions


async def hold(term_id: UUID, found: FeeCode | None, plan: PlanView, payer: Payer) -> FeeDiscount | None:
    """The discount of the term that waits to be paid; the same code again is the same use. Without one, what waited
    with it is given back. Raises `CouponGone`, `DiscountTooLarge`."""
    if found is not None:
        found.terms.check(plan)
    async with database.transaction():
        await database.locked(PaidTerm, PaidTerm.id == term_id)
        row = await _open_row_of_term(term_id)
        if row is not None and (found is None or not _is_same(row, found)):
            await _drop(row, "replaced")
            row = None
        if found is None:
            return None
        if row is None:
            assert payer.person_id is not None
            row = FeeDiscount(
                id=ids.new(), subscription=None, term=term_id, source="code", code=found.code, coupon=found.stored.id,
                percent_bp=found.terms.percent_bp, amount=found.terms.amount.amount if found.terms.amount else 0,
                currency=plan.price.currency, payments=1, at=clock.now(),
            )  # fmt: skip
            await FeeDiscount.insert(row)
            await fee_redemptions.reserve(row.id, found.stored.coupon, person_id=payer.person_id, email=payer.email)
    return row


def off(row: FeeDiscount | None, plan: PlanView) -> int:
    """What it takes off the plan's price, in minor units."""
    return fee_discounts.terms_of(row).off(plan.price).amount if row is not None else 0


async def use(term_id: UUID, discount_id: UUID | None) -> FeeDiscount | None:
    """It is paid, with this discount, possibly after that was given back: its use counts again. Another one that waits
    is given back. Belongs in that transaction; may run twice."""
    waits = await _open_row_of_term(term_id)
    if waits is not None and waits.id != discount_id:
        await _drop(waits, "replaced")
    if discount_id is None:
        return None
    row = await FeeDiscount.objects().get((FeeDiscount.term == term_id) & (FeeDiscount.id == discount_id))
    assert row is not None
    await fee_redemptions.use(row.id)
    paid: dict[Column | str, Any] = {
        FeeDiscount.begun_at: clock.now(), FeeDiscount.ended_at: clock.now(), FeeDiscount.why_ended: "used",
    }  # fmt: skip
    await FeeDiscount.update(paid).where((FeeDiscount.id == row.id) & FeeDiscount.begun_at.is_null())
    return row


async def release(term_id: UUID, *, but: UUID | None = None, why: str = "not paid") -> None:
    """What waits with it will not be paid, unless it is `but` this. May run twice."""
    async with database.transaction():
        await database.locked(PaidTerm, PaidTerm.id == term_id)
        row = await _open_row_of_term(term_id)
        if row is not None and row.id != but:
            await _drop(row, why)


async def code_of(term_id: UUID) -> str:
    """The code that was paid with; "" without one."""
    used = (FeeDiscount.term == term_id) & FeeDiscount.begun_at.is_not_null()
    row = await FeeDiscount.select(FeeDiscount.code).where(used).first()
    return str(row["code"]) if row else ""


def _is_same(row: FeeDiscount, found: FeeCode) -> bool:
    return row.coupon == found.stored.id and fee_discounts.terms_of(row) == found.terms


async def _open_row_of_term(term_id: UUID) -> FeeDiscount | None:
    is_open = (FeeDiscount.term == term_id) & FeeDiscount.ended_at.is_null()
    return await FeeDiscount.objects().where(is_open).first()


async def _drop(row: FeeDiscount, why: str) -> None:
    await fee_redemptions.restore(row.id)
    over: dict[Column | str, Any] = {FeeDiscount.ended_at: clock.now(), FeeDiscount.why_ended: why}
    await FeeDiscount.update(over).where((FeeDiscount.id == row.id) & FeeDiscount.ended_at.is_null())
