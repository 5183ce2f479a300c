"""The members' journal: full articles of which everyone else sees only the teaser."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from components.memberships.benefits.backtest import BacktestHistory, BacktestOutcome
from components.memberships.benefits.protocol import BenefitEffects, Kind


class ContentSettings(msgspec.Struct, frozen=True):
    """No settings: it opens every members' article, each after its own delay in days of membership."""


class Content(Kind[ContentSettings]):
    key = "content"
    title = "Members’ journal"
    hint = "Opens every members’ article. Articles with a delay open after that many days of membership."
    settings_type = ContentSettings
    only_the_best = True
    fields = ()

    def read(self, answers: Mapping[str, Any]) -> ContentSettings:
        return ContentSettings()

    def answers(self, settings: ContentSettings) -> dict[str, Any]:
        return {}

    def words(self, settings: ContentSettings) -> str:
        return "Full access to every journal article"

    def share(self, settings: ContentSettings, *, benefit_id: UUID, name: str) -> BenefitEffects:
        return BenefitEffects(opens_content=True)

    def replayed(self, past: BacktestHistory[ContentSettings]) -> BacktestOutcome:
        return BacktestOutcome((), "Reads are not counted", "Articles cost the same however many people can read them.")


KIND = Content()
