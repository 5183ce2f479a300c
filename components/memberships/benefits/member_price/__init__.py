"""A lower price for members: a percentage off, an amount off, or the price itself. The shop's lowest price wins."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

import msgspec

from components.memberships import wording
from components.memberships.benefits import scoping
from components.memberships.benefits.protocol import Field, Kind, SettingRefused, Share
from components.memberships.benefits.scoping import Covered
from components.pricing import PriceRule
from components.pricing.prices import full_price

MOST_OFF = 9_000


class Settings(msgspec.Struct, frozen=True):
    """`value` is basis points off (percent), minor units off (amount), or the price (explicit)."""

    way: Literal["percent", "amount", "explicit"]
    value: int
    covered: Covered = Covered()


class MemberPrice(Kind[Settings]):
    key = "member_price"
    title = "Member price"
    hint = "Members pay less. Not combined with sales or other member prices: they get the lowest price."
    settings_type = Settings
    fields = (
        Field(
            "way",
            "How",
            "choice",
            choices=(("percent", "Percentage off"), ("amount", "Amount off"), ("explicit", "Fixed price")),
        ),
        Field("percent", "Percentage off", "percent", is_needed=False),
        Field("amount", "Amount off or price", "amount", is_needed=False),
        *scoping.FIELDS,
    )

    def read(self, answers: Mapping[str, Any]) -> Settings:
        way = answers.get("way")
        covered = scoping.read(answers)
        _check_reach(covered)
        if way == "percent":
            return Settings("percent", _percent(answers.get("percent")), covered)
        if way not in ("amount", "explicit"):
            raise SettingRefused("way", "Choose how members pay less.")
        if way == "explicit" and covered.kind == "everything":
            raise SettingRefused("covers", "A fixed price can’t apply to all products. Please choose products.")
        amount = _amount(answers.get("amount"))
        _check_price(amount, covered) if way == "explicit" else _check_off(amount, covered)
        return Settings(way, amount, covered)

    def answers(self, settings: Settings) -> dict[str, Any]:
        field = "percent" if settings.way == "percent" else "amount"
        return {"way": settings.way, field: settings.value, **scoping.answers(settings.covered)}

    def words(self, settings: Settings) -> str:
        covered = scoping.words(settings.covered)
        if settings.way == "percent":
            return f"{settings.value / 100:g}% off {covered}"
        amount = wording.money(settings.value)
        return f"{amount} off {covered}" if settings.way == "amount" else f"{covered} for {amount}"

    def share(self, settings: Settings, *, benefit_id: UUID, name: str) -> Share:
        rule = PriceRule(benefit_id, name, settings.covered.scope, settings.way, settings.value)
        return Share(price_rules=(rule,))


def _check_reach(covered: Covered) -> None:
    """Single products may wait for their day as drafts; a collection is chosen for what lies in it."""
    if covered.kind == "collection" and not any(scoping.on_the_shelves(covered)):
        raise SettingRefused("collections", f"There is nothing in {scoping.words(covered)} yet.")


def _check_price(amount: int, covered: Covered) -> None:
    there = [full_price(variant) for _, variant in scoping.on_the_shelves(covered)]
    if there and amount >= max(there):
        raise SettingRefused("amount", "Nothing it is for costs more than that: members would pay no less.")


def _check_off(amount: int, covered: Covered) -> None:
    there = [(full_price(variant), product.title) for product, variant in scoping.on_the_shelves(covered)]
    price, title = min(there, default=(amount + 1, ""))
    if amount >= price:
        raise SettingRefused("amount", f"{title} costs {wording.money(price)}: it would be free.")


def _percent(given: Any) -> int:
    if not isinstance(given, int) or not 0 < given <= MOST_OFF:
        raise SettingRefused("percent", "Between 0.01 and 90 per cent.")
    return given


def _amount(given: Any) -> int:
    if not isinstance(given, int) or given <= 0:
        raise SettingRefused("amount", "An amount above zero.")
    return given


KIND = MemberPrice()
