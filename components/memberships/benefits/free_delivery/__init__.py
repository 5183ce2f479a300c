"""Free delivery, by selected methods, from a minimum order value."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from components.foundation import formatting
from components.foundation.languages.words import _
from components.memberships.benefits.effects import DeliveryEffect, Effects
from components.memberships.benefits.protocol import BenefitField, Kind, SettingRefused
from components.pricing.delivery_charge import DeliveryBenefit

REACHES = (("all", "All methods, including new ones"), ("some", "Selected methods only"))


class FreeDeliverySettings(msgspec.Struct, frozen=True):
    """`threshold` in minor units of goods in the shop's prices, at everybody's. No methods means every method."""

    threshold: int = 0
    methods: tuple[UUID, ...] = ()


class FreeDelivery(Kind[FreeDeliverySettings]):
    key = "free_delivery"
    title = "Free delivery"
    hint = "The fee is shown and then deducted, so members see what they save."
    name_hint = "Shown to members next to delivery, for example “Free delivery for members”."
    when_removed = "They pay the regular delivery fee. Existing orders don’t change."
    rank = 1
    use_label = "Delivery"
    is_tried = True
    settings_type = FreeDeliverySettings
    fields = (
        BenefitField(
            "threshold",
            "Minimum order value",
            "amount",
            hint="As your prices are typed, before member prices and coupons. 0 for every order.",
            is_needed=False,
        ),
        BenefitField("reach", "Delivery methods included", "choice", choices=REACHES),
        BenefitField(
            "methods", "Delivery methods", "deliveries", hint="Only for “Selected methods only”.", is_needed=False
        ),
    )
    example = {"threshold": 2000}

    def read(self, answers: Mapping[str, Any]) -> FreeDeliverySettings:
        threshold = answers.get("threshold") or 0
        if not isinstance(threshold, int) or threshold < 0:
            raise SettingRefused("threshold", "Enter an amount of zero or more.")
        methods = tuple(sorted(UUID(str(one)) for one in answers.get("methods") or ()))
        reach = answers.get("reach") or ("some" if methods else "all")
        if reach not in dict(REACHES):
            raise SettingRefused("reach", "Choose all methods or selected ones.")
        if reach == "some" and not methods:
            raise SettingRefused("methods", "Choose at least one.")
        return FreeDeliverySettings(threshold, methods if reach == "some" else ())

    def answers(self, settings: FreeDeliverySettings) -> dict[str, Any]:
        methods = [str(one) for one in settings.methods]
        return {"threshold": settings.threshold, "reach": "some" if methods else "all", "methods": methods}

    def words(self, settings: FreeDeliverySettings) -> str:
        if not settings.threshold:
            return _("Free delivery on every order")
        threshold = formatting.money(settings.threshold)
        return _("Free delivery on orders of %(sum)s or more", sum=threshold)

    def is_better(self, one: FreeDeliverySettings, other: FreeDeliverySettings) -> bool:
        """From as little, by as many methods, and more in one of them."""
        is_as_wide = not one.methods or (bool(other.methods) and set(one.methods) >= set(other.methods))
        return one != other and one.threshold <= other.threshold and is_as_wide

    def effects(self, settings: FreeDeliverySettings, *, benefit_id: UUID, name: str) -> Effects:
        methods = frozenset(settings.methods)
        return (DeliveryEffect(DeliveryBenefit(benefit_id, name, methods, settings.threshold)),)


KIND = FreeDelivery()
