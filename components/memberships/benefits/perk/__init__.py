"""A perk in words: whatever else the shop promises. Staff mark each use, and it is counted."""

from collections.abc import Mapping
from typing import Any

import msgspec

from components.memberships.benefits.hindsight import Given, Past, Replayed, counted
from components.memberships.benefits.protocol import Field, Kind, SettingRefused

LONGEST = 300


class Settings(msgspec.Struct, frozen=True):
    """`times` in any twelve months, 0 for as often as she likes."""

    promise: str
    times: int = 0


class Perk(Kind[Settings]):
    key = "perk"
    title = "Perk"
    hint = "Anything else, for example “free repairs”. Members see it; you mark each use on the member’s page."
    settings_type = Settings
    fields = (
        Field("promise", "Description", "words"),
        Field("times", "Times a year", "whole", hint="0 for unlimited.", is_needed=False),
    )

    def read(self, answers: Mapping[str, Any]) -> Settings:
        promise, times = str(answers.get("promise") or "").strip(), answers.get("times") or 0
        if not promise:
            raise SettingRefused("promise", "Enter a description.")
        if len(promise) > LONGEST:
            raise SettingRefused("promise", f"At most {LONGEST} characters.")
        if not isinstance(times, int) or not 0 <= times <= 366:
            raise SettingRefused("times", "Between 0 and 366.")
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
            counted(len(given), "use was marked", "uses were marked"),
            "The cost of a use is not known. Uses of a new perk are not estimated.",
        )


KIND = Perk()
