"""Partner codes: one code from an uploaded pool for each member, shown once the member has claimed it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from components.foundation.languages.words import N_, _
from components.memberships.benefits.backtest import BacktestGrant, BacktestHistory, BacktestOutcome, counted
from components.memberships.benefits.events import Holding
from components.memberships.benefits.protocol import BenefitField, Kind, PanelEntry, SettingRefused
from components.rewards import partner_codes
from components.rewards.partner_codes import ClaimedCode

LONGEST = 300


class PartnerCodeSettings(msgspec.Struct, frozen=True):
    """`promise` is what members read before they claim; `how` what to do with the code, shown next to it."""

    promise: str
    how: str = ""


class PartnerCodeKind(Kind[PartnerCodeSettings]):
    key = "partner_code"
    title = "Partner code"
    hint = "Each member gets their own code from a list you upload after saving."
    name_hint = "Shown to members above their code, for example “20% off at our partner café”."
    when_removed = "They can no longer claim a code. Codes already claimed stay valid at the partner."
    panel_title = N_("Partner codes")
    has_code_pool = True
    settings_type = PartnerCodeSettings
    fields = (
        BenefitField("promise", "Offer", "words", hint="For example: “20% off at our partner shop”."),
        BenefitField("how", "How to use it", "words", hint="Shown next to the code.", is_needed=False),
    )
    example = {"promise": "A fifth off a farm"}

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

    async def member_panel(self, held: tuple[Holding[PartnerCodeSettings], ...]) -> tuple[PanelEntry, ...]:
        """A code that was claimed stays theirs as long as they hold the benefit."""
        theirs = await partner_codes.of_person(held[0].person_id) if held else {}
        return tuple(_entry(one, theirs.get(one.benefit_id)) for one in held)

    async def on_claim(self, held: Holding[PartnerCodeSettings]) -> str:
        """The same code however often it is asked for."""
        await partner_codes.claim(held.benefit_id, person_id=held.person_id)
        return _("Your code is below.")

    def backtest(self, past: BacktestHistory[PartnerCodeSettings]) -> BacktestOutcome:
        given = tuple(BacktestGrant(use.person, one.plan, one.benefit, use.at) for one, use in past.uses())
        return BacktestOutcome(
            given,
            counted(len(given), "code was claimed", "codes were claimed"),
            "Codes cost nothing here; your agreement with the partner is not included. "
            "Claims of a new code are not predicted.",
        )


def _entry(held: Holding[PartnerCodeSettings], claimed: ClaimedCode | None) -> PanelEntry:
    return PanelEntry(
        benefit_id=held.benefit_id,
        name=held.name,
        words=held.settings.promise,
        claim_label=_("Show my code"),
        code=claimed.code if claimed else "",
        claimed_at=claimed.claimed_at if claimed else None,
        note=held.settings.how,
    )


KIND = PartnerCodeKind()
