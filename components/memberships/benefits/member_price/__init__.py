"""A lower price for members: a percentage off, an amount off, or a fixed price. The shop's lowest price wins."""

from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

import msgspec

from components.foundation import formatting
from components.foundation.languages.words import _
from components.memberships.benefits import scope_fields
from components.memberships.benefits.effects import Effects, PriceRuleEffect
from components.memberships.benefits.protocol import BenefitField, Kind, SettingRefused
from components.memberships.benefits.scope_fields import Covered
from components.pricing.prices import regular_price
from components.pricing.rules import PriceRule

MOST_OFF = 9_000


class MemberPriceSettings(msgspec.Struct, frozen=True):
    """`value` is basis points off (percent), minor units off (amount), or the price (explicit)."""

    discount_type: Literal["percent", "amount", "explicit"]
    value: int
    covered: Covered = Covered()


class MemberPrice(Kind[MemberPriceSettings]):
    key = "member_price"
    title = "Member price"
    hint = "Members pay less. Not combined with sales or other member prices: they get the lowest price."
    name_hint = "Shown to members next to their price, for example “10% off everything”."
    when_removed = (
        "They pay the regular price, including for items already in their baskets. Existing orders don’t change."
    )
    rank = 0
    starters = {f"{n}% off everything": {"discount_type": "percent", "percent": n * 100} for n in (10, 15)}
    use_label = "Discount"
    is_in_prices = True
    is_tried = True
    settings_type = MemberPriceSettings
    fields = (
        BenefitField(
            "discount_type",
            "How",
            "choice",
            choices=(("percent", "A percentage off"), ("amount", "An amount off"), ("explicit", "A fixed price")),
        ),
        BenefitField("percent", "Per cent off", "percent", is_needed=False),
        BenefitField("amount", "Amount off, or the fixed price", "amount", is_needed=False),
        *scope_fields.FIELDS,
    )
    example = {"discount_type": "percent", "percent": 1000, "covers": "everything"}

    def read(self, answers: Mapping[str, Any]) -> MemberPriceSettings:
        discount_type = answers.get("discount_type")
        covered = scope_fields.read_scope(answers)
        _check_reach(covered)
        if discount_type == "percent":
            return MemberPriceSettings("percent", _percent(answers.get("percent")), covered)
        if discount_type not in ("amount", "explicit"):
            raise SettingRefused("discount_type", "Choose how members pay less.")
        if discount_type == "explicit" and covered.kind == "everything":
            raise SettingRefused("covers", "A fixed price cannot apply to every product. Choose products.")
        amount = _amount(answers.get("amount"))
        _check_price(amount, covered) if discount_type == "explicit" else _check_off(amount, covered)
        return MemberPriceSettings(discount_type, amount, covered)

    def answers(self, settings: MemberPriceSettings) -> dict[str, Any]:
        field = "percent" if settings.discount_type == "percent" else "amount"
        return {
            "discount_type": settings.discount_type,
            field: settings.value,
            **scope_fields.as_answers(settings.covered),
        }

    def words(self, settings: MemberPriceSettings) -> str:
        if settings.discount_type == "percent":
            return _off(formatting.percent(settings.value), settings.covered)
        amount = formatting.money(settings.value)
        if settings.discount_type == "amount":
            return _off(amount, settings.covered)
        return _("%(products)s for %(price)s", products=scope_fields.in_words(settings.covered), price=amount)

    def effects(self, settings: MemberPriceSettings, *, benefit_id: UUID, name: str) -> Effects:
        rule = PriceRule(benefit_id, name, settings.covered.scope, settings.discount_type, settings.value)
        return (PriceRuleEffect(rule),)

    def is_better(self, one: MemberPriceSettings, other: MemberPriceSettings) -> bool:
        """More off the same products, in the same way."""
        if (one.discount_type, one.covered) != (other.discount_type, other.covered):
            return False
        return one.value < other.value if one.discount_type == "explicit" else one.value > other.value


def _off(share: str, covered: Covered) -> str:
    if covered.kind == "everything":
        return _("%(share)s off everything", share=share)
    return _("%(share)s off %(products)s", share=share, products=scope_fields.in_words(covered))


def _check_reach(covered: Covered) -> None:
    """Single products may still be drafts; a collection must contain something."""
    if covered.kind == "collection" and not any(scope_fields.products_on_sale(covered)):
        raise SettingRefused("collections", f"There are no products in {scope_fields.in_words(covered)} yet.")


def _check_price(amount: int, covered: Covered) -> None:
    there = [regular_price(variant) for _, variant in scope_fields.products_on_sale(covered)]
    if there and amount >= max(there):
        raise SettingRefused("amount", "None of these products costs more than that, so members would not save.")


def _check_off(amount: int, covered: Covered) -> None:
    there = [(regular_price(variant), product.title) for product, variant in scope_fields.products_on_sale(covered)]
    price, title = min(there, default=(amount + 1, ""))
    if amount >= price:
        raise SettingRefused("amount", f"{title} costs {formatting.money(price)}: it would be free.")


def _percent(given: Any) -> int:
    if not isinstance(given, int) or not 0 < given <= MOST_OFF:
        raise SettingRefused("percent", "Enter between 0.01 and 90 per cent.")
    return given


def _amount(given: Any) -> int:
    if not isinstance(given, int) or given <= 0:
        raise SettingRefused("amount", "Enter an amount above zero.")
    return given


KIND = MemberPrice()
