"""Delivery without a fee, by named methods, from a stated worth of goods."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from components.memberships import formatting
from components.memberships.benefits.effects import DeliveryEffect, Effects
from components.memberships.benefits.protocol import BenefitField, Kind, SettingRefused
from components.pricing import domestic_tax
from components.pricing.delivery_charge import DeliveryBenefit

REACHES = (("all", "All of them, and those to come"), ("some", "These only"))


class FreeDeliverySettings(msgspec.Struct, frozen=True):
    """`threshold` in minor units of goods before tax, at everybody's prices. No method named means every method."""

    threshold: int = 0
    methods: tuple[UUID, ...] = ()


class FreeDelivery(Kind[FreeDeliverySettings]):
    key = "free_delivery"
    title = "Free delivery"
    hint = "The fee is shown and taken off again, so that members see what it is worth."
    name_hint = "What members read beside the delivery: “Free delivery from £25”."
    when_removed = "Delivery costs what it costs everybody. Orders stay as they were agreed."
    rank = 1
    use_label = "Delivery"
    settings_type = FreeDeliverySettings
    fields = (
        BenefitField(
            "threshold",
            "From this worth of goods",
            "amount",
            hint="Goods before tax, before member prices and coupons. 0 for every order.",
            is_needed=False,
        ),
        BenefitField("reach", "By which methods", "choice", choices=REACHES),
        BenefitField("methods", "Delivery methods", "deliveries", hint="Only for “These only”.", is_needed=False),
    )

    def read(self, answers: Mapping[str, Any]) -> FreeDeliverySettings:
        threshold = answers.get("threshold") or 0
        if not isinstance(threshold, int) or threshold < 0:
            raise SettingRefused("threshold", "An amount of zero or more.")
        methods = tuple(sorted(UUID(str(one)) for one in answers.get("methods") or ()))
        reach = answers.get("reach") or ("some" if methods else "all")
        if reach not in dict(REACHES):
            raise SettingRefused("reach", "Choose all methods, or some.")
        if reach == "some" and not methods:
            raise SettingRefused("methods", "Choose at least one.")
        return FreeDeliverySettings(threshold, methods if reach == "some" else ())

    def answers(self, settings: FreeDeliverySettings) -> dict[str, Any]:
        methods = [str(one) for one in settings.methods]
        return {"threshold": settings.threshold, "reach": "some" if methods else "all", "methods": methods}

    def words(self, settings: FreeDeliverySettings) -> str:
        if not settings.threshold:
            return "Free delivery on every order"
        return f"Free delivery from {formatting.money(domestic_tax.included_in_prices(settings.threshold))} of goods"

    def effects(self, settings: FreeDeliverySettings, *, benefit_id: UUID, name: str) -> Effects:
        methods = frozenset(settings.methods)
        return (DeliveryEffect(DeliveryBenefit(benefit_id, name, methods, settings.threshold)),)


KIND = FreeDelivery()
