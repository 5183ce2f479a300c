"""A custom perk: any other benefit, described in words. Staff record each use, and it is counted."""

from collections.abc import Mapping
from typing import Any

import msgspec

from components.foundation.languages.words import N_, _
from components.memberships.benefits.backtest import BacktestGrant, BacktestHistory, BacktestOutcome, counted
from components.memberships.benefits.events import Holding
from components.memberships.benefits.protocol import BenefitField, Kind, PanelEntry, SettingRefused
from components.rewards import perks

LONGEST = 300


class PerkSettings(msgspec.Struct, frozen=True):
    """`times` in any twelve months, 0 for no limit."""

    promise: str
    times: int = 0


class Perk(Kind[PerkSettings]):
    key = "perk"
    title = "Custom perk"
    hint = "Any other benefit, such as “free gift wrapping”. You record each use on the member’s page."
    name_hint = "Shown to members in their account, for example “Free repairs”."
    when_removed = "It is no longer shown to them. Past uses stay on record."
    panel_title = N_("Perks")
    settings_type = PerkSettings
    is_tried = True
    fields = (
        BenefitField("promise", "Perk", "words"),
        BenefitField("times", "Times a year", "whole", hint="0 for no limit.", is_needed=False),
    )
    example = {"promise": "Repairs at cost"}

    def read(self, answers: Mapping[str, Any]) -> PerkSettings:
        promise, times = str(answers.get("promise") or "").strip(), answers.get("times") or 0
        if not promise:
            raise SettingRefused("promise", "Describe the perk.")
        if len(promise) > LONGEST:
            raise SettingRefused("promise", f"Use {LONGEST} characters at most.")
        if not isinstance(times, int) or not 0 <= times <= 366:
            raise SettingRefused("times", "Enter between 0 and 366.")
        return PerkSettings(promise, times)

    def answers(self, settings: PerkSettings) -> dict[str, Any]:
        return {"promise": settings.promise, "times": settings.times}

    def words(self, settings: PerkSettings) -> str:
        if not settings.times:
            return settings.promise
        if settings.times == 1:
            return _("%(perk)s (once a year)", perk=settings.promise)
        if settings.times == 2:
            return _("%(perk)s (up to twice a year)", perk=settings.promise)
        return _("%(perk)s (up to %(count)s times a year)", perk=settings.promise, count=settings.times)

    def yearly_uses(self, settings: PerkSettings) -> int:
        return settings.times

    async def member_panel(self, held: tuple[Holding[PerkSettings], ...]) -> tuple[PanelEntry, ...]:
        used = [one for one in await perks.of_person(held[0].person_id) if not one.is_undone] if held else []
        return tuple(
            PanelEntry(
                benefit_id=one.benefit_id,
                name=one.name,
                words=self.words(one.settings),
                uses=tuple(use.at for use in used if use.benefit_id == one.benefit_id),
            )
            for one in held
        )

    def backtest(self, past: BacktestHistory[PerkSettings]) -> BacktestOutcome:
        given = tuple(BacktestGrant(use.person, one.plan, one.benefit, use.at) for one, use in past.uses())
        return BacktestOutcome(
            given,
            counted(len(given), "use was recorded", "uses were recorded"),
            "The cost of each use is not known. Uses of a new perk are not predicted.",
        )


KIND = Perk()
