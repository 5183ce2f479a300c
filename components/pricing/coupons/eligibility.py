"""Who may use a coupon, during which period, and how often, with the messages for those who may not. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation.formatting import day
from components.foundation.languages.words import _
from components.pricing.coupons.coupons import CouponDiscount

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{2,39}")


def normal_code(typed: str) -> str:
    """As codes are stored: capitals, without spaces. "first fire" and "FIRSTFIRE" are the same."""
    return "".join(typed.split()).upper()[:60]


@dataclass(frozen=True, slots=True)
class Redeemer:
    """The person who wants to use it, at an instant.

    `is_known`: signed in, with a confirmed e-mail. Of anybody else it is not said whether they have ordered before,
    since they may have typed somebody else's e-mail.
    """

    at: datetime
    plans: frozenset[str] = frozenset()
    has_ordered: bool = False
    is_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponTerms:
    from_at: datetime
    until_at: datetime | None = None
    limit_total: int | None = None
    limit_each: int | None = None
    plans: tuple[str, ...] = ()
    first_order_only: bool = False
    withdrawn_at: datetime | None = None
    for_fees: bool = False
    fee_payments: int | None = None
    fee_plans: tuple[str, ...] = ()
    segment: UUID | None = None

    @property
    def most_each(self) -> int | None:
        """Uses by one person: only one person's order can be their first."""
        return 1 if self.first_order_only else self.limit_each

    def state(self, at: datetime) -> str:
        """to come, running, over or withdrawn."""
        if self.withdrawn_at is not None and self.withdrawn_at <= at:
            return "withdrawn"
        if at < self.from_at:
            return "to come"
        return "over" if self.until_at is not None and self.until_at <= at else "running"


@dataclass(frozen=True, slots=True)
class StoredCoupon:
    """A coupon with its terms. `used` and `used_by_them` count every order but the one being priced.

    `is_for_them`: whether they are in the coupon's segment; until somebody has looked, nobody is.
    """

    coupon: CouponDiscount
    terms: CouponTerms
    used: int = 0
    used_by_them: int = 0
    is_for_them: bool = False

    @property
    def id(self) -> UUID:
        return self.coupon.id

    def refusal(self, who: Redeemer) -> str:
        """Why it cannot be used, worded for the shopper; empty when it can."""
        if self.terms.for_fees:
            return _("%(code)s is for a membership fee: it takes nothing off products.", code=self.coupon.code)
        return self._refusal(who)

    def fee_refusal(self, who: Redeemer, plan: str) -> str:
        """Why it cannot be used on the fee of a plan, by its slug; empty when it can."""
        if not self.terms.for_fees:
            return _("%(code)s is for products. Enter it in your basket.", code=self.coupon.code)
        if self.terms.fee_plans and plan not in self.terms.fee_plans:
            return _("%(code)s isn’t for this plan.", code=self.coupon.code)
        return self._refusal(who)

    def over_words(self, at: datetime) -> str:
        """Why nobody can use it at an instant; empty when somebody can."""
        code, terms = self.coupon.code, self.terms
        state = terms.state(at)
        if state == "withdrawn":
            return _("%(code)s is no longer available.", code=code)
        if state == "to come":
            return _("%(code)s starts on %(day)s.", code=code, day=day(terms.from_at))
        if state == "over" and terms.until_at is not None:
            return _("%(code)s ended on %(day)s.", code=code, day=day(terms.until_at))
        if terms.limit_total is not None and self.used >= terms.limit_total:
            return _("%(code)s has reached its usage limit.", code=code)
        return ""

    def _refusal(self, who: Redeemer) -> str:
        code, terms = self.coupon.code, self.terms
        if words := self.over_words(who.at):
            return words
        if terms.plans and not who.plans & set(terms.plans):
            return _("%(code)s is for members only. If you’re a member, sign in and try again.", code=code)
        if terms.segment is not None and not who.is_known:
            return _("%(code)s is for some customers only. Sign in, with your e-mail confirmed, to use it.", code=code)
        if terms.segment is not None and not self.is_for_them:
            return _("%(code)s isn’t available for your account.", code=code)
        if terms.most_each is not None and not who.is_known:
            return _("%(code)s is limited for each person. Sign in, with your e-mail confirmed, to use it.", code=code)
        if terms.first_order_only and (who.has_ordered or self.used_by_them):
            return _("%(code)s is for first orders only, and you have ordered before.", code=code)
        if terms.most_each is not None and self.used_by_them >= terms.most_each:
            return _("You have already used %(code)s the maximum number of times.", code=code)
        return ""
