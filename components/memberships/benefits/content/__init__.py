"""The whole journal: articles that everybody else sees only the beginning of."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from components.memberships.benefits.backtest import BacktestHistory, BacktestOutcome
from components.memberships.benefits.protocol import BenefitEffects, Kind


class ContentSettings(msgspec.Struct, frozen=True):
    """Nothing to choose: it opens every members' article, each after its own days of membership."""


class Content(Kind[ContentSettings]):
    key = "content"
    title = "Members’ journal"
    hint = "Opens every article that is for members; articles that drip open after their days of membership."
    settings_type = ContentSettings
    only_the_best = True
    fields = ()

    def read(self, answers: Mapping[str, Any]) -> ContentSettings:
        return ContentSettings()

    def answers(self, settings: ContentSettings) -> dict[str, Any]:
        return {}

    def words(self, settings: ContentSettings) -> str:
        return "Every article in the journal, whole"

    def share(self, settings: ContentSettings, *, benefit_id: UUID, name: str) -> BenefitEffects:
        return BenefitEffects(opens_content=True)

    def replayed(self, past: BacktestHistory[ContentSettings]) -> BacktestOutcome:
        return BacktestOutcome((), "Reading is not counted", "Articles cost the same however many may read them.")


KIND = Content()
