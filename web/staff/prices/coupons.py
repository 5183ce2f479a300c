"""Coupons in the staff area, with a preview on real products."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import ids
from components.foundation.formatting import money, percent
from components.foundation.operations.deletions import StillUsed
from components.pricing.coupons import editing, queries
from components.pricing.coupons.coupons import CouponDiscount
from components.pricing.coupons.editing import CouponDetails
from components.pricing.coupons.eligibility import StoredCoupon
from components.segments import segments
from web.current_person import person_id_of
from web.guards import staff
from web.replies import deleted, see_other, with_notice, with_refusal, with_undo
from web.staff import preview_then_save
from web.staff.edit_conflicts import overtaken
from web.staff.prices import price_examples
from web.staff.prices.coupon_forms import CouponMakingForm, choices, form_values, named_variants
from web.staff.prices.price_examples import FeeExample, PriceExample
from web.staff.prices.price_fields import scope_words
from web.views import View, page, visitor_of

LIST = "/staff/coupons"
LACKED = ("code", "words")


@dataclass(frozen=True, kw_only=True)
class CouponRow:
    id: str
    code: str
    words: str
    gives: str
    used: str
    until_at: datetime | None
    state: str


@dataclass(frozen=True, kw_only=True)
class CouponsPage(View):
    template: ClassVar[str] = "staff/prices/coupons/index.html"
    coupons: tuple[CouponRow, ...]


@dataclass(frozen=True, kw_only=True)
class CouponPage(View):
    """`state` is empty for a new one; `action` is where the form goes; `fees` is None but for a code for fees."""

    template: ClassVar[str] = "staff/prices/coupons/edit.html"
    partial: ClassVar[str | None] = "staff/prices/sales/_preview.html"
    title: str
    state: str
    used: str
    is_unused: bool
    action: str
    form: CouponMakingForm
    examples: tuple[PriceExample, ...]
    fees: tuple[FeeExample, ...] | None
    example_words: str


class StaffCouponsController(Controller):
    path = LIST
    guards = [staff("products")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        at = visitor_of(request).at
        coupons = await queries.all_coupons()
        limited = {one.terms.segment for one in coupons if one.terms.segment}
        names = {one: (await segments.by_id(one)).name for one in limited}
        return page(request, CouponsPage(coupons=tuple(_row(kept, at, names) for kept in coupons)))

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = CouponMakingForm.blank(choices=await choices(), discount_type="percent", covers="everything")
        return await _shown(request, form, None, None)

    @post("/new")
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        is_a_look, form = await preview_then_save.submitted(
            request, CouponMakingForm, choices=await choices(), may_lack=LACKED
        )
        details, by = form.details(), person_id_of(request)
        if details and not is_a_look and await preview_then_save.save(form, editing.create(details, by=by)):
            return with_notice(see_other(LIST), f"{details.code.upper()} is active.")
        return await _shown(request, form, details, None)

    @get("/{coupon_id:uuid}")
    async def edit(self, request: Request[Any, Any, Any], coupon_id: FromPath[UUID]) -> Response[Any]:
        kept = await queries.by_id(coupon_id)
        form = await form_values(kept, await named_variants(kept))
        return await _shown(request, form, form.details(), kept)

    @post("/{coupon_id:uuid}")
    async def update(self, request: Request[Any, Any, Any], coupon_id: FromPath[UUID]) -> Response[Any]:
        kept = await queries.by_id(coupon_id)
        is_a_look, form = await preview_then_save.submitted(
            request, CouponMakingForm, choices=await choices(kept), may_lack=LACKED
        )
        form.named = await named_variants(kept)
        details, by = form.details(), person_id_of(request)
        is_to_save = not is_a_look and not overtaken(form, await form_values(kept, form.named))
        if details and is_to_save and await preview_then_save.save(form, editing.revise(coupon_id, details, by=by)):
            return with_notice(see_other(LIST), "Saved. The changes apply from now on.")
        return await _shown(request, form, details, kept)

    @post("/{coupon_id:uuid}/withdrawal")
    async def destroy(self, request: Request[Any, Any, Any], coupon_id: FromPath[UUID]) -> Response[Any]:
        kept = await editing.withdraw(coupon_id, by=person_id_of(request))
        words = f"{kept.coupon.code} is deactivated and can no longer be used."
        return with_undo(see_other(LIST), words, undo=f"{LIST}/{coupon_id}/reactivation")

    @post("/{coupon_id:uuid}/reactivation")
    async def reactivate(self, request: Request[Any, Any, Any], coupon_id: FromPath[UUID]) -> Response[Any]:
        kept = await editing.reactivate(coupon_id, by=person_id_of(request))
        return with_notice(see_other(LIST), f"{kept.coupon.code} is active again, within its dates and limits.")

    @post("/{coupon_id:uuid}/deletion")
    async def delete(self, request: Request[Any, Any, Any], coupon_id: FromPath[UUID]) -> Response[Any]:
        kept = await queries.by_id(coupon_id)
        try:
            deletion = await editing.delete(coupon_id, by=person_id_of(request))
        except StillUsed as refusal:
            return with_refusal(see_other(f"{LIST}/{coupon_id}"), str(refusal))
        return deleted(see_other(LIST), f"{kept.coupon.code} deleted.", deletion)


async def _shown(
    request: Request[Any, Any, Any], form: CouponMakingForm, details: CouponDetails | None, kept: StoredCoupon | None
) -> Response[Any]:
    at = visitor_of(request).at
    view = CouponPage(
        title=kept.coupon.code if kept else "New coupon",
        state=kept.terms.state(at) if kept else "",
        used=_used(kept) if kept else "",
        is_unused=kept is not None and not await queries.was_held(kept.id),
        action=f"{LIST}/{kept.id}" if kept else f"{LIST}/new",
        form=form,
        examples=price_examples.of_coupon(_coupon(details), at) if details and not details.for_fees else (),
        fees=price_examples.of_fee_code(details, at) if details and details.for_fees else None,
        example_words=_said(details) if details else "",
    )
    return page(request, view, status=form.answer_status)


def _coupon(details: CouponDetails) -> CouponDiscount:
    """The coupon as it would be, for the preview."""
    return CouponDiscount(
        ids.new(),
        details.code.upper() or "CODE",
        details.words,
        details.discount_type,  # type: ignore[arg-type]
        details.value,
        details.scope,
        details.minimum,
        details.stacks,
    )


def _row(kept: StoredCoupon, at: datetime, names: dict[UUID, str]) -> CouponRow:
    """`names` of the segments that coupons are limited to."""
    gives = _off_fee(kept.coupon, kept.terms.fee_payments) if kept.terms.for_fees else _gives(kept.coupon)
    only = f"; only for the segment “{names[kept.terms.segment]}”" if kept.terms.segment else ""
    return CouponRow(
        id=str(kept.id),
        code=kept.coupon.code,
        words=kept.coupon.words,
        gives=f"{gives}{only}",
        used=_used(kept),
        until_at=kept.terms.until_at,
        state=kept.terms.state(at),
    )


def _used(kept: StoredCoupon) -> str:
    return f"{kept.used} of {kept.terms.limit_total}" if kept.terms.limit_total is not None else str(kept.used)


def _said(details: CouponDetails) -> str:
    coupon = _coupon(details)
    return _off_fee(coupon, details.fee_payments) if details.for_fees else _gives(coupon)


def _off_fee(coupon: CouponDiscount, payments: int | None) -> str:
    off = percent(coupon.value) if coupon.discount_type == "percent" else money(coupon.value)
    often = "every payment" if payments is None else "the first payment" if payments == 1 else f"{payments} payments"
    return f"{off} off {often} of a membership fee"


def _gives(coupon: CouponDiscount) -> str:
    if coupon.discount_type == "free_delivery":
        gives = "Free delivery"
    else:
        gives = f"{percent(coupon.value)} off" if coupon.discount_type == "percent" else f"{money(coupon.value)} off"
    over = "" if coupon.scope.kind == "everything" else f" {scope_words(coupon.scope)}"
    least = f" from {money(coupon.minimum)}" if coupon.minimum else ""
    beside = ", on top of member prices" if coupon.stacks else ", or the member price if lower"
    return gives + over + least + ("" if coupon.discount_type == "free_delivery" else beside)
