"""Partner codes: one code from an uploaded pool for each member, shown once she has claimed it."""

from collections.abc import Mapping
from typing import Any

import msgspec

from components.memberships.benefits.backtest import BacktestGrant, BacktestHistory, BacktestOutcome, counted
from components.memberships.benefits.events import Holding
from components.memberships.benefits.protocol import BenefitField, Kind, PanelEntry, SettingRefused
from components.rewards import partner_codes
from components.rewards.partner_codes import ClaimedCode

LONGEST = 300


class PartnerCodeSettings(msgspec.Struct, frozen=True):
    """`promise` is what members read before they claim; `how` what to do with the code, shown beside it."""

    promise: str
    how: str = ""


class PartnerCodeKind(Kind[PartnerCodeSettings]):
    key = "partner_code"
    title = "Partner code"
    hint = "One code for each member from a pool you upload once this is saved."
    name_hint = "What members read above their code: “20% off at the tea shop”."
    when_removed = "Nobody can claim a code any more. One that was shown stays valid at the partner’s."
    panel_title = "Codes from our partners"
    has_code_pool = True
    settings_type = PartnerCodeSettings
    fields = (
        BenefitField("promise", "What it gives", "words", hint="“20% off a weekend at Larkhill Farm”."),
        BenefitField("how", "How to use it", "words", hint="Shown beside the code.", is_needed=False),
    )

    def read(self, answers: Mapping[str, Any]) -> PartnerCodeSettings:
        promise, how = str(answers.get("promise") or "").strip(), str(answers.get("how") or "").strip()
        for field, words in (("promise", promise), ("how", how)):
            if len(words) > LONGEST:
                raise SettingRefused(field, f"At most {LONGEST} characters.")
        if not promise:
            raise SettingRefused("promise", "Say what members get.")
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
        return "Your code is below."

    def backtest(self, past: BacktestHistory[PartnerCodeSettings]) -> BacktestOutcome:
        given = tuple(BacktestGrant(use.person, one.plan, one.benefit, use.at) for one, use in past.uses())
        return BacktestOutcome(
            given,
            counted(len(given), "code was claimed", "codes were claimed"),
            "A code costs nothing here; what you agreed with the partner is not known. "
            "Of a code that is new nobody has claimed one.",
        )


def _entry(held: Holding[PartnerCodeSettings], claimed: ClaimedCode | None) -> PanelEntry:
    return PanelEntry(
        benefit_id=held.benefit_id,
        name=held.name,
        words=held.settings.promise,
        claim_label="Show my code",
        code=claimed.code if claimed else "",
        claimed_at=claimed.claimed_at if claimed else None,
        note=held.settings.how,
    )


KIND = PartnerCodeKind()
