"""The code for a fee as shown in basket and checkout: when it is taken off, what it makes of the fee, or why not."""

from components.checkout.basket import basket_fee_code, joinable_plans
from components.checkout.basket.membership_fee import JoinsWithOrder
from components.checkout.basket.priced_basket import PricedBasket
from components.foundation import formatting
from components.foundation.formatting import money
from components.foundation.languages.words import _, n_
from components.foundation.money import Money
from components.memberships.discounts.fee_codes import FeeCode
from components.pricing.coupons import queries
from web.shop.basket.coupon_part import CouponPart


async def fee_code_note(shown: PricedBasket) -> CouponPart | None:
    """None without one in the basket."""
    stored = shown.context.fee_coupon
    if stored is None:
        return None
    joins, coupon = shown.joins, stored.coupon
    plans = await joinable_plans.offered(shown.shopper)
    refusal = joins.refusal if joins else basket_fee_code.refusal(shown.shopper, stored, plans)
    return CouponPart(
        code=coupon.code,
        words=coupon.words,
        worth=Money(joins.off, shown.quote.currency) if joins and joins.off else None,
        note=refusal or _note(joins),
        is_refused=bool(refusal),
    )


async def takes_another(shown: PricedBasket) -> bool:
    """Whether the field for a code is shown: until there is one for the goods and, where any is given out and they may
    join, one for a fee."""
    if shown.coupon is None:
        return True
    may_join = bool(await joinable_plans.offered(shown.shopper))
    return may_join and shown.context.fee_coupon is None and await queries.are_any_for_fees()


def _note(joins: JoinsWithOrder | None) -> str:
    if joins is None or joins.code is None:
        return _("Taken off the membership fee when you join with this order.")
    return _after_trial(joins.code) if joins.trial_days else _today(joins.code)


def _today(found: FeeCode) -> str:
    first, whole, payments = money(found.first_fee), found.plan.price_words, found.terms.payments
    if found.plan.is_once:
        length = formatting.length(found.plan.interval, found.plan.interval_count)
        return _("You pay %(sum)s once, for %(length)s.", sum=first, length=length)
    if payments is None:
        return _(
            "The fee is %(first)s today, and %(first)s %(interval)s from then on, until you cancel.",
            first=first,
            interval=found.plan.interval_words,
        )
    if payments == 1:
        return _("The fee is %(first)s today, then %(whole)s until you cancel.", first=first, whole=whole)
    return _(
        "The fee is %(first)s for each of your first %(count)s payments, the first of them today, then %(whole)s until "
        "you cancel.",
        first=first,
        count=payments,
        whole=whole,
    )


def _after_trial(found: FeeCode) -> str:
    first, whole, payments = money(found.first_fee), found.plan.price_words, found.terms.payments
    free = n_("There is no fee for %(num)s day.", "There is no fee for %(num)s days.", found.trial_days)
    if payments is None:
        words = _("Then it is %(first)s %(interval)s, until you cancel.", first=first,
                  interval=found.plan.interval_words)  # fmt: skip
    elif payments == 1:
        words = _("Then it is %(first)s once, and %(whole)s after that, until you cancel.", first=first, whole=whole)
    else:
        words = _(
            "Then it is %(first)s for each of your first %(count)s payments, and %(whole)s after that, until you "
            "cancel.",
            first=first, count=payments, whole=whole,
        )  # fmt: skip
    return f"{free} {words}"
