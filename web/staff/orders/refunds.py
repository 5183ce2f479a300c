"""Refunding an order: in full, by item or by amount."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import ids
from components.foundation.formatting import money
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.orders.refunds import refund_allocation, refund_requests, refunds
from components.orders.refunds.refund_requests import RefundRequest
from components.orders.views import LineSold, OrderView
from components.payments import disputes
from components.payments.payment_refusals import OutcomeUnknown, RefundedMeanwhile, StripeUnavailable
from web.account.security.confirm_refund import ORDER, GivingBack, confirm_refund, within_limit
from web.current_person import person_id_of
from web.forms.fields import Choice, Once, Text, Tick
from web.forms.form import Form
from web.forms.numbers import AmountField
from web.forms.sending import read_body
from web.guards import staff
from web.replies import see_other, with_notice
from web.staff.members.refund_pages import AMOUNT_UNUSED, NOT_CONFIRMED
from web.staff.orders.orders import requested_order
from web.views import View, page

WHOLE = re.compile("[0-9]{0,6}")
HOW = (("whole", "Everything remaining"), ("units", "Selected items"), ("amount", "Custom amount"))


class RefundForm(Form):
    how = Choice("What to refund", HOW, as_radio=True)
    amount = AmountField("Amount", required=False, help="Only for “Custom amount”.")
    reason = Text("Reason", longest=300, required=False, help="Included in the e-mail to the customer.")
    restocks = Tick("Restock the refunded items")
    key = Once("Form")


@dataclass(frozen=True, kw_only=True)
class RefundUnits:
    """One line, and how many of its items can still be refunded."""

    line: LineSold
    left: int
    worth: str
    """What is refunded for one, in words; and for all where they differ by a penny."""
    chosen: str
    """As typed."""


@dataclass(frozen=True, kw_only=True)
class RefundPage(View):
    template: ClassVar[str] = "staff/orders/refunds/new.html"

    order: OrderView
    form: RefundForm
    left: Money
    refused: str
    pieces: tuple[RefundUnits, ...]


class StaffRefundsController(Controller):
    path = "/staff/orders/{number:str}/refunds"
    guards = [staff("refunds")]

    @get("/new")
    async def new(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
        order, form = await requested_order(number), RefundForm.blank(how="whole", key=ids.new())
        return page(request, await _page(order, form, {}))

    @post()
    async def create(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
        order, form = await requested_order(number), await RefundForm.read(request)
        typed = await _units(request, order)
        if not all(WHOLE.fullmatch(written) for written in typed.values()):
            form.refuse(None, "Enter quantities as whole numbers.")
        if form.is_valid and (contradicts := _contradicts(form, typed)):
            form.refuse("how", contradicts)
        if not form.is_valid:
            return page(request, await _page(order, form, typed), status=422)
        units = {line_id: int(written or 0) for line_id, written in typed.items()}
        try:
            wish = _wish(order, form, units)
            giving = GivingBack(
                what=ORDER, subject=order.number, key=form.key, amount=Money(wish.amount, order.currency),
                before=order.refunded,
            )  # fmt: skip
            if asked := await confirm_refund(request, giving):
                return asked
            async with within_limit(request, giving):
                made = await refunds.create(
                    order.id, wish, by=person_id_of(request), key=form.key, before=order.refunded
                )  # fmt: skip
        except Refusal as refusal:
            status = 409 if isinstance(refusal, RefundedMeanwhile) else 422
            return page(request, await _page(order, form.refuse(None, str(refusal)), typed), status=status)
        return await _sent(order, made.id, made.amount)


async def _sent(order: OrderView, refund_id: UUID, amount: int) -> Response[Any]:
    """Send the refund now; if Stripe does not answer, the worker retries."""
    words = f"{money(amount, order.currency)} refunded."
    try:
        await refunds.send(refund_id)
    except (OutcomeUnknown, StripeUnavailable):
        words = NOT_CONFIRMED
    except Refusal as refusal:
        words = f"The refund could not be made: {getattr(refusal, 'detail', '') or refusal}"
    answer: Response[Any] = with_notice(see_other(f"/staff/orders/{order.number}"), words)
    return answer


def _wish(order: OrderView, form: RefundForm, units: Mapping[UUID, int]) -> RefundRequest:
    if form.how == "whole":
        return refund_requests.whole_order(order, restocks=form.restocks, reason=form.reason)
    if form.how == "units":
        return refund_requests.for_units(order, units, restocks=form.restocks, reason=form.reason)
    return RefundRequest(amount=form.amount or 0, reason=form.reason)


def _contradicts(form: RefundForm, typed: Mapping[UUID, str]) -> str:
    """Why what was chosen and what was typed are two different refunds; empty when they are one."""
    counts = any(int(written or 0) for written in typed.values())
    if form.amount and form.how != "amount":
        return AMOUNT_UNUSED
    if counts and form.how != "units":
        return "You’ve entered quantities. Choose “Selected items” to refund those, or set them to 0."
    if form.restocks and form.how == "amount":
        return "An amount restocks nothing. Choose “Selected items”, or clear “Restock the refunded items”."
    return ""


async def _units(request: Request[Any, Any, Any], order: OrderView) -> dict[UUID, str]:
    """The quantity requested for each line, as typed; empty means none."""
    given = await read_body(request)
    typed = ((line.id, given.get(f"units-{line.id}")) for line in order.lines)
    return {line_id: written.strip() if isinstance(written, str) else "0" for line_id, written in typed}


async def _why_not(order: OrderView) -> str:
    """Why this order's payment cannot be refunded at the moment; empty when it can."""
    try:
        disputes.refuse_refund(await disputes.of_order(order.id))
    except Refusal as refusal:
        return str(refusal)
    return ""


async def _page(order: OrderView, form: RefundForm, typed: Mapping[UUID, str]) -> RefundPage:
    left = refund_allocation.units_left(order)
    return RefundPage(
        order=order,
        form=form,
        left=Money(order.left, order.currency),
        refused=await _why_not(order),
        pieces=tuple(
            RefundUnits(line=line, left=left.get(line.id, 0), worth=_worth(order, line), chosen=typed.get(line.id, "0"))
            for line in order.lines
        ),
    )


def _worth(order: OrderView, line: LineSold) -> str:
    each = refund_allocation.unit_prices(order, line)
    singles = " or ".join(money(amount, order.currency) for amount in sorted(set(each)))
    return f"{singles} each, {money(sum(each), order.currency)} for all" if len(set(each)) > 1 else f"{singles} each"
