"""The whole journal: articles that everybody else sees only the beginning of."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from components.memberships.benefits.backtest import BacktestHistory, BacktestOutcome
from components.memberships.benefits.effects import ContentEffect, Effects
from components.memberships.benefits.protocol import Illustration, Kind


class ContentSettings(msgspec.Struct, frozen=True):
    """Nothing to choose: it opens every members' article, each after its own days of membership."""


class Content(Kind[ContentSettings]):
    key = "content"
    title = "Members’ journal"
    hint = "Opens every article that is for members; articles that drip open after their days of membership."
    name_hint = "What members read on a piece that is theirs: “The members’ journal”."
    when_removed = "Articles and downloads close to them."
    monitored_as = "articles"
    settings_type = ContentSettings
    only_best_counts = True
    fields = ()

    def read(self, answers: Mapping[str, Any]) -> ContentSettings:
        return ContentSettings()

    def answers(self, settings: ContentSettings) -> dict[str, Any]:
        return {}

    def words(self, settings: ContentSettings) -> str:
        return "Every article in the journal, whole"

    def effects(self, settings: ContentSettings, *, benefit_id: UUID, name: str) -> Effects:
        return (ContentEffect(),)

    def illustrations(self, settings: ContentSettings) -> tuple[Illustration, ...]:
        return (Illustration("Every members’ article", "Teaser only", "Whole", "After its own days."),)

    def backtest(self, past: BacktestHistory[ContentSettings]) -> BacktestOutcome:
        return BacktestOutcome((), "Reading is not counted", "Articles cost the same however many may read them.")


KIND = Content()
