"""Amounts and prices as programs read them: in minor units, and the same amount as decimal text."""

import msgspec

from components.foundation.money import Money
from components.foundation.shop_settings import shop_settings
from components.pricing import traces
from components.pricing.prices import VisitorAndMemberPrice
from components.pricing.traces import Step


class ApiAmount(msgspec.Struct, frozen=True, kw_only=True):
    """`minor` in whole pence, cents or yen; `value` is the same as text: "24.00"."""

    minor: int
    value: str
    currency: str

    @classmethod
    def of(cls, minor: int, currency: str = "") -> "ApiAmount":
        currency = currency or shop_settings.current().currency
        return cls(minor=minor, value=Money(minor, currency).plain, currency=currency)


class ApiPrice(msgspec.Struct, frozen=True, kw_only=True):
    """One unit's price at this instant.

    `now` is the caller's price, `regular` everybody's, `member` the members'. `was` is the struck-out price beside a
    reduction for everybody, `lowest_of_30_days` the lowest price of the 30 days before it began. `is_member_price`:
    `now` is lower than `regular` because of a membership.
    """

    now: ApiAmount
    regular: ApiAmount
    member: ApiAmount
    was: ApiAmount | None
    lowest_of_30_days: ApiAmount | None
    is_member_price: bool

    @classmethod
    def of(cls, pair: VisitorAndMemberPrice) -> "ApiPrice":
        return cls(
            now=ApiAmount.of(pair.now),
            regular=ApiAmount.of(pair.regular),
            member=ApiAmount.of(pair.member),
            was=_maybe(pair.was),
            lowest_of_30_days=_maybe(pair.lowest_before),
            is_member_price=pair.is_yours,
        )


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One price that was considered. Exactly one is `applied`; `amount` is None where it gives no price here."""

    words: str
    amount: ApiAmount | None
    applied: bool
    reason: str

    @classmethod
    def of(cls, step: Step) -> "Reason":
        return cls(words=step.words, amount=_maybe(step.amount), applied=step.applied, reason=step.reason)


def reasons(trace: tuple[Step, ...]) -> tuple[Reason, ...]:
    return tuple(Reason.of(step) for step in traces.said(trace))


def _maybe(minor: int | None) -> ApiAmount | None:
    return None if minor is None else ApiAmount.of(minor)
