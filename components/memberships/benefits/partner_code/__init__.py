"""Partner codes: one code from an uploaded pool for each member, shown once she has claimed it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from components.memberships.benefits.hindsight import Given, Past, Replayed, counted
from components.memberships.benefits.protocol import Field, Kind, SettingRefused

LONGEST = 300


class Settings(msgspec.Struct, frozen=True):
    """`promise` is what members read before they claim; `how` what to do with the code, shown beside it."""

    promise: str
    how: str = ""


class PartnerCode(Kind[Settings]):
    key = "partner_code"
    title = "Partner code"
    hint = "One code per member, from a list you upload after saving."
    settings_type = Settings
    fields = (
        Field("promise", "Description", "words", hint="For example “20% off at our partner café”."),
        Field("how", "How to use it", "words", hint="Shown next to the code.", is_needed=False),
    )

    def read(self, answers: Mapping[str, Any]) -> Settings:
        promise, how = str(answers.get("promise") or "").strip(), str(answers.get("how") or "").strip()
        for field, words in (("promise", promise), ("how", how)):
            if len(words) > LONGEST:
                raise SettingRefused(field, f"At most {LONGEST} characters.")
        if not promise:
            raise SettingRefused("promise", "Enter a description.")
        return Settings(promise, how)

    def answers(self, settings: Settings) -> dict[str, Any]:
        return {"promise": settings.promise, "how": settings.how}

    def words(self, settings: Settings) -> str:
        return settings.promise

    def replayed(self, past: Past[Settings]) -> Replayed:
        given = tuple(Given(use.person, one.plan, one.benefit, use.at) for one, use in past.uses())
        return Replayed(
            given,
            counted(len(given), "code was claimed", "codes were claimed"),
            "A code costs nothing here; what you agreed with the partner is not known. "
            "Of a code that is new nobody has claimed one.",
        )


KIND = PartnerCode()
