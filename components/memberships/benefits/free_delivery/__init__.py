"""Delivery without a fee, by named methods, from a stated worth of goods."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from components.memberships import wording
from components.memberships.benefits.protocol import Field, Kind, SettingRefused, Share
from components.pricing import DeliveryBenefit, at_home

REACHES = (("all", "All, including new ones"), ("some", "Selected methods"))


class Settings(msgspec.Struct, frozen=True):
    """`threshold` in minor units of goods before tax, at everybody's prices. No method named means every method."""

    threshold: int = 0
    methods: tuple[UUID, ...] = ()


class FreeDelivery(Kind[Settings]):
    key = "free_delivery"
    title = "Free delivery"
    hint = "The fee is shown and then deducted, so that members see what they save."
    settings_type = Settings
    fields = (
        Field(
            "threshold",
            "Minimum spend on products",
            "amount",
            hint="Before tax, member prices and coupons. 0 for every order.",
            is_needed=False,
        ),
        Field("reach", "Applies to", "choice", choices=REACHES),
        Field("methods", "Delivery methods", "deliveries", hint="Only for “Selected methods”.", is_needed=False),
    )

    def read(self, answers: Mapping[str, Any]) -> Settings:
        threshold = answers.get("threshold") or 0
        if not isinstance(threshold, int) or threshold < 0:
            raise SettingRefused("threshold", "An amount of zero or more.")
        methods = tuple(sorted(UUID(str(one)) for one in answers.get("methods") or ()))
        reach = answers.get("reach") or ("some" if methods else "all")
        if reach not in dict(REACHES):
            raise SettingRefused("reach", "Choose all methods or selected ones.")
        if reach == "some" and not methods:
            raise SettingRefused("methods", "Choose at least one.")
        return Settings(threshold, methods if reach == "some" else ())

    def answers(self, settings: Settings) -> dict[str, Any]:
        methods = [str(one) for one in settings.methods]
        return {"threshold": settings.threshold, "reach": "some" if methods else "all", "methods": methods}

    def words(self, settings: Settings) -> str:
        if not settings.threshold:
            return "Free delivery on every order"
        return f"Free delivery from {wording.money(at_home.on_the_shelf(settings.threshold))} of goods"

    def share(self, settings: Settings, *, benefit_id: UUID, name: str) -> Share:
        methods = frozenset(settings.methods)
        return Share(deliveries=(DeliveryBenefit(benefit_id, name, methods, settings.threshold),))


KIND = FreeDelivery()
