"""A code on the fee, as the page of a plan shows it before anything is paid: what it takes off, and what follows."""

from dataclasses import dataclass
from typing import Any

from litestar import Request

from components.foundation import formatting
from components.foundation.formatting import money
from components.foundation.languages import enumerations
from components.foundation.languages.words import N_, _, n_
from components.foundation.refusals import Refusal
from components.memberships.discounts import fee_codes
from components.memberships.discounts.discount_terms import DiscountTooLarge
from components.memberships.discounts.fee_codes import FeeCode
from components.memberships.plans.plan_catalogue import PlanView
from components.people import rate_limits
from components.pricing.coupons import queries
from components.pricing.coupons.redemptions import GUESSES
from web.forms.fields import Text
from web.forms.form import Form
from web.shop.lines import Row
from web.sign_in_session import address_of
from web.visitor import Visitor


class FeeCodeForm(Form):
    code = Text(N_("Discount code"), longest=60, required=False, autocomplete="off")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeCodePart:
    """`found` is the code that applies, with its `rows` and, in `words`, what is paid today and from then on. `waits`
    while somebody who is not signed in has typed one: it is looked at when they are."""

    form: FeeCodeForm
    found: FeeCode | None = None
    total_words: str = ""
    rows: tuple[Row, ...] = ()
    words: str = ""
    waits: bool = False


async def code_part(
    request: Request[Any, Any, Any], visitor: Visitor, plan: PlanView, typed: str, *, trial_days: int
) -> FeeCodePart | None:
    """None where no code is on offer for a fee."""
    if plan.is_free or (not typed and not await queries.are_any_for_fees(plan.slug if plan.is_once else None)):
        return None
    form = FeeCodeForm.blank(code=typed)
    if not typed:
        return FeeCodePart(form=form)
    if visitor.person_id is None:
        return FeeCodePart(form=form, waits=True)
    try:
        found = await checked(request, visitor, plan, typed, trial_days=trial_days)
    except Refusal as refusal:
        return FeeCodePart(form=form.refuse("code", str(refusal)))
    total = _("First payment, after the trial") if trial_days else _("To pay today")
    return FeeCodePart(form=form, found=found, total_words=total, rows=_rows(found), words=_words(found))


async def checked(
    request: Request[Any, Any, Any], visitor: Visitor, plan: PlanView, typed: str, *, trial_days: int
) -> FeeCode:
    """Raises `FeeCodeRefused`, `TooManyTries` after too many wrong codes from one address."""
    assert visitor.person_id is not None
    await rate_limits.hit(GUESSES, address_of(request))
    try:
        found = await fee_codes.check(
            typed, plan, person_id=visitor.person_id, email=visitor.email, trial_days=trial_days
        )
    except DiscountTooLarge:
        raise fee_codes.FeeCodeRefused from None
    await rate_limits.undo(GUESSES, address_of(request))
    return found


def _rows(found: FeeCode) -> tuple[Row, ...]:
    fee = enumerations.with_detail(found.plan.name, found.plan.interval_words)
    return (fee, found.plan.price, ""), (_("Coupon %(code)s", code=found.code), found.off, "saved")


def _words(found: FeeCode) -> str:
    return _words_after_trial(found) if found.trial_days else _words_today(found)


def _words_after_trial(found: FeeCode) -> str:
    first, whole, payments = money(found.first_fee), found.plan.price_words, found.terms.payments
    free = n_(
        "You pay nothing today, and nothing for %(num)s day.", "You pay nothing today, and nothing for %(num)s days.",
        found.trial_days,
    )  # fmt: skip
    if payments is None:
        then = _(
            "Then you pay %(first)s %(interval)s, until you cancel.", first=first, interval=found.plan.interval_words
        )
    elif payments == 1:
        then = _("Your first payment is %(first)s, then %(whole)s until you cancel.", first=first, whole=whole)
    else:
        then = _(
            "Each of your first %(count)s payments is %(first)s, then %(whole)s until you cancel.",
            count=payments, first=first, whole=whole,
        )  # fmt: skip
    return f"{free} {then}"


def _words_today(found: FeeCode) -> str:
    first, whole, payments = money(found.first_fee), found.plan.price_words, found.terms.payments
    if found.plan.is_once:
        length = formatting.length(found.plan.interval, found.plan.interval_count)
        return _("You pay %(sum)s once, for %(length)s.", sum=first, length=length)
    if payments is None:
        return _(
            "You pay %(first)s today, and %(first)s %(interval)s from then on, until you cancel.",
            first=first,
            interval=found.plan.interval_words,
        )
    if payments == 1:
        return _("You pay %(first)s today, then %(whole)s until you cancel.", first=first, whole=whole)
    return _(
        "You pay %(first)s for each of your first %(count)s payments, the first of them today, then %(whole)s until "
        "you cancel.",
        first=first,
        count=payments,
        whole=whole,
    )
