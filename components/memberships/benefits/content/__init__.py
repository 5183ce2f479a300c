"""The whole journal: articles that everybody else sees only the beginning of."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from components.memberships.benefits.hindsight import Past, Replayed
from components.memberships.benefits.protocol import Kind, Share


class Settings(msgspec.Struct, frozen=True):
    """No settings: it opens every members' article, each after its own number of days of membership."""


class Content(Kind[Settings]):
    key = "content"
    title = "Members’ journal"
    hint = "Opens every members-only article; some unlock after a number of days of membership."
    settings_type = Settings
    only_the_best = True
    fields = ()

    def read(self, answers: Mapping[str, Any]) -> Settings:
        return Settings()

    def answers(self, settings: Settings) -> dict[str, Any]:
        return {}

    def words(self, settings: Settings) -> str:
        return "Every article in the journal, whole"

    def share(self, settings: Settings, *, benefit_id: UUID, name: str) -> Share:
        return Share(opens_content=True)

    def replayed(self, past: Past[Settings]) -> Replayed:
        return Replayed((), "Reading is not tracked", "Articles cost the same regardless of the number of readers.")


KIND = Content()
