"""Putting a discount on a running membership, and taking it off again."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import ids
from components.foundation.formatting import day
from components.foundation.money import Money
from components.foundation.refusals import NotFound, Refusal
from components.memberships.billing import coming_price
from components.memberships.discounts import fee_discounts
from components.memberships.discounts.discount_terms import (
    MOST_PAYMENTS,
    DiscountTooLarge,
    FeeDiscountTerms,
    WrongDiscount,
)
from components.memberships.discounts.fee_discounts import BILLS, CannotDiscount, FeeDiscountView
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Subscription
from components.payments.payment_refusals import OutcomeUnknown, RefundedMeanwhile
from components.people import customer_accounts
from web.account.security.confirm_refund import DISCOUNT, GivingBack, confirm_refund, within_limit
from web.account.waiting import see_waiting
from web.current_person import person_id_of
from web.forms.fields import Choice, Once, Text
from web.forms.form import Form
from web.forms.numbers import AmountField, Percent, Whole
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.staff.fee_discounts.discount_panel import fee_words
from web.staff.members.membership_actions import subscription_of
from web.views import View, page

PERCENT, AMOUNT = "percent", "amount"
ONCE, SOME, ALWAYS = "once", "some", "always"


class FeeDiscountForm(Form):
    how = Choice("Discount", ((PERCENT, "Percentage"), (AMOUNT, "Amount")), as_radio=True)
    percent = Percent("Percentage", required=False, help="Only for “Percentage”.")
    amount = AmountField("Amount", required=False, help="Only for “Amount”.")
    lasts = Choice(
        "How long",
        ((ONCE, "The next payment"), (SOME, "A number of payments"), (ALWAYS, "Every payment, until it is taken off")),
        as_radio=True,
    )
    payments = Whole("Payments", least=2, most=MOST_PAYMENTS, required=False, help="Only for “A number of payments”.")
    reason = Text("Reason", longest=300, help="Only visible to staff.")
    key = Once("Form")

    def check(self) -> None:
        if self.how == PERCENT and not self.percent:
            self.refuse("percent", "Enter a percentage.")
        if self.how == AMOUNT and not self.amount:
            self.refuse("amount", "Enter an amount above zero.")
        if self.lasts == SOME and not self.payments:
            self.refuse("payments", "Enter how many payments.")

    def terms(self, currency: str) -> FeeDiscountTerms:
        counts = {ONCE: 1, SOME: self.payments, ALWAYS: None}
        if self.how == PERCENT:
            return FeeDiscountTerms(percent_bp=self.percent or 0, payments=counts[self.lasts])
        return FeeDiscountTerms(amount=Money(self.amount or 0, currency), payments=counts[self.lasts])


@dataclass(frozen=True, kw_only=True)
class FeeDiscountPage(View):
    template: ClassVar[str] = "staff/fee_discounts/new.html"
    name: str
    back: str
    action: str
    sentences: tuple[str, ...]
    form: FeeDiscountForm


@dataclass(frozen=True, kw_only=True)
class FeeDiscountEndPage(View):
    template: ClassVar[str] = "staff/fee_discounts/end.html"
    name: str
    back: str
    action: str
    sentences: tuple[str, ...]


class StaffFeeDiscountsController(Controller):
    path = "/staff/members/{person_id:uuid}/discounts"
    guards = [staff("refunds")]

    @get("/new")
    async def new(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        try:
            kept, coming = await _billed(person_id)
        except Refusal as refusal:
            return with_refusal(see_other(f"/staff/members/{person_id}"), str(refusal))
        form = FeeDiscountForm.blank(how=PERCENT, lasts=ONCE, key=ids.new())
        return page(request, await _page(person_id, kept, coming, form))

    @post()
    async def create(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        """Sending the same form again puts it on once."""
        form = await FeeDiscountForm.read(request)
        try:
            kept, coming = await _billed(person_id)
        except Refusal as refusal:
            return with_refusal(see_other(f"/staff/members/{person_id}"), str(refusal))
        if not form.is_valid:
            return page(request, await _page(person_id, kept, coming, form), status=422)
        terms = form.terms(coming.price.currency)
        giving = GivingBack(what=DISCOUNT, subject=kept.id, key=form.key, amount=terms.worth(coming.price))
        if asked := await confirm_refund(request, giving):
            return asked
        try:
            async with within_limit(request, giving):
                await fee_discounts.request(kept.id, terms, key=form.key, reason=form.reason, by=person_id_of(request))
            made = await fee_discounts.send(form.key)
        except OutcomeUnknown as unknown:
            return see_waiting(unknown, back=f"/staff/members/{person_id}")
        except Refusal as refusal:
            refused = form.refuse(_field_of(refusal, form), str(refusal))
            status = 409 if isinstance(refusal, RefundedMeanwhile) else refusal.status
            return page(request, await _page(person_id, kept, coming, refused), status=status)
        fee = fee_words(coming.price, made.terms.left(coming.price))
        return with_notice(see_other(f"/staff/members/{person_id}"), f"Discount given: {made.staff_words}, {fee}.")

    @get("/{discount_id:uuid}/end")
    async def before_end(
        self, request: Request[Any, Any, Any], person_id: FromPath[UUID], discount_id: FromPath[UUID]
    ) -> Response[Any]:
        kept, coming = await _billed(person_id)
        found = await _discount(kept, discount_id)
        back = f"/staff/members/{person_id}"
        whole = fee_words(found.terms.left(coming.price), coming.price)
        when = f" on {day(kept.current_period_end)}" if kept.current_period_end else ""
        shown = FeeDiscountEndPage(
            name=await _name(person_id), back=back, action=f"{back}/discounts/{discount_id}/end",
            sentences=(
                f"The discount “{found.staff_words}” ends now.", f"The next payment{when} is {whole}.",
                "What was paid with it stays as it is. The member gets an e-mail.",
            ),
        )  # fmt: skip
        return page(request, shown)

    @post("/{discount_id:uuid}/end")
    async def end(
        self, request: Request[Any, Any, Any], person_id: FromPath[UUID], discount_id: FromPath[UUID]
    ) -> Response[Any]:
        back = see_other(f"/staff/members/{person_id}")
        try:
            kept, _ = await _billed(person_id)
            await _discount(kept, discount_id)
            await fee_discounts.take_off(discount_id, by=person_id_of(request))
        except OutcomeUnknown as unknown:
            return see_waiting(unknown, back=f"/staff/members/{person_id}")
        except NotFound:
            raise
        except Refusal as refusal:
            return with_refusal(back, str(refusal))
        return with_notice(back, "The discount has been taken off. The next payment is the whole fee.")


async def _billed(person_id: UUID) -> tuple[Subscription, PlanView]:
    """The subscription that renews, and what its next period costs. Raises `CannotDiscount`."""
    await _name(person_id)
    kept = await subscription_of(person_id)
    if kept is None or kept.payer != person_id or kept.status not in BILLS:
        raise CannotDiscount
    return kept, await coming_price.of_renewal(kept)


async def _discount(kept: Subscription, discount_id: UUID) -> FeeDiscountView:
    found = await fee_discounts.by_id(discount_id)
    if found.subscription_id != kept.id:
        raise NotFound("There is no such discount.")
    return found


async def _name(person_id: UUID) -> str:
    person = await customer_accounts.by_id(person_id)
    if person is None:
        raise NotFound("There is no customer at this address.")
    return person.name or person.email


def _field_of(refusal: Refusal, form: FeeDiscountForm) -> str | None:
    if isinstance(refusal, DiscountTooLarge | WrongDiscount):
        return "percent" if form.how == PERCENT else "amount"
    return None


async def _page(person_id: UUID, kept: Subscription, coming: PlanView, form: FeeDiscountForm) -> FeeDiscountPage:
    when = f" on {day(kept.current_period_end)}" if kept.current_period_end else ""
    back = f"/staff/members/{person_id}"
    return FeeDiscountPage(
        name=await _name(person_id),
        back=back,
        action=f"{back}/discounts",
        sentences=(
            f"The next payment is {coming.price_words}{when}. The discount is taken off it and, if you choose, "
            "off those that follow. Nothing is charged or refunded now.",
            "The member sees it on their membership page and gets an e-mail. You can take it off again at any time.",
        ),
        form=form,
    )
