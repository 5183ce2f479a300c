"""A custom perk: any other benefit, described in words. Staff record each use, and it is counted."""

from collections.abc import Mapping
from typing import Any

import msgspec

from components.memberships.benefits.hindsight import Given, Past, Replayed, counted
from components.memberships.benefits.protocol import Field, Kind, SettingRefused

LONGEST = 300


class Settings(msgspec.Struct, frozen=True):
    """`times` in any twelve months, 0 for no limit."""

    promise: str
    times: int = 0


class Perk(Kind[Settings]):
    key = "perk"
    title = "Custom perk"
    hint = "Any other benefit, such as “free gift wrapping”. You record each use on the member’s page."
    settings_type = Settings
    fields = (
        Field("promise", "Perk", "words"),
        Field("times", "Times a year", "whole", hint="0 for no limit.", is_needed=False),
    )

    def read(self, answers: Mapping[str, Any]) -> Settings:
        promise, times = str(answers.get("promise") or "").strip(), answers.get("times") or 0
        if not promise:
            raise SettingRefused("promise", "Describe the perk.")
        if len(promise) > LONGEST:
            raise SettingRefused("promise", f"Use {LONGEST} characters at most.")
        if not isinstance(times, int) or not 0 <= times <= 366:
            raise SettingRefused("times", "Enter between 0 and 366.")
        return Settings(promise, times)

    def answers(self, settings: Settings) -> dict[str, Any]:
        return {"promise": settings.promise, "times": settings.times}

    def words(self, settings: Settings) -> str:
        if not settings.times:
            return settings.promise
        return f"{settings.promise} ({'once' if settings.times == 1 else f'{settings.times} times'} a year)"

    def replayed(self, past: Past[Settings]) -> Replayed:
        given = tuple(Given(use.person, one.plan, one.benefit, use.at) for one, use in past.uses())
        return Replayed(
            given,
            counted(len(given), "use was recorded", "uses were recorded"),
            "What a use costs you is not known. Uses of a new perk are not predicted.",
        )


KIND = Perk()
