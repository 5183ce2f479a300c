"""The coupon form."""

from typing import Any
from uuid import UUID

from components.catalog.scopes import EVERYTHING
from components.memberships.plans import plan_catalogue
from components.pricing.coupons.editing import CouponDetails
from components.pricing.coupons.eligibility import StoredCoupon
from components.segments import segments
from web.forms.fields import Choice, Many, Text, Tick
from web.forms.form import Form
from web.forms.numbers import AmountField, Percent, Whole
from web.forms.times import Moment
from web.staff.prices import price_fields
from web.staff.prices.price_fields import Named

WAYS = (("percent", "Percentage"), ("amount", "Fixed amount off the basket"), ("free_delivery", "Free delivery"))
FEES = "fees"
COVERS = (
    ("everything", "All products"),
    ("collection", "Selected collections"),
    ("variant", "Selected variants"),
    (FEES, "The membership fee, when somebody joins"),
)


class CouponMakingForm(Form):
    is_shared = True
    named: Named = price_fields.NOTHING
    code = Text("Code", longest=40, help="What customers enter. Capitals and spaces don’t matter.")
    words = Text("Description", longest=120, help="Shown to customers, for example “10% off your first order”.")
    discount_type = Choice("Discount type", WAYS, as_radio=True)
    percent = Percent("Percentage off", sometimes=True)
    amount = AmountField("Amount off", sometimes=True)
    covers = Choice("Applies to", COVERS, as_radio=True)
    collections = price_fields.collections()
    variants = price_fields.sku_ids()
    minimum = AmountField(
        "Minimum spend on products", required=False, help="At non-member prices. Leave empty for no minimum."
    )
    stacks = Tick("Can be combined with member prices")
    from_at = Moment("Start date", required=False, help="Leave empty to start immediately.")
    until_at = Moment("End date", required=False, help="Leave empty for no end date.")
    limit_total = Whole("Total uses", least=1, required=False, help="Leave empty for no limit.")
    limit_each = Whole(
        "Uses per customer", least=1, required=False, help="By account or e-mail address. Leave empty for no limit."
    )
    plans = Many("Only for members of", help="Select none to allow everyone.")
    segment = Choice(
        "Only for customers of the segment", required=False,
        help="Checked when they pay. They are told that it is for some customers only, never the rules.",
    )  # fmt: skip
    first_order_only = Tick("First order only")
    fee_payments = Whole(
        "Payments of the fee", least=1, most=60, required=False,
        help="Only for the membership fee: the first payment is one. Leave empty for every payment.",
    )  # fmt: skip
    fee_plans = Many(
        "For the fee of",
        help="Only for the membership fee. Select none for every plan that renews. One paid once has to be named.",
    )

    def details(self) -> CouponDetails | None:
        """None once a field has been refused."""
        discount_type = self.values.get("discount_type") or ""
        value = (
            0
            if discount_type == "free_delivery"
            else self.values.get("percent" if discount_type == "percent" else "amount")
        )
        if value is None and discount_type:
            self.refuse("percent" if discount_type == "percent" else "amount", "Enter the discount.")
        for_fees = self.values.get("covers") == FEES
        scope = EVERYTHING if for_fees else price_fields.scope_of(self) if self.values.get("covers") else None
        if not self.is_valid or scope is None:
            return None
        given = {name: self.values[name] for name in _AS_THEY_ARE}
        given["segment"] = UUID(self.values["segment"]) if self.values["segment"] else None
        return CouponDetails(
            discount_type=discount_type, value=value or 0, scope=scope, minimum=self.values["minimum"] or 0,
            for_fees=for_fees, **given
        )  # fmt: skip


_AS_THEY_ARE = (
    "code", "words", "stacks", "from_at", "until_at", "limit_total", "limit_each", "plans", "first_order_only",
    "fee_payments", "fee_plans",
)  # fmt: skip


async def choices(kept: StoredCoupon | None = None) -> dict[str, Any]:
    """Active plans and segments, and those the coupon is limited to already, even if archived."""
    held = kept.terms.plans if kept else ()
    plans = [(plan.slug, plan.name) for plan in plan_catalogue.active_plans()]
    names = {plan.slug: f"{plan.name} (archived)" for plan in plan_catalogue.all_plans()}
    known = {slug for slug, _ in plans}
    plans += [(slug, names.get(slug, f"{slug} (archived)")) for slug in held if slug not in known]
    renewing = [(plan.slug, plan.name) for plan in plan_catalogue.all_plans() if not plan.is_free]
    return {
        "collections": price_fields.collection_choices(),
        "plans": tuple(plans),
        "fee_plans": tuple(renewing),
        "segment": await _segments(kept),
    }


async def _segments(kept: StoredCoupon | None) -> tuple[tuple[str, str], ...]:
    found = {str(one.id): one.name for one in await segments.active()}
    held = kept.terms.segment if kept else None
    if held is not None and str(held) not in found:
        found[str(held)] = f"{(await segments.by_id(held)).name} (archived)"
    return tuple(found.items())


async def named_variants(kept: StoredCoupon) -> Named:
    """The variants the coupon covers already, by their names in the form."""
    return await price_fields.names_of(kept.coupon.scope)


async def form_values(kept: StoredCoupon, named: Named) -> CouponMakingForm:
    coupon, terms = kept.coupon, kept.terms
    given: dict[str, Any] = {
        "code": coupon.code,
        "words": coupon.words,
        "discount_type": coupon.discount_type,
        "covers": FEES if terms.for_fees else coupon.scope.kind,
        "minimum": coupon.minimum or None,
        "stacks": coupon.stacks,
        "from_at": terms.from_at,
        "until_at": terms.until_at,
        "limit_total": terms.limit_total,
        "limit_each": terms.limit_each,
        "plans": terms.plans,
        "first_order_only": terms.first_order_only,
        "fee_payments": terms.fee_payments,
        "fee_plans": terms.fee_plans,
        "segment": str(terms.segment or ""),
    }
    if coupon.discount_type != "free_delivery":
        given["percent" if coupon.discount_type == "percent" else "amount"] = coupon.value
    if coupon.scope.kind == "collection":
        given["collections"] = sorted(map(str, coupon.scope.ids))
    elif coupon.scope.kind == "variant":
        given["variants"] = price_fields.sku_lines(named)
    form = CouponMakingForm.blank(choices=await choices(kept), **given)
    form.named = named
    return form
