"""The discounts of a subscription as they stand: what applies, what is left of it, what it took off so far."""

from dataclasses import dataclass
from uuid import UUID

from components.foundation import clock
from components.foundation.formatting import money
from components.foundation.languages.words import _
from components.foundation.money import Money
from components.foundation.refusals import NotFound
from components.memberships.discounts.discount_terms import FeeDiscountTerms, said, said_to_staff
from components.memberships.discounts.tables import FeeDiscount
from components.payments.discounting import subscription_discounts
from components.payments.invoicing import invoices
from components.payments.tables import MirroredInvoice


@dataclass(frozen=True, kw_only=True)
class FeeDiscountView:
    """A discount as it stands. `left` payments are to come; None: every one. `saved`: of those that were made."""

    id: UUID
    subscription_id: UUID
    source: str
    code: str
    terms: FeeDiscountTerms
    left: int | None
    used: int
    saved: Money
    row: FeeDiscount

    @property
    def is_on(self) -> bool:
        """Stripe has it, and takes it off the next invoice."""
        return bool(self.row.begun_at and not self.row.ended_at) and self.left != 0

    @property
    def words(self) -> str:
        """ "20% off your next 2 payments", of what is left."""
        return said(self.terms.off_words, self.left)

    @property
    def staff_words(self) -> str:
        """The same about somebody else's payments."""
        return said_to_staff(self.terms.off_words, self.left)


async def running(subscription_id: UUID) -> FeeDiscountView | None:
    """The discount that applies to the next payment; None as well while Stripe has not confirmed it."""
    is_open = (FeeDiscount.subscription == subscription_id) & FeeDiscount.ended_at.is_null()
    row = await FeeDiscount.objects().where(is_open & FeeDiscount.begun_at.is_not_null()).first()
    found = await view(row) if row else None
    return found if found is not None and found.is_on else None


async def open_discount(subscription_id: UUID) -> FeeDiscountView | None:
    """Whether Stripe has it already or not: a code that waits for the end of a trial, too."""
    row = await open_row(subscription_id)
    return await view(row) if row else None


async def open_row(subscription_id: UUID) -> FeeDiscount | None:
    """There is one at the most."""
    is_open = (FeeDiscount.subscription == subscription_id) & FeeDiscount.ended_at.is_null()
    return await FeeDiscount.objects().where(is_open).first()


async def next_fee(subscription_id: UUID, fee: Money) -> Money:
    """What the next payment of a fee is, with the discount that applies to it."""
    found = await running(subscription_id)
    return found.terms.left(fee) if found else fee


async def coming_words(subscription_id: UUID, fee: Money, price_words: str) -> str:
    """What the next payments of a fee are: its price, or with a discount the sum, why, and the price without it."""
    return _with(await running(subscription_id), fee, price_words)


async def promised_words(subscription_id: UUID, fee: Money, price_words: str) -> str:
    """The same of a trial, whose code is taken off the payments after it, whether Stripe has heard of it or not yet."""
    return _with(await open_discount(subscription_id), fee, price_words)


def _with(found: FeeDiscountView | None, fee: Money, price_words: str) -> str:
    if found is None:
        return price_words
    sum = money(found.terms.left(fee))
    return _("%(sum)s (%(off)s; without it %(price)s)", sum=sum, off=found.words, price=price_words)


async def lasting_fee(coupon: str, fee: Money) -> Money:
    """The fee that recurs: less the discount of this coupon where that is for ever; finite ones count for nothing."""
    discount_id = subscription_discounts.discount_of(coupon)
    row = await FeeDiscount.objects().where(FeeDiscount.id == discount_id).first() if discount_id else None
    return terms_of(row).left(fee) if row is not None and row.payments is None else fee


async def fee_with(coupon: str, fee: Money) -> Money:
    """The fee less the discount of this coupon, as an invoice that names it would have it."""
    discount_id = subscription_discounts.discount_of(coupon)
    row = await FeeDiscount.objects().where(FeeDiscount.id == discount_id).first() if discount_id else None
    return terms_of(row).left(fee) if row is not None else fee


async def words_of(coupon: str) -> str:
    """ "Discount 20%", "Coupon SPRING"; empty for a coupon that was made by hand at Stripe."""
    discount_id = subscription_discounts.discount_of(coupon)
    row = await FeeDiscount.objects().where(FeeDiscount.id == discount_id).first() if discount_id else None
    if row is None:
        return ""
    return _("Coupon %(code)s", code=row.code) if row.code else _("Discount %(off)s", off=terms_of(row).off_words)


async def of_subscription(subscription_id: UUID) -> list[FeeDiscountView]:
    """All there were, the newest first."""
    rows = await FeeDiscount.objects().where(FeeDiscount.subscription == subscription_id)
    return [await view(row) for row in sorted(rows, key=lambda row: (row.at, str(row.id)), reverse=True)]


async def by_id(discount_id: UUID) -> FeeDiscountView:
    """Raises `NotFound`."""
    row = await FeeDiscount.objects().where(FeeDiscount.id == discount_id).first()
    if row is None:
        raise NotFound("There is no such discount.")
    return await view(row)


def terms_of(row: FeeDiscount) -> FeeDiscountTerms:
    amount = Money(row.amount, row.currency) if row.amount else None
    return FeeDiscountTerms(percent_bp=row.percent_bp, amount=amount, payments=row.payments)


async def view(row: FeeDiscount) -> FeeDiscountView:
    used = await invoices_with(row)
    return FeeDiscountView(
        id=row.id,
        subscription_id=row.subscription,
        source=row.source,
        code=row.code,
        terms=terms_of(row),
        left=None if row.payments is None else max(0, row.payments - len(used)),
        used=len(used),
        saved=Money(sum(one.discount for one in used if one.status == "paid"), row.currency),
        row=row,
    )


async def invoices_with(row: FeeDiscount, *, are_void: bool = False) -> list[MirroredInvoice]:
    """Those it was taken off, which are not void; or those that are."""
    coupons = {subscription_discounts.coupon_id(row.id, turn) for turn in range(row.turn + 1)}
    found = await invoices.of_subscription(row.subscription)
    return [one for one in found if one.coupon in coupons and one.discount > 0 and (one.status == "void") == are_void]


def row_of(
    subscription_id: UUID, terms: FeeDiscountTerms, *, key: UUID, source: str, reason: str = "", by: UUID | None = None,
    code: str = "", coupon: UUID | None = None,
) -> FeeDiscount:  # fmt: skip
    return FeeDiscount(
        id=key, subscription=subscription_id, source=source, code=code, coupon=coupon, percent_bp=terms.percent_bp,
        amount=terms.amount.amount if terms.amount else 0, payments=terms.payments, reason=reason, at=clock.now(),
        by=by, currency=terms.amount.currency if terms.amount else "",
    )  # fmt: skip
