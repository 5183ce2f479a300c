"""Partner codes: one code from an uploaded pool for each member, shown once the member has claimed it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from components.memberships.benefits.backtest import BacktestGrant, BacktestHistory, BacktestOutcome, counted
from components.memberships.benefits.protocol import BenefitField, Kind, SettingRefused

LONGEST = 300


class PartnerCodeSettings(msgspec.Struct, frozen=True):
    """`promise` is what members read before they claim; `how` what to do with the code, shown next to it."""

    promise: str
    how: str = ""


class PartnerCodeKind(Kind[PartnerCodeSettings]):
    key = "partner_code"
    title = "Partner code"
    hint = "Each member gets their own code from a list you upload after saving."
    settings_type = PartnerCodeSettings
    fields = (
        BenefitField("promise", "Offer", "words", hint="For example: “20% off at our partner shop”."),
        BenefitField("how", "How to use it", "words", hint="Shown next to the code.", is_needed=False),
    )

    def read(self, answers: Mapping[str, Any]) -> PartnerCodeSettings:
        promise, how = str(answers.get("promise") or "").strip(), str(answers.get("how") or "").strip()
        for field, words in (("promise", promise), ("how", how)):
            if len(words) > LONGEST:
                raise SettingRefused(field, f"Use {LONGEST} characters at most.")
        if not promise:
            raise SettingRefused("promise", "Enter a description.")
        return PartnerCodeSettings(promise, how)

    def answers(self, settings: PartnerCodeSettings) -> dict[str, Any]:
        return {"promise": settings.promise, "how": settings.how}

    def words(self, settings: PartnerCodeSettings) -> str:
        return settings.promise

    def replayed(self, past: BacktestHistory[PartnerCodeSettings]) -> BacktestOutcome:
        given = tuple(BacktestGrant(use.person, one.plan, one.benefit, use.at) for one, use in past.uses())
        return BacktestOutcome(
            given,
            counted(len(given), "code was claimed", "codes were claimed"),
            "Codes cost nothing here; your agreement with the partner is not included. "
            "Claims of a new code are not predicted.",
        )


KIND = PartnerCodeKind()
