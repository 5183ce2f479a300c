"""The members' journal: full articles of which everyone else sees only the teaser."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from components.foundation.languages.words import _
from components.memberships.benefits.backtest import BacktestHistory, BacktestOutcome
from components.memberships.benefits.effects import ContentEffect, Effects
from components.memberships.benefits.protocol import Illustration, Kind


class ContentSettings(msgspec.Struct, frozen=True):
    """No settings: it opens every members' article, each after its own delay in days of membership."""


class Content(Kind[ContentSettings]):
    key = "content"
    title = "Members’ journal"
    hint = "Opens every members’ article. Articles with a delay open after that many days of membership."
    name_hint = "Shown to members on members-only content, for example “Members’ journal”."
    when_removed = "They can no longer open members-only articles and downloads."
    monitored_as = "articles"
    settings_type = ContentSettings
    only_best_counts = True
    fields = ()
    example = {}
    starters = {"Members’ articles": {}}

    def read(self, answers: Mapping[str, Any]) -> ContentSettings:
        return ContentSettings()

    def answers(self, settings: ContentSettings) -> dict[str, Any]:
        return {}

    def words(self, settings: ContentSettings) -> str:
        return _("Full access to every journal article")

    def effects(self, settings: ContentSettings, *, benefit_id: UUID, name: str) -> Effects:
        return (ContentEffect(),)

    def illustrations(self, settings: ContentSettings) -> tuple[Illustration, ...]:
        return (Illustration("Every members’ article", "Teaser only", "Full article", "Once unlocked."),)

    def backtest(self, past: BacktestHistory[ContentSettings]) -> BacktestOutcome:
        return BacktestOutcome((), "Reads are not counted", "Articles cost the same however many people can read them.")


KIND = Content()
