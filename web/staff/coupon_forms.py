"""The coupon form."""

from typing import Any

from components.memberships import offers
from components.pricing import CouponDetails, KeptCoupon
from web.forms import Amount, Choice, Form, Many, Moment, Percent, Text, Tick, Whole
from web.staff import price_fields
from web.staff.price_fields import Named

WAYS = (("percent", "Percentage"), ("amount", "Fixed amount off the basket"), ("free_delivery", "Free delivery"))
COVERS = (("everything", "All products"), ("collection", "Selected collections"), ("variant", "Selected variants"))


class CouponMakingForm(Form):
    named: Named = price_fields.NOTHING
    code = Text("Code", longest=40, help="What customers enter. Capitals and spaces don’t matter.")
    words = Text("Description", longest=120, help="Shown to customers, for example “10% off your first order”.")
    way = Choice("Discount type", WAYS, as_radio=True)
    percent = Percent("Percentage off", required=False)
    amount = Amount("Amount off", required=False)
    covers = Choice("Applies to", COVERS, as_radio=True)
    collections = price_fields.collections()
    variants = price_fields.skus()
    minimum = Amount(
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
    first_order_only = Tick("First order only")

    def details(self) -> CouponDetails | None:
        """None once a field has been refused."""
        way = self.values.get("way") or ""
        value = 0 if way == "free_delivery" else self.values.get("percent" if way == "percent" else "amount")
        if value is None and way:
            self.refuse("percent" if way == "percent" else "amount", "Enter the discount.")
        scope = price_fields.scope_of(self) if self.values.get("covers") else None
        if not self.is_valid or scope is None:
            return None
        given = {name: self.values[name] for name in _AS_THEY_ARE}
        return CouponDetails(
            way=way, value=value or 0, scope=scope, minimum=self.values["minimum"] or 0, **given
        )  # fmt: skip


_AS_THEY_ARE = (
    "code", "words", "stacks", "from_at", "until_at", "limit_total", "limit_each", "plans", "first_order_only"
)  # fmt: skip


def choices(kept: KeptCoupon | None = None) -> dict[str, Any]:
    """Active plans, and those the coupon is limited to already, even if archived."""
    held = kept.terms.plans if kept else ()
    plans = [(plan.slug, plan.name) for plan in offers.offered()]
    names = {plan.slug: f"{plan.name} (archived)" for plan in offers.every()}
    known = {slug for slug, _ in plans}
    plans += [(slug, names.get(slug, f"{slug} (archived)")) for slug in held if slug not in known]
    return {"collections": price_fields.collection_choices(), "plans": tuple(plans)}


async def held(kept: KeptCoupon) -> Named:
    """The variants the coupon covers already, by their names in the form."""
    return await price_fields.named(kept.coupon.scope)


def filled(kept: KeptCoupon, named: Named) -> CouponMakingForm:
    coupon, terms = kept.coupon, kept.terms
    given: dict[str, Any] = {
        "code": coupon.code,
        "words": coupon.words,
        "way": coupon.way,
        "covers": coupon.scope.kind,
        "minimum": coupon.minimum or None,
        "stacks": coupon.stacks,
        "from_at": terms.from_at,
        "until_at": terms.until_at,
        "limit_total": terms.limit_total,
        "limit_each": terms.limit_each,
        "plans": terms.plans,
        "first_order_only": terms.first_order_only,
    }
    if coupon.way != "free_delivery":
        given["percent" if coupon.way == "percent" else "amount"] = coupon.value
    if coupon.scope.kind == "collection":
        given["collections"] = sorted(map(str, coupon.scope.ids))
    elif coupon.scope.kind == "variant":
        given["variants"] = price_fields.lines(named)
    form = CouponMakingForm.blank(choices=choices(kept), **given)
    form.named = named
    return form
